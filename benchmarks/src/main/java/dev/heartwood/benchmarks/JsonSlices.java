package dev.heartwood.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heartwood.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One JVM's part of {@link JsonCompare}: reads or writes one document in one form by each peer in turn, in short slices,
 * and prints the milliseconds a document for each peer.
 *
 * <p>A slice is measured in processor time of the thread, so other processes that take the processor do not count.
 * Their effect on caches and clock does count, and hits the peers alike, since their slices alternate. The quickest
 * quarter of a peer's slices is averaged. Garbage is collected by other threads, whose time does not count.
 */
final class JsonSlices {
    private static final ObjectMapper JACKSON = new ObjectMapper();
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long SLICE_NANOS = 25_000_000;

    /** Keeps the results from being optimized away. */
    static volatile @Nullable Object sink;

    private JsonSlices() {}

    /** Reads or writes a document once. */
    @FunctionalInterface
    private interface Work {
        @Nullable
        Object run() throws IOException;
    }

    /** Arguments: verb, document, form, seconds of warm-up, seconds of slices. */
    public static void main(String[] args) throws IOException {
        Map<String, Work> peers = args[0].equals("read") ? reading(args[1], args[2]) : writing(args[1], args[2]);
        rounds(peers, Long.parseLong(args[3]));
        rounds(peers, Long.parseLong(args[4]))
                .forEach((peer, times) -> System.out.println(peer + ' ' + quickestQuarter(times)));
    }

    private static Map<String, Work> reading(String document, String form) {
        byte[] bytes = JsonDocuments.read(document);
        Map<String, Work> peers = new LinkedHashMap<>();
        if (form.equals("bytes")) {
            peers.put("heartwood", () -> Json.read(bytes));
            peers.put("tree", () -> JACKSON.readTree(bytes));
            peers.put("map", () -> JACKSON.readValue(bytes, Map.class));
        } else {
            String text = new String(bytes, StandardCharsets.UTF_8);
            peers.put("heartwood", () -> Json.read(text));
            peers.put("tree", () -> JACKSON.readTree(text));
            peers.put("map", () -> JACKSON.readValue(text, Map.class));
        }
        return peers;
    }

    private static Map<String, Work> writing(String document, String form) throws IOException {
        byte[] bytes = JsonDocuments.read(document);
        Object ours = Json.read(bytes);
        Object tree = JACKSON.readTree(bytes);
        Object map = JACKSON.readValue(bytes, Map.class);
        boolean text = form.equals("text");
        Map<String, Work> peers = new LinkedHashMap<>();
        peers.put("heartwood", () -> {
            if (text) {
                return Json.write(ours);
            }
            Json.write(ours, OutputStream.nullOutputStream());
            return null;
        });
        peers.put("tree", () -> jackson(tree, text));
        peers.put("map", () -> jackson(map, text));
        return peers;
    }

    private static @Nullable Object jackson(Object value, boolean text) throws IOException {
        if (text) {
            return JACKSON.writeValueAsString(value);
        }
        JACKSON.writeValue(OutputStream.nullOutputStream(), value);
        return null;
    }

    /** Lets the peers take turns for so many seconds of processor time; the times of the slices of each. */
    private static Map<String, List<Double>> rounds(Map<String, Work> peers, long seconds) throws IOException {
        Map<String, List<Double>> slices = new LinkedHashMap<>();
        long start = THREADS.getCurrentThreadCpuTime();
        while (THREADS.getCurrentThreadCpuTime() - start < seconds * 1_000_000_000) {
            for (Map.Entry<String, Work> peer : peers.entrySet()) {
                slices.computeIfAbsent(peer.getKey(), absent -> new ArrayList<>())
                        .add(slice(peer.getValue()));
            }
        }
        return slices;
    }

    /** Milliseconds a run, over so many runs as fill a slice. */
    private static double slice(Work work) throws IOException {
        long start = THREADS.getCurrentThreadCpuTime();
        long spent = 0;
        int runs = 0;
        for (; spent < SLICE_NANOS; runs++) {
            sink = work.run();
            spent = THREADS.getCurrentThreadCpuTime() - start;
        }
        return spent / 1e6 / runs;
    }

    private static double quickestQuarter(List<Double> times) {
        Collections.sort(times);
        return times.stream()
                .limit(Math.max(1, times.size() / 4))
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
    }
}
