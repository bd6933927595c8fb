package dev.heartwood.benchmarks;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Two threads read counters while a third updates them. */
@State(Scope.Group)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class ReadersBenchmark {
    /** The holder of the tree. */
    @Param({"heartwood", "lock", "rwlock", "chm", "naive", "clojure", "mvstore"})
    public String peer = "";

    /** How many keys lead to a counter. */
    @Param({"3"})
    public int depth;

    private Peer subject = UnsetPeer.PEER;

    /** JMH's. */
    public ReadersBenchmark() {}

    /** Builds the tree. */
    @Setup(Level.Trial)
    public void build() {
        subject = Peer.of(peer, new Shape(depth));
    }

    /** Two threads read. */
    @Benchmark
    @Group("whileWriting")
    @GroupThreads(2)
    public long get() {
        return subject.get(any());
    }

    /** One thread updates. */
    @Benchmark
    @Group("whileWriting")
    @GroupThreads(1)
    public long update() {
        return subject.update(any());
    }

    private static int any() {
        return ThreadLocalRandom.current().nextInt(Shape.COUNTERS);
    }
}
