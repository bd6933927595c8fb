import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Replays plants in a compiled copy of the repository. First each named test must be green there as the copy is. Then, for one
 * plant after the other, the changed module is compiled into a folder that comes before its own classes, and the named test
 * alone runs, in a JVM of its own: it must be red.
 */
final class PlantReplay {
    private static final int SECONDS_FOR_A_TEST = 60;
    private static final int SECONDS_FOR_A_JVM = 600;

    private final Path copy;
    private final Path scratch;
    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    private final Path runner;

    private PlantReplay(Path copy, Path scratch) {
        this.copy = copy.toAbsolutePath();
        this.scratch = scratch.toAbsolutePath();
        this.runner = this.scratch.resolve("runner");
    }

    /** The copy, an empty folder, and the names of plants; without names, all of them. */
    public static void main(String[] args) throws Exception {
        PlantReplay replay = new PlantReplay(Path.of(args[0]), Path.of(args[1]));
        List<String> wrong = replay.replay(Plant.named(replay.copy, Arrays.asList(args).subList(2, args.length)));
        System.out.println(wrong.isEmpty() ? "All of them were seen." : wrong.size() + " are not as they should be:");
        wrong.forEach(System.out::println);
        System.exit(wrong.isEmpty() ? 0 : 1);
    }

    private List<String> replay(List<Plant> plants) throws Exception {
        List<String> wrong = new ArrayList<>();
        compileRunner(plants);
        Map<String, Outcome> asItIs = runAsItIs(plants);
        for (Plant plant : plants) {
            long began = System.nanoTime();
            Outcome before = asItIs.get(plant.module() + " " + testName(plant));
            String verdict = before.tests() == 0 || before.failures() > 0
                    ? "ITS TEST IS NOT GREEN WITHOUT IT: " + before.said()
                    : judge(plant);
            System.out.printf("%-60s %5.1f s  %s%n", plant.name(), (System.nanoTime() - began) / 1e9, verdict);
            if (!verdict.startsWith("red")) {
                wrong.add(plant.name() + ": " + verdict);
            }
        }
        return wrong;
    }

    private String judge(Plant plant) throws Exception {
        Path classes = Files.createDirectory(scratch.resolve("classes-" + plant.name()));
        String errors = compile(plant, classes);
        if (!errors.isEmpty()) {
            return "IT DOES NOT COMPILE: " + errors;
        }
        Map<String, Outcome> outcomes = run(plant.module(), classes.toString(), List.of(testName(plant)));
        delete(classes);
        Outcome outcome = outcomes.get(testName(plant));
        if (outcome == null) {
            return "THE JVM OF THE TEST ENDED, OR HUNG";
        }
        return outcome.failures() > 0 ? "red: " + outcome.said() : "THE TEST STAYS GREEN: " + plant.test();
    }

    /** Every named test, with nothing planted: a test that is red by itself would prove nothing. */
    private Map<String, Outcome> runAsItIs(List<Plant> plants) throws Exception {
        Map<String, List<String>> tests = new TreeMap<>();
        for (Plant plant : plants) {
            List<String> ofModule = tests.computeIfAbsent(plant.module(), module -> new ArrayList<>());
            if (!ofModule.contains(testName(plant))) {
                ofModule.add(testName(plant));
            }
        }
        Map<String, Outcome> all = new HashMap<>();
        for (Map.Entry<String, List<String>> each : tests.entrySet()) {
            Map<String, Outcome> outcomes = run(each.getKey(), "", each.getValue());
            for (String test : each.getValue()) {
                all.put(each.getKey() + " " + test, outcomes.getOrDefault(test, new Outcome(0, 0, "it did not run")));
            }
        }
        return all;
    }

    private String testName(Plant plant) throws IOException {
        return plant.testType(copy) + (plant.testMethod().isEmpty() ? "" : "#" + plant.testMethod());
    }

    /** Runs tests of a module in a new JVM, where `first` comes before everything else on the class path. */
    private Map<String, Outcome> run(String module, String first, List<String> tests) throws Exception {
        Path results = Files.createTempFile(scratch, "results", ".txt");
        Path log = scratch.resolve("log.txt");
        Path home = copy.resolve(module);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-ea",
                "-Xmx1g",
                "-Ddev.heartwood.countSteps=true",
                // The simulation of the log is long, and finds a plant early.
                "-Dsimulation.seeds=1500",
                "-Djava.io.tmpdir=" + Files.createDirectories(scratch.resolve("tmp")),
                "-Djunit.jupiter.execution.timeout.default=" + SECONDS_FOR_A_TEST + " s",
                "-Djunit.jupiter.execution.timeout.thread.mode.default=SEPARATE_THREAD",
                "-cp",
                Stream.of(first, home.resolve("target/test-classes"), classPath(module), runner)
                        .map(Object::toString)
                        .filter(element -> !element.isEmpty())
                        .collect(Collectors.joining(File.pathSeparator)),
                "PlantRunner",
                results.toString()));
        command.addAll(tests);
        Process process = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(SECONDS_FOR_A_JVM, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        for (String line : Files.readAllLines(results)) {
            String[] parts = line.split("\t", -1);
            outcomes.put(parts[0], new Outcome(Long.parseLong(parts[1]), Long.parseLong(parts[2]), parts[3]));
        }
        return outcomes;
    }

    /** Compiles the changed module whole, since constants of one class stand in the code of others. */
    private String compile(Plant plant, Path classes) throws IOException {
        Path sources = copy.resolve(plant.changedModule()).resolve("src/main/java");
        Path original = copy.resolve(plant.file());
        Path changed = Files.createDirectory(scratch.resolve("source-" + plant.name())).resolve(original.getFileName());
        Files.writeString(changed, plant.applyTo(Files.readString(original)));
        List<Path> files;
        try (Stream<Path> all = Files.walk(sources)) {
            files = all.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("module-info.java"))
                    .map(file -> file.equals(original) ? changed : file)
                    .toList();
        }
        return javac(classPath(plant.changedModule()), classes, files);
    }

    private void compileRunner(List<Plant> plants) throws IOException {
        Files.createDirectory(runner);
        String errors = javac(
                classPath(plants.get(0).module()), runner, List.of(copy.resolve("verification/replay/PlantRunner.java")));
        if (!errors.isEmpty()) {
            throw new IOException(errors);
        }
    }

    private String javac(String classPath, Path classes, List<Path> files) throws IOException {
        var output = new java.io.StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-proc:none", "-nowarn", "-Xlint:none", "-g", "-parameters", "-cp", classPath, "-d", classes.toString());
            boolean done = compiler.getTask(output, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
                    .call();
            return done ? "" : output.toString().replaceAll("\\s+", " ");
        }
    }

    private String classPath(String module) throws IOException {
        Path home = copy.resolve(module);
        String libraries = Files.readString(home.resolve("target/test.classpath")).strip();
        // Surefire adds the launcher by itself, in the version of the engine, so it stands beside that one.
        String launcher = Stream.of(libraries.split(File.pathSeparator))
                .filter(library -> library.contains("junit-platform-engine"))
                .map(library -> library.replace("junit-platform-engine", "junit-platform-launcher"))
                .filter(library -> Files.exists(Path.of(library)))
                .findFirst()
                .orElseThrow(() -> new IOException("Maven has no junit-platform-launcher yet: run some test with it first"));
        return home.resolve("target/classes") + File.pathSeparator + libraries + File.pathSeparator + launcher;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(each);
            }
        }
    }

    /** The result of one named test. */
    record Outcome(long tests, long failures, String said) {}
}
