package dev.heartwood.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The tree that is measured: {@code depth} levels of maps with ten keys each on the way, and 64 counters in the last
 * map of the way.
 */
final class Shape {
    static final int COUNTERS = 64;
    private static final int SIBLINGS = 10;

    private final int depth;

    Shape(int depth) {
        this.depth = depth;
    }

    /** The keys to counter {@code path}. */
    List<String> keys(int path) {
        return IntStream.range(0, depth)
                .mapToObj(level -> level == depth - 1 ? "counter" + path : "level" + level)
                .toList();
    }

    /** The tree in mutable maps. */
    Map<String, Object> tree() {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < COUNTERS; i++) {
            map.put("counter" + i, 0L);
        }
        for (int level = depth - 2; level >= 0; level--) {
            Map<String, Object> parent = new HashMap<>();
            for (int i = 0; i < SIBLINGS; i++) {
                parent.put("sibling" + i, (long) i);
            }
            parent.put("level" + level, map);
            map = parent;
        }
        return map;
    }
}
