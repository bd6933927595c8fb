package dev.heartwood.storage;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads that wait, each for a condition of its own. All threads whose condition is true are woken at once and
 * continue independently. With a lock and its condition they would continue one after another, each waking the next;
 * for eight threads that takes longer than a sync.
 */
public final class WaitQueue {
    // Invariant: a waiting thread is in here, or is being processed by wake().
    private final AtomicReference<@Nullable Waiter> last = new AtomicReference<>();

    /** A queue in which no thread waits. */
    public WaitQueue() {}

    /**
     * Waits until the condition is true, or has been at a {@link #wake}. An interrupt does not end the waiting; the
     * interrupted status is kept.
     *
     * @param condition quick; also evaluated on the waking thread; the writes that make it true come before
     *     {@link #wake}
     */
    public void await(BooleanSupplier condition) {
        if (condition.getAsBoolean()) {
            return;
        }
        Waiter waiter = new Waiter(Thread.currentThread(), condition);
        add(waiter);
        boolean interrupted = false;
        // Register first, then look: this look sees a change before the registration, and a change after it wakes this
        // thread. In the other order, a change between the two would wake no thread.
        while (!waiter.over && !condition.getAsBoolean()) {
            LockSupport.park(this);
            // No park waits while the interrupted status is set.
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

    /** Wakes the threads whose condition is true now. Called by one thread at a time. */
    public void wake() {
        Waiter waiter = last.getAndSet(null);
        while (waiter != null) {
            Waiter before = waiter.before;
            if (waiter.over || waiter.condition.getAsBoolean()) {
                // The condition may be false again when the thread looks, and then no other thread would wake it.
                waiter.over = true;
                LockSupport.unpark(waiter.thread);
            } else {
                add(waiter);
            }
            waiter = before;
        }
    }

    /** A thread and its condition. */
    private static final class Waiter {
        final Thread thread;
        final BooleanSupplier condition;
        /** The waiter that came before this one. */
        @Nullable
        Waiter before;

        /** Whether it has stopped waiting. */
        volatile boolean over;

        Waiter(Thread thread, BooleanSupplier condition) {
            this.thread = thread;
            this.condition = condition;
        }
    }
}
