package dev.heartwood.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heartwood.json.Json;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A document in memory into a tree: ours with every check on, Jackson's as an {@code ObjectMapper} is by itself. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
// With a heap that grows, and a collector that runs beside, they would be what is measured.
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xms4g", "-Xmx4g", "-XX:+UseParallelGC"})
public class JsonReadBenchmark {
    private static final ObjectMapper JACKSON = new ObjectMapper();

    /** Which of {@link JsonDocuments}. */
    @Param(JsonDocuments.ONE)
    public String document = "";

    /** Whether it comes as UTF-8 or as a string. */
    @Param({"bytes", "text"})
    public String form = "";

    private byte[] bytes = {};
    private @Nullable String text;

    /** JMH's. */
    public JsonReadBenchmark() {}

    /** Makes the document. */
    @Setup
    public void make() {
        bytes = JsonDocuments.read(document);
        text = form.equals("text") ? new String(bytes, StandardCharsets.UTF_8) : null;
    }

    /** This library. */
    @Benchmark
    public HashMap<String, @Nullable Object> heartwood() {
        return text != null ? Json.read(text) : Json.read(bytes);
    }

    /** Jackson's tree model. */
    @Benchmark
    public JsonNode tree() throws IOException {
        return text != null ? JACKSON.readTree(text) : JACKSON.readTree(bytes);
    }

    /** Jackson's binding to the collections of {@code java.util}. */
    @Benchmark
    public Map<?, ?> map() throws IOException {
        return text != null ? JACKSON.readValue(text, Map.class) : JACKSON.readValue(bytes, Map.class);
    }
}
