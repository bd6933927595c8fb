package dev.heartwood.log.testkit;

import dev.heartwood.Store;
import dev.heartwood.log.LogException;
import dev.heartwood.log.LogStore;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** The cost of commits over an engine, beside the engine's bare conditional append, in one run. */
final class LogFigures {
    private static final int TURNS = 21;
    private static final int STEPS = 100;
    private static final int THREADS = 64;
    private static final long NANOS_OF_MICRO = 1_000;
    private static final long SECONDS = 5;

    private final EngineFixture fixture;
    private final int port;

    LogFigures(EngineFixture fixture, int port) {
        this.fixture = fixture;
        this.port = port;
    }

    void print() throws Exception {
        try (Store store = LogStore.over(fixture.connect(port, "figures"));
                SharedLog log = fixture.connect(port, "bare")) {
            Times bare = new Times(bareAppend(log));
            Times commits = new Times(i -> store.put("n", i));
            Times reads = new Times(i -> store.get("n"));
            // In turns, so that other work of the machine slows both.
            for (int turn = 0; turn < TURNS; turn++) {
                bare.measure();
                commits.measure();
                reads.measure();
            }
            long one = perSecond(store, 1);
            long many = perSecond(store, THREADS);
            System.out.println(String.format(
                    Locale.ROOT,
                    "figures of %s: bare append %d us, commit of one writer %d us (%.2f times), local read %d ns;"
                            + " commits/s of 1 thread %d, of %d threads %d (%.1f times)",
                    fixture.getClass().getSimpleName(),
                    bare.median() / NANOS_OF_MICRO,
                    commits.median() / NANOS_OF_MICRO,
                    (double) commits.median() / bare.median(),
                    reads.median(),
                    one,
                    THREADS,
                    many,
                    (double) many / one));
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

    /** The times of many steps, in nanoseconds. The first turn warms up. */
    private static final class Times {
        private final Step step;
        private final List<Long> nanos = new ArrayList<>();
        private long number;

        Times(Step step) {
            this.step = step;
        }

        void measure() throws LogException {
            boolean isWarm = number > 0;
            for (int i = 0; i < STEPS; i++) {
                long began = System.nanoTime();
                step.take(number++);
                if (isWarm) {
                    nanos.add(System.nanoTime() - began);
                }
            }
        }

        long median() {
            return nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow();
        }
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
