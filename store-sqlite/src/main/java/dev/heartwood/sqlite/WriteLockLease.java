package dev.heartwood.sqlite;

import dev.heartwood.storage.BackgroundTask;

/**
 * The short time for which the losers of a race keep the database's lock; it is freed afterwards, if none of them has
 * used it.
 */
final class WriteLockLease {
    private static final long NANOS = 2_000_000;

    private final Runnable free;
    /** A separate thread: the one that looks for foreign commits calls listeners, which may block it. */
    private final BackgroundTask keeper;

    private volatile boolean begun;
    /** In the time of {@code System.nanoTime}; written before {@link #begun}. */
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
        // At worst, a lease that begins from here on is freed too early: its losers race once more.
        begun = false;
        free.run();
        return Long.MAX_VALUE;
    }
}
