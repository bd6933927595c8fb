package dev.heartwood.storage;

import java.util.concurrent.atomic.AtomicInteger;

/** What one thread at a time may do: finds out whether two did. */
final class Alone {
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    void run(Runnable action) {
        int now = inside.incrementAndGet();
        most.accumulateAndGet(now, Math::max);
        action.run();
        inside.decrementAndGet();
    }

    /** How many were at it at once. */
    int most() {
        return most.get();
    }
}
