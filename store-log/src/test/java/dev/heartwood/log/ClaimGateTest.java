package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.log.SharedLog.Claim;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.storage.NanoClock;
import org.junit.jupiter.api.Test;

/** A winner lets a claimant go first, once for each claim and for a bounded time. */
class ClaimGateTest {
    /** A clock that moves only during pauses. */
    private static final class Clock implements NanoClock {
        private long now;
        private Runnable duringAPause = () -> {};

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void pause(long nanos) {
            now += nanos;
            duringAPause.run();
        }
    }

    private final Clock clock = new Clock();
    private final ClaimGate gate = new ClaimGate(clock, "near");

    @Test
    void aWriterGivesWayForThreeAppendsOfTheClaimant() {
        gate.won(claim(1, 1_000));

        assertThat(pauseOfNextAppend()).isEqualTo(3_000_000);
    }

    @Test
    void aWriterGivesWayForAQuarterOfASecondAtMostWhateverTheClaimSays() {
        gate.won(claim(1, 3_600_000_000L));

        assertThat(pauseOfNextAppend()).isEqualTo(250_000_000);
    }

    @Test
    void oneClaimIsGivenWayToOnceAndALaterOneAnew() {
        gate.won(claim(1, 1_000));
        assertThat(pauseOfNextAppend()).isPositive();
        gate.won(claim(1, 1_000));
        assertThat(pauseOfNextAppend()).isZero();

        gate.won(claim(2, 1_000));

        assertThat(pauseOfNextAppend()).isPositive();
    }

    @Test
    void thePauseEndsWithTheEntryOfTheClaimantAndWithNoOther() {
        gate.won(claim(1, 1_000));
        clock.duringAPause =
                () -> gate.heard(clock.now < 1_000_000 ? new Position(1, "other:1") : new Position(2, "far:1"));

        assertThat(pauseOfNextAppend()).isEqualTo(1_000_000);
    }

    /** That entry may be the reason why the claimant has lost. */
    @Test
    void anEntryOfTheClaimantFromBeforeThePauseDoesNotEndIt() {
        gate.heard(new Position(1, "far:1"));
        gate.won(claim(1, 1_000));

        assertThat(pauseOfNextAppend()).isEqualTo(3_000_000);
    }

    @Test
    void aWriterClaimsAfterThreeLossesInARowAndNoneAfterItHasWon() {
        gate.lost(1_000_000);
        gate.lost(1_000_000);
        assertThat(gate.claim(3, 7)).isNull();
        gate.lost(1_000_000);
        assertThat(gate.claim(4, 8)).isEqualTo(new Claim("near", 4, 8, 1_000, 3));

        gate.won(null);

        assertThat(gate.claim(5, 9)).isNull();
    }

    private long pauseOfNextAppend() {
        long began = clock.now;
        gate.giveWay();
        return clock.now - began;
    }

    private static Claim claim(long attempt, long micros) {
        return new Claim("far", attempt, 1, micros, 3);
    }
}
