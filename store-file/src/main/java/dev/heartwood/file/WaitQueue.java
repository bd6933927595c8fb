package dev.heartwood.file;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads that wait for something to be so, each for its own. Those for whom it has come to be so are woken at once and go
 * on by themselves: a lock and its condition would let all go one after another, each waking the next, which takes eight of
 * them longer than a sync.
 */
final class WaitQueue {
    // Invariant: who waits is in here, or in the hands of wake().
    private final AtomicReference<@Nullable Waiter> last = new AtomicReference<>();

    /**
     * Waits until it is so, or has been; an interrupt does not make that come sooner, and is kept.
     *
     * @param condition quick, also asked on the thread that tells the news; what makes it so is written before
     *     {@link #wake}
     */
    void await(BooleanSupplier condition) {
        if (condition.getAsBoolean()) {
            return;
        }
        Waiter waiter = new Waiter(Thread.currentThread(), condition);
        add(waiter);
        boolean interrupted = false;
        // First be seen, then look: what came to be so before that is seen here, and what comes after it wakes us.
        while (!waiter.over && !condition.getAsBoolean()) {
            LockSupport.park(this);
            // While it is set no park waits.
            interrupted |= Thread.interrupted();
        }
        waiter.over = true;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void add(Waiter waiter) {
        do {
            waiter.before = last.get();
        } while (!last.compareAndSet(waiter.before, waiter));
    }

    /** There is news. Called by one thread at a time. */
    void wake() {
        Waiter waiter = last.getAndSet(null);
        while (waiter != null) {
            Waiter before = waiter.before;
            if (waiter.over || waiter.condition.getAsBoolean()) {
                // It may not be so any more when the thread looks, and nobody would wake it then.
                waiter.over = true;
                LockSupport.unpark(waiter.thread);
            } else {
                add(waiter);
            }
            waiter = before;
        }
    }

    /** A thread, and what it waits for. */
    private static final class Waiter {
        final Thread thread;
        final BooleanSupplier condition;
        /** Who came before it. */
        @Nullable
        Waiter before;

        /** Whether it waits no more. */
        volatile boolean over;

        Waiter(Thread thread, BooleanSupplier condition) {
            this.thread = thread;
            this.condition = condition;
        }
    }
}
