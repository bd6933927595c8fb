package dev.heartwood;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeoutException;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A handle on the value at one path of a store. It holds no value: each call reads or writes the store, atomically,
 * like the method of the same name of {@link TreeEditor}. Immutable.
 *
 * @param <T> the type as which the value is read
 */
public final class Ref<T extends @Nullable Object> {
    private final Store store;
    private final KeyPath path;
    private final Class<?> type;

    Ref(Store store, KeyPath path, Class<?> type) {
        this.store = store;
        this.path = path;
        this.type = type;
    }

    /** The path of the value. */
    public KeyPath path() {
        return path;
    }

    /** A handle on the same place that reads the value as a {@code type}, exactly. */
    public <U> Ref<U> typed(Class<U> as) {
        return new Ref<>(store, path, Objects.requireNonNull(as, "as must not be null"));
    }

    /** The place of a child, under a key or an index. */
    public Ref<@Nullable Object> at(Object step) {
        return new Ref<>(store, path.child(step), Object.class);
    }

    /** The value, which must exist. */
    public T get() {
        return convert(store.get(path));
    }

    /** The value; empty when it is missing or null. */
    @SuppressWarnings("unchecked")
    public Optional<T> find() {
        return (Optional<T>) store.find(path, type);
    }

    /** Whether there is a value, which may be null. */
    public boolean exists() {
        return store.contains(path);
    }

    /** Puts the value; returns the previous value, or null. */
    public @Nullable T put(T value) {
        Object previous = store.put(path, value, this::convertPrevious);
        return convertPrevious(previous);
    }

    /** Puts the value without reading. */
    public void set(T value) {
        store.set(path, value);
    }

    /** Puts the value if there is none; returns whether it did. */
    public boolean init(T value) {
        return store.init(path, value);
    }

    /** Replaces the value, which must exist, with {@code fn} of it; returns the new value. */
    public T update(UnaryOperator<T> fn) {
        Objects.requireNonNull(fn, "fn must not be null");
        // The function's result is checked inside, before it is committed.
        return convert(store.update(path, value -> given(fn.apply(convert(value)))));
    }

    /** If there is no value or null, puts {@code value}; otherwise {@code fn} of both. A null result removes. */
    public @Nullable T merge(T value, BinaryOperator<T> fn) {
        Objects.requireNonNull(fn, "fn must not be null");
        Object first = node(Objects.requireNonNull(value, "value must not be null"));
        Object merged = store.merge(path, first, (old, added) -> {
            T next = fn.apply(convert(old), value);
            return next == null ? null : node(next);
        });
        return merged == null ? null : convert(merged);
    }

    /**
     * Puts {@code fn} of the value, or of null if there is none; a null result removes. Returns the new value, or null.
     */
    public @Nullable T compute(UnaryOperator<@Nullable T> fn) {
        Objects.requireNonNull(fn, "fn must not be null");
        Object computed = store.compute(path, value -> {
            T next = fn.apply(convertPrevious(value));
            return next == null ? null : node(next);
        });
        return convertPrevious(computed);
    }

    /** Appends an element to the list, which must exist. */
    public void append(@Nullable Object element) {
        store.append(path, element);
    }

    /** Adds 1 to the number, which must exist; returns the sum. */
    public T increment() {
        return increment(1L);
    }

    /** Adds to the number, which must exist; returns the sum. */
    public T increment(Number by) {
        return convert(store.increment(path, by, this::convert));
    }

    /** Subtracts 1 from the number, which must exist; returns the difference. */
    public T decrement() {
        return increment(-1L);
    }

    /** Subtracts from the number, which must exist; returns the difference. */
    public T decrement(Number by) {
        return convert(store.decrement(path, by, this::convert));
    }

    /** Puts {@code next} if the value equals {@code expected}; returns whether it did. */
    public boolean replace(T expected, T next) {
        return store.replace(path, expected, next);
    }

    /** Removes the value, which must exist; returns it. */
    public T remove() {
        return convert(store.remove(path, this::convert));
    }

    /** Removes the value, if there is one; returns whether there was one. */
    public boolean discard() {
        return store.discard(path);
    }

    /**
     * Calls {@code listener} for every change of the value, as {@link Store#watch(KeyPath, Delivery, Consumer)} does.
     */
    public Subscription watch(Delivery delivery, Consumer<? super Update> listener) {
        return store.watch(path, delivery, listener);
    }

    /**
     * Waits until there is a value for which {@code condition} holds, like {@link Store#await}; returns that value. A
     * typed handle does not evaluate the condition for null.
     *
     * @throws TypeMismatchException if a value is there that is not of the type
     * @throws TimeoutException if it does not hold in time
     * @throws StoreClosedException if the store is closed meanwhile
     */
    public T await(Predicate<? super T> condition, Duration timeout) throws InterruptedException, TimeoutException {
        Objects.requireNonNull(condition, "condition must not be null");
        return convert(store.await(view -> holds(view, condition), timeout).get(path));
    }

    private boolean holds(TreeView view, Predicate<? super T> condition) {
        if (!view.contains(path)) {
            return false;
        }
        Object value = view.get(path);
        return (value != null || type == Object.class) && condition.test(convert(value));
    }

    /** The live map at the place, see {@link Store#asMap(KeyPath)}. */
    public ConcurrentMap<String, Object> asMap() {
        return store.asMap(path);
    }

    @Override
    public String toString() {
        return "Ref[" + path.forPeople() + "]";
    }

    private @Nullable T convertPrevious(@Nullable Object previous) {
        return previous == null ? null : convert(previous);
    }

    /** The value that a function returned for the place, before it is committed. */
    @SuppressWarnings({"unchecked", "NullAway"}) // an untyped handle takes null, too
    private T given(@Nullable Object value) {
        return type == Object.class ? (T) value : (T) Conversions.given(path, value, type);
    }

    /** The same as the tree will hold it, once it is certain that it can be read back from there: a set becomes a list. */
    private Object node(T value) {
        Object node = Objects.requireNonNull(Freeze.value(path, given(value), store.dialect()));
        T ignored = convert(node);
        return node;
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // an untyped handle returns every value, also null
    private T convert(@Nullable Object value) {
        return type == Object.class ? (T) value : (T) Conversions.exact(path, value, type);
    }
}
