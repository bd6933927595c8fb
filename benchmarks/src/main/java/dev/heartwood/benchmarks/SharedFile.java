package dev.heartwood.benchmarks;

import dev.heartwood.Delivery;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.Subscription;
import dev.heartwood.sqlite.SqliteStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A store in a SQLite file beside bare JDBC that does the same transactions on the same tables: commits of one writer
 * and of eight, how long each of those takes at most, commits of two processes, reads, watching, opening. A program,
 * not a JMH benchmark, since the disk dominates the cost. Rounds alternate, and medians are printed, since the disk is
 * shared.
 *
 * <p>Run it with {@code java -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.SharedFile [DIRECTORY]}.
 */
public final class SharedFile {
    private static final int WARM_UP = 3;
    private static final int ROUNDS = 7;
    private static final int COMMITS = 500;
    private static final int READS = 50_000;
    private static final int WRITERS = 8;
    private static final int MANY_KEYS = 100_000;
    private static final long LOAD_NANOS = 10_000_000_000L;

    private final Map<String, double[]> figures = new HashMap<>();
    private final Path directory;

    private SharedFile(Path directory) {
        this.directory = directory;
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Prints the figures; with two more arguments it is the second process, which commits under a key of its own. */
    public static void main(String[] args) throws Exception {
        if (args.length == 3) {
            second(Path.of(args[0]), args[1], Integer.parseInt(args[2]));
            return;
        }
        Path parent = Path.of(args.length > 0 ? args[0] : System.getProperty("java.io.tmpdir"));
        new SharedFile(Files.createTempDirectory(parent, "shared")).run();
    }

    private void run() throws Exception {
        try (Store store = filled(directory.resolve("store.db"));
                Connection bare = bare()) {
            for (int round = -WARM_UP; round < ROUNDS; round++) {
                measure("bare JDBC, 1 writer", round, COMMITS, () -> bareCommits(bare));
                measure("store, 1 writer", round, COMMITS, () -> commits(store, "k1", COMMITS));
                measure("store, 8 writers", round, WRITERS * COMMITS, () -> together(store));
                measure("store, read", round, READS, () -> reads(store));
            }
            latency(store);
            twoProcesses(store);
            watching(store);
            idle(store);
        }
        print("bare JDBC, 1 writer", "us a commit", 1e-3);
        print("store, 1 writer", "us a commit", 1e-3);
        print("store, 8 writers", "us a commit", 1e-3);
        print("store, read", "us, nothing changed", 1e-3);
        double one = median("store, 1 writer");
        System.out.printf(
                Locale.ROOT,
                "one writer costs %.2f times bare JDBC; eight writers make %.1f times the commits of one%n",
                one / median("bare JDBC, 1 writer"),
                one / median("store, 8 writers"));
        opening();
    }

    private void measure(String name, int round, int operations, Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        double each = (double) (System.nanoTime() - start) / operations;
        if (round >= 0) {
            figures.computeIfAbsent(name, same -> new double[ROUNDS])[round] = each;
        }
    }

    private double median(String name) {
        double[] sorted = figures.getOrDefault(name, new double[1]).clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private void print(String name, String unit, double factor) {
        double[] sorted = figures.getOrDefault(name, new double[1]).clone();
        Arrays.sort(sorted);
        Figures.add("sqlite", name, "median", median(name) * factor, "µs");
        System.out.printf(
                Locale.ROOT,
                "%-22s %8.1f %s (%.1f to %.1f)%n",
                name,
                median(name) * factor,
                unit,
                sorted[0] * factor,
                sorted[sorted.length - 1] * factor);
    }

    private static void commits(Store store, String key, int times) {
        KeyPath path = KeyPath.of(key, "n");
        for (int i = 0; i < times; i++) {
            store.increment(path);
        }
    }

    private static void together(Store store) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            String key = "k" + i;
            Thread thread = new Thread(() -> commits(store, key, COMMITS));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** How long each commit of eight writers takes its thread, for ten seconds. */
    private static void latency(Store store) throws InterruptedException {
        List<Long> all = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        long end = System.nanoTime() + LOAD_NANOS;
        for (int i = 0; i < WRITERS; i++) {
            KeyPath path = KeyPath.of("k" + i, "n");
            Thread thread = new Thread(() -> {
                List<Long> mine = new ArrayList<>();
                for (long now = System.nanoTime(); now < end; ) {
                    store.increment(path);
                    long then = now;
                    now = System.nanoTime();
                    mine.add(now - then);
                }
                synchronized (all) {
                    all.addAll(mine);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        long[] sorted = all.stream().mapToLong(Long::longValue).sorted().toArray();
        String row = "a commit of one of 8 writers, for 10 s";
        Figures.add("sqlite", row, "median", sorted[sorted.length / 2] / 1e3, "µs");
        Figures.add("sqlite", row, "99 of 100", sorted[(int) (sorted.length * 0.99)] / 1e3, "µs");
        Figures.add("sqlite", row, "longest", sorted[sorted.length - 1] / 1e3, "µs");
        System.out.printf(
                Locale.ROOT,
                "a commit of one of 8 writers, for 10 s: %.0f us (median), %.0f us (99 of 100), %.1f ms (longest of %d)%n",
                sorted[sorted.length / 2] / 1e3,
                sorted[(int) (sorted.length * 0.99)] / 1e3,
                sorted[sorted.length - 1] / 1e6,
                sorted.length);
    }

    private static void reads(Store store) {
        KeyPath path = KeyPath.of("k1", "n");
        for (int i = 0; i < READS; i++) {
            store.get(path);
        }
    }

    private static Store filled(Path file) {
        Store store = SqliteStore.open(file);
        store.batch(tx -> {
            for (int i = 0; i < 100; i++) {
                tx.put("k" + i, Map.of("n", 0));
            }
        });
        return store;
    }

    /** The tables of a store and the same rows, on a connection of our own. */
    private Connection bare() throws SQLException, IOException {
        Path file = directory.resolve("bare.db");
        filled(file).close();
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        // The write-ahead log is on already: that stands in the file.
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous = FULL");
        }
        return connection;
    }

    private static void bareCommits(Connection connection) throws SQLException {
        try (PreparedStatement begin = connection.prepareStatement("BEGIN IMMEDIATE");
                PreparedStatement look = connection.prepareStatement("SELECT ver FROM meta WHERE id = 1");
                PreparedStatement upsert = connection.prepareStatement(
                        "INSERT INTO kv VALUES (?, ?, ?, 0) ON CONFLICT (k) DO UPDATE SET json = excluded.json,"
                                + " ver = excluded.ver, deleted = 0");
                PreparedStatement mark = connection.prepareStatement("UPDATE meta SET ver = ? WHERE id = 1");
                PreparedStatement commit = connection.prepareStatement("COMMIT")) {
            for (int i = 0; i < COMMITS; i++) {
                begin.execute();
                long version;
                try (ResultSet row = look.executeQuery()) {
                    row.next();
                    version = row.getLong(1) + 1;
                }
                upsert.setString(1, "k1");
                upsert.setString(2, "{\"n\":" + version + "}");
                upsert.setLong(3, version);
                upsert.executeUpdate();
                mark.setLong(1, version);
                mark.executeUpdate();
                commit.execute();
            }
        }
    }

    /** This process and another one, each under a key of its own. */
    private void twoProcesses(Store store) throws Exception {
        int times = 4 * COMMITS;
        Process other = start("other", times);
        store.await(view -> view.contains("other"), Duration.ofMinutes(1));
        long start = System.nanoTime();
        commits(store, "k1", times);
        double mine = (System.nanoTime() - start) / 1e3 / times;
        if (other.waitFor() != 0) {
            throw new IllegalStateException("the other process failed");
        }
        double both = (System.nanoTime() - start) / 1e3 / (2 * times);
        Figures.add("sqlite", "two processes on keys of their own", "median", both, "µs");
        System.out.printf(
                Locale.ROOT,
                "two processes on keys of their own: %.1f us a commit of either, this one alone waited %.1f%n",
                both,
                mine);
        if (store.get(KeyPath.of("other", "n"), Integer.class) != times) {
            throw new IllegalStateException("commits were lost");
        }
    }

    private Process start(String key, int times) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SharedFile.class.getName(),
                        directory.resolve("store.db").toString(),
                        key,
                        Integer.toString(times))
                .inheritIO()
                .start();
    }

    private static void second(Path file, String key, int times) {
        try (Store store = SqliteStore.open(file)) {
            store.put(key, Map.of("n", 0));
            commits(store, key, times);
        }
    }

    /** How long after a commit of another store a waiting thread goes on. */
    private void watching(Store store) throws Exception {
        double[] millis = new double[50];
        try (Store other = SqliteStore.open(directory.resolve("store.db"))) {
            for (int i = 0; i < millis.length; i++) {
                int wanted = i;
                long[] heard = new long[1];
                Thread waiter = new Thread(() -> {
                    try {
                        store.await(
                                view -> view.getOrDefault("news", Integer.class, -1) >= wanted, Duration.ofMinutes(1));
                        heard[0] = System.nanoTime();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
                waiter.start();
                Thread.sleep(30);
                other.put("news", wanted);
                long told = System.nanoTime();
                waiter.join();
                millis[i] = (heard[0] - told) / 1e6;
            }
        }
        Arrays.sort(millis);
        Figures.add("sqlite", "await hears of another's commit", "median", millis[millis.length / 2] * 1e3, "µs");
        Figures.add("sqlite", "await hears of another's commit", "longest", millis[millis.length - 1] * 1e3, "µs");
        System.out.printf(
                Locale.ROOT,
                "await hears of another's commit after %.1f ms (median), %.1f ms (longest of %d)%n",
                millis[millis.length / 2],
                millis[millis.length - 1],
                millis.length);
    }

    /** The cost of watching while no thread commits. */
    private static void idle(Store store) throws InterruptedException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        try (Subscription watch = store.watch("news", Delivery.latest(Runnable::run), update -> {})) {
            Thread.sleep(1_000);
            long before = processorTime(threads);
            Thread.sleep(5_000);
            Figures.add(
                    "sqlite-idle",
                    "watching while nothing happens",
                    "of one processor",
                    (processorTime(threads) - before) / 5e9 * 100,
                    "%");
            System.out.printf(
                    Locale.ROOT,
                    "watching while nothing happens (%s): %.2f %% of a processor%n",
                    watch.isClosed() ? "closed" : "open",
                    (processorTime(threads) - before) / 5e9 * 100);
        }
        Thread.sleep(1_000);
        long before = processorTime(threads);
        Thread.sleep(2_000);
        Figures.add(
                "sqlite-idle",
                "open while nobody watches",
                "of one processor",
                (processorTime(threads) - before) / 2e9 * 100,
                "%");
        System.out.printf(
                Locale.ROOT,
                "open while nobody watches: %.2f %% of a processor%n",
                (processorTime(threads) - before) / 2e9 * 100);
    }

    private static long processorTime(ThreadMXBean threads) {
        long sum = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("heartwood-sqlite")) {
                sum += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return sum;
    }

    private void opening() {
        Path file = directory.resolve("many.db");
        try (Store store = SqliteStore.open(file)) {
            store.batch(tx -> {
                for (int i = 0; i < MANY_KEYS; i++) {
                    tx.put("user" + i, Map.of("name", "name " + i, "visits", i, "tags", List.of("a", "b")));
                }
            });
        }
        double[] millis = new double[5];
        for (int i = 0; i < millis.length; i++) {
            long start = System.nanoTime();
            SqliteStore.open(file).close();
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(millis);
        Figures.add("sqlite", "opening 100,000 keys of some 60 bytes", "median", millis[millis.length / 2] * 1e3, "µs");
        System.out.printf(
                Locale.ROOT,
                "opening 100,000 keys of some 60 bytes: %.0f ms (median of %d)%n",
                millis[millis.length / 2],
                millis.length);
    }
}
