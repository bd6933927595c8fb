package dev.heartwood;

import java.util.AbstractCollection;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Collections that refuse every change, whether it would make a difference or not, and say what to do instead. */
final class ReadOnly {
    private ReadOnly() {}

    /** What a view of a tree answers to a change. */
    static UnsupportedOperationException refusal() {
        return new UnsupportedOperationException("this view shows one state of a tree, which does not change: write to"
                + " the store or the transaction (put, update, remove), or change a copy, such as new"
                + " java.util.HashMap<>(view)");
    }

    /** The elements of one state, in the order of {@code source}. */
    static <T extends @Nullable Object, E extends @Nullable Object> Iterator<E> iterator(
            Iterator<? extends T> source, Function<? super T, ? extends E> element) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return source.hasNext();
            }

            @Override
            public E next() {
                return element.apply(source.next());
            }

            @Override
            public void remove() {
                throw refusal();
            }
        };
    }

    /** One entry of a map of a tree. */
    record Entry(String key, @Nullable Object value) implements Map.Entry<String, @Nullable Object> {
        @Override
        public String getKey() {
            return key;
        }

        @Override
        public @Nullable Object getValue() {
            return value;
        }

        @Override
        public @Nullable Object setValue(@Nullable Object next) {
            throw refusal();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Map.Entry<?, ?> entry
                    && key.equals(entry.getKey())
                    && Objects.equals(value, entry.getValue());
        }

        @Override
        public int hashCode() {
            return key.hashCode() ^ Objects.hashCode(value);
        }

        @Override
        public String toString() {
            return key + "=" + value;
        }
    }

    /** A collection without a way to change it. */
    abstract static class Items<E extends @Nullable Object> extends AbstractCollection<E> {
        @Override
        public final boolean add(E element) {
            throw refusal();
        }

        @Override
        public final boolean addAll(Collection<? extends E> elements) {
            throw refusal();
        }

        @Override
        public final boolean remove(@Nullable Object object) {
            throw refusal();
        }

        @Override
        public final boolean removeAll(Collection<?> objects) {
            throw refusal();
        }

        @Override
        public final boolean removeIf(Predicate<? super E> filter) {
            throw refusal();
        }

        @Override
        public final boolean retainAll(Collection<?> objects) {
            throw refusal();
        }

        @Override
        public final void clear() {
            throw refusal();
        }
    }

    /** A set without a way to change it. */
    abstract static class Members<E extends @Nullable Object> extends AbstractSet<E> {
        @Override
        public final boolean add(E element) {
            throw refusal();
        }

        @Override
        public final boolean addAll(Collection<? extends E> elements) {
            throw refusal();
        }

        @Override
        public final boolean remove(@Nullable Object object) {
            throw refusal();
        }

        @Override
        public final boolean removeAll(Collection<?> objects) {
            throw refusal();
        }

        @Override
        public final boolean removeIf(Predicate<? super E> filter) {
            throw refusal();
        }

        @Override
        public final boolean retainAll(Collection<?> objects) {
            throw refusal();
        }

        @Override
        public final void clear() {
            throw refusal();
        }
    }
}
