package dev.heartwood.benchmarks;

import io.vavr.collection.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** The bare gets and puts of Vavr, on one thread: the upper bound for any store on Vavr. */
class BareVavrPeer implements Peer {
    final String[][] paths;
    private HashMap<String, Object> root;

    BareVavrPeer(Shape shape) {
        this.root = persistent(shape.tree());
        this.paths = IntStream.range(0, Shape.COUNTERS)
                .mapToObj(path -> shape.keys(path).toArray(new String[0]))
                .toArray(String[][]::new);
    }

    @Override
    public long get(int path) {
        return get(root, paths[path]);
    }

    @Override
    public long update(int path) {
        root = update(root, paths[path], 0);
        return 0;
    }

    @Override
    public Object snapshot() {
        return root;
    }

    final HashMap<String, Object> root() {
        return root;
    }

    @SuppressWarnings("unchecked")
    static long get(HashMap<String, Object> root, String[] keys) {
        HashMap<String, Object> map = root;
        for (int i = 0; i < keys.length - 1; i++) {
            map = (HashMap<String, Object>) map.get(keys[i]).get();
        }
        return (Long) map.get(keys[keys.length - 1]).get();
    }

    static HashMap<String, Object> update(HashMap<String, Object> map, String[] keys, int level) {
        return add(map, keys, level, 1);
    }

    @SuppressWarnings("unchecked")
    static HashMap<String, Object> add(HashMap<String, Object> map, String[] keys, int level, long amount) {
        String key = keys[level];
        Object child = map.get(key).get();
        return map.put(
                key,
                level == keys.length - 1
                        ? (Object) ((Long) child + amount)
                        : add((HashMap<String, Object>) child, keys, level + 1, amount));
    }

    @SuppressWarnings("unchecked")
    static HashMap<String, Object> persistent(Map<String, Object> map) {
        return HashMap.ofAll(map)
                .mapValues(value -> value instanceof Map ? persistent((Map<String, Object>) value) : value);
    }
}
