package dev.heartwood.benchmarks;

import dev.heartwood.benchmarks.CommitLoad.Load;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Durable commits of an earlier build and of this one, turn by turn, beside the bare system calls:
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.CompareBuilds DIRECTORY NAME=CLASSPATH NAME=CLASSPATH
 * </pre>
 *
 * <p>Each build runs in a process of its own, which has {@link CommitLoad} of this build and all else from its class
 * path, such as the {@code benchmarks.jar} of an earlier revision. One process after the other makes the commits of one
 * turn, so other load on the machine affects all of them alike. After so many turns all processes are started anew,
 * since each compiles its code differently. Medians of all turns are printed as a table; ratios are medians of the
 * ratios of each turn.
 *
 * <p>Processor time and allocation are those of all threads that run Java, without the compiler and the garbage
 * collector. On a memory file system ({@code /dev/shm}) syncs cost nothing, and the processor time is the cost of a
 * commit without them.
 *
 * <p>System properties: {@code heartwood.forks} (default: 3), {@code heartwood.turns} of each (default: 15), {@code heartwood.loads} (names
 * of {@link Load}, with commas between them; default: all), {@code heartwood.results} (see {@link Figures}).
 */
public final class CompareBuilds {
    private static final int FORKS = Integer.getInteger("heartwood.forks", 3);
    private static final int TURNS = Integer.getInteger("heartwood.turns", 15);
    /** Turns of each load before anything is measured: a service is not restarted for every few hundred commits. */
    private static final int WARM_UP = Integer.getInteger("heartwood.warmup", 10);

    private final Path directory;
    private final Map<String, String> builds;
    private final List<Load> loads;
    private final Map<Load, Map<String, List<Turn>>> figures = new EnumMap<>(Load.class);

    private CompareBuilds(Path directory, Map<String, String> builds, List<Load> loads) {
        this.directory = directory;
        this.builds = builds;
        this.loads = loads;
    }

    /** One turn of one build: nanoseconds and bytes for each commit. */
    private record Turn(double processor, double wall, double bytes) {
        static Turn of(String line) {
            String[] numbers = line.split(" ", -1);
            return new Turn(
                    Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]), Double.parseDouble(numbers[2]));
        }
    }

    /** Measures and prints. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 2) {
            System.err.println("usage: CompareBuilds DIRECTORY NAME=CLASSPATH [NAME=CLASSPATH...]");
            System.exit(2);
        }
        Map<String, String> builds = new LinkedHashMap<>();
        for (String build : Arrays.asList(arguments).subList(1, arguments.length)) {
            builds.put(build.substring(0, build.indexOf('=')), build.substring(build.indexOf('=') + 1));
        }
        String chosen = System.getProperty("heartwood.loads");
        List<Load> loads = chosen == null
                ? List.of(Load.values())
                : Stream.of(chosen.split(",")).map(Load::valueOf).toList();
        Path directory = Files.createTempDirectory(Path.of(arguments[0]).toAbsolutePath(), "builds");
        try {
            CompareBuilds compared = new CompareBuilds(directory, builds, loads);
            for (int fork = 0; fork < FORKS; fork++) {
                compared.fork(fork);
            }
            compared.print();
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void fork(int fork) throws Exception {
        Path classes = directory.resolve("classes" + fork);
        copyOwnClasses(classes);
        Map<String, Child> children = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, String> build : builds.entrySet()) {
                Path own = Files.createDirectory(directory.resolve(build.getKey() + "-" + fork));
                children.put(build.getKey(), new Child(classes, build.getValue(), own));
            }
            for (int turn = -WARM_UP; turn < TURNS; turn++) {
                for (Load load : loads) {
                    turn(children, load, turn >= 0);
                }
            }
        } finally {
            for (Child child : children.values()) {
                child.close();
            }
        }
    }

    private void turn(Map<String, Child> children, Load load, boolean counts) throws IOException {
        for (Map.Entry<String, Child> child : children.entrySet()) {
            Turn turn = child.getValue().turn(load);
            if (counts) {
                figures.computeIfAbsent(load, same -> new LinkedHashMap<>())
                        .computeIfAbsent(child.getKey(), same -> new ArrayList<>())
                        .add(turn);
            }
        }
    }

    /** The load alone: the class path of this process has this build of the library, too. */
    private static void copyOwnClasses(Path classes) throws IOException {
        String folder = CompareBuilds.class.getPackageName().replace('.', '/');
        Path into = Files.createDirectories(classes.resolve(folder));
        List<String> names = new ArrayList<>(List.of("CommitLoad", "DurableStores", "BareFile"));
        for (Class<?> nested : CommitLoad.class.getDeclaredClasses()) {
            names.add(nested.getName().substring(nested.getName().lastIndexOf('.') + 1));
        }
        for (String name : names) {
            try (var in = CompareBuilds.class.getResourceAsStream(name + ".class")) {
                if (in == null) {
                    throw new IOException("the class " + name + " is not on the class path");
                }
                Files.copy(in, into.resolve(name + ".class"));
            }
        }
    }

    private void print() {
        List<String> names = List.copyOf(builds.keySet());
        System.out.printf("Medians of %d turns in each of %d processes, builds in turn.%n%n| a commit |", TURNS, FORKS);
        for (String unit : List.of("µs of processor time", "µs that pass", "bytes allocated")) {
            for (String name : names) {
                System.out.printf(" %s: %s |", name, unit);
            }
        }
        System.out.printf(" ratio of processor time |%n|%s%n", " --- |".repeat(2 + 3 * names.size()));
        for (Load load : loads) {
            print(load, names);
        }
    }

    private void print(Load load, List<String> names) {
        Map<String, List<Turn>> found = figures.getOrDefault(load, Map.of());
        String row = load.root + ", " + load.row;
        StringBuilder line = new StringBuilder("| ").append(row).append(" |");
        for (int figure = 0; figure < 3; figure++) {
            for (String name : names) {
                List<Turn> turns = found.getOrDefault(name, List.of());
                line.append(
                        switch (figure) {
                            case 0 -> cell(row, name + ", processor", turns, Turn::processor, 1_000, "µs", "%.1f");
                            case 1 -> cell(row, name + ", time", turns, Turn::wall, 1_000, "µs", "%.1f");
                            default -> cell(row, name + ", allocated", turns, Turn::bytes, 1, "bytes", "%,.0f");
                        });
            }
        }
        line.append(String.format(Locale.ROOT, " %.2f |", ratio(found, names)));
        System.out.println(line);
    }

    private static String cell(
            String row,
            String column,
            List<Turn> turns,
            java.util.function.ToDoubleFunction<Turn> figure,
            double unit,
            String unitName,
            String format) {
        double[] values = turns.stream()
                .mapToDouble(turn -> figure.applyAsDouble(turn) / unit)
                .toArray();
        for (int fork = 0; (fork + 1) * TURNS <= values.length; fork++) {
            double[] own = Arrays.copyOfRange(values, fork * TURNS, (fork + 1) * TURNS);
            Figures.add("builds", row, column, median(own), unitName);
        }
        return " " + String.format(Locale.ROOT, format, median(values)) + " |";
    }

    /** The last build beside the first, turn by turn. */
    private static double ratio(Map<String, List<Turn>> found, List<String> names) {
        List<Turn> first = found.getOrDefault(names.get(0), List.of());
        List<Turn> last = found.getOrDefault(names.get(names.size() - 1), List.of());
        double[] ratios = new double[first.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = last.get(i).processor / first.get(i).processor;
        }
        return median(ratios);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }

    /** A process with one build. */
    private static final class Child {
        private final Process process;
        private final Writer turns;
        private final BufferedReader answers;

        Child(Path classes, String build, Path directory) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            classes + System.getProperty("path.separator") + build,
                            CommitLoad.class.getName(),
                            directory.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            turns = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
            answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        Turn turn(Load load) throws IOException {
            turns.write(load.name() + "\n");
            turns.flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new IOException("a process that commits has ended; the lines above say why");
            }
            return Turn.of(answer);
        }

        /** Its input ends, and so does the process. */
        void close() throws IOException, InterruptedException {
            turns.close();
            process.waitFor();
        }
    }
}
