package dev.heartwood.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads and writes JSON beside Jackson's tree model and its binding to {@code Map}, and prints a table: milliseconds
 * per document, megabytes per tree, and the ratio of this library to each peer, with the least and the most of all
 * forks. Each document, verb and form runs in JVMs of its own, see {@link JsonSlices}.
 *
 * <p>Run it with {@code java -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.JsonCompare}. Arguments
 * choose: {@code quick} for one fork, {@code read}, {@code write} or {@code memory}, {@code bytes}, {@code stream} or
 * {@code text}, and pieces of the names of documents. {@code -Dheartwood.json.documents=DIRECTORY} adds documents of
 * your own, {@code -Dheartwood.json.closed=true} keeps Vavr's tries closed, as they are on the module path, and
 * {@code -Dheartwood.results=FILE} appends each figure to a file, as {@link Figures} says.
 */
public final class JsonCompare {
    private static final List<String> PARTS = List.of("memory", "read", "write");
    private static final List<String> FORMS = List.of("bytes", "stream", "text");
    private static final int FORKS = 3;
    private static final boolean CLOSED = Boolean.getBoolean("heartwood.json.closed");

    private final List<String> arguments;
    private final List<String> documents;
    /** For each row and peer a figure of each fork. */
    private final Map<String, Map<String, List<Double>>> table = new LinkedHashMap<>();

    private JsonCompare(List<String> arguments) {
        this.arguments = arguments;
        List<String> all = JsonDocuments.names();
        List<String> chosen = all.stream()
                .filter(name -> arguments.stream().anyMatch(name::contains))
                .toList();
        this.documents = chosen.isEmpty() ? all : chosen;
    }

    /** Prints a row for each document and way to read or write it. */
    public static void main(String[] args) throws IOException, InterruptedException {
        JsonCompare compare = new JsonCompare(Arrays.asList(args));
        if (compare.chosen("memory", PARTS)) {
            compare.memory();
        }
        if (compare.chosen("read", PARTS)) {
            compare.times("read", "bytes");
        }
        if (compare.chosen("write", PARTS)) {
            compare.times("write", "stream");
        }
        compare.print();
    }

    private boolean chosen(String part, List<String> all) {
        return arguments.contains(part) || all.stream().noneMatch(arguments::contains);
    }

    private void memory() throws IOException {
        for (String document : documents) {
            byte[] bytes = JsonDocuments.read(document);
            String row = "MB, " + document;
            add(row, "heartwood", JsonMemory.heartwood(bytes) / 1e6);
            add(row, "tree", JsonMemory.tree(bytes) / 1e6);
            add(row, "map", JsonMemory.map(bytes) / 1e6);
        }
    }

    private void times(String verb, String binary) throws IOException, InterruptedException {
        int forks = arguments.contains("quick") ? 1 : FORKS;
        for (String document : documents) {
            for (String form : List.of(binary, "text")) {
                for (int i = chosen(form, FORMS) ? forks : 0; i > 0; i--) {
                    fork("ms, " + verb + ", " + document + ", " + form, verb, document, form);
                }
            }
        }
    }

    private void fork(String row, String verb, String document, String form) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // A growing heap and a concurrent collector would dominate the measurement.
                "-Xms3g",
                "-Xmx3g",
                "-XX:+UseParallelGC",
                "-cp",
                System.getProperty("java.class.path"),
                "-D" + JsonDocuments.DIRECTORY + "=" + System.getProperty(JsonDocuments.DIRECTORY, "."),
                "-Ddev.heartwood.keepVavrClosed=" + CLOSED));
        command.addAll(List.of(JsonSlices.class.getName(), verb, document, form, "4", "6"));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", 2);
                add(row, words[0], Double.parseDouble(words[1]));
            }
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException("a fork failed: " + String.join(" ", command));
        }
    }

    private void add(String row, String peer, double figure) {
        String[] unitAndRow = row.split(", ", 2);
        String name = "json-" + unitAndRow[0] + (CLOSED ? "-closed" : "");
        Figures.add(name, unitAndRow[1], peer, figure, unitAndRow[0]);
        table.computeIfAbsent(row, absent -> new LinkedHashMap<>())
                .computeIfAbsent(peer, absent -> new ArrayList<>())
                .add(figure);
    }

    private void print() {
        System.out.printf(
                Locale.ROOT,
                "%nJDK %s, %d processors%n%n| | heartwood | Jackson tree | ratio (least to most) | Jackson Map | ratio |%n"
                        + "| --- | --- | --- | --- | --- | --- |%n",
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors());
        table.forEach((name, figures) -> {
            double[] tree = ratios(figures, "tree");
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.3g | %.3g | %.2f (%.2f to %.2f) | %.3g | %.2f |%n",
                    name,
                    median(figures, "heartwood"),
                    median(figures, "tree"),
                    tree[tree.length / 2],
                    tree[0],
                    tree[tree.length - 1],
                    median(figures, "map"),
                    ratios(figures, "map")[tree.length / 2]);
        });
    }

    private static double median(Map<String, List<Double>> figures, String peer) {
        double[] sorted = figures.getOrDefault(peer, List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        return sorted[sorted.length / 2];
    }

    /** The ratios of this library to a peer in the same fork, sorted. */
    private static double[] ratios(Map<String, List<Double>> figures, String peer) {
        List<Double> ours = figures.getOrDefault("heartwood", List.of());
        List<Double> theirs = figures.getOrDefault(peer, List.of());
        double[] ratios = new double[ours.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = ours.get(i) / theirs.get(i);
        }
        Arrays.sort(ratios);
        return ratios;
    }
}
