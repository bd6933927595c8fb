package dev.heartwood.benchmarks;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs every benchmark, part by part, and draws the tables of the documents from the measured figures:
 *
 * <pre>{@code
 * java -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.Suite
 * }</pre>
 *
 * <p>Arguments are the names of parts; without any, all run. Each part has a JVM of its own and ten minutes: one that takes
 * longer is ended, and the figures of its last whole run stay. The figures of a part stand in {@code docs/figures/PART.jsonl}, which
 * the next run of that part replaces. {@code list} prints the parts, and {@code draw} only draws the tables.
 *
 * <p>System properties: {@code heartwood.figures} is the directory of the figures; {@code heartwood.minutes} the time of a part, where a
 * machine is slow or busy; {@code heartwood.disk} the directory in
 * which the durable parts work, by default the working directory; {@code heartwood.old} a class path of an older build, which part
 * {@code hot-paths} then measures beside this one, as does part {@code builds}; {@code heartwood.logs} addresses of logs, separated by commas, which part
 * {@code durable} measures too; {@code heartwood.json.documents} a directory of documents that parts {@code json-*} read.
 */
public final class Suite {
    private static final int MINUTES = Integer.getInteger("heartwood.minutes", 10);
    private static final Path DOCUMENT = Path.of("docs", "performance.md");
    private static final long ALL_OF_SCALE = 20L << 30;

    private final Path figures = Path.of(System.getProperty("heartwood.figures", "docs/figures"));

    private Suite() {}

    /** A part: its name, the arguments of its JVM, and its program with arguments. */
    private record Part(String name, List<String> jvm, List<String> program) {
        static Part of(String name, Class<?> program, String... arguments) {
            return new Part(
                    name,
                    List.of(),
                    Stream.concat(Stream.of(program.getName()), Stream.of(arguments))
                            .toList());
        }

        Part with(String... options) {
            return new Part(name, List.of(options), program);
        }
    }

    private static List<Part> parts() {
        String disk = System.getProperty("heartwood.disk", ".");
        String[] shortRuns = {"-f", "1", "-wi", "3", "-i", "3", "-w", "1", "-r", "1"};
        String[] logs = Stream.concat(
                        Stream.of(disk),
                        Arrays.stream(System.getProperty("heartwood.logs", "").split(",", -1))
                                .filter(address -> !address.isBlank()))
                .toArray(String[]::new);
        List<Part> parts = new ArrayList<>(List.of(
                Part.of("hot-paths", HotPaths.class),
                Part.of("time-by-class", TimeByClass.class)
                        .with("-XX:+UnlockDiagnosticVMOptions", "-XX:+DebugNonSafepoints"),
                Part.of("transfer-bytes", TransferBytes.class).with("-XX:-UseTLAB"),
                Part.of("contention", ContendedUpdates.class).with("-Xmx2g"),
                Part.of("peers", Compare.class, with(shortRuns, "-p", "depth=3")),
                Part.of(
                        "peers-deep",
                        Compare.class,
                        with(shortRuns, "-p", "depth=8", "-e", "Transfer", "-e", "Readers")),
                Part.of("slow-functions", SlowFunctions.class),
                Part.of("hot-counter", HotCounter.class),
                Part.of("long-batch", LongBatch.class),
                Part.of("diff", Diffs.class, shortRuns),
                Part.of("history", HistoryCost.class).with("-Xms2g", "-Xmx2g"),
                scale(),
                Part.of("json-read", JsonCompare.class, "read"),
                Part.of("json-write", JsonCompare.class, "write"),
                Part.of("json-memory", JsonCompare.class, "memory").with("-Xmx3g"),
                Part.of("large-stores", LargeStores.class, disk).with("-Xmx6g"),
                Part.of("durable", DurableLatency.class, logs),
                Part.of("json-file", DurableLoad.class, disk).with("-Xmx3g"),
                Part.of("commit-steps", CommitSteps.class, disk),
                Part.of("sqlite", SharedFile.class, disk),
                Part.of("checkpoint", CheckpointLatency.class, disk, "200", "3").with("-Xmx3g")));
        String old = System.getProperty("heartwood.old");
        if (old != null) {
            parts.add(Part.of("builds", CompareBuilds.class, disk, "earlier build=" + old, "heartwood=" + classPath()));
        }
        return parts;
    }

    private static String[] with(String[] options, String... more) {
        return Stream.concat(Stream.of(options), Stream.of(more)).toArray(String[]::new);
    }

    /** Ten million leaves where the machine has the memory for them, a million elsewhere. */
    private static Part scale() {
        boolean all = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                        .getTotalMemorySize()
                > ALL_OF_SCALE;
        String heap = all ? "17g" : "2g";
        return Part.of("scale", Scale.class, all ? "10000000" : "1000000", "docs/scale.svg")
                .with("-Xms" + heap, "-Xmx" + heap, "-XX:+AlwaysPreTouch");
    }

    /** Runs the parts that the arguments name, and draws. */
    public static void main(String[] arguments) throws Exception {
        List<String> names = List.of(arguments);
        if (names.equals(List.of("list"))) {
            parts().forEach(part -> System.out.println(part.name()));
            return;
        }
        List<Part> chosen = parts().stream()
                .filter(part -> names.isEmpty() || names.contains(part.name()))
                .toList();
        boolean onlyDraws = names.equals(List.of("draw"));
        if (!onlyDraws && !names.isEmpty() && chosen.size() < names.size()) {
            System.err.println("There is no such part. The parts are: "
                    + parts().stream().map(Part::name).collect(Collectors.joining(", ")) + ". Nothing was run.");
            System.exit(2);
        }
        Suite suite = new Suite();
        List<String> failed = new ArrayList<>();
        for (Part part : onlyDraws ? List.<Part>of() : chosen) {
            if (!suite.run(part)) {
                failed.add(part.name());
            }
        }
        suite.draw();
        if (!failed.isEmpty()) {
            System.err.println(
                    "Not finished: " + String.join(", ", failed) + ". Their earlier figures are as they were.");
            System.exit(1);
        }
    }

    private boolean run(Part part) throws IOException, InterruptedException {
        System.out.printf(Locale.ROOT, "%n== %s%n", part.name());
        Files.createDirectories(figures);
        Path measured = Files.createTempFile(figures, part.name(), ".running");
        try {
            Figures.append(measured, machine(part));
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString()));
            command.addAll(part.jvm());
            command.addAll(List.of("-D" + Figures.FILE + "=" + measured.toAbsolutePath(), "-cp", classPath()));
            System.getProperties().stringPropertyNames().stream()
                    .filter(name -> name.startsWith("heartwood.") && !name.equals(Figures.FILE))
                    .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
            command.addAll(part.program());
            Process process = new ProcessBuilder(command).inheritIO().start();
            boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            boolean finished = ended && process.exitValue() == 0;
            if (finished) {
                Files.move(measured, figures.resolve(part.name() + ".jsonl"), StandardCopyOption.REPLACE_EXISTING);
            }
            return finished;
        } finally {
            Files.deleteIfExists(measured);
        }
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Map<String, Object> machine(Part part) throws IOException {
        Runtime runtime = Runtime.getRuntime();
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("part", part.name());
        run.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        run.put("revision", "revision " + revision());
        run.put("jdk", "JDK " + System.getProperty("java.version"));
        run.put(
                "machine",
                String.format(
                        Locale.ROOT,
                        "%d processors%s, %.1f other programs running on them at the start",
                        runtime.availableProcessors(),
                        model(),
                        Math.max(0, load)));
        return run;
    }

    /** The model of the processors in parentheses, where the system tells it as Linux does. */
    private static String model() throws IOException {
        Path processors = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(processors)) {
            return "";
        }
        return Files.readAllLines(processors).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> " (" + line.substring(line.indexOf(':') + 1).strip() + ")")
                .findFirst()
                .orElse("");
    }

    /** The revision of the working tree, or {@code unknown} outside of one. */
    private static String revision() {
        try {
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty").start();
            try (var said = git.inputReader()) {
                String revision = said.readLine();
                return git.waitFor() == 0 && revision != null ? revision : "unknown";
            }
        } catch (IOException | InterruptedException e) {
            return "unknown";
        }
    }

    private void draw() throws IOException {
        if (!Files.exists(DOCUMENT)) {
            System.out.println("No tables are drawn: " + DOCUMENT + " is not below the working directory.");
            return;
        }
        FigureTables tables = FigureTables.of(figures);
        String before = Files.readString(DOCUMENT);
        Files.writeString(DOCUMENT, tables.draw(before));
        tables.missing(before).forEach(table -> System.out.println("Not measured yet, so not drawn: " + table));
    }
}
