package dev.heartwood;

import io.vavr.collection.HashMap;
import org.jspecify.annotations.Nullable;

/** The keys of a live map. */
final class LiveKeys extends LiveSet<String> {
    LiveKeys(LiveMap map) {
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
