package dev.heartwood;

import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import java.util.AbstractCollection;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The keys, the values or the entries of a live map. Each call, each iterator and each stream looks at one state;
 * removals go to the store. An entry that was selected by its value is removed only if it still has that value; an
 * iterator, which knows only the key, removes the present value.
 */
abstract sealed class LiveView<E> extends AbstractCollection<E> permits LiveView.OfDistinct, LiveView.OfValues {
    final LiveMap map;

    LiveView(LiveMap map) {
        this.map = map;
    }

    /** The part of an entry that the view shows. */
    abstract E element(String key, Object node);

    /** Removes the entry, if the view still shows the same of it; whether it did. */
    abstract boolean drop(String key, Object node);

    /** The part of an entry that the view shows, with the equality of trees. */
    abstract Object token(String key, Object node);

    /** The token of an object that is looked for; null for one that can be nowhere. */
    abstract @Nullable Object wanted(@Nullable Object object);

    /** Whether an entry of that token is in a state. */
    abstract boolean isIn(HashMap<String, @Nullable Object> tree, Object token);

    @Override
    public int size() {
        return map.size();
    }

    @Override
    public boolean isEmpty() {
        return map.isEmpty();
    }

    @Override
    public void clear() {
        map.clear();
    }

    @Override
    public Iterator<E> iterator() {
        return new Elements();
    }

    /** Of unknown size: to count them would be a second look. */
    @Override
    public Spliterator<E> spliterator() {
        int distinct = this instanceof Set ? Spliterator.DISTINCT : 0;
        return Spliterators.spliteratorUnknownSize(iterator(), Spliterator.NONNULL | Spliterator.IMMUTABLE | distinct);
    }

    @Override
    public boolean contains(@Nullable Object object) {
        Object token = wanted(object);
        return token != null && isIn(map.tree(), token);
    }

    @Override
    public boolean add(E element) {
        throw new UnsupportedOperationException(
                "a key needs a value, and a value a key: put both into the map, with put(key, value)");
    }

    @Override
    public boolean containsAll(Collection<?> objects) {
        HashMap<String, @Nullable Object> tree = map.tree();
        for (Object object : objects) {
            Object token = wanted(object);
            if (token == null || !isIn(tree, token)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean removeIf(Predicate<? super E> filter) {
        Objects.requireNonNull(filter, "filter must not be null");
        return sweep((key, node) -> filter.test(element(key, node)));
    }

    @Override
    public boolean removeAll(Collection<?> objects) {
        Set<Object> tokens = wanted(objects);
        return sweep((key, node) -> tokens.contains(token(key, node)));
    }

    @Override
    public boolean retainAll(Collection<?> objects) {
        Set<Object> tokens = wanted(objects);
        return sweep((key, node) -> !tokens.contains(token(key, node)));
    }

    /** Wraps a node for the equality of trees, with the matching hash. */
    static Object comparable(Object node) {
        return Objects.requireNonNull(JavaViews.of(node));
    }

    private Set<Object> wanted(Collection<?> objects) {
        Set<Object> tokens = new HashSet<>();
        for (Object object : objects) {
            Object token = wanted(object);
            if (token != null) {
                tokens.add(token);
            }
        }
        return tokens;
    }

    private boolean sweep(BiPredicate<String, Object> which) {
        boolean swept = false;
        for (Tuple2<String, @Nullable Object> entry : map.tree()) {
            Object node = entry._2;
            swept |= node != null && which.test(entry._1, node) && drop(entry._1, node);
        }
        return swept;
    }

    /** The elements of one state. */
    private final class Elements implements Iterator<E> {
        private final Iterator<Tuple2<String, @Nullable Object>> entries =
                map.tree().iterator();
        private @Nullable String nextKey;
        private @Nullable Object nextNode;
        private @Nullable String last;

        Elements() {
            advance();
        }

        private void advance() {
            nextNode = null;
            while (nextNode == null && entries.hasNext()) {
                Tuple2<String, @Nullable Object> entry = entries.next();
                nextKey = entry._1;
                nextNode = entry._2;
            }
        }

        @Override
        public boolean hasNext() {
            return nextNode != null;
        }

        @Override
        public E next() {
            String key = nextKey;
            Object node = nextNode;
            if (key == null || node == null) {
                throw new NoSuchElementException();
            }
            last = key;
            advance();
            return element(key, node);
        }

        @Override
        public void remove() {
            if (last == null) {
                throw new IllegalStateException("nothing to remove");
            }
            map.remove(last);
            last = null;
        }
    }

    /** A view of a live map that shows nothing twice. */
    abstract static sealed class OfDistinct<E> extends LiveView<E> implements Set<E> permits OfKeys, OfEntries {
        OfDistinct(LiveMap map) {
            super(map);
        }

        /** Whether a state shows an object, as {@code java.util} has equality. */
        abstract boolean shows(HashMap<String, @Nullable Object> tree, @Nullable Object object);

        @Override
        public boolean removeAll(Collection<?> objects) {
            boolean removed = false;
            for (Object object : objects) {
                removed |= remove(object);
            }
            return removed;
        }

        @Override
        public boolean equals(@Nullable Object object) {
            if (object == this || !(object instanceof Set<?> others)) {
                return object == this;
            }
            HashMap<String, @Nullable Object> tree = map.tree();
            int shown = 0; // counted, since the other set may be live, too
            for (Object other : others) {
                if (!shows(tree, other)) {
                    return false;
                }
                shown++;
            }
            return shown == LiveMap.size(tree);
        }

        @Override
        public int hashCode() {
            int hash = 0;
            for (E element : this) {
                hash += element.hashCode();
            }
            return hash;
        }
    }

    /** The keys of a live map. */
    static final class OfKeys extends OfDistinct<String> {
        OfKeys(LiveMap map) {
            super(map);
        }

        @Override
        String element(String key, Object node) {
            return key;
        }

        @Override
        boolean drop(String key, Object node) {
            return map.remove(key) != null;
        }

        @Override
        Object token(String key, Object node) {
            return key;
        }

        @Override
        @Nullable
        Object wanted(@Nullable Object object) {
            return object instanceof String ? object : null;
        }

        @Override
        boolean isIn(HashMap<String, @Nullable Object> tree, Object token) {
            return tree.getOrElse((String) token, null) != null;
        }

        @Override
        boolean shows(HashMap<String, @Nullable Object> tree, @Nullable Object object) {
            return object instanceof String key && isIn(tree, key);
        }

        @Override
        public boolean remove(@Nullable Object key) {
            return map.remove(key) != null;
        }
    }

    /** The values of a live map. */
    static final class OfValues extends LiveView<Object> {
        OfValues(LiveMap map) {
            super(map);
        }

        @Override
        Object element(String key, Object node) {
            return map.handOut(node);
        }

        @Override
        boolean drop(String key, Object node) {
            return map.drop(key, node);
        }

        @Override
        Object token(String key, Object node) {
            return comparable(node);
        }

        @Override
        @Nullable
        Object wanted(@Nullable Object object) {
            return JavaViews.of(map.wanted(object));
        }

        @Override
        boolean isIn(HashMap<String, @Nullable Object> tree, Object token) {
            return tree.valuesIterator().exists(node -> node != null && token.equals(comparable(node)));
        }

        @Override
        public boolean remove(@Nullable Object object) {
            Object token = wanted(object);
            for (Tuple2<String, @Nullable Object> entry : map.tree()) {
                Object node = entry._2;
                if (node != null && comparable(node).equals(token) && drop(entry._1, node)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** The entries of a live map. */
    static final class OfEntries extends OfDistinct<Map.Entry<String, Object>> {
        OfEntries(LiveMap map) {
            super(map);
        }

        @Override
        Map.Entry<String, Object> element(String key, Object node) {
            return new Entry(map, key, map.handOut(node));
        }

        @Override
        boolean drop(String key, Object node) {
            return map.drop(key, node);
        }

        @Override
        Object token(String key, Object node) {
            return Map.entry(key, comparable(node));
        }

        @Override
        @Nullable
        Object wanted(@Nullable Object object) {
            if (!(object instanceof Map.Entry<?, ?> entry && entry.getKey() instanceof String key)) {
                return null;
            }
            Object node = map.wanted(entry.getValue());
            return node == null ? null : token(key, node);
        }

        @Override
        boolean isIn(HashMap<String, @Nullable Object> tree, Object token) {
            Map.Entry<?, ?> entry = (Map.Entry<?, ?>) token;
            Object node = tree.getOrElse((String) entry.getKey(), null);
            return node != null && entry.getValue().equals(comparable(node));
        }

        @Override
        boolean shows(HashMap<String, @Nullable Object> tree, @Nullable Object object) {
            return object instanceof Map.Entry<?, ?> entry
                    && entry.getKey() instanceof String key
                    && LiveMap.equal(tree.getOrElse(key, null), entry.getValue());
        }

        @Override
        public boolean remove(@Nullable Object object) {
            return object instanceof Map.Entry<?, ?> entry && map.remove(entry.getKey(), entry.getValue());
        }

        /** An entry of one state; setting its value goes to the store. Not serializable: its store is not. */
        private static final class Entry implements Map.Entry<String, Object> {
            private final LiveMap map;
            private final String key;
            private Object value;

            Entry(LiveMap map, String key, Object value) {
                this.map = map;
                this.key = key;
                this.value = value;
            }

            @Override
            public String getKey() {
                return key;
            }

            @Override
            public Object getValue() {
                return value;
            }

            @Override
            public Object setValue(Object next) {
                Object old = value;
                Object node = map.frozen(key, next);
                map.put(key, node);
                value = node;
                return old;
            }

            @Override
            public boolean equals(@Nullable Object other) {
                return other instanceof Map.Entry<?, ?> entry
                        && key.equals(entry.getKey())
                        && value.equals(entry.getValue());
            }

            @Override
            public int hashCode() {
                return key.hashCode() ^ value.hashCode();
            }

            @Override
            public String toString() {
                return key + "=" + value;
            }
        }
    }
}
