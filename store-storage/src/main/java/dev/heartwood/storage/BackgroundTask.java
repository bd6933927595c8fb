package dev.heartwood.storage;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A task that a daemon thread of its own runs from time to time. The thread starts with the first {@link #wake}, and sleeps
 * between runs. Thread-safe.
 */
public final class BackgroundTask {
    private static final Logger LOGGER = System.getLogger("dev.heartwood.storage");
    private static final long PAUSE_NANOS = 1_000_000_000;

    private final String name;
    private final LongSupplier task;
    private @Nullable Thread thread;
    private volatile boolean stopped;
    /** Somebody has woken the task since its last run began. */
    private volatile boolean woken;

    /**
     * A task that has not run yet.
     *
     * @param name the name of the thread
     * @param task one run; returns the nanoseconds until the next run, unless it is woken before. An exception of a run is
     *     logged, and the next run comes a second later
     */
    public BackgroundTask(String name, LongSupplier task) {
        this.name = name;
        this.task = task;
    }

    /** Makes the task run soon, on its own thread. Never waits for the run. */
    public synchronized void wake() {
        woken = true;
        if (thread == null && !stopped) {
            Thread starting = new Thread(this::run, name);
            starting.setDaemon(true);
            // Kept only once it runs: where the machine has no thread to give, the next wake-up asks again.
            starting.start();
            thread = starting;
        } else {
            LockSupport.unpark(thread);
        }
    }

    /** Ends the thread; a run under way comes to its end. */
    public synchronized void stop() {
        stopped = true;
        woken = true;
        LockSupport.unpark(thread);
    }

    private long runOnce() {
        try {
            return task.getAsLong();
        } catch (Throwable e) {
            // An exhausted heap, for which another component may be to blame, must not end the task for good.
            SafeLog.log(
                    LOGGER, Level.WARNING, "the task \"" + name + "\" has failed, and is tried again in a second", e);
            return PAUSE_NANOS;
        }
    }

    private void run() {
        // Cleared before the end is looked for, and before the run: a wake-up from here on may be about something that
        // both have passed.
        for (woken = false; !stopped; woken = false) {
            long rest = runOnce();
            // The permit of the unpark does not do by itself: a run that waits for a lock takes it. A wake-up after
            // this look gives one that nobody takes before the rest.
            if (!woken) {
                LockSupport.parkNanos(rest);
            }
        }
    }
}
