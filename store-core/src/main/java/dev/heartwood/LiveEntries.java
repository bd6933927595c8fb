package dev.heartwood;

import io.vavr.collection.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The entries of a live map. */
final class LiveEntries extends LiveSet<Map.Entry<String, Object>> {
    LiveEntries(LiveMap map) {
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
