package dev.heartwood.benchmarks;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import io.vavr.collection.HashMap;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads, updates and batches of one thread, beside {@code updateAndGet} on Vavr's maps, beside the bare gets and puts, and, where
 * {@code -Dheartwood.old} names the class path of an older build, beside that.
 *
 * <p>Each subject and operation runs in a JVM of its own, so that no profile of another subject is left in the compiled
 * code. The subjects take turns, for {@value #ROUNDS} rounds. The measure is the processor time of the thread: it warms
 * up, then works in slices of some ten milliseconds, and the quickest quartile of the slices is its figure. So other
 * programs on the machine change the figure little: they disturb the caches, which slows down other slices.
 *
 * <p>Run it with {@code java -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.HotPaths}; arguments are pieces of the names
 * of the operations that are measured.
 */
public final class HotPaths {
    private static final int ROUNDS = 3;
    private static final int SLICES = 50;
    private static final int SLICE_NANOS = 10_000_000;
    private static final int WARM_UP_NANOS = 1_000_000_000;
    private static final int FAN_OUT = 16;
    private static final int LEAVES = FAN_OUT * FAN_OUT * FAN_OUT;
    private static final int COLD = 100_000;
    private static final String CHILD = "--one";
    private static final String OLD = "heartwood.old";
    private static final String TIMES = "hot-paths";
    private static final String BYTES = "hot-paths-bytes";
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final List<String> OPERATIONS = List.of(
            "get, one place",
            "get, 4,096 places at random",
            "get, 8 keys deep",
            "update, one place",
            "update, 4,096 places at random",
            "update, 8 keys deep",
            "snapshot",
            "transfer between two of 64 accounts",
            "batch of 8 increments",
            "the first 100,000 updates");

    private static @Nullable Object last;
    private static int random = 12_345;

    private HotPaths() {}

    /** The operation that a subject repeats. */
    @FunctionalInterface
    interface Operation {
        @Nullable
        Object run();
    }

    /** Measures all; or, as a process of its own, one operation of one subject. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length == 3 && args[0].equals(CHILD)) {
            measure(args[1], args[2]);
            return;
        }
        List<String> chosen = OPERATIONS.stream()
                .filter(operation -> args.length == 0 || Arrays.stream(args).anyMatch(operation::contains))
                .toList();
        for (String operation : chosen) {
            for (int round = 0; round < ROUNDS; round++) {
                if (System.getProperty(OLD) != null) {
                    fork("earlier build", operation, "heartwood", System.getProperty(OLD) + File.pathSeparator);
                }
                fork("heartwood", operation, "heartwood", "");
                fork("naive", operation, "naive", "");
                if (operation.contains("get") || operation.contains("update,")) {
                    fork("bare", operation, "bare", "");
                }
            }
        }
    }

    private static void fork(String column, String operation, String subject, String before)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms512m",
                        "-Xmx512m",
                        "-cp",
                        before + System.getProperty("java.class.path"),
                        HotPaths.class.getName(),
                        CHILD,
                        operation,
                        subject)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = process.inputReader()) {
            String line = said.readLine();
            if (line == null || process.waitFor() != 0) {
                throw new IOException(subject + " of \"" + operation + "\" failed; the JVM's message is above");
            }
            String[] figures = line.split(" ", -1);
            double nanos = Double.parseDouble(figures[0]);
            System.out.printf(Locale.ROOT, "%-38s %-14s %12.1f ns %s bytes%n", operation, column, nanos, figures[1]);
            Figures.add(TIMES, operation, column, nanos, "ns");
            Figures.add(BYTES, operation, column, Double.parseDouble(figures[1]), "bytes");
        }
    }

    private static void measure(String name, String subject) {
        Operation operation = subject.equals("heartwood") ? heartwood(name) : persistent(name, subject.equals("naive"));
        if (name.startsWith("the first")) {
            long bytes = THREADS.getCurrentThreadAllocatedBytes();
            long start = THREADS.getCurrentThreadCpuTime();
            loop(operation, COLD);
            print(
                    (THREADS.getCurrentThreadCpuTime() - start) / (double) COLD,
                    (THREADS.getCurrentThreadAllocatedBytes() - bytes) / COLD);
            return;
        }
        long start = THREADS.getCurrentThreadCpuTime();
        long done = 0;
        while (THREADS.getCurrentThreadCpuTime() - start < WARM_UP_NANOS) {
            loop(operation, 10_000);
            done += 10_000;
        }
        int slice = (int) Math.max(1_000, done * SLICE_NANOS / WARM_UP_NANOS);
        double[] slices = new double[SLICES];
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < SLICES; i++) {
            long begin = THREADS.getCurrentThreadCpuTime();
            loop(operation, slice);
            slices[i] = (THREADS.getCurrentThreadCpuTime() - begin) / (double) slice;
        }
        bytes = (THREADS.getCurrentThreadAllocatedBytes() - bytes) / ((long) slice * SLICES);
        Arrays.sort(slices);
        print(slices[SLICES / 4], bytes);
    }

    private static void print(double nanos, long bytes) {
        System.out.println(String.format(Locale.ROOT, "%.2f %d", nanos, bytes) + (last == OPERATIONS ? "!" : ""));
    }

    static void loop(Operation operation, int times) {
        for (int i = 0; i < times; i++) {
            last = operation.run();
        }
    }

    /** A number of Marsaglia's xorshift, which costs next to nothing. */
    private static int any(int bound) {
        int x = random;
        x ^= x << 13;
        x ^= x >>> 17;
        x ^= x << 5;
        random = x;
        return (x >>> 1) % bound;
    }

    private static List<String> keys(int leaf) {
        return List.of("a" + leaf / (FAN_OUT * FAN_OUT), "b" + leaf / FAN_OUT % FAN_OUT, "c" + leaf % FAN_OUT);
    }

    private static Map<String, Object> wide() {
        Map<String, Object> tree = new java.util.HashMap<>();
        for (int leaf = 0; leaf < LEAVES; leaf++) {
            List<String> keys = keys(leaf);
            child(child(tree, keys.get(0)), keys.get(1)).put(keys.get(2), 0L);
        }
        return tree;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> child(Map<String, Object> tree, String key) {
        return (Map<String, Object>) tree.computeIfAbsent(key, absent -> new java.util.HashMap<String, Object>());
    }

    private static Map<String, Object> accounts() {
        Map<String, Object> accounts = new java.util.HashMap<>();
        IntStream.range(0, Shape.COUNTERS).forEach(i -> accounts.put("account" + i, 1_000L));
        return Map.of("accounts", accounts);
    }

    private static Map<String, Object> treeOf(String name) {
        return name.contains("transfer") ? accounts() : name.contains("8 keys") ? new Shape(8).tree() : wide();
    }

    private static List<List<String>> placesOf(String name) {
        return name.contains("8 keys")
                ? IntStream.range(0, Shape.COUNTERS)
                        .mapToObj(new Shape(8)::keys)
                        .toList()
                : name.contains("transfer")
                        ? IntStream.range(0, Shape.COUNTERS)
                                .mapToObj(i -> List.of("accounts", "account" + i))
                                .toList()
                        : IntStream.range(0, LEAVES).mapToObj(HotPaths::keys).toList();
    }

    static Operation heartwood(String name) {
        Store store = Store.of(treeOf(name));
        KeyPath[] paths = placesOf(name).stream().map(KeyPath::of).toArray(KeyPath[]::new);
        int places = name.contains("one place") ? 1 : paths.length;
        if (name.startsWith("get")) {
            return () -> store.get(paths[any(places)]);
        } else if (name.equals("snapshot")) {
            return store::snapshot;
        } else if (name.startsWith("transfer")) {
            return () -> {
                KeyPath from = paths[any(places)];
                KeyPath to = paths[any(places)];
                return store.batch(tx -> {
                    tx.put(from, (Long) Objects.requireNonNull(tx.get(from)) - 1);
                    tx.put(to, (Long) Objects.requireNonNull(tx.get(to)) + 1);
                });
            };
        } else if (name.startsWith("batch")) {
            return () -> {
                int first = any(places);
                return store.batch(tx -> {
                    for (int i = 0; i < 8; i++) {
                        tx.increment(paths[(first + i * 37) % paths.length]);
                    }
                });
            };
        }
        return () -> store.update(paths[any(places)], value -> (Long) Objects.requireNonNull(value) + 1);
    }

    /** With a reference that threads could share, or without. */
    static Operation persistent(String name, boolean shared) {
        AtomicReference<HashMap<String, Object>> tree = new AtomicReference<>(BareVavrPeer.persistent(treeOf(name)));
        String[][] paths =
                placesOf(name).stream().map(keys -> keys.toArray(new String[0])).toArray(String[][]::new);
        int places = name.contains("one place") ? 1 : paths.length;
        if (name.startsWith("get")) {
            HashMap<String, Object> root = Objects.requireNonNull(tree.get());
            return shared
                    ? () -> BareVavrPeer.get(Objects.requireNonNull(tree.get()), paths[any(places)])
                    : () -> BareVavrPeer.get(root, paths[any(places)]);
        } else if (name.equals("snapshot")) {
            return tree::get;
        } else if (name.startsWith("transfer")) {
            return () -> {
                String[] from = paths[any(places)];
                String[] to = paths[any(places)];
                return tree.updateAndGet(root -> BareVavrPeer.add(BareVavrPeer.add(root, from, 0, -1), to, 0, 1));
            };
        } else if (name.startsWith("batch")) {
            return () -> {
                int first = any(places);
                return tree.updateAndGet(root -> {
                    HashMap<String, Object> next = root;
                    for (int i = 0; i < 8; i++) {
                        next = BareVavrPeer.update(next, paths[(first + i * 37) % paths.length], 0);
                    }
                    return next;
                });
            };
        } else if (shared) {
            return () -> tree.updateAndGet(root -> BareVavrPeer.update(root, paths[any(places)], 0));
        }
        List<HashMap<String, Object>> only = new ArrayList<>(List.of(Objects.requireNonNull(tree.get())));
        return () -> only.set(0, BareVavrPeer.update(only.get(0), paths[any(places)], 0));
    }
}
