package dev.heartwood.junit;

import dev.heartwood.Origins;
import dev.heartwood.Store;
import dev.heartwood.StoreOptions;
import dev.heartwood.history.History;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The store of one test, and its history. Closed after the test.
 *
 * @param store the store
 * @param history the history of the store
 */
record RecordedStore(Store store, History history) implements AutoCloseable {
    static RecordedStore open(Map<String, ? extends @Nullable Object> document, boolean strict) {
        StoreOptions options = Store.options().origins(Origins.WHERE);
        Store store = (strict ? options.strict() : options).of(document);
        FirstStates.remember(store);
        return new RecordedStore(store, History.of(store));
    }

    @Override
    public void close() {
        history.close();
        store.close();
    }
}
