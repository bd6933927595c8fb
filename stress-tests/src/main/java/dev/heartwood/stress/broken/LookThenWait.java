package dev.heartwood.stress.broken;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Threads that look for news first, and only then let themselves be seen by who tells it. */
public final class LookThenWait {
    private final Queue<Thread> waiting = new ConcurrentLinkedQueue<>();

    /** Means to wait until it is so, and no longer. */
    public void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            waiting.add(Thread.currentThread());
            LockSupport.park(this);
        }
    }

    /** There is news. */
    public void wake() {
        for (Thread thread = waiting.poll(); thread != null; thread = waiting.poll()) {
            LockSupport.unpark(thread);
        }
    }
}
