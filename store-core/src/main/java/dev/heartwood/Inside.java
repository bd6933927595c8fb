package dev.heartwood;

import java.util.Arrays;

/**
 * The stores whose functions or batches the current thread is inside of.
 *
 * <p>A function that used its own store would read what nobody validates and write what may be repeated; so every use
 * of a store asks here first. One look at a thread-local, and nothing is shared between threads.
 */
final class Inside {
    private static final ThreadLocal<Inside> HERE = ThreadLocal.withInitial(Inside::new);

    private Store[] stores = new Store[2];
    private int depth;

    private Inside() {}

    /** Where the current thread is. */
    static Inside here() {
        return HERE.get();
    }

    /** Refuses the use of a store inside its own function. */
    void requireOutside(Store store) {
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

    void enter(Store store) {
        if (depth == stores.length) {
            stores = Arrays.copyOf(stores, 2 * depth);
        }
        stores[depth++] = store;
    }

    @SuppressWarnings("NullAway") // the slot is given up
    void exit() {
        stores[--depth] = null;
    }
}
