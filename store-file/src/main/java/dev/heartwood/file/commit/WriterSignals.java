package dev.heartwood.file.commit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The requests of other threads to the writer thread: each request wakes it. Thread-safe. */
final class WriterSignals {
    private final Thread thread;
    private final WriterRest idle = new WriterRest();
    private final AtomicLong looksAsked = new AtomicLong();

    /** There was a request other than for a commit since the turn of the writer thread began. */
    private volatile boolean woken;

    private volatile boolean hurried;
    private volatile boolean editNoticed;
    private volatile boolean editSettled;
    private volatile boolean abandoned;

    WriterSignals(Thread writer) {
        this.thread = writer;
    }

    /** There is a commit. */
    void commit() {
        idle.wake();
    }

    /** There is a commit that must not wait any longer. */
    void hurry() {
        if (!hurried) {
            hurried = true;
            wake();
        }
    }

    /** An edit by hand stands in the file, or a part of one, or the file is gone. */
    void editNoticed() {
        editNoticed = true;
        wake();
    }

    /** An edit by hand is settled: the file may be written again. */
    void editSettled() {
        editSettled = true;
        wake();
    }

    /** Nothing refers to the store any more, though it was not closed. */
    void abandon() {
        abandoned = true;
    }

    /**
     * Asks for a check that the next opening will find the durable commits, after all commits that were accepted
     * before. Returns the number to wait for.
     */
    long askForLook() {
        long number = looksAsked.incrementAndGet();
        wake();
        return number;
    }

    /** There is work other than commits. */
    void wake() {
        // In this order. The permit of the unpark does not do by itself: anything takes it for which the writer thread
        // waits in its turn, such as a lock of the program's own in a receiver of notices.
        woken = true;
        LockSupport.unpark(thread);
    }

    // The following methods are for the writer thread.

    /** A turn begins. It finds all requests so far; those from here on end the rest after it. */
    void beginTurn() {
        woken = false;
    }

    boolean isHurried() {
        return hurried;
    }

    /** All pending commits are about to be written. */
    void takeHurry() {
        hurried = false;
    }

    /** Clears an urgent request for which there was no work, except one that came with a commit just now. */
    void calmDown(BooleanSupplier isPending) {
        if (hurried) {
            hurried = false;
            if (isPending.getAsBoolean()) {
                hurried = true;
            }
        }
    }

    /** Whether an edit was noticed since the last call. One that is noticed from here on is found by the next call. */
    boolean takeEditNoticed() {
        boolean noticed = editNoticed;
        if (noticed) {
            editNoticed = false;
        }
        return noticed;
    }

    /** Whether an edit was settled since the last call. One that is settled from here on is found by the next call. */
    boolean takeEditSettled() {
        boolean settled = editSettled;
        if (settled) {
            editSettled = false;
        }
        return settled;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** The number of the last requested check. */
    long looksAsked() {
        return looksAsked.get();
    }

    /** Sleeps until there is a request, so many nanoseconds at most. */
    void rest(BooleanSupplier somethingToDo, long nanos) {
        idle.rest(() -> woken || somethingToDo.getAsBoolean(), nanos);
    }

    /** The same, but further commits do not end it. */
    void gatherCommits(long nanos) {
        if (!woken) {
            LockSupport.parkNanos(this, nanos);
        }
    }
}
