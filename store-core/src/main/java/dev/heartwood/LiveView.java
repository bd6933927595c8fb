package dev.heartwood;

import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import java.util.AbstractCollection;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
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
 * removals go to the store. An entry that was judged by its value is removed only while that stands; an iterator, which
 * knows the key alone, removes what is there.
 */
abstract sealed class LiveView<E> extends AbstractCollection<E> permits LiveSet, LiveValues {
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
        Objects.requireNonNull(filter, "filter");
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

    /** A node as that which has the equality of trees, and the hash for it. */
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
}
