package dev.heartwood.json;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Caches the sorted order and the written form of keys. Records of one kind have the same keys, and their maps iterate
 * in the same order; so the order of one map is used for the next, as long as the keys are the same string objects.
 */
final class KeyOrders {
    /** Maps with more keys are seldom two of a kind. */
    private static final int MOST = 64;

    private static final int SLOTS = 32;
    /** Kinds that share a slot; kinds that differ by an optional key or two often do. */
    private static final int WAYS = 4;

    static final Order NONE = new Order(new String[0], new int[0]);

    private record Place(String key, int place) {}

    private final @Nullable Order[] known = new Order[SLOTS * WAYS];

    /** The order of the first {@code size} keys, distinct ones. */
    Order of(String[] keys, int size) {
        if (size == 0 || size > MOST) {
            return new Order(keys, sort(keys, size));
        }
        int slot = slot(keys, size);
        for (int i = slot; i < slot + WAYS; i++) {
            Order order = known[i];
            if (order != null && order.isOf(keys, size)) {
                order.spell();
                return order;
            }
        }
        Order order = new Order(Arrays.copyOf(keys, size), sort(keys, size));
        // Replaces the oldest.
        System.arraycopy(known, slot, known, slot + 1, WAYS - 1);
        known[slot] = order;
        return order;
    }

    /** The first slot, computed from a few keys, whose hash codes are usually cached. */
    private static int slot(String[] keys, int size) {
        int mixed =
                size + 31 * (keys[0].hashCode() + 31 * (keys[size / 2].hashCode() + 31 * keys[size - 1].hashCode()));
        return (((mixed * 0x9E3779B9) >>> 16) & (SLOTS - 1)) * WAYS;
    }

    private static int[] sort(String[] keys, int size) {
        Place[] sorted = new Place[size];
        for (int i = 0; i < size; i++) {
            sorted[i] = new Place(keys[i], i);
        }
        Arrays.sort(sorted, Comparator.comparing(Place::key));
        int[] places = new int[size];
        for (int i = 0; i < size; i++) {
            places[i] = sorted[i].place;
        }
        return places;
    }

    /** Keys as a map iterates, and their places in the order of the keys. */
    static final class Order {
        final int[] places;
        private final String[] keys;
        /**
         * The text before each value, in the order of the keys, where it is ASCII: made when such a map comes again.
         */
        private @Nullable String @Nullable [] names;

        private Order(String[] keys, int[] places) {
            this.keys = keys;
            this.places = places;
        }

        /** The key at a place in the order, with quotes and colon; null if it is not known, or not ASCII. */
        @Nullable
        String name(int place) {
            return names == null ? null : names[place];
        }

        private boolean isOf(String[] others, int size) {
            if (keys.length != size) {
                return false;
            }
            for (int i = 0; i < size; i++) {
                if (keys[i] != others[i]) {
                    return false;
                }
            }
            return true;
        }

        private void spell() {
            if (names == null) {
                names = new String[places.length];
                for (int i = 0; i < places.length; i++) {
                    String key = keys[places[i]];
                    names[i] = Escaping.isPlain(key) ? '"' + key + "\":" : null;
                }
            }
        }
    }
}
