package dev.heartwood.stress.broken;

import dev.heartwood.Transaction;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Holds a lock while the body of a batch runs, as a dictionary behind a lock does. */
public final class LockWhileRunning extends SmallStore {
    private static final long PATIENCE_MILLIS = 20;

    private final ReentrantLock lock = new ReentrantLock();

    /** A store in memory. */
    public LockWhileRunning(Map<String, ?> tree) {
        super(tree);
    }

    /** Commits what {@code body} does; false if the lock did not come free, which a user would wait for for ever. */
    public boolean tryBatch(Consumer<Transaction> body) {
        if (!locked()) {
            return false;
        }
        try {
            batch(body);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean locked() {
        try {
            return lock.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts an actor", e);
        }
    }
}
