package dev.heartwood.benchmarks;

import clojure.lang.AFn;
import clojure.lang.LockingTransaction;
import clojure.lang.Ref;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;

/**
 * Eight threads, each with 100 batches that take 1 ms: each updates a key of its own, and counts on one number that all count
 * on. How long it takes, and how often the slow part ran. A program, not a JMH benchmark, since one pass is the figure.
 *
 * <p>Run it with {@code java -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.HotCounter}.
 */
public final class HotCounter {
    private static final int THREADS = 8;
    private static final int BATCHES = 100;
    private static final int ROUNDS = 3;
    private static final String HITS = "hits";

    private HotCounter() {}

    /** Updates the value of a key with a slow function, and counts. */
    private interface Subject {
        void batch(int key, LongUnaryOperator function) throws Exception;

        long hits();
    }

    /** Prints a line for each peer and round. */
    public static void main(String[] args) throws InterruptedException {
        System.out.println("8 threads x 100 batches of 1 ms on keys of their own, which all count on one number");
        for (int round = 0; round < ROUNDS; round++) {
            measure("heartwood commute", new Heartwood(tx -> tx.commute(HITS, Long.class, n -> n + 1)));
            measure("heartwood increment", new Heartwood(tx -> tx.increment(HITS)));
            measure("ConcurrentHashMap (two calls)", new TwoCalls());
            measure("clojure commute", new Clojure(true));
            measure("clojure alter", new Clojure(false));
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
            int key = i;
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                    for (int batch = 0; batch < BATCHES; batch++) {
                        subject.batch(key, function);
                    }
                } catch (Exception e) {
                    throw new IllegalStateException(name, e);
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
        Figures.add("hot-counter", name, "time", millis, "ms");
        Figures.add("hot-counter", name, "runs for 800 needed", (double) runs.sum(), "");
        System.out.printf(
                Locale.ROOT,
                "  %-30s %6.0f ms  %6d runs for %d needed, counted %d%n",
                name,
                millis,
                runs.sum(),
                THREADS * BATCHES,
                subject.hits());
    }

    private static Map<String, Long> numbers() {
        Map<String, Long> numbers = new java.util.HashMap<>(Map.of(HITS, 0L));
        for (int i = 0; i < THREADS; i++) {
            numbers.put("key" + i, 0L);
        }
        return numbers;
    }

    /** One commit, in which the count is the given operation. */
    private static final class Heartwood implements Subject {
        private final Store store = Store.of(numbers());
        private final java.util.function.Consumer<Transaction> count;

        Heartwood(java.util.function.Consumer<Transaction> count) {
            this.count = count;
        }

        @Override
        public void batch(int key, LongUnaryOperator function) {
            store.batch(tx -> {
                count.accept(tx);
                long ignored = tx.update(KeyPath.of("key" + key), Long.class, function::applyAsLong);
            });
        }

        @Override
        public long hits() {
            return store.get(HITS, Long.class);
        }
    }

    /** Two atomic operations, between which others may look. */
    private static final class TwoCalls implements Subject {
        private final ConcurrentHashMap<String, Long> map = new ConcurrentHashMap<>(numbers());

        @Override
        public void batch(int key, LongUnaryOperator function) {
            map.merge("key" + key, 0L, (value, none) -> function.applyAsLong(value));
            map.merge(HITS, 1L, Long::sum);
        }

        @Override
        public long hits() {
            return map.getOrDefault(HITS, 0L);
        }
    }

    /** A transaction over refs, {@code (dosync (alter key f) (commute hits inc))}. */
    private static final class Clojure implements Subject {
        private final Ref hits = new Ref(0L);
        private final List<Ref> keys = new ArrayList<>();
        private final boolean commutes;

        Clojure(boolean commutes) {
            this.commutes = commutes;
            for (int i = 0; i < THREADS; i++) {
                keys.add(new Ref(0L));
            }
        }

        private static AFn function(LongUnaryOperator function) {
            return new AFn() {
                @Override
                public Object invoke(Object value) {
                    return function.applyAsLong((Long) value);
                }
            };
        }

        @Override
        public void batch(int key, LongUnaryOperator slow) throws Exception {
            AFn increment = function(value -> value + 1);
            Callable<Object> body = () -> {
                Object counted = commutes ? hits.commute(increment, null) : hits.alter(increment, null);
                return List.of(counted, keys.get(key).alter(function(slow), null));
            };
            Object ignored = LockingTransaction.runInTransaction(body);
        }

        @Override
        public long hits() {
            return (Long) hits.deref();
        }
    }
}
