package dev.heartwood.file.commit;

import java.time.Duration;

/**
 * Guesses how many threads commit, so that all of them share a sync: those whose commits became durable together come
 * back together, and a sync that is begun for the first of them makes the others wait for two.
 */
final class GroupCommit {
    private static final long LONGEST_NANOS = Duration.ofMillis(1).toNanos();
    /** It may wait for one part in so many of what a write takes. */
    private static final int SHARE = 4;

    private int expected;
    private long patience;

    /** A write took so long; what was written is still in the chain, with what came meanwhile. */
    void wrote(CommitChain chain, long nanos) {
        expected = chain.pendingCount();
        patience = Math.min(LONGEST_NANOS, nanos / SHARE);
    }

    /** Waits for a moment, if there are commits to be expected. Alone, nobody waits. */
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
