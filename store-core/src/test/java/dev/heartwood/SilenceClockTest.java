package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SilenceClockTest {
    private static final long TTL = 1_000;

    private final SilenceClock clock = new SilenceClock();
    private long now = Long.MAX_VALUE - 1_500; // System.nanoTime may overflow, too

    @Test
    void aSessionWhoseHeartbeatMovesIsNeverSilent() {
        for (int beat = 0; beat < 100; beat++) {
            assertThat(after(900, beat)).isFalse();
        }
    }

    @Test
    void aSessionIsSilentOnceItsHeartbeatHasStoodForLongerThanItsTimeToLive() {
        assertThat(after(0, 7)).isFalse();
        for (int i = 0; i < 4; i++) {
            assertThat(after(250, 7)).isFalse();
        }
        assertThat(after(1, 7)).isTrue();
    }

    @Test
    void theFirstLookSaysNothingOfTheTimeBeforeIt() {
        assertThat(after(1_000_000, 7)).isFalse();
    }

    @Test
    void timeForWhichTheWatcherItselfWasSuspendedEndsNoSession() {
        assertThat(after(0, 7)).isFalse();
        assertThat(after(250, 7)).isFalse();
        assertThat(after(3_600_000, 7)).as("an hour of sleep").isFalse();
        assertThat(after(10, 8)).as("both are awake again").isFalse();
    }

    @Test
    void anyOtherNumberIsAHeartbeat() {
        assertThat(after(0, 7)).isFalse();
        assertThat(after(500, 7)).isFalse();
        assertThat(after(500, 3)).as("after an older tree was restored").isFalse();
        assertThat(after(500, 3)).isFalse();
        assertThat(after(500, 3)).isFalse();
        assertThat(after(1, 3)).isTrue();
    }

    @Test
    void aSessionThatCouldNotBeEndedIsGivenAnotherTimeToLive() {
        assertThat(after(0, 7)).isFalse();
        after(500, 7);
        after(500, 7);
        assertThat(after(1, 7)).isTrue();
        assertThat(after(500, 7)).isFalse();
        assertThat(after(500, 7)).isFalse();
        assertThat(after(1, 7)).isTrue();
    }

    @Test
    void aSessionThatIsGoneIsForgotten() {
        after(0, 7);
        after(500, 7);
        clock.look(now);
        clock.forget(1);
        assertThat(clock.silent()).isEmpty();
        assertThat(clock.shortest()).isEqualTo(Long.MAX_VALUE);
        assertThat(after(500, 7)).isFalse();
        assertThat(after(500, 7)).isFalse();
    }

    @Test
    void sessionsOfAllTimesToLiveFallSilentByTheirOwn() {
        clock.look(now);
        clock.see(new SessionRecord(1, "ann", 0, 4_000, Set.of()));
        clock.see(new SessionRecord(2, "bob", 0, 1_000, Set.of()));
        clock.see(new SessionRecord(3, "cora", 0, 1_000, Set.of()));
        List<Long> silent = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            clock.look(now += 250);
            if (i == 1) {
                clock.see(new SessionRecord(2, "bob", 1, 1_000, Set.of()));
            }
            clock.silent().forEach(session -> silent.add(session.fence()));
        }
        // Each is given another time to live.
        assertThat(silent).containsExactly(3L, 2L, 3L, 2L, 3L, 2L, 1L);
        assertThat(clock.shortest()).isEqualTo(1_000);
    }

    @Test
    void aRecordThatIsAnotherWithoutAHeartbeatDoesNotCountAsOne() {
        clock.look(now);
        clock.see(new SessionRecord(1, "ann", 0, TTL, Set.of()));
        clock.look(now += 500);
        clock.look(now += 500);
        clock.see(new SessionRecord(1, "ann", 0, TTL, Set.of("give back")));
        clock.look(now += 1);
        assertThat(clock.silent())
                .singleElement()
                .matches(session -> session.handlers().contains("give back"));
    }

    @Test
    void aTimeToLiveThatIsAnotherBeginsAnew() {
        clock.look(now);
        clock.see(new SessionRecord(1, "ann", 0, TTL, Set.of()));
        clock.look(now += 500);
        clock.look(now += 500);
        clock.see(new SessionRecord(1, "ann", 0, 2 * TTL, Set.of()));
        clock.look(now += 500);
        assertThat(clock.silent()).isEmpty();
        assertThat(clock.shortest()).isEqualTo(2 * TTL);
    }

    private boolean after(long nanos, long beat) {
        clock.look(now += nanos);
        clock.see(new SessionRecord(1, "ann", beat, TTL, Set.of()));
        return !clock.silent().isEmpty();
    }
}
