import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs tests of a module, or a jcstress suite, in a JVM of their own. */
final class PlantJvm {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final int SECONDS_FOR_A_TEST = 60;
    private static final int SECONDS_FOR_A_JVM = 300;

    private final PlantCopy copy;
    private final Path runner;

    PlantJvm(PlantCopy copy, Path runner) {
        this.copy = copy;
        this.runner = runner;
    }

    /** The result of one named test. */
    record Outcome(long tests, long failures, String said) {}

    /**
     * Runs tests of a module.
     *
     * @param option for the JVM; empty for none
     * @param first comes before everything else on the class path; empty for nothing
     * @param tests the full names of classes, and perhaps {@code #method}
     * @return without those that the JVM did not come to
     */
    Map<String, Outcome> run(String module, String option, String first, List<String> tests) throws Exception {
        Path results = Files.createTempFile(copy.scratch(), "results", ".txt");
        Path log = copy.scratch().resolve("log.txt");
        Path home = copy.module(module);
        List<String> command = new ArrayList<>(List.of(
                JAVA,
                "-ea",
                "-Xmx1g",
                "-Ddev.heartwood.countSteps=true",
                // The simulation of the log is long, and finds a plant early.
                "-Dsimulation.seeds=1500",
                "-Djava.io.tmpdir=" + Files.createDirectories(copy.scratch().resolve("tmp")),
                "-Djunit.jupiter.execution.timeout.default=" + SECONDS_FOR_A_TEST + " s",
                "-Djunit.jupiter.execution.timeout.thread.mode.default=SEPARATE_THREAD",
                "-cp",
                classPath(module, first)
                        + File.pathSeparator
                        + home.resolve("target/test-classes")
                        + File.pathSeparator
                        + runner,
                "PlantRunner",
                results.toString()));
        if (!option.isEmpty()) {
            command.add(1, option);
        }
        command.addAll(tests);
        await(command, home, log, SECONDS_FOR_A_JVM + (long) SECONDS_FOR_A_TEST * tests.size());
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        for (String line : Files.readAllLines(results)) {
            String[] parts = line.split("\t", -1);
            outcomes.put(parts[0], new Outcome(Long.parseLong(parts[1]), Long.parseLong(parts[2]), parts[3]));
        }
        return outcomes;
    }

    /** Runs a jcstress suite, in the bounds that it has in continuous integration. */
    Outcome suite(String module, String first, String type) throws Exception {
        Path report = Files.createTempDirectory(copy.scratch(), "jcstress");
        Path log = report.resolve("log.txt");
        List<String> command = new ArrayList<>(List.of(JAVA, "-cp", classPath(module, first)));
        command.addAll(List.of("org.openjdk.jcstress.Main", "-t", Pattern.quote(type + "."), "-r", report.toString()));
        command.addAll(List.of("-f", "1", "-iters", "3", "-time", "250", "-sc", "false", "-pth", "false", "-jvmArgs"));
        command.add(
                "-XX:+UnlockDiagnosticVMOptions -XX:-TieredCompilation -XX:+StressLCM -XX:+StressGCM -XX:+StressIGVN"
                        + " -XX:+StressCCP");
        int status = await(command, report, log, SECONDS_FOR_A_JVM);
        try (Stream<Path> pages = Files.list(report)) {
            long suites = pages.filter(page -> page.getFileName().toString().startsWith(type))
                    .count();
            return new Outcome(
                    suites, status == 0 ? 0 : 1, status == 0 ? "it passed" : "a forbidden outcome, or an error");
        }
    }

    private static int await(List<String> command, Path directory, Path log, long seconds)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        return process.exitValue();
    }

    private String classPath(String module, String first) throws IOException {
        return (first.isEmpty() ? "" : first + File.pathSeparator) + copy.classPath(module);
    }
}
