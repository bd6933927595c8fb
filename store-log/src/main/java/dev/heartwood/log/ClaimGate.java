package dev.heartwood.log;

import dev.heartwood.log.SharedLog.Claim;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.storage.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Fairness between writers. A writer far from the log loses every race against writers that are near. So a writer that
 * has lost several races in a row sends a claim along with its appends. The log passes the claim to the winners, and
 * each of them lets the claimant go first: once for each claim, until the claimant's entry is there, and no longer than
 * three of the claimant's appends take, nor a quarter of a second.
 *
 * <p>No clocks are compared: the claim carries a duration, and each winner measures its own pause. A claimant that has
 * died costs each winner one pause. Used only by the leader, except {@link #heard}.
 */
final class ClaimGate {
    private static final int CLAIM_AFTER_LOSSES = 3;
    private static final int APPENDS_OF_PAUSE = 3;
    private static final long LONGEST_PAUSE_NANOS = 250_000_000;
    /** The interval at which a pause checks whether the claimant's entry is applied. */
    static final long STEP_NANOS = 200_000;

    private static final long NANOS_OF_MICRO = 1_000;

    private final NanoClock clock;
    private final String writer;
    private @Nullable Claim rival;
    private @Nullable Claim honoured;
    private int losses;
    private long typicalNanos;
    /** The last applied entry of any writer; written by the threads that apply entries. */
    private volatile @Nullable Position newest;

    ClaimGate(NanoClock clock, String writer) {
        this.clock = clock;
        this.writer = writer;
    }

    /** An entry of another writer is applied. */
    void heard(Position at) {
        newest = at;
    }

    /** Lets a rival with a claim go first; holds no lock meanwhile. */
    void giveWay() {
        Claim claim = rival;
        rival = null;
        if (claim == null || isHonoured(claim)) {
            return;
        }
        honoured = claim;
        long pause = Math.min(APPENDS_OF_PAUSE * claim.micros() * NANOS_OF_MICRO, LONGEST_PAUSE_NANOS);
        long began = clock.nanoTime();
        Position before = newest;
        while (clock.nanoTime() - began < pause) {
            Position now = newest;
            if (now != before && now != null && now.isOf(claim.writer())) {
                return;
            }
            clock.pause(STEP_NANOS);
        }
    }

    private boolean isHonoured(Claim claim) {
        Claim last = honoured;
        return last != null && last.writer().equals(claim.writer()) && last.attempt() == claim.attempt();
    }

    /** The claim to send along with an append; null if this writer has none. */
    @Nullable
    Claim claim(long attempt, long number) {
        return losses < CLAIM_AFTER_LOSSES
                ? null
                : new Claim(writer, attempt, number, Math.max(1, typicalNanos / NANOS_OF_MICRO), losses);
    }

    /** An append has won; the log returned the claim of a rival, or none. */
    void won(@Nullable Claim told) {
        losses = 0;
        rival = told;
    }

    /** An append has lost, and took this time. */
    void lost(long nanos) {
        losses++;
        typicalNanos = typicalNanos == 0 ? nanos : (3 * typicalNanos + nanos) / 4;
    }
}
