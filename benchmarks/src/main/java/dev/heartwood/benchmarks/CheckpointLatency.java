package dev.heartwood.benchmarks;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.file.JsonFile;
import dev.heartwood.file.JsonFileOptions;
import dev.heartwood.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How long commits take while the JSON file is written anew beside them:
 * {@code java -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.CheckpointLatency [directory [megabytes [turns]]]}.
 *
 * <p>A store of 200 MB takes commits during a checkpoint. In turn, a small store takes the same commits while another
 * process writes and syncs as many bytes as that checkpoint does, in the same slices, and does nothing else: the disk's
 * share of the delay. The figure that counts is the 99th percentile of the first against that of the second.
 */
public final class CheckpointLatency {
    /** The size of the slices in which a checkpoint writes and syncs. */
    private static final int SLICE = 1 << 20;
    /** A checkpoint writes the next file, and a generation, which is a copy of it. */
    private static final int FILES = 2;
    /** Commits that follow a checkpoint: old files are deleted beside them. */
    private static final int AFTER = 200;

    private static final int WARM_UP = 2_000;
    private static final String PLAIN = "--plain";

    private final Path directory;
    private final int megabytes;

    private CheckpointLatency(Path directory, int megabytes) {
        this.directory = directory;
        this.megabytes = megabytes;
    }

    /** Runs all turns, or the process that writes beside one of them. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals(PLAIN)) {
            writePlainly(Path.of(arguments[1]), Integer.parseInt(arguments[2]));
            return;
        }
        Path parent = Path.of(arguments.length > 0 ? arguments[0] : ".").toAbsolutePath();
        int megabytes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 200;
        int turns = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
        Path directory = Files.createTempDirectory(parent, "checkpoint-latency");
        try {
            new CheckpointLatency(directory, megabytes).run(turns);
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void run(int turns) throws Exception {
        Path file = directory.resolve("large.json");
        Json.pretty(tree(), file);
        JsonFileOptions journal = JsonFile.options().journalAbove(0);
        Duration never = Duration.ofDays(1);
        try (Store large = journal.readableWithin(Duration.ofMillis(1)).open(file);
                Store small = journal.readableWithin(never).open(directory.resolve("small.json"))) {
            warmUp(large);
            warmUp(small);
            List<double[]> alone = new ArrayList<>();
            List<double[]> beside = new ArrayList<>();
            List<double[]> plain = new ArrayList<>();
            for (int turn = 0; turn < turns; turn++) {
                alone.add(times(small, new Countdown(WARM_UP)));
                beside.add(times(large, new Replaced(file)));
                plain.add(besideAnotherProcess(small));
            }
            print("nothing", alone);
            print("a checkpoint of " + (Files.size(file) >> 20) + " MB", beside);
            print("a process that writes and syncs as much", plain);
            System.out.printf(
                    "99th percentile beside the checkpoint: %.2fx of that beside the process, %d turns%n",
                    percentile(beside, 99) / percentile(plain, 99), turns);
        }
    }

    private Map<String, Object> tree() {
        Map<String, Object> tree = new HashMap<>();
        for (int i = 0; i < megabytes; i++) {
            Map<String, Object> part = new HashMap<>();
            for (int j = 0; j < 1_000; j++) {
                part.put("key" + j, "some text of a thousand characters ".repeat(29) + j);
            }
            tree.put("part" + i, part);
        }
        return tree;
    }

    private static void warmUp(Store store) {
        store.init(KeyPath.of("counter"), 0);
        for (int i = 0; i < WARM_UP; i++) {
            store.increment(KeyPath.of("counter"));
        }
    }

    private double[] besideAnotherProcess(Store store) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CheckpointLatency.class.getName(),
                        PLAIN,
                        directory.resolve("plain").toString(),
                        Integer.toString(FILES * megabytes))
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said = process.inputReader()) {
            String first = said.readLine();
            if (!"ready".equals(first)) {
                throw new IOException("the other process said " + first);
            }
            double[] times = times(store, process::isAlive);
            if (process.waitFor() != 0) {
                throw new IOException("the other process ended with " + process.exitValue());
            }
            return times;
        } finally {
            process.destroy();
        }
    }

    private static void writePlainly(Path file, int slices) throws IOException {
        ByteBuffer slice = ByteBuffer.allocateDirect(SLICE);
        System.out.println("ready");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int i = 0; i < slices; i++) {
                channel.write(slice.clear(), (long) i * SLICE);
                channel.force(false);
            }
        }
        Files.delete(file);
    }

    /** Tells whether another commit belongs to a turn. */
    private interface Turn {
        boolean goesOn() throws IOException;
    }

    private static final class Countdown implements Turn {
        private int left;

        Countdown(int left) {
            this.left = left;
        }

        @Override
        public boolean goesOn() {
            return left-- > 0;
        }
    }

    /** Until a checkpoint has replaced the file, and some commits more. */
    private static final class Replaced implements Turn {
        private final Path file;
        private final Object before;
        private int left = AFTER;

        Replaced(Path file) throws IOException {
            this.file = file;
            this.before = key(file);
        }

        private static Object key(Path file) throws IOException {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return found.fileKey() == null ? found.lastModifiedTime() : found.fileKey();
        }

        @Override
        public boolean goesOn() throws IOException {
            return key(file).equals(before) || left-- > 0;
        }
    }

    /** The nanoseconds that each commit took. */
    private static double[] times(Store store, Turn turn) throws IOException {
        double[] times = new double[1 << 10];
        int count = 0;
        while (turn.goesOn()) {
            long started = System.nanoTime();
            store.increment(KeyPath.of("counter"));
            if (count == times.length) {
                times = Arrays.copyOf(times, 2 * count);
            }
            times[count++] = System.nanoTime() - started;
        }
        return Arrays.copyOf(times, count);
    }

    private static void print(String beside, List<double[]> turns) {
        int commits = turns.stream().mapToInt(times -> times.length).sum();
        Figures.add("checkpoint", "beside " + beside, "median", percentile(turns, 50) / 1_000, "µs");
        Figures.add("checkpoint", "beside " + beside, "99 of 100", percentile(turns, 99) / 1_000, "µs");
        Figures.add("checkpoint", "beside " + beside, "longest", percentile(turns, 100) / 1_000, "µs");
        System.out.printf(
                "beside %-42s %6d commits: median %6.0f, 99th percentile %7.0f, longest %8.0f µs%n",
                beside,
                commits,
                percentile(turns, 50) / 1_000,
                percentile(turns, 99) / 1_000,
                percentile(turns, 100) / 1_000);
    }

    /** The median of the turns' percentiles. */
    private static double percentile(List<double[]> turns, int percent) {
        double[] each = turns.stream()
                .mapToDouble(times -> percentile(times, percent))
                .sorted()
                .toArray();
        return each[each.length / 2];
    }

    private static double percentile(double[] times, int percent) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }
}
