package dev.heartwood;

import io.vavr.collection.HashMap;
import java.util.AbstractMap.SimpleEntry;
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

    /** An entry of one state; setting its value goes to the store. */
    private static final class Entry extends SimpleEntry<String, Object> {
        private static final long serialVersionUID = 1L;
        private final transient LiveMap map;

        Entry(LiveMap map, String key, Object value) {
            super(key, value);
            this.map = map;
        }

        @Override
        public Object setValue(Object value) {
            Object node = map.frozen(getKey(), value);
            map.put(getKey(), node);
            return super.setValue(node);
        }
    }
}
