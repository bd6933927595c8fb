package dev.heartwood.benchmarks;

import clojure.lang.AFn;
import clojure.lang.Atom;
import clojure.lang.PersistentHashMap;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Eight threads, each with 200 updates of a key of its own, by a function that takes 1 ms: how long it takes, and how
 * often the functions ran. A program, not a JMH benchmark, since one pass is the figure.
 *
 * <p>Run it with {@code java -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.SlowFunctions}.
 */
public final class SlowFunctions {
    private static final int THREADS = 8;
    private static final int UPDATES = 200;
    private static final int ROUNDS = 3;

    private SlowFunctions() {}

    /** Updates the value of a key with a function. */
    @FunctionalInterface
    private interface Subject {
        @Nullable
        Object update(String key, LongUnaryOperator function);
    }

    /** Prints a line for each peer and round. */
    public static void main(String[] args) throws InterruptedException {
        System.out.println("8 threads x 200 functions of 1 ms on keys of their own");
        for (int round = 0; round < ROUNDS; round++) {
            measure("only the functions", (key, function) -> function.applyAsLong(0));
            measure("ConcurrentHashMap", concurrentHashMap());
            measure("heartwood", heartwood());
            measure("ReentrantLock + HashMap", lock());
            measure("naive Vavr", naive());
            measure("clojure swap!", clojure());
        }
    }

    private static void measure(String name, Subject subject) throws InterruptedException {
        LongAdder runs = new LongAdder();
        LongUnaryOperator function = value -> {
            runs.increment();
            LockSupport.parkNanos(1_000_000);
            return value + 1;
        };
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            String key = "key" + i;
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    return;
                }
                for (int update = 0; update < UPDATES; update++) {
                    Object ignored = subject.update(key, function);
                }
            });
            thread.start();
            threads.add(thread);
        }
        long begin = System.nanoTime();
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        double millis = (System.nanoTime() - begin) / 1e6;
        Figures.add("slow-functions", name, "time", millis, "ms");
        Figures.add("slow-functions", name, "runs for 1,600 needed", (double) runs.sum(), "");
        System.out.printf(
                Locale.ROOT, "  %-24s %6.0f ms  %6d runs for %d needed%n", name, millis, runs.sum(), THREADS * UPDATES);
    }

    private static Map<String, Long> keys() {
        Map<String, Long> keys = new java.util.HashMap<>();
        for (int i = 0; i < THREADS; i++) {
            keys.put("key" + i, 0L);
        }
        return keys;
    }

    private static Subject heartwood() {
        Store store = Store.of(keys());
        return (key, function) -> store.update(KeyPath.of(key), Long.class, function::applyAsLong);
    }

    private static Subject concurrentHashMap() {
        ConcurrentHashMap<String, Long> map = new ConcurrentHashMap<>(keys());
        return (key, function) -> map.computeIfPresent(key, (same, value) -> function.applyAsLong(value));
    }

    private static Subject lock() {
        Map<String, Long> map = keys();
        ReentrantLock lock = new ReentrantLock();
        return (key, function) -> {
            lock.lock();
            try {
                return map.computeIfPresent(key, (same, value) -> function.applyAsLong(value));
            } finally {
                lock.unlock();
            }
        };
    }

    private static Subject naive() {
        AtomicReference<HashMap<String, Long>> tree = new AtomicReference<>(HashMap.ofAll(keys()));
        return (key, function) -> tree.updateAndGet(
                map -> map.put(key, function.applyAsLong(map.get(key).get())));
    }

    private static Subject clojure() {
        Atom atom = new Atom(PersistentHashMap.create(keys()));
        return (key, function) -> atom.swap(new AFn() {
            @Override
            public Object invoke(Object map) {
                PersistentHashMap tree = (PersistentHashMap) map;
                return tree.assoc(key, function.applyAsLong((Long) Objects.requireNonNull(tree.valAt(key))));
            }
        });
    }
}
