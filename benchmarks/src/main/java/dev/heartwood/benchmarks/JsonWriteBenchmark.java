package dev.heartwood.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heartwood.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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

/** A tree as JSON: ours sorts the keys, Jackson's writes them in the order of the document. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
// With a heap that grows, and a collector that runs beside, they would be what is measured.
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xms4g", "-Xmx4g", "-XX:+UseParallelGC"})
public class JsonWriteBenchmark {
    private static final ObjectMapper JACKSON = new ObjectMapper();

    /** Which of {@link JsonDocuments}. */
    @Param(JsonDocuments.ONE)
    public String document = "";

    /** Whether it goes to a stream, as UTF-8, or into a string. */
    @Param({"stream", "text"})
    public String form = "";

    private Object ours = "";
    private Object tree = "";
    private Object map = "";

    /** JMH's. */
    public JsonWriteBenchmark() {}

    /** Reads the document. */
    @Setup
    public void read() throws IOException {
        byte[] bytes = JsonDocuments.read(document);
        ours = Json.read(bytes);
        tree = JACKSON.readTree(bytes);
        map = JACKSON.readValue(bytes, Map.class);
    }

    /** This library. */
    @Benchmark
    public Object heartwood() {
        if (form.equals("text")) {
            return Json.write(ours);
        }
        OutputStream stream = OutputStream.nullOutputStream();
        Json.write(ours, stream);
        return stream;
    }

    /** Jackson's tree model. */
    @Benchmark
    public Object tree() throws IOException {
        return jackson(tree);
    }

    /** The collections of {@code java.util}, by Jackson. */
    @Benchmark
    public Object map() throws IOException {
        return jackson(map);
    }

    private Object jackson(Object value) throws IOException {
        if (form.equals("text")) {
            return JACKSON.writeValueAsString(value);
        }
        OutputStream stream = OutputStream.nullOutputStream();
        JACKSON.writeValue(stream, value);
        return stream;
    }
}
