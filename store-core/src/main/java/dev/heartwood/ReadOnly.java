package dev.heartwood;

import java.util.AbstractCollection;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Collections that refuse every change, even one without effect, with a message that names the alternative. */
final class ReadOnly {
    private ReadOnly() {}

    /** The answer of a view of a map to attempts to change it. */
    static UnsupportedOperationException refusal() {
        return refusal("new java.util.HashMap<>(view)");
    }

    /** The answer of a view of a list, or of the keys, values or entries of a map. */
    static UnsupportedOperationException refusalOfElements() {
        return refusal("new java.util.ArrayList<>(view)");
    }

    private static UnsupportedOperationException refusal(String copy) {
        return new UnsupportedOperationException("this view shows one state of a tree, which does not change: write to"
                + " the store or the transaction (put, update, remove), or change a copy, such as " + copy);
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
                throw refusalOfElements();
            }
        };
    }

    /** One entry of a map of a tree. */
    record Entry<V extends @Nullable Object>(
            String key, @Nullable V value) implements Map.Entry<String, V> {
        @Override
        public String getKey() {
            return key;
        }

        @Override
        public @Nullable V getValue() {
            return value;
        }

        @Override
        public @Nullable V setValue(@Nullable V next) {
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
            throw refusalOfElements();
        }

        @Override
        public final boolean addAll(Collection<? extends E> elements) {
            throw refusalOfElements();
        }

        @Override
        public final boolean remove(@Nullable Object object) {
            throw refusalOfElements();
        }

        @Override
        public final boolean removeAll(Collection<?> objects) {
            throw refusalOfElements();
        }

        @Override
        public final boolean removeIf(Predicate<? super E> filter) {
            throw refusalOfElements();
        }

        @Override
        public final boolean retainAll(Collection<?> objects) {
            throw refusalOfElements();
        }

        @Override
        public final void clear() {
            throw refusalOfElements();
        }
    }

    /** A set without a way to change it; {@code equals} and {@code hashCode} are those of {@link Set}. */
    abstract static class Members<E extends @Nullable Object> extends Items<E> implements Set<E> {
        @Override
        public final boolean equals(@Nullable Object other) {
            return other == this || (other instanceof Set<?> set && set.size() == size() && containsAll(set));
        }

        @Override
        public final int hashCode() {
            int sum = 0;
            for (E element : this) {
                sum += Objects.hashCode(element);
            }
            return sum;
        }
    }

    /** A map without a way to change it. */
    abstract static class Mapping<V extends @Nullable Object> extends AbstractMap<String, V> {
        @Override
        public final @Nullable V put(String key, V value) {
            throw ReadOnly.refusal();
        }

        @Override
        public final void putAll(Map<? extends String, ? extends V> map) {
            throw ReadOnly.refusal();
        }

        @Override
        public final @Nullable V putIfAbsent(String key, V value) {
            throw ReadOnly.refusal();
        }

        @Override
        public final @Nullable V remove(@Nullable Object key) {
            throw ReadOnly.refusal();
        }

        @Override
        public final boolean remove(@Nullable Object key, @Nullable Object value) {
            throw ReadOnly.refusal();
        }

        @Override
        public final @Nullable V replace(String key, V value) {
            throw ReadOnly.refusal();
        }

        @Override
        public final boolean replace(String key, V expected, V next) {
            throw ReadOnly.refusal();
        }

        @Override
        public final void replaceAll(BiFunction<? super String, ? super V, ? extends V> fn) {
            throw ReadOnly.refusal();
        }

        @Override
        public final @Nullable V computeIfAbsent(String key, Function<? super String, ? extends @Nullable V> fn) {
            throw ReadOnly.refusal();
        }

        @Override
        public final @Nullable V computeIfPresent(
                String key, BiFunction<? super String, ? super V, ? extends @Nullable V> fn) {
            throw ReadOnly.refusal();
        }

        @Override
        public final @Nullable V compute(
                String key, BiFunction<? super String, ? super @Nullable V, ? extends @Nullable V> fn) {
            throw ReadOnly.refusal();
        }

        @Override
        public final @Nullable V merge(
                String key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> fn) {
            throw ReadOnly.refusal();
        }

        @Override
        public final void clear() {
            throw ReadOnly.refusal();
        }
    }

    /** A list without a way to change it. */
    abstract static class Elements<E extends @Nullable Object> extends AbstractList<E> {
        @Override
        public final E set(int index, E element) {
            throw ReadOnly.refusalOfElements();
        }

        @Override
        public final void add(int index, E element) {
            throw ReadOnly.refusalOfElements();
        }

        @Override
        public final boolean addAll(Collection<? extends E> elements) {
            throw ReadOnly.refusalOfElements();
        }

        @Override
        public final boolean addAll(int index, Collection<? extends E> elements) {
            throw ReadOnly.refusalOfElements();
        }

        @Override
        public final E remove(int index) {
            throw ReadOnly.refusalOfElements();
        }

        @Override
        public final boolean remove(@Nullable Object object) {
            throw ReadOnly.refusalOfElements();
        }

        @Override
        public final boolean removeAll(Collection<?> objects) {
            throw ReadOnly.refusalOfElements();
        }

        @Override
        public final boolean removeIf(Predicate<? super E> filter) {
            throw ReadOnly.refusalOfElements();
        }

        @Override
        public final boolean retainAll(Collection<?> objects) {
            throw ReadOnly.refusalOfElements();
        }

        @Override
        public final void replaceAll(UnaryOperator<E> fn) {
            throw ReadOnly.refusalOfElements();
        }

        @Override
        public final void sort(@Nullable Comparator<? super E> order) {
            throw ReadOnly.refusalOfElements();
        }

        @Override
        public final void clear() {
            throw ReadOnly.refusalOfElements();
        }

        /** Called by a part of the list when that is cleared. */
        @Override
        protected final void removeRange(int from, int end) {
            throw ReadOnly.refusalOfElements();
        }
    }
}
