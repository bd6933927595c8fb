package dev.heartwood.json;

import io.vavr.collection.HashMap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The entries of one map after another, by key. */
final class MapOrder extends EntryBuffer {
    private final KeyOrders orders;
    private KeyOrders.Order order = KeyOrders.NONE;
    /** Whether the keys so far are the first ones of {@link #order}; then they do not stand in {@link #keys}. */
    private boolean isGuessed;

    MapOrder(KeyOrders orders) {
        this.orders = orders;
    }

    /** Takes the entries of a map, which is likely to be of the kind that has the order {@code guess}. */
    void load(HashMap<String, @Nullable Object> map, KeyOrders.Order guess) {
        order = guess;
        isGuessed = true;
        take(map);
        if (isGuessed && size == guess.size()) {
            orders.spell(guess);
        } else {
            notGuessed();
            order = orders.of(keys, size);
        }
    }

    @Override
    public void visit(String key, @Nullable Object value) {
        if (isGuessed && size < values.length && order.isAt(size, key)) {
            values[size++] = value;
        } else {
            notGuessed();
            super.visit(key, value);
        }
    }

    private void notGuessed() {
        if (isGuessed) {
            isGuessed = false;
            if (keys.length < values.length) {
                keys = Arrays.copyOf(keys, values.length);
            }
            order.copyKeys(keys, size);
        }
    }

    int size() {
        return size;
    }

    KeyOrders.Order order() {
        return order;
    }

    /** The key at a place in their order. */
    String key(int place) {
        return order.key(place);
    }

    /** The value under the key at a place in their order. */
    @Nullable
    Object value(int place) {
        return values[order.places[place]];
    }
}
