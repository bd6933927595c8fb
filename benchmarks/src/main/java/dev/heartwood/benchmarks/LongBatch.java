package dev.heartwood.benchmarks;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A batch of 20 ms that reads and writes 100 keys, back to back for some seconds, while another thread hammers one of
 * those keys, or a key elsewhere: the duration of the batches, and the rate of the other thread.
 *
 * <p>Run it with {@code java -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.LongBatch}.
 */
public final class LongBatch {
    private static final int KEYS = 100;
    private static final long BATCH_NANOS = 20_000_000;
    private static final long SECONDS = 10;

    private LongBatch() {}

    /** Prints the two cases. */
    public static void main(String[] args) throws InterruptedException {
        long seconds = args.length > 0 ? Long.parseLong(args[0]) : SECONDS;
        measure("nobody runs batches", KeyPath.of("key0"), 0, 2);
        measure("a key of the batch is hammered", KeyPath.of("key0"), seconds, seconds);
        measure("a key elsewhere is hammered", KeyPath.of("elsewhere"), seconds, seconds);
    }

    private static void measure(String what, KeyPath hammered, long batchSeconds, long seconds)
            throws InterruptedException {
        Store store =
                Store.of(IntStream.range(0, KEYS).boxed().collect(Collectors.toMap(i -> "key" + i, i -> (Object) 0L)));
        store.put("elsewhere", 0L);
        AtomicBoolean stop = new AtomicBoolean();
        LongAdder hits = new LongAdder();
        List<Long> rates = Collections.synchronizedList(new ArrayList<>());
        Thread hammer = new Thread(() -> {
            while (!stop.get()) {
                store.increment(hammered);
                hits.increment();
            }
        });
        Thread meter = new Thread(() -> {
            long last = 0;
            while (!stop.get()) {
                LockSupport.parkNanos(50_000_000);
                long now = hits.sum();
                rates.add((now - last) * 20);
                last = now;
            }
        });
        hammer.start();
        meter.start();
        List<Long> batches = new ArrayList<>();
        long end = System.nanoTime() + seconds * 1_000_000_000;
        while (System.nanoTime() < end) {
            if (batchSeconds == 0) {
                LockSupport.parkNanos(end - System.nanoTime());
            } else {
                long begin = System.nanoTime();
                batch(store);
                batches.add((System.nanoTime() - begin) / 1_000_000);
            }
        }
        stop.set(true);
        hammer.join();
        meter.join();
        Figures.add("long-batch", what, "a batch, median", (double) at(batches, 0.5), "ms");
        Figures.add("long-batch", what, "worst", (double) at(batches, 1), "ms");
        Figures.add("long-batch", what, "the hammering thread", (double) at(rates, 0.5), "commits a second");
        System.out.printf(
                Locale.ROOT,
                "%-32s %5d batches  median %4d ms  worst %4d ms   hammer: median %,11d/s%n",
                what,
                batches.size(),
                at(batches, 0.5),
                at(batches, 1),
                at(rates, 0.5));
    }

    private static void batch(Store store) {
        store.batch(tx -> {
            long begin = System.nanoTime();
            for (int i = 0; i < KEYS; i++) {
                KeyPath key = KeyPath.of("key" + i);
                tx.put(key, tx.get(key, Long.class) + 1);
                // Every park overshoots: by deadlines the overshoot does not add up.
                LockSupport.parkNanos(begin + (i + 1) * (BATCH_NANOS / KEYS) - System.nanoTime());
            }
        });
    }

    private static long at(List<Long> values, double quantile) {
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.round((sorted.size() - 1) * quantile));
    }
}
