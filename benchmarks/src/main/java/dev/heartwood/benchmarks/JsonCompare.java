package dev.heartwood.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Reads and writes JSON beside Jackson's tree model and its binding to {@code Map}, and prints a table: milliseconds a
 * document, megabytes a tree, and what this library takes as a ratio of each peer.
 *
 * <p>Run it with {@code java -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.JsonCompare}. Arguments
 * choose: {@code quick} for one fork and short iterations, {@code read}, {@code write} or {@code memory}, and pieces of
 * the names of documents. {@code -Dheartwood.json.documents=DIRECTORY} adds documents of your own.
 */
public final class JsonCompare {
    private static final List<String> PEERS = List.of("heartwood", "tree", "map");

    private final List<String> arguments;
    private final List<String> documents;
    private final Map<String, Map<String, Double>> table = new LinkedHashMap<>();

    private JsonCompare(List<String> arguments) {
        this.arguments = arguments;
        List<String> all = JsonDocuments.names();
        List<String> chosen = all.stream()
                .filter(name -> arguments.stream().anyMatch(name::contains))
                .toList();
        this.documents = chosen.isEmpty() ? all : chosen;
    }

    /** Prints a row for each document and way to read or write it. */
    public static void main(String[] args) throws RunnerException, IOException {
        JsonCompare compare = new JsonCompare(Arrays.asList(args));
        if (compare.chosen("memory")) {
            compare.memory();
        }
        if (compare.chosen("read")) {
            compare.times(JsonReadBenchmark.class, "read");
        }
        if (compare.chosen("write")) {
            compare.times(JsonWriteBenchmark.class, "write");
        }
        compare.print();
    }

    private boolean chosen(String part) {
        return arguments.contains(part)
                || List.of("read", "write", "memory").stream().noneMatch(arguments::contains);
    }

    private void memory() throws IOException {
        for (String document : documents) {
            byte[] bytes = JsonDocuments.read(document);
            Map<String, Double> row = row("MB, " + document);
            row.put("heartwood", JsonMemory.heartwood(bytes) / 1e6);
            row.put("tree", JsonMemory.tree(bytes) / 1e6);
            row.put("map", JsonMemory.map(bytes) / 1e6);
        }
    }

    private void times(Class<?> benchmark, String verb) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(benchmark.getName() + "\\.")
                .param("document", documents.toArray(String[]::new));
        String directory = System.getProperty(JsonDocuments.DIRECTORY);
        if (directory != null) {
            options.jvmArgs("-D" + JsonDocuments.DIRECTORY + "=" + directory);
        }
        if (arguments.contains("quick")) {
            options.forks(1)
                    .warmupIterations(3)
                    .measurementIterations(3)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementTime(TimeValue.seconds(1));
        }
        for (RunResult result : new Runner(options.build()).run()) {
            String form = result.getParams().getParam("form");
            String document = result.getParams().getParam("document");
            row("ms, " + verb + ", " + document + ", " + form)
                    .put(
                            result.getPrimaryResult().getLabel(),
                            result.getPrimaryResult().getScore());
        }
    }

    private Map<String, Double> row(String name) {
        return table.computeIfAbsent(name, absent -> new LinkedHashMap<>());
    }

    private void print() {
        System.out.printf(
                Locale.ROOT,
                "%nJDK %s, %d processors%n%n| | heartwood | Jackson tree | ratio | Jackson Map | ratio |%n"
                        + "| --- | --- | --- | --- | --- | --- |%n",
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors());
        table.forEach((name, scores) -> {
            List<String> cells = new ArrayList<>(List.of(name));
            double ours = scores.getOrDefault(PEERS.get(0), Double.NaN);
            String[] unitAndRow = name.split(", ", 2);
            for (String peer : PEERS) {
                double score = scores.getOrDefault(peer, Double.NaN);
                Figures.add("json-" + unitAndRow[0], unitAndRow[1], peer, score, unitAndRow[0]);
                cells.add(String.format(Locale.ROOT, "%.2f", score));
                if (!peer.equals(PEERS.get(0))) {
                    cells.add(String.format(Locale.ROOT, "%.2f", ours / score));
                }
            }
            System.out.println("| " + String.join(" | ", cells) + " |");
        });
    }
}
