package dev.heartwood.benchmarks;

import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/** H2's MVStore in memory: one flat map, a persistent B-tree, whose keys are whole paths. */
final class MvStorePeer implements Peer {
    private final MVMap<String, Object> map = new MVStore.Builder().open().openMap("tree");
    private final String[] paths;

    MvStorePeer(Shape shape) {
        fill("", shape.tree());
        this.paths = IntStream.range(0, Shape.COUNTERS)
                .mapToObj(path -> "/" + String.join("/", shape.keys(path)))
                .toArray(String[]::new);
    }

    @SuppressWarnings("unchecked")
    private void fill(String path, Map<String, Object> tree) {
        tree.forEach((key, value) -> {
            if (value instanceof Map) {
                fill(path + "/" + key, (Map<String, Object>) value);
            } else {
                map.put(path + "/" + key, value);
            }
        });
    }

    @Override
    public long get(int path) {
        return (Long) Objects.requireNonNull(map.get(paths[path]));
    }

    @Override
    public long update(int path) {
        for (; ; ) {
            long before = get(path);
            if (map.replace(paths[path], before, before + 1)) {
                return before + 1;
            }
        }
    }

    @Override
    public Object snapshot() {
        return map.getRoot();
    }
}
