package dev.heartwood.benchmarks;

import dev.heartwood.benchmarks.HotPaths.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/**
 * What a transfer between two accounts allocates, by class, beside the naive one. Run it with
 * {@code java -XX:-UseTLAB -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.TransferBytes}: without buffers of the
 * threads, Flight Recorder has an event for each object.
 */
public final class TransferBytes {
    private static final String OPERATION = "transfer between two of 64 accounts";
    private static final String EVENT = "jdk.ObjectAllocationOutsideTLAB";
    private static final String THREAD = "transfers";
    private static final int WARM_UP = 3_000_000;
    private static final int TRANSFERS = 20_000;

    private TransferBytes() {}

    /** Measures and prints. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Map<String, Double> ours = bytes(HotPaths.heartwood(OPERATION));
        Map<String, Double> naive = bytes(HotPaths.persistent(OPERATION, true));
        Set<String> classes =
                Stream.concat(ours.keySet().stream(), naive.keySet().stream()).collect(Collectors.toSet());
        classes.stream()
                .sorted(Comparator.comparing((String name) -> -ours.getOrDefault(name, 0.0))
                        .thenComparing(name -> name))
                .forEach(name -> print(name, ours.getOrDefault(name, 0.0), naive.getOrDefault(name, 0.0)));
        print("all", sum(ours), sum(naive));
    }

    private static double sum(Map<String, Double> bytes) {
        return bytes.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private static void print(String row, double ours, double naive) {
        System.out.printf(Locale.ROOT, "%-60s %8.1f %8.1f%n", row, ours, naive);
        Figures.add("transfer-bytes", row, "heartwood", ours, "bytes");
        Figures.add("transfer-bytes", row, "naive", naive, "bytes");
    }

    /** The bytes of each class that one operation allocates; the rare ones are left out. */
    private static Map<String, Double> bytes(Operation operation) throws IOException, InterruptedException {
        Path file = Files.createTempFile("transfer", ".jfr");
        try (Recording recording = new Recording()) {
            // The library's own events are objects, too, while they are recorded.
            FlightRecorder.getFlightRecorder().getEventTypes().forEach(type -> recording.disable(type.getName()));
            recording.start();
            // The start changes the classes of events, which the compiler sees from then on.
            run(operation, WARM_UP);
            recording.enable(EVENT).withoutStackTrace();
            run(operation, TRANSFERS);
            recording.stop();
            recording.dump(file);
            Map<String, Double> bytes = new TreeMap<>();
            for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
                if (event.getEventType().getName().equals(EVENT) && isOfTransfers(event.getThread())) {
                    double each = (double) event.getLong("allocationSize") / TRANSFERS;
                    bytes.merge(name(event.getClass("objectClass").getName()), each, Double::sum);
                }
            }
            bytes.values().removeIf(each -> each < 1);
            return bytes;
        } finally {
            Files.delete(file);
        }
    }

    /** On a thread of its own: the others run Flight Recorder. */
    private static void run(Operation operation, int times) throws InterruptedException {
        Thread thread = new Thread(() -> HotPaths.loop(operation, times), THREAD);
        thread.start();
        thread.join();
    }

    private static boolean isOfTransfers(@Nullable RecordedThread thread) {
        return thread != null && THREAD.equals(thread.getJavaName());
    }

    /** Without its package; functions by the class that they stand in. */
    private static String name(String allocated) {
        String name = allocated.replaceFirst("\\$\\$Lambda.*", ": a function");
        boolean isArray = name.startsWith("[L") && name.endsWith(";");
        String element = isArray ? name.substring(2, name.length() - 1) : name.equals("[I") ? "int[]" : name;
        return element.substring(element.lastIndexOf('.') + 1).replace('$', '.') + (isArray ? "[]" : "");
    }
}
