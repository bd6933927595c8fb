package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;

import dev.heartwood.tree.FrozenBlocks;
import dev.heartwood.tree.MapDelta;
import dev.heartwood.tree.Marker;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.RecordBuilder;
import dev.heartwood.tree.UntrustedEntries;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A container that is being frozen: its source, the current child, and the result so far. */
abstract class FreezeFrame {
    /** The key that stands for a null key, which no tree holds. */
    static final Object NULL_KEY = new Marker("null");

    final Object source;
    /** How many containers the result nests, itself counted, as far as it was walked. */
    int height = 1;
    /** Whether parts were skipped because they stand in the tree already, so that only the place bounds the height. */
    boolean partial;

    /** The node made of it, once it is done. */
    @Nullable
    Object node;

    /** The key of the child, in a map. */
    @Nullable
    Object key;
    /** The child, as the caller gave it. */
    @Nullable
    Object value;
    /** The node in its place today, where that is known. */
    @Nullable
    Object input;

    private FreezeFrame(Object source) {
        this.source = source;
    }

    /** The frame for a value that is a container, or null when it is not. */
    static @Nullable FreezeFrame of(Object value, @Nullable Object input, Dialect dialect, Freeze walk) {
        if (value instanceof HashMap<?, ?> map) {
            return input instanceof HashMap<?, ?> old ? new OfHashMap(map, old) : new OfHashMap(map, dialect);
        } else if (value instanceof Vector<?> list && input instanceof Vector<?> old) {
            return new OfVector(Nodes.list(list), Nodes.list(old));
        } else if (value instanceof Map<?, ?> map) {
            return ofEntries(value, tuples(map), map.size(), walk);
        } else if (value instanceof io.vavr.collection.Map<?, ?> map) {
            return ofEntries(value, map.iterator(), map.size(), walk);
        } else if (value.getClass().isArray()) {
            return new OfElements(value, elements(value), dialect);
        } else if (isListLike(value)) {
            return new OfElements(value, ((Iterable<?>) value).iterator(), dialect);
        }
        return null;
    }

    private static FreezeFrame ofEntries(
            Object source, Iterator<? extends Tuple2<?, ?>> entries, int size, Freeze walk) {
        RecordBuilder builder = walk.builderOf(size);
        return builder == null ? new OfMap(source, entries) : new OfLargeMap(source, entries, size, builder);
    }

    private static boolean isListLike(Object value) {
        return (value instanceof Collection
                        || value instanceof io.vavr.collection.Seq
                        || value instanceof io.vavr.collection.Set)
                && !(value instanceof CharSequence)
                && !(value instanceof io.vavr.collection.Stream);
    }

    /** Goes to the next child that must be looked at; false when there is none. */
    abstract boolean advance();

    /** Whether a child is already in the same container of the tree, under any key or index. */
    boolean stoodBeside(@Nullable Object child) {
        return false;
    }

    /** The token of the child for messages, or null where it has none. */
    abstract @Nullable String token();

    /** Takes the frozen child in. */
    abstract void accept(@Nullable Object child);

    /** Adds a frozen container, which nests {@code containerHeight} containers. */
    final void accept(Object container, int containerHeight) {
        height = Math.max(height, containerHeight + 1);
        accept(container);
    }

    /** The frozen container. */
    abstract Object finish();

    private static Iterator<Tuple2<?, ?>> tuples(Map<?, ?> map) {
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public Tuple2<?, ?> next() {
                Map.Entry<?, ?> entry = entries.next();
                return new Tuple2<>(entry.getKey(), entry.getValue());
            }
        };
    }

    private static Iterator<?> elements(Object array) {
        return new Iterator<@Nullable Object>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < Array.getLength(array);
            }

            @Override
            public @Nullable Object next() {
                return Array.get(array, next++);
            }
        };
    }

    /** Any map but Vavr's hash map, put together entry by entry. */
    private static class OfMap extends FreezeFrame {
        private final Iterator<? extends Tuple2<?, ?>> entries;
        private HashMap<String, @Nullable Object> result = HashMap.empty();

        OfMap(Object source, Iterator<? extends Tuple2<?, ?>> entries) {
            super(source);
            this.entries = entries;
        }

        @Override
        final boolean advance() {
            if (!entries.hasNext()) {
                return false;
            }
            Tuple2<?, ?> entry = entries.next();
            key = entry._1 == null ? NULL_KEY : entry._1;
            value = entry._2;
            return true;
        }

        @Override
        @Nullable
        final String token() {
            return (String) key;
        }

        @Override
        void accept(@Nullable Object child) {
            put((String) requireKey(), child);
        }

        final void put(String token, @Nullable Object child) {
            result = result.put(token, child);
        }

        @Override
        Object finish() {
            return result;
        }
    }

    /** A map that is built at once from all of its entries. */
    private static final class OfLargeMap extends OfMap {
        /** The size is a guess, since another thread may change the map. */
        private static final int LARGEST_GUESS = 1 << 16;

        private final RecordBuilder builder;
        private String[] keys;
        private @Nullable Object[] values;
        private int size;

        OfLargeMap(Object source, Iterator<? extends Tuple2<?, ?>> entries, int guess, RecordBuilder builder) {
            super(source, entries);
            this.builder = builder;
            int room = Math.max(1, Math.min(guess, LARGEST_GUESS));
            this.keys = new String[room];
            this.values = new Object[room];
        }

        @Override
        void accept(@Nullable Object child) {
            if (size == keys.length) {
                keys = Arrays.copyOf(keys, 2 * size);
                values = Arrays.copyOf(values, 2 * size);
            }
            keys[size] = (String) requireKey();
            values[size] = child;
            size++;
        }

        @Override
        Object finish() {
            HashMap<String, @Nullable Object> built = builder.build(keys, values, 0, size);
            if (built != null) {
                return built;
            }
            // A map that compares keys in a way of its own, such as an IdentityHashMap, may have a key twice.
            for (int i = 0; i < size; i++) {
                put(keys[i], values[i]);
            }
            return super.finish();
        }
    }

    /** A Vavr hash map: kept as it is but for the entries that had to change. */
    private static final class OfHashMap extends FreezeFrame {
        private final Iterator<@Nullable Object[]> entries;
        private final @Nullable UntrustedEntries untrusted;
        /** The containers under the keys that changed, as they stand in the tree; made when there is one. */
        private @Nullable IdentityHashMap<@Nullable Object, Boolean> olds;

        private HashMap<String, @Nullable Object> result;

        OfHashMap(HashMap<?, ?> source, HashMap<?, ?> old) {
            super(source);
            this.result = Nodes.map(source);
            this.partial = true;
            this.untrusted = null;
            this.entries = changes(old, source);
        }

        OfHashMap(HashMap<?, ?> source, Dialect dialect) {
            super(source);
            this.result = Nodes.map(source);
            this.untrusted = new UntrustedEntries(source, dialect);
            this.entries = untrusted;
        }

        @SuppressWarnings("unchecked")
        private static @Nullable Object at(HashMap<?, ?> map, @Nullable Object key) {
            return ((HashMap<@Nullable Object, @Nullable Object>) map).getOrElse(key, null);
        }

        private Iterator<@Nullable Object[]> changes(HashMap<?, ?> old, HashMap<?, ?> now) {
            List<@Nullable Object[]> changes = new ArrayList<>();
            MapDelta.forEach(old, now, (key, before, after) -> {
                if (after != MISSING || at(now, key) == MISSING) {
                    changes.add(new Object[] {key, after, before});
                }
                if (before != null && Nodes.isContainer(before)) {
                    olds = olds == null ? new IdentityHashMap<>() : olds;
                    olds.put(before, true);
                }
                return true;
            });
            return changes.iterator();
        }

        @Override
        boolean stoodBeside(@Nullable Object child) {
            return olds != null && olds.containsKey(child);
        }

        @Override
        boolean advance() {
            if (!entries.hasNext()) {
                return false;
            }
            Object[] entry = entries.next();
            key = entry[0] == null ? NULL_KEY : entry[0];
            value = entry[1];
            input = entry[2];
            return true;
        }

        @Override
        @Nullable
        String token() {
            return (String) key;
        }

        @Override
        void accept(@Nullable Object child) {
            if (child != value) {
                result = result.put((String) requireKey(), child);
            }
        }

        @Override
        Object finish() {
            if (untrusted != null) {
                height = Math.max(height, untrusted.trustedHeight() + 1);
            }
            return result;
        }
    }

    /** Any other sequence: its elements are copied, since a Vavr vector, too, may be built over a caller's array. */
    private static final class OfElements extends FreezeFrame {
        private final Iterator<?> elements;
        private final Dialect dialect;
        private final List<@Nullable Object> result = new ArrayList<>();

        OfElements(Object source, Iterator<?> elements, Dialect dialect) {
            super(source);
            this.elements = elements;
            this.dialect = dialect;
        }

        /** Takes elements over that a tree of ours holds in the same array: they are frozen. */
        private void takeTrusted(Vector<?> list) {
            int index = result.size();
            int trusted = FrozenBlocks.trustedElements(list, index, dialect);
            while (trusted > 0) {
                height = Math.max(height, 1 + FrozenBlocks.trustedArray(list, index, dialect));
                for (int i = 0; i < trusted; i++) {
                    result.add(elements.next());
                }
                index = result.size();
                trusted = FrozenBlocks.trustedElements(list, index, dialect);
            }
        }

        @Override
        boolean advance() {
            if (source instanceof Vector<?> list) {
                takeTrusted(list);
            }
            if (!elements.hasNext()) {
                return false;
            }
            value = elements.next();
            return true;
        }

        @Override
        String token() {
            return Integer.toString(result.size());
        }

        @Override
        void accept(@Nullable Object child) {
            result.add(child);
        }

        @Override
        Object finish() {
            return Vector.ofAll(result);
        }
    }

    /**
     * A vector that a function made where a vector stands: elements that stand unchanged at their index are skipped.
     * The result never shares structure with the value that the function gave, any leaf of which may be an array of the
     * caller's; it is built on the vector that stands there, where that pays.
     */
    private static final class OfVector extends FreezeFrame {
        /**
         * The approximate number of references that an update copies; with more changes than one in that number, a new
         * vector is cheaper.
         */
        private static final int COPIED_BY_UPDATE = 64;

        private final Vector<@Nullable Object> old;
        private final Iterator<@Nullable Object> elements;
        private final Iterator<@Nullable Object> olds;
        private final List<@Nullable Object> result;
        /** The indices within the old vector at which something else stands now. */
        private final List<Integer> changed = new ArrayList<>();
        /** The containers among the elements of the old vector; made when one may have moved. */
        private @Nullable IdentityHashMap<Object, Boolean> oldContainers;

        OfVector(Vector<@Nullable Object> source, Vector<@Nullable Object> old) {
            super(source);
            this.old = old;
            this.elements = source.iterator();
            this.olds = old.iterator();
            this.result = new ArrayList<>(source.size());
            this.partial = true;
        }

        @Override
        boolean advance() {
            while (elements.hasNext()) {
                value = elements.next();
                input = olds.hasNext() ? olds.next() : MISSING;
                if (value != input || value == MISSING) {
                    return true;
                }
                result.add(value);
            }
            return false;
        }

        @Override
        boolean stoodBeside(@Nullable Object child) {
            if (child == null || !Nodes.isContainer(child)) {
                return false;
            }
            if (oldContainers == null) {
                oldContainers = new IdentityHashMap<>();
                for (Object element : old) {
                    if (element != null && Nodes.isContainer(element)) {
                        oldContainers.put(element, true);
                    }
                }
            }
            return oldContainers.containsKey(child);
        }

        @Override
        String token() {
            return Integer.toString(result.size());
        }

        @Override
        void accept(@Nullable Object child) {
            if (child != input && result.size() < old.size()) {
                changed.add(result.size());
            }
            result.add(child);
        }

        @Override
        Object finish() {
            boolean equal = changed.isEmpty() && result.size() == old.size();
            if (equal || changed.size() > result.size() / COPIED_BY_UPDATE) {
                return Vector.ofAll(result); // an equal list is still another one than the old
            }
            Vector<@Nullable Object> vector = old.take(result.size());
            for (int index : changed) {
                vector = vector.update(index, result.get(index));
            }
            int kept = vector.size();
            return kept == result.size() ? vector : vector.appendAll(result.subList(kept, result.size()));
        }
    }

    final Object requireKey() {
        if (key == null) {
            throw new AssertionError("not at an entry");
        }
        return key;
    }
}
