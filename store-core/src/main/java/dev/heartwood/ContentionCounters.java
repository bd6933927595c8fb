package dev.heartwood;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the lost races of a store's commits, and their repeated runs. A commit without a lost race counts nothing.
 * Thread-safe.
 */
final class ContentionCounters {
    private final LongAdder lostRaces = new LongAdder();
    private final LongAdder repeatedRuns = new LongAdder();

    /** A commit is over that has lost races. */
    void add(int losses, int runs) {
        lostRaces.add(losses);
        repeatedRuns.add(Math.max(0, runs - 1));
    }

    long lostRaces() {
        return lostRaces.sum();
    }

    long repeatedRuns() {
        return repeatedRuns.sum();
    }
}
