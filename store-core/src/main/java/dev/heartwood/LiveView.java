package dev.heartwood;

import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import org.jspecify.annotations.Nullable;

/**
 * The keys, the values or the entries of a live map. Each call, each iterator and each stream looks at one state;
 * removals go to the store.
 */
abstract sealed class LiveView<E> extends AbstractCollection<E> permits LiveSet, LiveValues {
    final LiveMap map;

    LiveView(LiveMap map) {
        this.map = map;
    }

    /** What the view shows of an entry. */
    abstract E element(String key, Object node);

    /** What the view shows of an entry, with the equality of trees. */
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

    /** A node as that which has the equality of trees, and the hash for it. */
    static Object comparable(Object node) {
        return Objects.requireNonNull(Views.of(node));
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
