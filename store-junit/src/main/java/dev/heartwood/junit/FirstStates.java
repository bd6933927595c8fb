package dev.heartwood.junit;

import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.TreeView;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/** The initial states of the stores of tests; {@code changedOnly} compares with them. */
final class FirstStates {
    private static final Map<Store, Snapshot> FIRST = Collections.synchronizedMap(new WeakHashMap<>());

    private FirstStates() {}

    static void remember(Store store) {
        FIRST.put(store, store.snapshot());
    }

    /** The first state of a store, or of a handle of it; null if the store belongs to no test. */
    static @Nullable Snapshot of(TreeView view) {
        if (view instanceof Store store) {
            synchronized (FIRST) {
                for (Map.Entry<Store, Snapshot> first : FIRST.entrySet()) {
                    if (areOne(first.getKey(), store)) {
                        return first.getValue();
                    }
                }
            }
        }
        return null;
    }

    /** Whether two objects are handles of one store: then they show the same state, and not only an equal one. */
    private static boolean areOne(Store known, Store asked) {
        if (known == asked) {
            return true;
        }
        try {
            while (true) {
                Snapshot seen = asked.snapshot();
                if (known.snapshot() == seen) {
                    return true;
                } else if (asked.snapshot() == seen) {
                    return false;
                }
            }
        } catch (StoreClosedException e) {
            return false; // the store of a test that has ended
        }
    }
}
