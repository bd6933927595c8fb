package dev.heartwood.tree;

import io.vavr.collection.HashMap;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds maps of which many have the same keys in the same order, as the records of a document do. The shape of such a
 * map is learned when its keys come for the second time, and copied from then on, as long as the very same strings come
 * along.
 *
 * <p>There is room for a fixed number of shapes of at most {@link #MOST_KEYS} keys each. So whatever comes, a map costs
 * no more than building it twice.
 *
 * <p>Where Vavr's tries cannot be built ({@link MapBuilder#isOpen}) maps are put together entry by entry. Not
 * thread-safe; what it builds is as immutable as any map.
 */
public final class RecordBuilder {
    /** Maps with more keys are seldom two of a kind. */
    static final int MOST_KEYS = 64;

    /** A longer key is a string of its own each time, so that its shape would never come again, and only keep it. */
    private static final int LONGEST_KEY = 1 << 8;

    private static final int SLOTS = 1 << 8;
    /** Shapes that share a slot. */
    private static final int WAYS = 2;

    private final int mostOfOneHash;
    private final @Nullable MapBuilder builder;
    private final @Nullable MapShape[] shapes = new MapShape[SLOTS * WAYS];
    /** For each slot, the hash of the keys that came last and had no shape. */
    private final int[] seen = new int[SLOTS];

    private int learned;

    /** A builder of maps in which at most so many keys share a hash code. */
    public RecordBuilder(int mostOfOneHash) {
        this(mostOfOneHash, MapBuilder.isOpen());
    }

    RecordBuilder(int mostOfOneHash, boolean open) {
        this.mostOfOneHash = mostOfOneHash;
        this.builder = open ? new MapBuilder(mostOfOneHash) : null;
    }

    /** How many keys the shapes that were learned have, those that made way included. */
    public int learned() {
        return learned;
    }

    /** Lets go of the maps that it has built: a builder that is kept keeps shapes alone. */
    public void forget() {
        if (builder != null) {
            builder.forget();
        }
    }

    /**
     * The map of the keys and values from one index to another; null if two keys are equal, or too many share a hash
     * code.
     */
    public @Nullable HashMap<String, @Nullable Object> build(
            String[] keys, @Nullable Object[] values, int from, int to) {
        if (from == to) {
            return HashMap.empty();
        } else if (builder == null) {
            return putTogether(keys, values, from, to);
        } else if (to - from > MOST_KEYS) {
            return fresh(builder, keys, values, from, to);
        }
        int hash = hash(keys, from, to);
        int slot = (hash >>> 16) & (SLOTS - 1);
        for (int way = 0; way < WAYS; way++) {
            MapShape shape = shapes[slot * WAYS + way];
            if (shape != null && shape.isOf(keys, from, to)) {
                return shape.with(values, from);
            }
        }
        HashMap<String, @Nullable Object> map = fresh(builder, keys, values, from, to);
        if (map != null && seen[slot] == hash) {
            learn(map, Arrays.copyOfRange(keys, from, to), slot * WAYS);
        }
        seen[slot] = hash;
        return map;
    }

    private void learn(HashMap<String, @Nullable Object> map, String[] keys, int first) {
        for (String key : keys) {
            if (key.length() > LONGEST_KEY) {
                return;
            }
        }
        // The oldest makes way.
        System.arraycopy(shapes, first, shapes, first + 1, WAYS - 1);
        shapes[first] = MapShape.of(map, keys);
        learned += keys.length;
    }

    private static int hash(String[] keys, int from, int to) {
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + keys[i].hashCode();
        }
        return hash * 0x9E3779B9;
    }

    private static @Nullable HashMap<String, @Nullable Object> fresh(
            MapBuilder builder, String[] keys, @Nullable Object[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            Steps.count();
            builder.add(keys[i], values[i]);
        }
        return builder.build();
    }

    private @Nullable HashMap<String, @Nullable Object> putTogether(
            String[] keys, @Nullable Object[] values, int from, int to) {
        if (to - from > mostOfOneHash && collide(keys, from, to)) {
            return null;
        }
        HashMap<String, @Nullable Object> map = HashMap.ofAll(new Entries(keys, values, from, to));
        return map.size() == to - from ? map : null;
    }

    /** Whether too many keys share a hash code. */
    private boolean collide(String[] keys, int from, int to) {
        int[] hashes = new int[to - from];
        for (int i = from; i < to; i++) {
            hashes[i - from] = keys[i].hashCode();
        }
        Arrays.sort(hashes);
        for (int i = mostOfOneHash; i < hashes.length; i++) {
            if (hashes[i] == hashes[i - mostOfOneHash]) {
                return true;
            }
        }
        return false;
    }

    /**
     * Entries one after another, all in one object: {@code HashMap.ofAll} takes each apart at once, and makes no map
     * between them, as {@code put} does.
     */
    private static final class Entries extends AbstractMap<String, @Nullable Object> {
        private final String[] keys;
        private final @Nullable Object[] values;
        private final int from;
        private final int to;

        Entries(String[] keys, @Nullable Object[] values, int from, int to) {
            this.keys = keys;
            this.values = values;
            this.from = from;
            this.to = to;
        }

        @Override
        public Set<Map.Entry<String, @Nullable Object>> entrySet() {
            return new AbstractSet<>() {
                @Override
                public Iterator<Map.Entry<String, @Nullable Object>> iterator() {
                    return new Cursor();
                }

                @Override
                public int size() {
                    return to - from;
                }
            };
        }

        private final class Cursor
                implements Iterator<Map.Entry<String, @Nullable Object>>, Map.Entry<String, @Nullable Object> {
            private int next = from;

            @Override
            public boolean hasNext() {
                return next < to;
            }

            @Override
            public Map.Entry<String, @Nullable Object> next() {
                Steps.count();
                next++;
                return this;
            }

            @Override
            public String getKey() {
                return keys[next - 1];
            }

            @Override
            public @Nullable Object getValue() {
                return values[next - 1];
            }

            @Override
            public @Nullable Object setValue(@Nullable Object value) {
                throw new UnsupportedOperationException();
            }
        }
    }
}
