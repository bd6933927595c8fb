package dev.heartwood.benchmarks;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * The cost of durability, beside the bare system calls in the same run:
 * {@code java -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.DurableLoad [directory [part...]]}.
 *
 * <p>With the classes of this module before those of an earlier build on the class path, it measures that build:
 * {@code -cp benchmarks/target/heartwood-benchmarks-VERSION.jar:EARLIER/benchmarks.jar}. {@link CompareBuilds} lets two
 * builds take turns.
 *
 * <p>Bare calls and stores take turns, and medians of the turns are compared: the speed of a shared machine's disk
 * varies by the minute.
 */
public final class DurableLoad {
    private static final int TURNS = 7;
    private static final int SINGLE = 300;
    /** Commits of each thread before anything is measured: a service is not restarted for every few hundred. */
    private static final int WARM_UP = 1_000;

    private static final int EIGHT = 8;
    private static final int[] SIZES = {800, 14_000, 52_000};

    private static final String COMMITS = "json-file";
    private static final String INTERVAL = "json-interval";
    private static final Unit NANOS = new Unit("ns", 1);
    private static final Unit MICROS = new Unit("µs", 1e3);
    private static final Unit MILLIS = new Unit("ms", 1e6);

    private final Path directory;

    private record Unit(String name, double nanos) {}

    private DurableLoad(Path directory) {
        this.directory = directory;
    }

    /** Runs all of it. */
    public static void main(String[] arguments) throws Exception {
        Path parent = Path.of(arguments.length > 0 ? arguments[0] : ".").toAbsolutePath();
        Path directory = Files.createTempDirectory(parent, "durable-load");
        try {
            DurableLoad load = new DurableLoad(directory);
            List<String> parts = arguments.length > 1
                    ? Arrays.asList(arguments).subList(1, arguments.length)
                    : List.of("file", "journal", "interval", "flood", "opening", "recovering");
            for (String part : parts) {
                load.run(part);
            }
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void run(String part) throws Exception {
        switch (part) {
            case "file" -> {
                for (int size : SIZES) {
                    file(size);
                }
            }
            case "journal" -> journal();
            case "interval" -> interval();
            case "flood" -> flood();
            case "opening" -> opening();
            case "recovering" -> recovering();
            default -> throw new IllegalArgumentException("no part " + part);
        }
    }

    private void file(int size) throws Exception {
        byte[] bytes = Json.pretty(tree(size)).getBytes(StandardCharsets.UTF_8);
        try (Store store = store(DurableStores.options(), "file" + size, tree(size))) {
            double[] bare = new double[TURNS];
            double[] one = new double[TURNS];
            double[] eight = new double[TURNS];
            nanosEach(1, WARM_UP, () -> BareFile.replace(directory, bytes));
            nanosEach(1, WARM_UP, () -> store.increment(KeyPath.of("counter")));
            nanosEach(EIGHT, WARM_UP, () -> store.increment(KeyPath.of("counter")));
            for (int turn = 0; turn < TURNS; turn++) {
                bare[turn] = nanosEach(1, SINGLE, () -> BareFile.replace(directory, bytes));
                one[turn] = nanosEach(1, SINGLE, () -> store.increment(KeyPath.of("counter")));
                eight[turn] = nanosEach(EIGHT, SINGLE / 2, () -> store.increment(KeyPath.of("counter")));
            }
            print(
                    "a file of " + bytes.length + " bytes, written at each commit",
                    "tmp+fsync+rename+directory fsync",
                    bare,
                    one,
                    eight);
        }
    }

    private void journal() throws Exception {
        Path log = directory.resolve("bare.log");
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                Store store = store(DurableStores.options().journalAbove(0), "journal", tree(200_000))) {
            byte[] line = "0123456789abcdef 123456 [{\"put\":\"/counter\",\"value\":123456}]\n"
                    .getBytes(StandardCharsets.UTF_8);
            double[] bare = new double[TURNS];
            double[] one = new double[TURNS];
            double[] eight = new double[TURNS];
            for (int turn = 0; turn < TURNS; turn++) {
                bare[turn] = nanosEach(1, SINGLE, () -> {
                    channel.write(ByteBuffer.wrap(line), channel.size());
                    channel.force(false);
                });
                one[turn] = nanosEach(1, SINGLE, () -> store.increment(KeyPath.of("counter")));
                eight[turn] = nanosEach(EIGHT, SINGLE / 2, () -> store.increment(KeyPath.of("counter")));
            }
            print("a journal", "append+fdatasync", bare, one, eight);
        }
    }

    private static void print(String what, String calls, double[] bare, double[] one, double[] eight) {
        note(COMMITS, what, "bare calls", MICROS, bare);
        note(COMMITS, what, "one writer", MICROS, one);
        note(COMMITS, what, "eight writers", MICROS, eight);
        System.out.printf(
                "%s%n  %-34s %8.0f µs%n  one writer                         %8.0f µs a commit, %.2fx%n"
                        + "  eight writers                      %8.0f µs a commit, %.1f times the commits of one%n",
                what,
                calls,
                median(bare) / 1_000,
                median(one) / 1_000,
                median(one) / median(bare),
                median(eight) / 1_000,
                median(one) / median(eight));
    }

    /** The figure of each turn, for programs. */
    private static void note(String table, String row, String column, Unit unit, double[] nanos) {
        for (double each : nanos) {
            Figures.add(table, row, column, each / unit.nanos, unit.name);
        }
    }

    /** Bursts that fit the backlog, with time to write them in between; each beside a store in memory of the same tree. */
    private void interval() throws Exception {
        bursts("a file", DurableStores.options(), 1_000);
        bursts("a journal", DurableStores.options().journalAbove(0), 200_000);
    }

    private void bursts(String what, DurableStores options, int size) throws Exception {
        int burst = 20_000;
        int turns = 10 * TURNS;
        try (Store memory = Store.of(tree(size));
                Store store = store(options.interval(Duration.ofMillis(100)), "interval" + size, tree(size))) {
            double[] bare = new double[turns];
            double[] here = new double[turns];
            for (int turn = 0; turn < turns; turn++) {
                bare[turn] = nanosEach(1, burst, () -> memory.increment(KeyPath.of("counter")));
                here[turn] = nanosEach(1, burst, () -> store.increment(KeyPath.of("counter")));
                store.flush();
            }
            note(INTERVAL, "a store in memory", "a commit", NANOS, bare);
            note(INTERVAL, what + ", bursts of " + burst + " commits", "a commit", NANOS, here);
            System.out.printf(
                    "bursts of %d commits every 100 ms%n  in memory %.0f ns, %s %.0f ns, %.2fx%n",
                    burst, median(bare), what, median(here), median(here) / median(bare));
        }
    }

    /** More than fits the backlog, without a pause: callers wait for the disk. */
    private void flood() throws Exception {
        int commits = 300_000;
        try (Store store = store(
                DurableStores.options()
                        .journalAbove(0)
                        .interval(Duration.ofMillis(100))
                        .backlog(1 << 20),
                "flood",
                tree(200_000))) {
            double[] all = new double[TURNS];
            double[] slowest = new double[TURNS];
            for (int turn = 0; turn < TURNS; turn++) {
                long[] longest = {0};
                all[turn] = nanosEach(1, commits, () -> {
                    long started = System.nanoTime();
                    store.increment(KeyPath.of("counter"));
                    longest[0] = Math.max(longest[0], System.nanoTime() - started);
                });
                slowest[turn] = longest[0];
                store.flush();
            }
            note(INTERVAL, "a journal, without a pause, 1 MiB of which may wait", "a commit", NANOS, all);
            note(INTERVAL, "a journal, without a pause, 1 MiB of which may wait", "longest wait", NANOS, slowest);
            System.out.printf(
                    "%d commits without a pause, 1 MiB of which may wait%n  %.0f ns each, the longest wait %.1f ms%n",
                    commits, median(all), median(slowest) / 1e6);
        }
    }

    private void opening() throws Exception {
        Path file = directory.resolve("large.json");
        Map<String, Object> tree = new HashMap<>();
        for (int i = 0; i < 450_000; i++) {
            tree.put(
                    "key" + i,
                    Map.of("name", "some name " + i, "count", i, "tags", List.of("a", "b"), "rate", i / 8.0));
        }
        Json.pretty(tree, file);
        DurableStores.options().open(file).close();
        double[] read = new double[TURNS];
        double[] open = new double[TURNS];
        for (int turn = 0; turn < TURNS; turn++) {
            System.gc();
            read[turn] = nanosEach(1, 1, () -> Json.read(file));
            System.gc();
            long started = System.nanoTime();
            Store store = DurableStores.options().open(file);
            open[turn] = System.nanoTime() - started;
            store.close();
        }
        note("json-opening", "Json.read", (Files.size(file) >> 20) + " MB", MILLIS, read);
        note("json-opening", "JsonFile.open", (Files.size(file) >> 20) + " MB", MILLIS, open);
        System.out.printf(
                "opening %d MB%n  Json.read %.0f ms, JsonFile.open %.0f ms, %.2fx%n",
                Files.size(file) >> 20, median(read) / 1e6, median(open) / 1e6, median(open) / median(read));
    }

    /** A journal of 100 MB, as a crash leaves it: copied while the store is open. */
    private void recovering() throws Exception {
        Path crashed = Files.createDirectory(directory.resolve("crashed"));
        Path file = directory.resolve("long.json");
        // A base of 25 MB or more, or the journal would not grow so long.
        Map<String, Object> tree = new HashMap<>(Map.of("counter", 0, "pad", "x".repeat(19_000_000)));
        tree.put("pad2", "x".repeat(9_000_000));
        Json.pretty(tree, file);
        try (Store store = DurableStores.options().manual().open(file)) {
            long commits = 0;
            while (Files.size(journal(file)) < 100_000_000) {
                for (int i = 0; i < 20_000; i++) {
                    store.set(KeyPath.of("counter"), ++commits);
                }
                store.flush();
            }
            Files.copy(file, crashed.resolve("long.json"));
            Path inside = Files.createDirectory(crashed.resolve("long.json.d"));
            Path journal = journal(file);
            long bytes = Files.size(journal);
            Files.copy(journal, inside.resolve(journal.getFileName()));
            System.gc();
            long started = System.nanoTime();
            DurableStores.options().open(crashed.resolve("long.json")).close();
            System.out.printf(
                    "recovering a journal of %d MB, %d commits: %d ms, in a heap of %d MB%n",
                    bytes >> 20,
                    commits,
                    (System.nanoTime() - started) / 1_000_000,
                    Runtime.getRuntime().maxMemory() >> 20);
        }
    }

    private static Path journal(Path file) throws IOException {
        try (Stream<Path> files = Files.list(file.resolveSibling(file.getFileName() + ".d"))) {
            return files.filter(path -> path.getFileName().toString().startsWith("journal-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Store store(DurableStores options, String name, Map<String, Object> tree) {
        Path file = directory.resolve(name + ".json");
        Json.pretty(tree, file);
        return options.open(file);
    }

    private static Map<String, Object> tree(int bytes) {
        Map<String, Object> tree = new HashMap<>();
        tree.put("counter", 0);
        for (int i = 0; i < bytes / 40; i++) {
            tree.put("key" + i, "a value of about thirty chars");
        }
        return tree;
    }

    private interface Action {
        void run() throws Exception;
    }

    /** Wall-clock nanoseconds for each of {@code times} runs on each of so many threads. */
    private static double nanosEach(int threads, int times, Action action) throws Exception {
        if (threads == 1) {
            long started = System.nanoTime();
            for (int i = 0; i < times; i++) {
                action.run();
            }
            return (System.nanoTime() - started) / (double) times;
        }
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            all.add(new Thread(() -> {
                try {
                    start.await();
                    for (int i = 0; i < times; i++) {
                        action.run();
                    }
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        all.forEach(Thread::start);
        long started = System.nanoTime();
        start.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        return (System.nanoTime() - started) / ((double) times * threads);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
