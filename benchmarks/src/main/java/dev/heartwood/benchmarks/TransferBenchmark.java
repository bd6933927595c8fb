package dev.heartwood.benchmarks;

import clojure.java.api.Clojure;
import clojure.lang.AFn;
import clojure.lang.IFn;
import clojure.lang.LockingTransaction;
import clojure.lang.RT;
import clojure.lang.Ref;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import io.vavr.collection.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** A batch that moves 1 between two of 64 accounts, with everything that it read checked at the commit. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class TransferBenchmark {
    private static final int ACCOUNTS = 64;
    private static final IFn ADD = Clojure.var("clojure.core", "+");

    private final Store store = Store.of(Map.of("accounts", accounts()));
    private final KeyPath[] paths = IntStream.range(0, ACCOUNTS)
            .mapToObj(i -> KeyPath.of("accounts", "account" + i))
            .toArray(KeyPath[]::new);
    private final AtomicReference<HashMap<String, HashMap<String, Long>>> naive =
            new AtomicReference<>(HashMap.of("accounts", HashMap.ofAll(accounts())));
    private final Ref[] refs =
            IntStream.range(0, ACCOUNTS).mapToObj(i -> new Ref(1_000L)).toArray(Ref[]::new);

    /** JMH's. */
    public TransferBenchmark() {}

    private static Map<String, Long> accounts() {
        return IntStream.range(0, ACCOUNTS).boxed().collect(Collectors.toMap(i -> "account" + i, i -> 1_000L));
    }

    private static int any() {
        return ThreadLocalRandom.current().nextInt(ACCOUNTS);
    }

    /** A batch of this library, one thread. */
    @Benchmark
    public Object heartwood() {
        KeyPath from = paths[any()];
        KeyPath to = paths[any()];
        return store.batch(tx -> {
            tx.put(from, (Long) Objects.requireNonNull(tx.get(from)) - 1);
            tx.put(to, (Long) Objects.requireNonNull(tx.get(to)) + 1);
        });
    }

    /** A batch of this library, two threads. */
    @Benchmark
    @Threads(2)
    public Object heartwood2() {
        return heartwood();
    }

    /** {@code updateAndGet} on Vavr maps, one thread. */
    @Benchmark
    public Object naive() {
        String from = "account" + any();
        String to = "account" + any();
        return Objects.requireNonNull(naive.updateAndGet(tree -> {
            HashMap<String, Long> all = tree.get("accounts").get();
            HashMap<String, Long> less = all.put(from, all.get(from).get() - 1);
            return tree.put("accounts", less.put(to, less.get(to).get() + 1));
        }));
    }

    /** {@code updateAndGet} on Vavr maps, two threads. */
    @Benchmark
    @Threads(2)
    public Object naive2() {
        return naive();
    }

    /** Clojure's refs and {@code alter}, one thread. */
    @Benchmark
    public Object refs() throws Exception {
        Ref from = refs[any()];
        Ref to = refs[any()];
        return LockingTransaction.runInTransaction(new AFn() {
            @Override
            public Object invoke() {
                from.alter(ADD, RT.list(-1L));
                return to.alter(ADD, RT.list(1L));
            }
        });
    }

    /** Clojure's refs, two threads. */
    @Benchmark
    @Threads(2)
    public Object refs2() throws Exception {
        return refs();
    }
}
