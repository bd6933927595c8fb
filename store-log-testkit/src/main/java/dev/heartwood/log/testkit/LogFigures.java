package dev.heartwood.log.testkit;

import dev.heartwood.Store;
import dev.heartwood.log.LogException;
import dev.heartwood.log.LogStore;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Position;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** What commits cost over an engine, beside the engine's bare conditional append, in one run. */
final class LogFigures {
    private static final int WARM_UP = 300;
    private static final int APPENDS = 2_000;
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
        long bare = bareAppend();
        try (Store store = LogStore.over(fixture.connect(port, "figures"))) {
            long commit = median(i -> store.put("n", i));
            long read = median(i -> store.get("n"));
            long one = perSecond(store, 1);
            long many = perSecond(store, THREADS);
            System.out.println(String.format(
                    Locale.ROOT,
                    "figures of %s: bare append %d us, commit of one writer %d us (%.2f times), local read %d ns;"
                            + " commits/s of 1 thread %d, of %d threads %d (%.1f times)",
                    fixture.getClass().getSimpleName(),
                    bare / NANOS_OF_MICRO,
                    commit / NANOS_OF_MICRO,
                    (double) commit / bare,
                    read,
                    one,
                    THREADS,
                    many,
                    (double) many / one));
        }
    }

    private long bareAppend() throws Exception {
        try (SharedLog log = fixture.connect(port, "bare")) {
            Position[] last = {log.last()};
            return median(i -> {
                Position at = new Position(i + 1, "w:" + i);
                log.append(last[0], new Entry(at, "[[\"put\",\"n\"," + i + "]]"), null);
                last[0] = at;
            });
        }
    }

    private interface Step {
        void take(long number) throws LogException;
    }

    /** The median of many steps, in nanoseconds. */
    private static long median(Step step) throws LogException {
        long[] nanos = new long[APPENDS];
        for (int i = 0; i < WARM_UP + APPENDS; i++) {
            long began = System.nanoTime();
            step.take(i);
            if (i >= WARM_UP) {
                nanos[i - WARM_UP] = System.nanoTime() - began;
            }
        }
        Arrays.sort(nanos);
        return nanos[APPENDS / 2];
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
