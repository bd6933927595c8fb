package dev.heartwood.sqlite;

import dev.heartwood.storage.NanoClock;
import java.time.Duration;
import org.sqlite.BusyHandler;

/**
 * Waits while another process holds the database: briefly at first, since a commit takes a fraction of a millisecond,
 * and until the time-out at most. SQLite's own handler soon sleeps for 100 ms, and then a neighbour that commits without
 * pause always comes first.
 */
final class BusyBackoff extends BusyHandler {
    private static final long SHORTEST_NANOS = 50_000;
    private static final long LONGEST_NANOS = 2_000_000;
    private static final long HURRIED_NANOS = 50_000_000;
    private static final int DOUBLE_EVERY = 16;

    private final long timeoutNanos;
    private boolean hurried;
    private long since;

    BusyBackoff(Duration timeout) {
        this.timeoutNanos = timeout.toNanos();
    }

    /** Switches between short waits and the full time-out. */
    void hurry(boolean on) {
        hurried = on;
    }

    @Override
    protected int callback(int waitedBefore) {
        long now = System.nanoTime();
        if (waitedBefore == 0) {
            since = now;
        }
        if (now - since >= (hurried ? Math.min(HURRIED_NANOS, timeoutNanos) : timeoutNanos)) {
            return 0;
        }
        NanoClock.SYSTEM.pause(Math.min(LONGEST_NANOS, SHORTEST_NANOS << Math.min(16, waitedBefore / DOUBLE_EVERY)));
        return 1;
    }
}
