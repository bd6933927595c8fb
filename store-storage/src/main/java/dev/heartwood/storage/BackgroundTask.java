package dev.heartwood.storage;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A task that a daemon thread of its own runs from time to time. The thread starts with the first {@link #wake}, and sleeps
 * between runs. Thread-safe.
 */
public final class BackgroundTask {
    private final String name;
    private final LongSupplier task;
    private @Nullable Thread thread;
    private volatile boolean stopped;

    /**
     * A task that has not run yet.
     *
     * @param name the name of the thread
     * @param task one run; returns the nanoseconds until the next run, unless it is woken before. It must not throw
     */
    public BackgroundTask(String name, LongSupplier task) {
        this.name = name;
        this.task = task;
    }

    /** Makes the task run soon, on its own thread. Never waits for the run. */
    public synchronized void wake() {
        if (thread == null && !stopped) {
            thread = new Thread(this::run, name);
            thread.setDaemon(true);
            thread.start();
        } else {
            // A permit that is given while the task runs makes the next park return at once, so no wake-up is lost.
            LockSupport.unpark(thread);
        }
    }

    /** Ends the thread; a run under way comes to its end. */
    public synchronized void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!stopped) {
            LockSupport.parkNanos(task.getAsLong());
        }
    }
}
