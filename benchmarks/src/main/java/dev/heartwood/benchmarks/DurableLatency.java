package dev.heartwood.benchmarks;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.file.JsonFile;
import dev.heartwood.json.Json;
import dev.heartwood.log.LogAddress;
import dev.heartwood.log.LogStore;
import dev.heartwood.sqlite.SqliteStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How long a durable commit takes its caller, in the median, for 99 of 100, and at the longest: the JSON file, SQLite, and
 * the logs whose addresses are given, with one writer and with 64, beside a bare append and sync.
 *
 * <p>Run it with {@code java -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.DurableLatency [DIRECTORY [ADDRESS…]]}, with
 * addresses such as {@code redis://localhost:6379#orders}. The trees of these addresses get a counter {@code benchmark}.
 */
public final class DurableLatency {
    private static final int ROUNDS = 3;
    private static final int MANY = 64;
    private static final long NANOS = 2_000_000_000L;
    private static final int LARGE = 100_000_000;
    /** About as many bytes as the small file has. */
    private static final int SMALL = 1_600;

    private final Path directory;

    private DurableLatency(Path directory) {
        this.directory = directory;
    }

    /** One durable commit of a writer. */
    @FunctionalInterface
    private interface Commit {
        void of(int writer) throws Exception;
    }

    /** Prints a line for each subject and number of writers. */
    public static void main(String[] arguments) throws Exception {
        Path parent = Path.of(arguments.length > 0 ? arguments[0] : ".").toAbsolutePath();
        Path directory = Files.createTempDirectory(parent, "durable-latency");
        try {
            new DurableLatency(directory)
                    .run(Arrays.asList(arguments).subList(Math.min(1, arguments.length), arguments.length));
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void run(List<String> addresses) throws Exception {
        Map<String, Store> stores = new LinkedHashMap<>();
        try (FileChannel log =
                FileChannel.open(directory.resolve("bare"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            stores.put("JSON file, small", JsonFile.open(directory.resolve("small.json")));
            stores.put(
                    "JSON file, journal", JsonFile.options().journalAbove(0).open(directory.resolve("journal.json")));
            stores.put("JSON file of 100 MB", large());
            stores.put("SQLite", SqliteStore.open(directory.resolve("store.db")));
            for (String address : addresses) {
                stores.put(
                        engine(address), LogStore.over(LogAddress.parse(address).connect()));
            }
            for (Store store : stores.values()) {
                store.batch(tx -> IntStream.range(0, MANY).forEach(writer -> tx.put(counter(writer), 0L)));
            }
            for (int round = 0; round < ROUNDS; round++) {
                measure("bare: append and sync", 1, writer -> append(log));
                measure(
                        "bare: temporary file, sync, rename, sync of the directory",
                        1,
                        writer -> BareFile.replace(directory, new byte[SMALL]));
                for (int writers : new int[] {1, MANY}) {
                    for (Map.Entry<String, Store> each : stores.entrySet()) {
                        measure(
                                each.getKey(),
                                writers,
                                writer -> each.getValue().increment(counter(writer)));
                    }
                }
                trickle(stores);
            }
        } finally {
            stores.values().forEach(Store::close);
        }
    }

    private static String engine(String address) {
        return address.startsWith("jdbc:postgresql:")
                ? "PostgreSQL"
                : address.startsWith("redis") ? "Redis" : address.startsWith("http") ? "etcd" : address;
    }

    private static KeyPath counter(int writer) {
        return KeyPath.of("benchmark", "writer" + writer);
    }

    private Store large() {
        Map<String, Object> tree = IntStream.range(0, LARGE / 1_000)
                .boxed()
                .collect(Collectors.toMap(i -> "key" + i, i -> "some text of a thousand characters ".repeat(28)));
        Path file = directory.resolve("large.json");
        Json.pretty(tree, file);
        return JsonFile.options().readableWithin(Duration.ofSeconds(1)).open(file);
    }

    private static void append(FileChannel log) {
        try {
            int ignored = log.write(ByteBuffer.wrap(new byte[64]), log.size());
            log.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException("the disk of the benchmark fails", e);
        }
    }

    /** A commit every five milliseconds, while the large file is written anew again and again. */
    private static void trickle(Map<String, Store> stores) throws InterruptedException {
        Store large = stores.getOrDefault("JSON file of 100 MB", Store.create());
        List<Long> nanos = new ArrayList<>();
        long end = System.nanoTime() + 2 * NANOS;
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            large.increment(counter(0));
            nanos.add(System.nanoTime() - start);
            Thread.sleep(5);
        }
        record("JSON file of 100 MB, a commit every 5 ms", nanos);
    }

    private static void measure(String what, int writers, Commit commit) throws InterruptedException {
        List<Long> all = new ArrayList<>();
        long end = System.nanoTime() + NANOS;
        List<Thread> threads = IntStream.range(0, writers)
                .mapToObj(writer -> new Thread(() -> {
                    List<Long> mine = commits(writer, commit, end);
                    synchronized (all) {
                        all.addAll(mine);
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        String row = what + (writers == 1 ? "" : ", " + writers + " writers");
        record(row, all);
        Figures.add("durable-latency", row, "commits", all.size() / (NANOS / 1e9), "a second");
    }

    private static List<Long> commits(int writer, Commit commit, long end) {
        List<Long> nanos = new ArrayList<>();
        try {
            while (System.nanoTime() < end) {
                long start = System.nanoTime();
                commit.of(writer);
                nanos.add(System.nanoTime() - start);
            }
        } catch (Exception e) {
            throw new IllegalStateException("a commit of the benchmark failed", e);
        }
        return nanos;
    }

    private static void record(String what, List<Long> nanos) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        double median = sorted[sorted.length / 2] / 1e3;
        double most = sorted[sorted.length * 99 / 100] / 1e3;
        double longest = sorted[sorted.length - 1] / 1e3;
        System.out.printf(
                Locale.ROOT,
                "%-45s median %8.0f µs, 99 of 100 %8.0f µs, longest %8.0f µs, of %d%n",
                what,
                median,
                most,
                longest,
                sorted.length);
        Figures.add("durable-latency", what, "median", median, "µs");
        Figures.add("durable-latency", what, "99 of 100", most, "µs");
        Figures.add("durable-latency", what, "longest", longest, "µs");
    }
}
