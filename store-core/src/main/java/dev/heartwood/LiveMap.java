package dev.heartwood;

import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import java.util.AbstractMap;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A live map of a store; a JSON null does not show. A method that looks at several entries looks at one state. */
final class LiveMap extends AbstractMap<String, Object> implements ConcurrentMap<String, Object> {
    private final Store store;
    private final KeyPath place;
    /** Where a value stands that may stand at any key. */
    private final KeyPath anywhere;

    /** The map at a path, which need not be there. */
    LiveMap(Store store, KeyPath place) {
        this.store = store;
        this.place = place;
        this.anywhere = place.child("value");
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        if (!(key instanceof String string)) {
            return null;
        }
        Object node = Nodes.child(tree(), string);
        return node == null || node == Nodes.MISSING ? null : handOut(node);
    }

    @Override
    @SuppressWarnings("NullAway") // ConcurrentMap's own signature
    public Object getOrDefault(@Nullable Object key, Object fallback) {
        Object value = get(key);
        return value == null ? fallback : value;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    @Override
    public @Nullable Object put(String key, Object value) {
        Object node = frozen(key, value);
        Object[] previous = new Object[1];
        change(key, old -> {
            previous[0] = old;
            return node;
        });
        return previous[0];
    }

    @Override
    public @Nullable Object remove(@Nullable Object key) {
        if (!(key instanceof String string)) {
            return null;
        }
        Object[] removed = new Object[1];
        change(string, old -> {
            removed[0] = old;
            return null;
        });
        return removed[0];
    }

    @Override
    public @Nullable Object putIfAbsent(String key, Object value) {
        Objects.requireNonNull(value, "value must not be null");
        Object[] found = new Object[1];
        change(key, old -> {
            found[0] = old;
            return old == null ? value : old;
        });
        return found[0];
    }

    @Override
    public boolean remove(@Nullable Object key, @Nullable Object value) {
        return key instanceof String string && value != null && swap(string, wanted(value), null);
    }

    @Override
    public boolean replace(String key, Object expected, Object next) {
        Objects.requireNonNull(next, "next must not be null");
        return swap(key, wanted(Objects.requireNonNull(expected, "expected must not be null")), next);
    }

    @Override
    public @Nullable Object replace(String key, Object value) {
        Objects.requireNonNull(value, "value must not be null");
        Object[] found = new Object[1];
        change(key, old -> {
            found[0] = old;
            return old == null ? null : value;
        });
        return found[0];
    }

    @Override
    public @Nullable Object computeIfAbsent(String key, Function<? super String, ? extends @Nullable Object> fn) {
        Objects.requireNonNull(fn, "fn must not be null");
        Object present = get(key);
        return present != null ? present : change(key, old -> old != null ? old : fn.apply(key));
    }

    @Override
    public @Nullable Object computeIfPresent(
            String key, BiFunction<? super String, ? super Object, ? extends @Nullable Object> fn) {
        Objects.requireNonNull(fn, "fn must not be null");
        return change(key, old -> old == null ? null : fn.apply(key, old));
    }

    @Override
    public @Nullable Object compute(
            String key, BiFunction<? super String, ? super @Nullable Object, ? extends @Nullable Object> fn) {
        Objects.requireNonNull(fn, "fn must not be null");
        return change(key, old -> fn.apply(key, old));
    }

    @Override
    public @Nullable Object merge(
            String key, Object value, BiFunction<? super Object, ? super Object, ? extends @Nullable Object> fn) {
        Objects.requireNonNull(fn, "fn must not be null");
        Object node = frozen(key, value);
        return change(key, old -> old == null ? node : fn.apply(old, node));
    }

    @Override
    public void clear() {
        if (place.isRoot()) {
            store.clear();
            return;
        }
        store.atomically(tx -> {
            Object node = tx.look(place, ReadSet.Kind.KIND);
            if (node != Nodes.MISSING) {
                requireMap(node);
                tx.set(place, HashMap.empty());
            }
        });
    }

    @Override
    public int size() {
        return size(tree());
    }

    @Override
    public boolean isEmpty() {
        return !tree().valuesIterator().exists(Objects::nonNull);
    }

    @Override
    public boolean containsValue(@Nullable Object value) {
        return values().contains(value);
    }

    @Override
    public Set<String> keySet() {
        return new LiveView.OfKeys(this);
    }

    @Override
    public Collection<Object> values() {
        return new LiveView.OfValues(this);
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
        return new LiveView.OfEntries(this);
    }

    /**
     * The equality of maps: a container in it equals the result of {@link #get}, never a {@code java.util} collection.
     */
    @Override
    public boolean equals(@Nullable Object other) {
        return other == this || (other instanceof Map<?, ?> map && entrySet().equals(map.entrySet()));
    }

    @Override
    public int hashCode() {
        return super.hashCode(); // of the values that callers get, like equals
    }

    @Override
    public String toString() {
        HashMap<String, @Nullable Object> tree = tree();
        return TreePrinter.java(size(tree) == tree.size() ? tree : tree.filterValues(Objects::nonNull));
    }

    /** The newest state, with the nulls that do not show. */
    HashMap<String, @Nullable Object> tree() {
        HashMap<String, @Nullable Object> root = store.snapshot().tree();
        Object node = PathCopy.look(root, place);
        return node == Nodes.MISSING ? HashMap.empty() : requireMap(node);
    }

    /** How many entries of a state show. Nobody counts the nulls as they come and go, so a look at each it is. */
    static int size(HashMap<String, @Nullable Object> tree) {
        int size = 0;
        for (Iterator<@Nullable Object> nodes = tree.valuesIterator(); nodes.hasNext(); ) {
            size += nodes.next() == null ? 0 : 1;
        }
        return size;
    }

    /** A node as callers get it. */
    Object handOut(Object node) {
        return Objects.requireNonNull(Freeze.handOut(node, place.size() + 1, store.dialect()));
    }

    /** The node for a value that is to stand at a key. */
    Object frozen(String key, Object value) {
        return Objects.requireNonNull(store.freeze(path(key), Objects.requireNonNull(value, "value must not be null")));
    }

    /** The node that an object looked for would be in the tree; null where it can be in none. */
    @Nullable
    Object wanted(@Nullable Object value) {
        try {
            return store.freeze(anywhere, value);
        } catch (UnsupportedValueException inNoTree) {
            return null;
        }
    }

    /** Removes a key if it still has its value; returns whether it did. */
    boolean drop(String key, Object node) {
        return swap(key, node, null);
    }

    /** The {@code java.util} equality of the values that callers get; safe at any depth. */
    static boolean equal(@Nullable Object node, @Nullable Object other) {
        if (node == null) {
            return false;
        }
        boolean containers = Nodes.isContainer(node) && Nodes.isContainer(other);
        return containers ? TreeEquality.trees(node, other) : node.equals(other);
    }

    private @Nullable Object change(String key, UnaryOperator<@Nullable Object> fn) {
        return store.compute(path(key), Rewrite.Mode.LIVE, fn);
    }

    private HashMap<String, @Nullable Object> requireMap(@Nullable Object node) {
        return Nodes.map(Conversions.exact(place, node, HashMap.class));
    }

    private KeyPath path(String key) {
        return place.child(Objects.requireNonNull(key, "key must not be null"));
    }

    private boolean swap(String key, @Nullable Object expected, @Nullable Object next) {
        boolean[] won = new boolean[1];
        change(key, old -> {
            won[0] = old != null && TreeEquality.trees(old, expected);
            return won[0] ? next : old;
        });
        return won[0];
    }
}
