package dev.heartwood.benchmarks;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** One counter is read or updated: alone, by two threads at different counters, by two at the same. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class PointBenchmark {
    /** JMH's. */
    public PointBenchmark() {}

    /** The tree, in one peer, shared by all threads. */
    @State(Scope.Benchmark)
    public static class Shared {
        /** The holder of the tree. */
        @Param({"heartwood", "lock", "rwlock", "chm", "naive", "bare", "clojure", "mvstore"})
        public String peer = "";

        /** How many keys lead to a counter. */
        @Param({"3", "8"})
        public int depth;

        private Peer subject = UnsetPeer.PEER;

        /** JMH's. */
        public Shared() {}

        /** Builds the tree. */
        @Setup(Level.Trial)
        public void build() {
            subject = Peer.of(peer, new Shape(depth));
        }
    }

    /** A thread's own counter. */
    @State(Scope.Thread)
    public static class Own {
        private final int path = ThreadLocalRandom.current().nextInt(1, Shape.COUNTERS);

        /** JMH's. */
        public Own() {}
    }

    /** One thread reads. */
    @Benchmark
    public long get(Shared shared, Own own) {
        return shared.subject.get(own.path);
    }

    /** One thread updates. */
    @Benchmark
    public long update(Shared shared, Own own) {
        return shared.subject.update(own.path);
    }

    /** Two threads update counters of their own. */
    @Benchmark
    @Threads(2)
    public long updateDisjoint(Shared shared, Own own) {
        return shared.subject.update(own.path);
    }

    /** Two threads update one counter. */
    @Benchmark
    @Threads(2)
    public long updateSame(Shared shared) {
        return shared.subject.update(0);
    }

    /** One thread keeps the state. */
    @Benchmark
    public Object snapshot(Shared shared) {
        return shared.subject.snapshot();
    }
}
