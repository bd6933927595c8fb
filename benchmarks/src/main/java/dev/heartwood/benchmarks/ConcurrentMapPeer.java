package dev.heartwood.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Nested {@code ConcurrentHashMap}s: atomic for one counter, and for nothing more. */
final class ConcurrentMapPeer implements Peer {
    private final ConcurrentHashMap<String, Object> root;
    private final String[][] paths;

    ConcurrentMapPeer(Shape shape) {
        this.root = concurrent(shape.tree());
        this.paths = IntStream.range(0, Shape.COUNTERS)
                .mapToObj(path -> toArray(shape.keys(path)))
                .toArray(String[][]::new);
    }

    private static String[] toArray(List<String> keys) {
        return keys.toArray(new String[0]);
    }

    @Override
    public long get(int path) {
        String[] keys = paths[path];
        return (Long) Objects.requireNonNull(parent(keys).get(keys[keys.length - 1]));
    }

    @Override
    public long update(int path) {
        String[] keys = paths[path];
        return (Long) Objects.requireNonNull(
                parent(keys).computeIfPresent(keys[keys.length - 1], (key, value) -> (Long) value + 1));
    }

    /** Not of one moment: others write while it is copied. */
    @Override
    public Object snapshot() {
        return LockedMapPeer.copy(root);
    }

    @SuppressWarnings("unchecked")
    private ConcurrentHashMap<String, Object> parent(String[] keys) {
        ConcurrentHashMap<String, Object> map = root;
        for (int i = 0; i < keys.length - 1; i++) {
            map = (ConcurrentHashMap<String, Object>) Objects.requireNonNull(map.get(keys[i]));
        }
        return map;
    }

    @SuppressWarnings("unchecked")
    private static ConcurrentHashMap<String, Object> concurrent(Map<String, Object> map) {
        ConcurrentHashMap<String, Object> result = new ConcurrentHashMap<>();
        map.forEach((key, value) ->
                result.put(key, value instanceof Map ? concurrent((Map<String, Object>) value) : value));
        return result;
    }
}
