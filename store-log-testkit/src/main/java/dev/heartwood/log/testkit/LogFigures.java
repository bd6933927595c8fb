package dev.heartwood.log.testkit;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.json.Json;
import dev.heartwood.log.LogException;
import dev.heartwood.log.LogOptions;
import dev.heartwood.log.LogStore;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Position;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** The cost of commits over an engine, beside the engine's bare conditional append, in one run. */
final class LogFigures {
    private static final int TURNS = 80;
    /** The compiler of the virtual machine needs some thousands of commits, and fewer of the bare appends. */
    private static final int WARM_UP_TURNS = 40;

    private static final int STEPS = 100;
    private static final int THREADS = 64;
    private static final long NANOS_OF_MICRO = 1_000;
    private static final long SECONDS = 5;
    private static final long NANOS_OF_MILLI = 1_000_000;
    /** As many orders as make some 50 MB of JSON. */
    private static final int LARGE_BATCHES = 17;

    private static final int LARGE_BATCH = 10_000;
    private static final int OPENINGS = 31;
    private static final long PAUSE_MILLIS = 20;
    /** The delay of a request, and of its answer. */
    private static final long FAR_MILLIS = 3;

    private final EngineFixture fixture;
    private final int port;

    LogFigures(EngineFixture fixture, int port) {
        this.fixture = fixture;
        this.port = port;
    }

    void print() throws Exception {
        System.out.println("figures of " + fixture.getClass().getSimpleName() + ", load average "
                + ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        commits();
        opening("large", false);
        opening("compressed", true);
        farWriter();
    }

    private void commits() throws Exception {
        try (Store store = LogStore.over(fixture.connect(port, "figures"));
                Store inMemory = Store.of(Map.of("n", 0L));
                SharedLog log = fixture.connect(port, "bare")) {
            Times bare = new Times(bareAppend(log));
            Times commits = new Times(i -> store.put("n", i));
            Times reads = new Times(i -> store.get("n"));
            Times readsInMemory = new Times(i -> inMemory.get("n"));
            // In turns, so that other work of the machine slows all of them.
            for (int turn = 0; turn < TURNS; turn++) {
                bare.measure();
                commits.measure();
                reads.measure();
                readsInMemory.measure();
            }
            long one = perSecond(store, 1);
            long many = perSecond(store, THREADS);
            print(
                    "bare append %d us, commit of one writer %d us (%.2f times; of the first %d commits %.2f times);"
                            + " local read %d ns, in memory %d ns; commits/s of 1 thread %d, of %d threads %d (%.1f times)",
                    bare.median() / NANOS_OF_MICRO,
                    commits.median() / NANOS_OF_MICRO,
                    (double) commits.median() / bare.median(),
                    WARM_UP_TURNS * STEPS,
                    (double) commits.firstMedian() / bare.firstMedian(),
                    reads.median(),
                    readsInMemory.median(),
                    one,
                    THREADS,
                    many,
                    (double) many / one);
        }
    }

    private static void print(String text, Object... numbers) {
        System.out.println("  " + String.format(Locale.ROOT, text, numbers));
    }

    /** A store that opens with a large checkpoint, beside the reader of JSON alone. */
    private void opening(String tree, boolean compressed) throws Exception {
        byte[] json;
        LogOptions options = LogStore.options()
                .checkpointEvery(LARGE_BATCHES + 1)
                .keepEntries(0)
                .compressCheckpointsAbove(compressed ? 0 : Long.MAX_VALUE);
        try (Store store = options.over(fixture.connect(port, tree));
                SharedLog log = fixture.connect(port, tree)) {
            for (int batch = 0; batch < LARGE_BATCHES; batch++) {
                int first = batch * LARGE_BATCH;
                store.batch(tx -> {
                    for (int i = first; i < first + LARGE_BATCH; i++) {
                        tx.put(KeyPath.of("orders", "order" + i), order(i));
                    }
                });
            }
            store.put("n", 0L);
            while (log.checkpoint().isEmpty()) {
                store.increment("n");
                Thread.sleep(PAUSE_MILLIS);
            }
            // As a checkpoint has it.
            json = Json.pretty(store).getBytes(StandardCharsets.UTF_8);
        }
        List<Long> openings = new ArrayList<>();
        List<Long> readings = new ArrayList<>();
        List<Long> requests = new ArrayList<>();
        for (int turn = 0; turn < OPENINGS; turn++) {
            long began = System.nanoTime();
            int size = Json.read(json).size();
            readings.add(System.nanoTime() - began);
            requests.add(requestsForParts(tree));
            began = System.nanoTime();
            try (Store store = options.over(fixture.connect(port, tree))) {
                openings.add(System.nanoTime() - began);
                if (store.size() != size) {
                    throw new IllegalStateException("the store has another size than its JSON");
                }
            }
        }
        print(
                "opening with a checkpoint of %d MB%s %d ms; the requests for its parts alone %d ms, Json.read of it %d ms"
                        + " (%.2f times; both together %.2f times)",
                json.length / 1_000_000,
                compressed ? ", compressed," : "",
                median(openings) / NANOS_OF_MILLI,
                median(requests) / NANOS_OF_MILLI,
                median(readings) / NANOS_OF_MILLI,
                (double) median(openings) / median(readings),
                (double) median(openings) / (median(requests) + median(readings)));
    }

    /** How long the engine takes to give all parts of the checkpoint, one after the other. */
    private long requestsForParts(String tree) throws Exception {
        try (SharedLog log = fixture.connect(port, tree)) {
            Store pointer = Store.of(Json.read(log.checkpoint().orElseThrow()));
            long number = pointer.get("number", Long.class);
            String name = String.format(Locale.ROOT, "checkpoint/%019d/%s/", number, pointer.get("id"));
            long began = System.nanoTime();
            for (long part = 0; part < pointer.get("parts", Long.class); part++) {
                if (log.get(name + part) == null) {
                    throw new IllegalStateException("part " + part + " of the checkpoint is gone");
                }
            }
            return System.nanoTime() - began;
        }
    }

    private static Map<String, Object> order(int number) {
        return Map.of(
                "id",
                number,
                "customer",
                Map.of("name", "Customer " + number % 977, "city", "City " + number % 89),
                "lines",
                List.of(number % 13, number % 7, number % 5),
                "price",
                number * 0.25,
                "paid",
                number % 3 == 0,
                "note",
                "delivered by hand at the door of the neighbours, number " + number);
    }

    /** A writer that is milliseconds away beside two that are near, all without a pause. */
    private void farWriter() throws Exception {
        try (TcpProxy network = new TcpProxy(port);
                Store near = LogStore.over(fixture.connect(port, "far"));
                Store otherNear = LogStore.over(fixture.connect(port, "far"));
                Store far = LogStore.over(fixture.connect(network.port(), "far"))) {
            near.put("n", 0L);
            network.delay(Duration.ofMillis(FAR_MILLIS));
            AtomicLong worst = new AtomicLong();
            AtomicLong ofFar = new AtomicLong();
            AtomicLong ofNear = new AtomicLong();
            long end = System.nanoTime() + SECONDS * 1_000_000_000;
            List<Thread> threads = new ArrayList<>();
            for (Store store : List.of(near, otherNear, far)) {
                Thread thread = new Thread(() -> {
                    for (long began = System.nanoTime(); began < end; began = System.nanoTime()) {
                        store.increment("n");
                        (store == far ? ofFar : ofNear).incrementAndGet();
                        if (store == far) {
                            worst.accumulateAndGet(System.nanoTime() - began, Math::max);
                        }
                    }
                });
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            print(
                    "a writer %d ms away beside two near ones: worst wait %d ms; %d commits, those of the others %d",
                    2 * FAR_MILLIS, worst.get() / NANOS_OF_MILLI, ofFar.get(), ofNear.get());
        }
    }

    private static Step bareAppend(SharedLog log) throws LogException {
        Position[] last = {log.last()};
        return i -> {
            Position at = new Position(i + 1, "w:" + i);
            Object ignored = log.append(last[0], new Entry(at, "[[\"put\",\"n\"," + i + "]]"), null);
            last[0] = at;
        };
    }

    private interface Step {
        void take(long number) throws LogException;
    }

    /** The times of many steps, in nanoseconds. */
    private static final class Times {
        private final Step step;
        private final List<Long> ofWarmUp = new ArrayList<>();
        private final List<Long> nanos = new ArrayList<>();
        private long number;

        Times(Step step) {
            this.step = step;
        }

        void measure() throws LogException {
            List<Long> times = number < WARM_UP_TURNS * STEPS ? ofWarmUp : nanos;
            for (int i = 0; i < STEPS; i++) {
                long began = System.nanoTime();
                step.take(number++);
                times.add(System.nanoTime() - began);
            }
        }

        long firstMedian() {
            return LogFigures.median(ofWarmUp);
        }

        long median() {
            return LogFigures.median(nanos);
        }
    }

    private static long median(List<Long> nanos) {
        return nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow();
    }

    private static long perSecond(Store store, int threads) throws InterruptedException {
        AtomicLong made = new AtomicLong();
        CountDownLatch ended = new CountDownLatch(threads);
        long end = System.nanoTime() + SECONDS * 1_000_000_000;
        for (int i = 0; i < threads; i++) {
            String key = "key" + i;
            new Thread(() -> {
                        for (long n = 0; System.nanoTime() < end; n++) {
                            store.put(key, n);
                            made.incrementAndGet();
                        }
                        ended.countDown();
                    })
                    .start();
        }
        ended.await();
        return made.get() / SECONDS;
    }
}
