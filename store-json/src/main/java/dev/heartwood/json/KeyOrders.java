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
    private final boolean pretty;
    private final int longestKey;

    /** For keys of so many chars at most; a longer one is refused when it is written. */
    KeyOrders(boolean pretty, int longestKey) {
        this.pretty = pretty;
        this.longestKey = longestKey;
    }

    /** The order of the first {@code size} keys, distinct ones. */
    Order of(String[] keys, int size) {
        if (size == 0) {
            return NONE;
        } else if (size > MOST) {
            return new Order(Arrays.copyOf(keys, size), sort(keys, size));
        }
        int slot = slot(keys, size);
        for (int i = slot; i < slot + WAYS; i++) {
            Order order = known[i];
            if (order != null && order.isOf(keys, size)) {
                spell(order);
                return order;
            }
        }
        Order order = new Order(Arrays.copyOf(keys, size), sort(keys, size));
        // Replaces the oldest.
        System.arraycopy(known, slot, known, slot + 1, WAYS - 1);
        known[slot] = order;
        return order;
    }

    /** The order is used again: from now on the texts before its values are known. */
    void spell(Order order) {
        order.spell(pretty, longestKey);
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
        private @Nullable Ascii @Nullable [] names;
        /** By key, in the order of the keys: the order of the last map that stood there, or in a list there. */
        private @Nullable Order @Nullable [] kinds;

        private Order(String[] keys, int[] places) {
            this.keys = keys;
            this.places = places;
        }

        int size() {
            return keys.length;
        }

        /** The key at a place in the order. */
        String key(int place) {
            return keys[places[place]];
        }

        /** The text before the value at a place in the order; null if it is not known, or not ASCII. */
        @Nullable
        Ascii name(int place) {
            return names == null ? null : names[place];
        }

        /** The order of the last map at a place in the order; null if it is not known. */
        @Nullable
        Order kind(int place) {
            return kinds == null ? null : kinds[place];
        }

        /** A map of this kind stands at a place in the order, or in a list there. */
        void kind(int place, Order kind) {
            if (keys.length <= MOST) {
                if (kinds == null) {
                    kinds = new Order[keys.length];
                }
                kinds[place] = kind;
            }
        }

        /** Whether the map has this very key at a place as it iterates. */
        boolean isAt(int place, String key) {
            return place < keys.length && keys[place] == key;
        }

        /** Copies the first keys as the map iterates. */
        void copyKeys(String[] into, int count) {
            System.arraycopy(keys, 0, into, 0, count);
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

        /** Makes the text before each value, with the comma where there is no line break in between. */
        private void spell(boolean pretty, int longestKey) {
            if (names == null && keys.length <= MOST) {
                names = new Ascii[places.length];
                for (int i = 0; i < places.length; i++) {
                    String key = key(i);
                    if (key.length() <= longestKey && Escaping.isPlain(key)) {
                        names[i] = new Ascii((pretty || i == 0 ? "" : ",") + '"' + key + "\":" + (pretty ? " " : ""));
                    }
                }
            }
        }
    }
}
