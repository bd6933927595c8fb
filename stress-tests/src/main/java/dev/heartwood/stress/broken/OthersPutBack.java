package dev.heartwood.stress.broken;

import static java.util.Objects.requireNonNull;

import io.vavr.collection.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Threads that wait for news: who tells it puts those back for whom it is none, and those are lost who came meanwhile. */
public final class OthersPutBack {
    private final AtomicReference<List<Waiter>> waiting = new AtomicReference<>(List.empty());

    /** Means to wait until it is so, and no longer. */
    public void await(BooleanSupplier condition) {
        Waiter waiter = new Waiter(Thread.currentThread(), condition);
        waiting.updateAndGet(all -> all.prepend(waiter));
        while (!condition.getAsBoolean()) {
            LockSupport.park(this);
        }
    }

    /** There is news. */
    public void wake() {
        List<Waiter> all = requireNonNull(waiting.get());
        List<Waiter> others = all.reject(waiter -> waiter.condition.getAsBoolean());
        waiting.set(others);
        all.removeAll(others).forEach(waiter -> LockSupport.unpark(waiter.thread));
    }

    private record Waiter(Thread thread, BooleanSupplier condition) {}
}
