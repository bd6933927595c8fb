package dev.heartwood;

import java.util.concurrent.atomic.LongAdder;

/** What lost races have cost the commits of a store. A commit that has lost none counts nothing. Thread-safe. */
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
