package dev.heartwood.benchmarks;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the peers side by side and prints a table: nanoseconds an operation, and what this library takes as a ratio of
 * each peer.
 *
 * <p>Run it with {@code java -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.Compare}; with {@code quick},
 * one fork and short iterations. All figures of a table come from one run: machines differ, ratios less.
 */
public final class Compare {
    private static final String US = "heartwood";

    private Compare() {}

    /** Prints a row for each operation. */
    public static void main(String[] args) throws RunnerException {
        ChainedOptionsBuilder options =
                new OptionsBuilder().include("PointBenchmark").include("TransferBenchmark");
        if (args.length > 0 && args[0].equals("quick")) {
            options.forks(1)
                    .warmupIterations(3)
                    .measurementIterations(3)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementTime(TimeValue.seconds(1));
        }
        Map<String, Map<String, Double>> table = table(new Runner(options.build()).run());
        System.out.println();
        System.out.printf(
                Locale.ROOT,
                "JDK %s, %d processors%n%n",
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors());
        table.forEach((operation, scores) -> System.out.println("| " + operation + " | " + row(scores) + " |"));
    }

    private static Map<String, Map<String, Double>> table(Collection<RunResult> results) {
        Map<String, Map<String, Double>> table = new LinkedHashMap<>();
        for (RunResult result : results) {
            BenchmarkParams params = result.getParams();
            String name = params.getBenchmark().substring(params.getBenchmark().lastIndexOf('.') + 1);
            String peer = params.getParam("peer");
            String operation;
            if (peer == null) {
                peer = name.replaceAll("\\d$", "");
                operation = "transfer, " + params.getThreads() + " threads";
            } else {
                operation = name + ", depth " + params.getParam("depth");
            }
            table.computeIfAbsent(operation, absent -> new TreeMap<>())
                    .put(peer, result.getPrimaryResult().getScore());
        }
        return table;
    }

    private static String row(Map<String, Double> scores) {
        double ours = scores.getOrDefault(US, Double.NaN);
        return scores.entrySet().stream()
                .map(score -> score.getKey().equals(US)
                        ? String.format(Locale.ROOT, "%s %.0f", US, ours)
                        : String.format(
                                Locale.ROOT,
                                "%s %.0f (%.2fx)",
                                score.getKey(),
                                score.getValue(),
                                ours / score.getValue()))
                .collect(Collectors.joining(" | "));
    }
}
