package dev.heartwood.sqlite;

import dev.heartwood.storage.BackgroundTask;

/**
 * The moment for which the losers of a race have the database's lock to themselves; freed when it is over, if none of
 * them has used it.
 */
final class WriteLockLease {
    private static final long NANOS = 2_000_000;

    private final Runnable free;
    /** A thread of its own: the one that looks for news calls listeners, and may be held up by them. */
    private final BackgroundTask keeper;

    private volatile boolean begun;
    /** As {@code System.nanoTime} has it; written before {@link #begun}. */
    private volatile long until;

    WriteLockLease(String name, Runnable free) {
        this.free = free;
        this.keeper = new BackgroundTask("heartwood-sqlite frees " + name, this::lapse);
    }

    /** The lock is held, and not in use, from now on. */
    void begin() {
        until = System.nanoTime() + NANOS;
        begun = true;
        keeper.wake();
    }

    void close() {
        keeper.stop();
    }

    private long lapse() {
        if (!begun) {
            return Long.MAX_VALUE;
        }
        long left = until - System.nanoTime();
        if (left > 0) {
            return left;
        }
        // One that begins from here on is freed too early, at worst: its losers race once more.
        begun = false;
        free.run();
        return Long.MAX_VALUE;
    }
}
