package dev.heartwood.file.commit;

import java.time.Duration;

/**
 * Estimates the number of committing threads, so that all of them share a sync. Threads whose commits became durable
 * together commit again together. A sync that is begun for the first of them makes the others wait for two syncs.
 *
 * <p>It also estimates whether the next commit comes at once. Then the writer thread stays awake for it: to be woken
 * takes longer than most of the checks of a commit.
 */
final class GroupCommit {
    private static final long LONGEST_NANOS = Duration.ofMillis(1).toNanos();
    /** The group commit delay is at most the time of a write divided by this. */
    private static final int SHARE = 4;
    /** Awake for less than that, the writer thread would miss the next commit of a thread that it has just woken. */
    private static final long SHORTEST_AWAKE_NANOS = 100_000;

    private int expected;
    private long patience;
    private long lastEnd = System.nanoTime();
    private boolean comeSoon;

    /** A write begins, at this {@link System#nanoTime}. */
    void begin(long now) {
        comeSoon = now - lastEnd < worthwhile();
    }

    /**
     * The write that began at {@code begun} has ended. The chain still holds its commits, and those that came meanwhile.
     */
    void wrote(CommitChain chain, long begun, long now) {
        lastEnd = now;
        expected = chain.pendingCount();
        patience = Math.min(LONGEST_NANOS, (now - begun) / SHARE);
    }

    /** How long the next commit is worth staying awake for, in nanoseconds: not at all if the last one came later. */
    long awakeNanos() {
        return comeSoon ? worthwhile() : 0;
    }

    private long worthwhile() {
        return Math.max(SHORTEST_AWAKE_NANOS, patience);
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
