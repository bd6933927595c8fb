package dev.heartwood.benchmarks;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.json.Json;
import dev.heartwood.sqlite.SqliteStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One process of {@link CompareBuilds}. On request it makes commits with the build on its class path, and prints their
 * cost. It reads one line for each turn, the name of a {@link Load}, and ends with its input.
 */
final class CommitLoad {
    private static final int EIGHT = 8;
    private static final int SMALL = 800;
    private static final KeyPath COUNTER = KeyPath.of("counter");

    /** The measured operation, and the number of its repetitions in one turn of each thread. */
    enum Load {
        BARE_FILE("a file of 830 bytes", "bare: temporary file, sync, rename, sync of the directory", 1, 1_000),
        FILE("a file of 830 bytes", "SYNC, one writer", 1, 1_000),
        FILE_EIGHT("a file of 830 bytes", "SYNC, eight writers", EIGHT, 250),
        FOUND("a file of 830 bytes", "SYNC, one writer, a file of mode 0644 that the opening has found", 1, 1_000),
        MANUAL("a file of 830 bytes", "MANUAL, `flush()` after each commit", 1, 500),
        INTERVAL("a file of 830 bytes", "INTERVAL of 20 ms, without a pause", 1, 100_000),
        BARE_JOURNAL("a journal", "bare: append, sync", 1, 2_000),
        JOURNAL("a journal", "SYNC, one writer", 1, 2_000),
        JOURNAL_EIGHT("a journal", "SYNC, eight writers", EIGHT, 500),
        SQLITE("SQLite", "one writer", 1, 2_000),
        SQLITE_EIGHT("SQLite", "eight writers", EIGHT, 500);

        final String root;
        final String row;
        final int threads;
        final int times;

        Load(String root, String row, int threads, int times) {
            this.root = root;
            this.row = row;
            this.threads = threads;
            this.times = times;
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    private final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final ExecutorService writers = Executors.newFixedThreadPool(EIGHT);
    private final Path directory;
    private final Map<Load, Action> actions = new HashMap<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    private CommitLoad(Path directory) throws IOException {
        this.directory = directory;
        byte[] bytes = Json.pretty(tree(SMALL)).getBytes(StandardCharsets.UTF_8);
        Path found = directory.resolve("found.json");
        Json.pretty(tree(SMALL), found);
        Store old = DurableStores.options().open(found);
        open.add(old);
        Store small = made("small", DurableStores.options(), SMALL);
        Store manual = made("manual", DurableStores.options().manual(), SMALL);
        Store interval = made("interval", DurableStores.options().interval(Duration.ofMillis(20)), SMALL);
        Store journal = made("journal", DurableStores.options().journalAbove(0), 200_000);
        FileChannel log =
                FileChannel.open(directory.resolve("bare.log"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        open.add(log);
        Store sqlite = SqliteStore.open(directory.resolve("shared.db"));
        open.add(sqlite);
        sqlite.put("counter", 0);
        actions.put(Load.BARE_FILE, () -> BareFile.replace(directory, bytes));
        actions.put(Load.FILE, () -> small.increment(COUNTER));
        actions.put(Load.FILE_EIGHT, () -> small.increment(COUNTER));
        actions.put(Load.FOUND, () -> old.increment(COUNTER));
        actions.put(Load.MANUAL, () -> {
            manual.increment(COUNTER);
            manual.flush();
        });
        actions.put(Load.INTERVAL, () -> interval.increment(COUNTER));
        actions.put(Load.BARE_JOURNAL, () -> append(log));
        actions.put(Load.JOURNAL, () -> journal.increment(COUNTER));
        actions.put(Load.JOURNAL_EIGHT, () -> journal.increment(COUNTER));
        actions.put(Load.SQLITE, () -> sqlite.increment(COUNTER));
        actions.put(Load.SQLITE_EIGHT, () -> sqlite.increment(COUNTER));
    }

    /** For {@link CompareBuilds}; the one argument is an empty directory. */
    public static void main(String[] arguments) throws Exception {
        CommitLoad load = new CommitLoad(Path.of(arguments[0]));
        BufferedReader turns = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String turn = turns.readLine(); turn != null; turn = turns.readLine()) {
            System.out.println(load.turn(Load.valueOf(turn)));
        }
        load.close();
    }

    private void close() throws Exception {
        writers.shutdown();
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    /** A store that has made its file itself. */
    private Store made(String name, DurableStores options, int bytes) {
        Store store = options.open(directory.resolve(name + ".json"));
        open.add(store);
        store.batch(tx -> {
            for (Map.Entry<String, Object> entry : tree(bytes).entrySet()) {
                tx.put(entry.getKey(), entry.getValue());
            }
        });
        store.flush();
        return store;
    }

    /** A tree of about so many bytes. */
    static Map<String, Object> tree(int bytes) {
        Map<String, Object> tree = new HashMap<>();
        tree.put("counter", 0);
        for (int i = 0; i < bytes / 40; i++) {
            tree.put("key" + i, "a value of about thirty chars");
        }
        return tree;
    }

    private static void append(FileChannel log) throws IOException {
        byte[] line =
                "0123456789abcdef 123456 [{\"put\":\"/counter\",\"value\":123456}]\n".getBytes(StandardCharsets.UTF_8);
        log.write(ByteBuffer.wrap(line), log.size());
        log.force(false);
    }

    /** Nanoseconds of processor time, nanoseconds that pass, and bytes allocated, for each time. */
    private String turn(Load load) throws Exception {
        Action action = Objects.requireNonNull(actions.get(load));
        long processor = processorTime();
        long bytes = allocated();
        long started = System.nanoTime();
        if (load.threads == 1) {
            repeat(action, load.times);
        } else {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < load.threads; i++) {
                all.add(writers.submit(() -> {
                    repeat(action, load.times);
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        double times = (double) load.threads * load.times;
        return (processorTime() - processor) / times + " " + (System.nanoTime() - started) / times + " "
                + (allocated() - bytes) / times;
    }

    private static void repeat(Action action, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            action.run();
        }
    }

    /** Of all threads that run Java: those that commit, and those that write for them. */
    private long processorTime() {
        long sum = 0;
        for (long thread : threads.getAllThreadIds()) {
            sum += Math.max(0, threads.getThreadCpuTime(thread));
        }
        return sum;
    }

    private long allocated() {
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }
}
