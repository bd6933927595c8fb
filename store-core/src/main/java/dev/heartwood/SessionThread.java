package dev.heartwood;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** A daemon that does something again and again, and rests between. It ends when the store is closed. */
final class SessionThread implements Runnable {
    private static final long REST_AFTER_A_FAILURE = 100_000_000;

    private final LongSupplier work;
    private final Consumer<? super Throwable> failureHandler;
    private final Thread thread;
    /** Somebody has ended the rest since the work began last. */
    private volatile boolean woken;

    private boolean failing;

    /** A thread that is late if it runs a listener: others do that for it. */
    private static final class Punctual extends Thread {
        Punctual(Runnable work, String name) {
            super(work, name);
        }
    }

    private SessionThread(
            String name, boolean punctual, LongSupplier work, Consumer<? super Throwable> failureHandler) {
        this.work = work;
        this.failureHandler = failureHandler;
        this.thread = punctual ? new Punctual(this, name) : new Thread(this, name);
        thread.setDaemon(true);
    }

    /**
     * Starts one.
     *
     * @param punctual whether it runs no listeners of the commits that it makes or publishes
     * @param work gives the nanoseconds to rest; a negative number ends the thread, and so does {@link StoreClosedException}
     */
    static SessionThread start(
            String name, boolean punctual, LongSupplier work, Consumer<? super Throwable> failureHandler) {
        SessionThread made = new SessionThread(name, punctual, work, failureHandler);
        made.thread.start();
        return made;
    }

    /** Whether the calling thread is one that runs no listeners. */
    static boolean isPunctual() {
        return Thread.currentThread() instanceof Punctual;
    }

    /** Ends its rest, or the next one if it is at work. */
    void wake() {
        woken = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        for (long rest = 0; rest >= 0; rest = workOnce()) {
            // The permit of the unpark does not do by itself: work that waits for a storage takes it. A wake-up after
            // this look gives one that nobody takes before the rest.
            if (rest > 0 && !woken) {
                LockSupport.parkNanos(this, rest);
            }
            // Before the work: it may have passed what a wake-up from here on is about.
            woken = false;
        }
    }

    private long workOnce() {
        try {
            long rest = work.getAsLong();
            failing = false;
            return rest;
        } catch (StoreClosedException e) {
            return -1;
        } catch (Throwable e) {
            // The storage may come back, and the sessions with it: this thread must not end. It says so once.
            if (!failing) {
                FailureHandlers.tell(failureHandler, e);
            }
            failing = true;
            return REST_AFTER_A_FAILURE;
        }
    }
}
