package dev.heartwood.storage;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Looks at a storage that other processes write, shared by concurrent threads: each call returns after a look that
 * began after the call. Thread-safe; the lock is held during a look, and a root may hold it to exclude looks.
 */
public final class SharedLook {
    private final ReentrantLock lock = new ReentrantLock();
    /** The number of the last look that has begun. */
    private final AtomicLong begun = new AtomicLong();
    /** The number of the last look that has ended; guarded by the lock. */
    private long ended;

    /** One look; {@code E} is the exception of a failure. */
    public interface Look<E extends Exception> {
        /** Looks. */
        void look() throws E;
    }

    /** Takes a look, or waits for one that another thread began after this call. */
    public <E extends Exception> void take(Look<E> look) throws E {
        // Read before waiting for the lock: a look with a larger number began after this call, and so saw every commit
        // that was finished before the call. If it were read under the lock, it would be the number of the look just
        // ended, and no look would ever be shared.
        long arrived = begun.get();
        lock.lock();
        try {
            if (ended <= arrived) {
                long number = begun.incrementAndGet();
                look.look();
                ended = number;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Runs the action while no look is under way. */
    public void exclude(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }
}
