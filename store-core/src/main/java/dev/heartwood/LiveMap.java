package dev.heartwood;

import dev.heartwood.tree.Same;
import io.vavr.Tuple2;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The live top level of a store; a JSON null does not show. Iteration sees one state. */
final class LiveMap extends AbstractMap<String, Object> implements ConcurrentMap<String, Object> {
    private final Store store;

    LiveMap(Store store) {
        this.store = store;
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        return key instanceof String string ? store.getOrDefault(string, null) : null;
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
        return store.put(path(key), Objects.requireNonNull(value, "value"));
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
        Objects.requireNonNull(value, "value");
        Object[] found = new Object[1];
        change(key, old -> {
            found[0] = old;
            return old == null ? value : old;
        });
        return found[0];
    }

    @Override
    public boolean remove(@Nullable Object key, @Nullable Object value) {
        return key instanceof String string && value != null && swap(string, value, null);
    }

    @Override
    public boolean replace(String key, Object expected, Object next) {
        return swap(key, Objects.requireNonNull(expected, "expected"), Objects.requireNonNull(next, "next"));
    }

    @Override
    public @Nullable Object replace(String key, Object value) {
        Objects.requireNonNull(value, "value");
        Object[] found = new Object[1];
        change(key, old -> {
            found[0] = old;
            return old == null ? null : value;
        });
        return found[0];
    }

    @Override
    public @Nullable Object computeIfAbsent(String key, Function<? super String, ? extends @Nullable Object> fn) {
        Object present = get(key);
        return present != null ? present : change(key, old -> old != null ? old : fn.apply(key));
    }

    @Override
    public @Nullable Object computeIfPresent(
            String key, BiFunction<? super String, ? super Object, ? extends @Nullable Object> fn) {
        return change(key, old -> old == null ? null : fn.apply(key, old));
    }

    @Override
    public @Nullable Object compute(
            String key, BiFunction<? super String, ? super @Nullable Object, ? extends @Nullable Object> fn) {
        return change(key, old -> fn.apply(key, old));
    }

    @Override
    public @Nullable Object merge(
            String key, Object value, BiFunction<? super Object, ? super Object, ? extends @Nullable Object> fn) {
        return store.merge(path(key), value, fn::apply);
    }

    @Override
    public void clear() {
        store.clear();
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                int size = 0;
                for (Iterator<?> entries = iterator(); entries.hasNext(); entries.next()) {
                    size++;
                }
                return size;
            }

            @Override
            public Iterator<Map.Entry<String, Object>> iterator() {
                return new Entries();
            }

            @Override
            public boolean remove(@Nullable Object entry) {
                return entry instanceof Map.Entry<?, ?> one && LiveMap.this.remove(one.getKey(), one.getValue());
            }

            @Override
            public void clear() {
                store.clear();
            }
        };
    }

    private @Nullable Object change(String key, UnaryOperator<@Nullable Object> fn) {
        return store.compute(path(key), fn);
    }

    private static KeyPath path(String key) {
        return KeyPath.ofTokens(Objects.requireNonNull(key, "key"));
    }

    private boolean swap(String key, Object expected, @Nullable Object next) {
        KeyPath path = path(key);
        Object wanted = store.freeze(path, expected);
        boolean[] won = new boolean[1];
        change(key, old -> {
            won[0] = old != null && Same.trees(old, wanted);
            return won[0] ? next : old;
        });
        return won[0];
    }

    /** The entries of one state; setting and removing go to the store. */
    private final class Entries implements Iterator<Map.Entry<String, Object>> {
        private final Iterator<Tuple2<String, @Nullable Object>> entries =
                store.snapshot().tree().iterator();
        private @Nullable Entry next = find();
        private @Nullable String last;

        private @Nullable Entry find() {
            while (entries.hasNext()) {
                Tuple2<String, @Nullable Object> entry = entries.next();
                if (entry._2 != null) {
                    return new Entry(entry._1, Objects.requireNonNull(Freeze.handOut(entry._2, 1, store.dialect())));
                }
            }
            return null;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Map.Entry<String, Object> next() {
            Entry entry = next;
            if (entry == null) {
                throw new NoSuchElementException();
            }
            last = entry.getKey();
            next = find();
            return entry;
        }

        @Override
        public void remove() {
            if (last == null) {
                throw new IllegalStateException("nothing to remove");
            }
            LiveMap.this.remove(last);
            last = null;
        }
    }

    private final class Entry extends SimpleEntry<String, Object> {
        private static final long serialVersionUID = 1L;

        Entry(String key, Object value) {
            super(key, value);
        }

        @Override
        public Object setValue(Object value) {
            put(getKey(), value);
            return super.setValue(Objects.requireNonNull(store.freeze(path(getKey()), value)));
        }
    }
}
