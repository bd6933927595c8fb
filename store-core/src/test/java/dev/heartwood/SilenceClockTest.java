package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

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
        assertThat(after(900, 3)).as("after an older tree was restored").isFalse();
        assertThat(after(900, 3)).isFalse();
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
        assertThat(clock.look(now, List.of())).isEmpty();
        assertThat(after(500, 7)).isFalse();
        assertThat(after(500, 7)).isFalse();
    }

    private boolean after(long nanos, long beat) {
        now += nanos;
        return !clock.look(now, List.of(new SessionRecord(1, "ann", beat, TTL, Set.of())))
                .isEmpty();
    }
}
