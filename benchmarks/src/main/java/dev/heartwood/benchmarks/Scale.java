package dev.heartwood.benchmarks;

import dev.heartwood.Delivery;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.Subscription;
import dev.heartwood.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The cost of operations as a store grows: load, get, update, snapshot, diff of ten changes, iteration, writing JSON,
 * and the memory of a leaf beside {@code java.util.HashMap}; for a flat map and for maps of a hundred keys in maps of a
 * hundred.
 *
 * <p>{@code java -Xms17g -Xmx17g -XX:+AlwaysPreTouch -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.Scale 10000000 scale.svg} goes up to
 * ten million leaves, prints a table, and draws it.
 */
public final class Scale {
    private static final int FAN_OUT = 100;
    private static final int ROUNDS = 200_000;
    private static final int DIFFS = 20_000;

    private final int leaves;
    private final boolean nested;
    private final Map<String, Double> figures = new LinkedHashMap<>();
    private final List<KeyPath> paths = new ArrayList<>();

    private Scale(int leaves, boolean nested) {
        this.leaves = leaves;
        this.nested = nested;
    }

    /** Measures sizes from a thousand leaves up to {@code args[0]}, tenfold each; draws into {@code args[1]}. */
    public static void main(String[] args) throws IOException {
        int most = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        new Scale(10_000, false).measure(); // warms up
        new Scale(10_000, true).measure();
        Map<String, Map<Integer, Map<String, Double>>> all = new LinkedHashMap<>();
        for (boolean nested : new boolean[] {false, true}) {
            for (int leaves = 1_000; leaves <= most && leaves > 0; leaves *= 10) {
                Map<String, Double> figures = new Scale(leaves, nested).measure();
                String shape = nested ? "nested" : "flat";
                all.computeIfAbsent(shape, absent -> new LinkedHashMap<>()).put(leaves, figures);
                print(shape, leaves, figures);
            }
        }
        if (args.length > 1) {
            Files.writeString(Path.of(args[1]), Plot.of(all));
        }
    }

    private static void print(String shape, int leaves, Map<String, Double> figures) {
        StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "| %s, %,d leaves", shape, leaves));
        figures.forEach((what, value) -> {
            row.append(String.format(Locale.ROOT, " | %s %.3g", what, value));
            Figures.add("scale", String.format(Locale.ROOT, "%s, %,d leaves", shape, leaves), what, value, "");
        });
        System.out.println(row.append(" |"));
    }

    private Map<String, Double> measure() {
        Random random = new Random(leaves);
        long usedBefore = used();
        Map<String, Object> java = tree();
        long javaBytes = used() - usedBefore;
        long start = System.nanoTime();
        Store store = Store.of(java);
        figures.put("load ns/leaf", (System.nanoTime() - start) / (double) leaves);
        // The strings and numbers are the same objects in both trees: each tree adds only its structure.
        long withStore = used();
        figures.put("bytes/leaf", (withStore - usedBefore - javaBytes) / (double) leaves);
        long structure = structureOf(java);
        figures.put("java.util bytes/leaf", structure / (double) leaves);
        for (int i = 0; i < 1_000; i++) {
            paths.add(path(random.nextInt(leaves)));
        }
        figures.put("get ns", nanos(ROUNDS, i -> store.get(paths.get(i % 1_000))));
        figures.put("update ns", nanos(ROUNDS, i -> store.increment(paths.get(i % 1_000))));
        try (Subscription watch = store.watch(paths.get(0), Delivery.latest(Runnable::run), update -> sink = update)) {
            figures.put("watched update ns", nanos(ROUNDS, i -> store.increment(paths.get(0))));
            if (watch.isClosed()) {
                throw new AssertionError("the watch has ended");
            }
        }
        figures.put("snapshot ns", nanos(10 * ROUNDS, i -> store.snapshot()));
        Snapshot before = store.snapshot();
        store.batch(tx -> paths.subList(0, 10).forEach(tx::increment));
        Snapshot after = store.snapshot();
        figures.put("diff of 10 ns", nanos(DIFFS, i -> before.diff(after)));
        figures.put("iterate ns/leaf", timed(() -> sum(after.getMap(KeyPath.root()))) / leaves);
        figures.put("write ns/leaf", timed(() -> write(after)) / leaves);
        return figures;
    }

    private Map<String, Object> tree() {
        Map<String, Object> tree = new HashMap<>();
        for (int i = 0; i < leaves; i++) {
            Map<String, Object> map = tree;
            List<String> keys = path(i).tokens();
            for (String key : keys.subList(0, keys.size() - 1)) {
                map = child(map, key);
            }
            map.put(keys.get(keys.size() - 1), (long) i);
        }
        return tree;
    }

    private KeyPath path(int leaf) {
        return nested
                ? KeyPath.of("map" + leaf / (FAN_OUT * FAN_OUT), "map" + leaf / FAN_OUT, "key" + leaf)
                : KeyPath.of("key" + leaf);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> child(Map<String, Object> tree, String key) {
        return (Map<String, Object>) tree.computeIfAbsent(key, absent -> new HashMap<String, Object>());
    }

    /** The bytes of the maps alone, measured as the size of a second map over the same keys and values. */
    private static long structureOf(Map<String, Object> tree) {
        long before = used();
        Map<String, Object> copy = copy(tree);
        long bytes = used() - before;
        if (copy.size() != tree.size()) {
            throw new AssertionError("the copy is another map");
        }
        return bytes;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> copy(Map<String, Object> tree) {
        Map<String, Object> copy = new HashMap<>();
        tree.forEach((key, value) -> copy.put(key, value instanceof Map ? copy((Map<String, Object>) value) : value));
        return copy;
    }

    private static long sum(Map<String, ?> map) {
        long sum = 0;
        for (Object value : map.values()) {
            sum += value instanceof Map<?, ?> inner ? sum(strings(inner)) : (Long) value;
        }
        return sum;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, ?> strings(Map<?, ?> map) {
        return (Map<String, ?>) map;
    }

    private static long write(Snapshot snapshot) {
        Json.write(snapshot, OutputStream.nullOutputStream());
        return snapshot.version();
    }

    /** The best of three, in nanoseconds. */
    private static double timed(Supplier<? extends @Nullable Object> work) {
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            sink = work.get();
            best = Math.min(best, (double) (System.nanoTime() - start));
        }
        return best;
    }

    /** The best of three, in nanoseconds a call. */
    private static double nanos(int times, Call call) {
        return timed(() -> {
                    @Nullable Object last = null;
                    for (int i = 0; i < times; i++) {
                        last = call.number(i);
                    }
                    return last;
                })
                / times;
    }

    /** The last computed value, so that nothing is optimised away. */
    @SuppressWarnings("unused")
    private static volatile @Nullable Object sink;

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private interface Call {
        @Nullable
        Object number(int i);
    }
}
