package dev.heartwood;

import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import org.jspecify.annotations.Nullable;

/** The values of a live map. */
final class LiveValues extends LiveView<Object> {
    LiveValues(LiveMap map) {
        super(map);
    }

    @Override
    Object element(String key, Object node) {
        return map.handOut(node);
    }

    @Override
    boolean drop(String key, Object node) {
        return map.drop(key, node);
    }

    @Override
    Object token(String key, Object node) {
        return comparable(node);
    }

    @Override
    @Nullable
    Object wanted(@Nullable Object object) {
        return JavaViews.of(map.wanted(object));
    }

    @Override
    boolean isIn(HashMap<String, @Nullable Object> tree, Object token) {
        return tree.valuesIterator().exists(node -> node != null && token.equals(comparable(node)));
    }

    @Override
    public boolean remove(@Nullable Object object) {
        Object token = wanted(object);
        for (Tuple2<String, @Nullable Object> entry : map.tree()) {
            Object node = entry._2;
            if (node != null && comparable(node).equals(token) && drop(entry._1, node)) {
                return true;
            }
        }
        return false;
    }
}
