package dev.heartwood;

import org.jspecify.annotations.Nullable;

/**
 * One commit's history of lost races, and its reactions. Created at the first loss: an undisturbed commit has none.
 */
final class ContentionManager {
    /** A function that ran so often, and was invalidated each time, asks for the right of way. */
    private static final int RUNS_BEFORE_CLAIM = 3;
    /**
     * After this number of losses in a row without a run, applying the changes takes longer than the commits of the
     * others.
     */
    private static final int LOSSES_BEFORE_CLAIM = 16;
    /** Below that much time spent nobody needs a claim: contended increments would queue up for it. */
    private static final long SPENT_BEFORE_CLAIM_NANOS = 1_000_000;

    /**
     * A loser steps back for so long, twice as long with each loss: a few to a hundred uncontended commits. In time, not
     * in turns: a spin-wait hint takes 4 ns on one processor and 70 on another.
     */
    private static final long FIRST_PAUSE_NANOS = 1_000;

    private static final long LONGEST_PAUSE_NANOS = 16_000;
    private static final int FIRST_HINTS = 8;

    private final RightOfWay rightOfWay;
    private final Attempt attempt;
    private final long firstLoss;
    private long lastLoss;
    private long longestRound;
    private int runsAtLastLoss;
    private int lossesSinceRun;
    private int losses;
    private RightOfWay.@Nullable Claim claim;
    private FlightEvents.@Nullable RightOfWayEvent claimed;

    ContentionManager(RightOfWay rightOfWay, Attempt attempt) {
        this.rightOfWay = rightOfWay;
        this.attempt = attempt;
        this.firstLoss = System.nanoTime();
        this.lastLoss = firstLoss;
    }

    /** How many races were lost. */
    int losses() {
        return losses;
    }

    /** The race was lost: steps back a little, and claims the right of way when it has been lost too often. */
    void lost(ReentrancyGuard inside) {
        losses++;
        long now = System.nanoTime();
        longestRound = Math.max(longestRound, now - lastLoss);
        lastLoss = now;
        FlightEvents.lostRace(attempt, losses);
        lossesSinceRun = attempt.runs == runsAtLastLoss ? lossesSinceRun + 1 : 0;
        runsAtLastLoss = attempt.runs;
        if (now - firstLoss < SPENT_BEFORE_CLAIM_NANOS || inside.anything() || !rightOfWay.isOn()) {
            stepBack();
        } else if (lossesSinceRun >= LOSSES_BEFORE_CLAIM) {
            claim((before, after) -> false);
        } else if (attempt.callsOut() && attempt.runs >= RUNS_BEFORE_CLAIM) {
            claim(attempt.reads());
        }
    }

    /** The next race is for this state: its winner no longer needs the claim. */
    void tries(Snapshot state) {
        if (claim != null) {
            claim.tries(state);
        }
    }

    /** The race is over: gives the claim up, if there is one. */
    void over() {
        if (claim != null) {
            rightOfWay.release(claim);
            claim = null;
        }
        if (claimed != null) {
            claimed.commit();
            claimed = null;
        }
    }

    private void claim(ReadSet reads) {
        if (claim != null && !claim.hasLapsed()) {
            claim.renew(reads);
            return;
        }
        over();
        claim = rightOfWay.claim(reads, longestRound);
        claimed = FlightEvents.beginClaim(attempt);
    }

    /**
     * Backs off for a while: the winner's data is in its caches, and an immediate retry would slow down both threads.
     */
    private void stepBack() {
        long end = lastLoss + Math.min(FIRST_PAUSE_NANOS << Math.min(losses - 1, 20), LONGEST_PAUSE_NANOS);
        long before = lastLoss;
        // Twice as many hints each time, so that the clock is asked a few times only.
        for (int hints = FIRST_HINTS; ; hints *= 2) {
            for (int i = 0; i < hints; i++) {
                Thread.onSpinWait();
            }
            long now = System.nanoTime();
            // Where the clock stands still, as in a model checker, there is no telling how long is enough.
            if (now - end >= 0 || now == before) {
                return;
            }
            before = now;
        }
    }
}
