package dev.heartwood.json;

import io.vavr.collection.HashMap;
import org.jspecify.annotations.Nullable;

/** The entries of one map after another, by key. */
final class MapOrder extends EntryBuffer {
    private final KeyOrders orders;
    private KeyOrders.Order order;

    MapOrder(KeyOrders orders) {
        this.orders = orders;
        this.order = KeyOrders.NONE;
    }

    void load(HashMap<String, @Nullable Object> map) {
        take(map);
        order = orders.of(keys, size);
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
