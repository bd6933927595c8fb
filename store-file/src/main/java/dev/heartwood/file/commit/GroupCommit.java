package dev.heartwood.file.commit;

import java.time.Duration;

/**
 * Estimates the number of committing threads, so that all of them share a sync. Threads whose commits became durable
 * together commit again together. A sync that is begun for the first of them makes the others wait for two syncs.
 */
final class GroupCommit {
    private static final long LONGEST_NANOS = Duration.ofMillis(1).toNanos();
    /** The group commit delay is at most the time of a write divided by this. */
    private static final int SHARE = 4;

    private int expected;
    private long patience;

    /** A write took so long. The chain still holds the written commits, and those that came meanwhile. */
    void wrote(CommitChain chain, long nanos) {
        expected = chain.pendingCount();
        patience = Math.min(LONGEST_NANOS, nanos / SHARE);
    }

    /** Waits for a moment if more commits are expected. A single committing thread does not wait. */
    @SuppressWarnings("ThreadPriorityCheck") // a hint: where the scheduler does not take it, they share fewer syncs
    void await(CommitChain chain) {
        if (expected < 2 || chain.hasPending(expected)) {
            return;
        }
        long until = System.nanoTime() + patience;
        do {
            // They were woken, and want the processor.
            Thread.yield();
        } while (!chain.hasPending(expected) && !chain.isClosed() && System.nanoTime() < until);
    }
}
