package dev.heartwood.json;

import dev.heartwood.tree.MapEntries;
import io.vavr.collection.HashMap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The entries of one map after another, by key. */
final class MapOrder implements MapEntries.Visitor {
    /** The entries in iteration order, followed by leftovers of an earlier, larger map. */
    private String[] keys = new String[32];

    private @Nullable Object[] values = new Object[32];

    private final KeyOrders orders;
    private KeyOrders.Order order;
    private int size;

    MapOrder(KeyOrders orders) {
        this.orders = orders;
        this.order = KeyOrders.NONE;
    }

    void load(HashMap<String, @Nullable Object> map) {
        size = 0;
        MapEntries.forEach(map, this);
        order = orders.of(keys, size);
    }

    @Override
    public void visit(String key, @Nullable Object value) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        keys[size] = key;
        values[size] = value;
        size++;
    }

    int size() {
        return size;
    }

    /** The key at a place in their order. */
    String key(int place) {
        return keys[order.places[place]];
    }

    /** As {@link KeyOrders.Order#name}. */
    @Nullable
    String name(int place) {
        return order.name(place);
    }

    /** The value under the key at a place in their order. */
    @Nullable
    Object value(int place) {
        return values[order.places[place]];
    }
}
