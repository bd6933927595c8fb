package dev.heartwood.junit;

import dev.heartwood.Snapshot;
import dev.heartwood.Store;
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

    static @Nullable Snapshot of(Object store) {
        return FIRST.get(store);
    }
}
