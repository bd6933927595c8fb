package dev.heartwood.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.flipkart.zjsonpatch.JsonDiff;
import dev.heartwood.Diff;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
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
import org.openjdk.jmh.annotations.Warmup;

/** Ten changes among 100,000 leaves, side by side where they are a list: the diff of two snapshots. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class DiffBenchmark {
    private static final int LEAVES = 100_000;
    private static final int CHANGES = 10;

    /** One flat map, maps of 100 in a map of 1,000, or one list. */
    @Param({"flat", "nested", "list"})
    public String shape = "";

    private Snapshot before = Store.create().snapshot();
    private Snapshot after = before;
    private JsonNode jsonBefore = NullNode.instance;
    private JsonNode jsonAfter = NullNode.instance;

    /** JMH's. */
    public DiffBenchmark() {}

    /** Builds the two states. */
    @Setup(Level.Trial)
    public void build() {
        Store store = Store.of(tree());
        before = store.snapshot();
        store.batch(tx -> {
            for (int i = 0; i < CHANGES; i++) {
                tx.increment(leaf(i));
            }
        });
        after = store.snapshot();
        ObjectMapper mapper = new ObjectMapper();
        jsonBefore = mapper.valueToTree(before.toMap());
        jsonAfter = mapper.valueToTree(after.toMap());
    }

    private Map<String, Object> tree() {
        if (shape.equals("list")) {
            return Map.of("list", LongStream.range(0, LEAVES).toArray());
        }
        Map<String, Object> tree = new HashMap<>();
        for (int i = 0; i < LEAVES; i++) {
            if (shape.equals("flat")) {
                tree.put("key" + i, (long) i);
            } else {
                child(tree, "map" + i / 100).put("key" + i, (long) i);
            }
        }
        return tree;
    }

    private KeyPath leaf(int change) {
        int leaf = change * (LEAVES / CHANGES);
        return switch (shape) {
            case "flat" -> KeyPath.of("key" + leaf);
            case "nested" -> KeyPath.of("map" + leaf / 100, "key" + leaf);
            default -> KeyPath.of("list", LEAVES / 2 + change);
        };
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> child(Map<String, Object> tree, String key) {
        return (Map<String, Object>) tree.computeIfAbsent(key, absent -> new HashMap<String, Object>());
    }

    /** The changes, skipping the nodes that the states share. */
    @Benchmark
    public Diff diff() {
        return before.diff(after);
    }

    /** The changes, by the public methods of Vavr alone. */
    @Benchmark
    @Fork(value = 2, jvmArgsAppend = "-Ddev.heartwood.keepVavrClosed=true")
    public Diff diffClosed() {
        return before.diff(after);
    }

    /** The changes between two of Jackson's trees, by zjsonpatch. */
    @Benchmark
    public JsonNode zjsonpatch() {
        return JsonDiff.asJson(jsonBefore, jsonAfter);
    }
}
