package dev.heartwood;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The stores whose functions or batches the current thread is inside of.
 *
 * <p>If a function used its own store, its reads would not be validated, and its writes might be repeated; so every use
 * of a store checks here first. The check is one access to a thread-local; nothing is shared between threads.
 */
final class ReentrancyGuard {
    private static final ThreadLocal<ReentrancyGuard> HERE = ThreadLocal.withInitial(ReentrancyGuard::new);
    private static final AtomicLong NUMBERS = new AtomicLong();

    /**
     * The numbers of the stores. References would cost more: with G1, writing a reference into an old object takes a
     * fence in every commit; and a slot that is not cleared would keep a store alive.
     */
    private long[] stores = new long[2];

    private int depth;

    /** The numbers of the timelines whose listeners this thread runs. */
    private long[] timelines = new long[2];

    private int deliveries;

    /**
     * The number of the {@link DeliveryLoop} in whose executor's {@code execute} this thread is, the innermost one; else
     * 0. Assigned by the loop itself: an assignment needs no stack.
     */
    long sending;

    /** The derived values whose functions this thread runs, the innermost first. */
    private @Nullable Computing computing;

    private ReentrancyGuard() {}

    /** Where the current thread is. */
    static ReentrancyGuard here() {
        return HERE.get();
    }

    /** A number for a store, a timeline or a delivery loop, which no other has. Never 0. */
    static long number() {
        return NUMBERS.incrementAndGet();
    }

    /** Refuses the use of a store inside its own function. */
    void requireOutside(long store) {
        for (int i = 0; i < depth; i++) {
            if (stores[i] == store) {
                throw new ReentrantUseException();
            }
        }
    }

    /** Whether the thread is inside a function of any store: then it must not wait for other threads. */
    boolean anything() {
        return depth > 0;
    }

    void enter(long store) {
        if (depth == stores.length) {
            stores = Arrays.copyOf(stores, 2 * depth);
        }
        stores[depth++] = store;
    }

    void exit() {
        depth--;
    }

    /** The lowest number of a derived value whose function this thread runs; {@link Long#MAX_VALUE} if it runs none. */
    long computing() {
        return computing == null ? Long.MAX_VALUE : computing.lowest;
    }

    /** Whether the thread runs the function of a derived value, for any state. */
    boolean computes(long derived) {
        Computing each = computing;
        while (each != null && each.derived != derived) {
            each = each.outer;
        }
        return each != null;
    }

    /** The thread runs the function of a derived value. */
    void beginComputing(long derived) {
        computing = new Computing(derived, Math.min(computing(), derived), computing);
    }

    /** The function that began last has ended. */
    void endComputing() {
        computing = computing == null ? null : computing.outer;
    }

    /** From here to {@link #endDelivery} this thread runs listeners of a timeline. */
    void beginDelivery(long timeline) {
        if (deliveries == timelines.length) {
            timelines = Arrays.copyOf(timelines, 2 * deliveries);
        }
        timelines[deliveries++] = timeline;
    }

    void endDelivery() {
        deliveries--;
    }

    /** Whether this thread runs a listener of the timeline: commits may wait for it to return. */
    boolean delivers(long timeline) {
        for (int i = 0; i < deliveries; i++) {
            if (timelines[i] == timeline) {
                return true;
            }
        }
        return false;
    }

    /** A derived value that is being computed. */
    private record Computing(
            long derived, long lowest, @Nullable Computing outer) {}
}
