package dev.heartwood.storage;

import java.util.concurrent.locks.LockSupport;

/** The clock for commits, and the waits of threads. Tests replace it by their own. */
public interface NanoClock {
    /** The clock of the machine. */
    NanoClock SYSTEM = new NanoClock() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void pause(long nanos) {
            boolean interrupted = Thread.interrupted();
            LockSupport.parkNanos(nanos);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    };

    /** Nanoseconds since some fixed moment, like {@link System#nanoTime}. */
    long nanoTime();

    /**
     * Parks the calling thread until this time has passed or the thread is unparked; may return early for no reason. An
     * interrupt does not shorten the pause, or callers that wait in a loop would spin; the interrupted status is kept.
     *
     * @param nanos the longest pause, in nanoseconds; the thread does not pause where it is zero or less
     */
    void pause(long nanos);
}
