package dev.heartwood.sqlite;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A thread that tends to something from time to time, and sleeps otherwise. There is none before it is first woken. */
final class BackgroundTask {
    private final String name;
    private final LongSupplier chore;
    private @Nullable Thread thread;
    private volatile boolean stopped;

    /** Runs {@code chore}, which says after how many nanoseconds it wants to run again unless it is woken before. */
    BackgroundTask(String name, LongSupplier chore) {
        this.name = name;
        this.chore = chore;
    }

    /** Has the chore run soon, on the keeper's thread. */
    synchronized void wake() {
        if (thread == null && !stopped) {
            thread = new Thread(this::run, name);
            thread.setDaemon(true);
            thread.start();
        } else {
            LockSupport.unpark(thread);
        }
    }

    /** Ends the thread; a chore under way may run on. */
    synchronized void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!stopped) {
            LockSupport.parkNanos(chore.getAsLong());
        }
    }
}
