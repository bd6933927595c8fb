package dev.heartwood.benchmarks;

import dev.heartwood.benchmarks.HotPaths.Operation;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/**
 * Where the processor time of the hot paths goes: by the class whose code runs, inlined code counted where it was written. Flight
 * Recorder looks at the thread some hundred times a second. Run it with
 * {@code java -XX:+UnlockDiagnosticVMOptions -XX:+DebugNonSafepoints -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.TimeByClass};
 * without these options the looks come at the ends of loops alone.
 */
public final class TimeByClass {
    private static final String TABLE = "time-by-class";
    private static final String EVENT = "jdk.ExecutionSample";
    private static final String OTHERS = "all others";
    private static final String ALL = "all";
    private static final String GET = "get, 4,096 places at random";
    private static final String TRANSFER = "transfer between two of 64 accounts";
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int WARM_UP = 3_000_000;
    private static final Duration PERIOD = Duration.ofMillis(1);
    private static final long NANOS = 20_000_000_000L;
    private static final int AT_ONCE = 10_000;
    /** Classes with a smaller share are one row. */
    private static final double SMALL = 0.01;

    private TimeByClass() {}

    /** Measures and prints. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Map<String, Map<String, Double>> columns = new LinkedHashMap<>();
        columns.put("transfer", byClass(HotPaths.heartwood(TRANSFER)));
        columns.put("transfer, naive", byClass(HotPaths.persistent(TRANSFER, true)));
        columns.put("get", byClass(HotPaths.heartwood(GET)));
        columns.put("get, naive", byClass(HotPaths.persistent(GET, true)));
        columns.values().stream()
                .flatMap(column -> column.keySet().stream())
                .distinct()
                .sorted(Comparator.comparing(row -> OTHERS.equals(row) ? 1 : ALL.equals(row) ? 2 : 0))
                .forEach(row -> columns.forEach((column, nanos) -> print(row, column, nanos.get(row))));
    }

    private static void print(String row, String column, @Nullable Double nanos) {
        if (nanos != null) {
            System.out.printf(Locale.ROOT, "%-20s %-60s %8.1f ns%n", column, row, nanos);
            Figures.add(TABLE, row, column, nanos, "ns");
        }
    }

    /** Nanoseconds of an operation by class, the largest first. */
    private static Map<String, Double> byClass(Operation operation) throws IOException, InterruptedException {
        Path file = Files.createTempFile("time", ".jfr");
        try (Recording recording = new Recording()) {
            // The library's own events would be made, too, while they are recorded.
            FlightRecorder.getFlightRecorder().getEventTypes().forEach(type -> recording.disable(type.getName()));
            recording.start();
            HotPaths.loop(operation, WARM_UP);
            recording.enable(EVENT).withPeriod(PERIOD);
            long start = THREADS.getCurrentThreadCpuTime();
            long done = 0;
            while (THREADS.getCurrentThreadCpuTime() - start < NANOS) {
                HotPaths.loop(operation, AT_ONCE);
                done += AT_ONCE;
            }
            double each = (THREADS.getCurrentThreadCpuTime() - start) / (double) done;
            recording.stop();
            recording.dump(file);
            return nanos(samples(file), each);
        } finally {
            Files.delete(file);
        }
    }

    private static Map<String, Integer> samples(Path file) throws IOException {
        Map<String, Integer> samples = new TreeMap<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            RecordedStackTrace stack = event.getStackTrace();
            if (stack != null && event.getEventType().getName().equals(EVENT) && isOurs(event)) {
                RecordedFrame top = stack.getFrames().get(0);
                samples.merge(name(top.getMethod().getType().getName()), 1, Integer::sum);
            }
        }
        return samples;
    }

    private static boolean isOurs(RecordedEvent event) {
        RecordedThread thread = event.getThread("sampledThread");
        return thread != null
                && thread.getJavaThreadId() == Thread.currentThread().getId();
    }

    private static Map<String, Double> nanos(Map<String, Integer> samples, double each) {
        int all = samples.values().stream().mapToInt(Integer::intValue).sum();
        Map<String, Double> nanos = new LinkedHashMap<>();
        samples.entrySet().stream()
                .filter(entry -> entry.getValue() >= SMALL * all)
                .sorted(Comparator.comparing(entry -> -entry.getValue()))
                .forEach(entry -> nanos.put(entry.getKey(), each * entry.getValue() / all));
        double named = nanos.values().stream().mapToDouble(Double::doubleValue).sum();
        nanos.put(OTHERS, each - named);
        nanos.put(ALL, each);
        return nanos;
    }

    /** Without the package: that of Vavr's classes is told by a word. */
    private static String name(String type) {
        // A class that the JVM makes has a number behind its name.
        String named = type.replaceFirst("(\\+0x\\w+)?([./]\\d+)?$", "");
        String simple = named.substring(named.lastIndexOf('.') + 1)
                .replaceFirst("\\$\\$Lambda.*", "")
                .replace('$', '.');
        return type.startsWith("io.vavr.") ? "Vavr: " + simple : simple;
    }
}
