package dev.heartwood.json.file;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How far the writing has come, told by the thread that writes to those that wait for it. Nobody publishes, or calls
 * anything of a user's, while the lock in here is held.
 */
final class Progress {
    // A version at or below `durable` is durable, unless it was taken back.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final TakenBack takenBack = new TakenBack();
    private volatile boolean anyTakenBack;
    private volatile long durable;
    private volatile @Nullable Throwable failure;
    private @Nullable Throwable trouble;
    private long troubles;
    private boolean ended;

    Progress(long durable) {
        this.durable = durable;
    }

    /** Why no more can be written until the store is opened anew; null while that is not so. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** The last failure to write, or null. */
    @Nullable
    Throwable trouble() {
        lock.lock();
        try {
            return trouble;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the version is durable for sure, without waiting for a lock. */
    boolean isDurable(long version) {
        return version <= durable && !anyTakenBack;
    }

    /** Waits until the version is durable, and gives null; or was taken back, and gives how. */
    TakenBack.@Nullable Range await(long version) {
        lock.lock();
        try {
            for (; ; ) {
                TakenBack.Range lost = takenBack.of(version);
                if (lost != null || version <= durable) {
                    return lost;
                }
                // An interrupt does not make the answer come sooner, and the commit is on its way.
                news.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until something is so, and gives null; or until writing fails, and gives why.
     *
     * @param begin run before the waiting, so that no failure after it is missed
     */
    @Nullable
    Throwable awaitOrTrouble(BooleanSupplier done, Runnable begin) {
        lock.lock();
        try {
            long before = troubles;
            begin.run();
            for (; ; ) {
                if (done.getAsBoolean()) {
                    return null;
                } else if (failure != null) {
                    return failure;
                } else if (troubles > before) {
                    return trouble;
                }
                news.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all is written, or will never be. */
    void awaitEnd() {
        lock.lock();
        try {
            while (!ended) {
                news.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** All up to this version is durable. */
    void durable(long version) {
        tell(() -> durable = version);
    }

    /** Writing failed, for now: what is pending stays so. */
    void troubled(Throwable cause) {
        tell(() -> {
            trouble = cause;
            troubles++;
        });
    }

    /** Nothing more can be written. */
    void failed(Throwable cause) {
        failure = cause;
        troubled(cause);
    }

    /** What is pending was taken back; those who wait for it are told by the {@link #troubled} that must follow. */
    void lost(TakenBack.Range range) {
        lock.lock();
        try {
            if (range.indeterminate()) {
                failure = range.cause();
            }
            takenBack.add(range);
            anyTakenBack = true;
        } finally {
            lock.unlock();
        }
    }

    /** All is written, or will never be. */
    void ended() {
        tell(() -> ended = true);
    }

    private void tell(Runnable change) {
        lock.lock();
        try {
            change.run();
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
