package dev.heartwood.benchmarks;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the peers side by side and prints a table: nanoseconds per operation, and the ratio of this library to each
 * peer.
 *
 * <p>Run it with {@code java -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.Compare}, and JMH's options
 * behind it, if any: {@code -f 1 -wi 3 -i 3 -w 1 -r 1} for a quick look, {@code -jvmArgs -XX:+UseParallelGC} for another
 * collector, {@code -jvm PATH} for another JDK, {@code -e BENCHMARK} to leave one out. All figures of a table come from
 * one run: machines differ, ratios less.
 */
public final class Compare {
    private static final String US = "heartwood";
    /** Shared by nobody, so it has no figure where two threads update. */
    private static final String BARE = "bare";

    /** The rows of the documents. */
    private static final Map<String, String> ROWS = Map.of(
            "updateDisjoint", "update, 2 threads, different counters of one map",
            "updateSame", "update, 2 threads, one counter",
            "whileWriting, get", "get by 2 threads while one updates",
            "whileWriting, update", "the updates beside them");

    private static final Map<String, String> COLUMNS = Map.of(
            "lock", "lock around `HashMap`",
            "rwlock", "read-write lock",
            "chm", "`ConcurrentHashMap`s",
            "clojure", "Clojure `swap!`",
            "mvstore", "MVStore",
            "refs", "Clojure refs");

    private Compare() {}

    /** Prints a row for each operation. */
    public static void main(String[] args) throws RunnerException, CommandLineOptionException {
        Options options = new OptionsBuilder()
                .parent(new CommandLineOptions(args))
                .include("PointBenchmark")
                .include("ReadersBenchmark")
                .include("TransferBenchmark")
                .build();
        Map<String, Map<String, Double>> table = table(new Runner(options).run());
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
            boolean isTransfer = params.getParam("peer") == null;
            String peer = isTransfer ? name.replaceAll("\\d$", "") : params.getParam("peer");
            String figures = isTransfer ? "transfer" : "peers-" + params.getParam("depth");
            String operation = isTransfer
                    ? "transfer, " + params.getThreads() + (params.getThreads() == 1 ? " thread" : " threads")
                    : ROWS.getOrDefault(name, name);
            if (result.getSecondaryResults().isEmpty() && !(peer.equals(BARE) && ROWS.containsKey(name))) {
                add(table, figures, operation, peer, result.getPrimaryResult());
            }
            // The two sides of a group.
            result.getSecondaryResults().forEach((side, score) -> {
                String both = name + ", " + side;
                add(table, figures, ROWS.getOrDefault(both, both), peer, score);
            });
        }
        return table;
    }

    private static void add(
            Map<String, Map<String, Double>> table, String figures, String operation, String peer, Result<?> result) {
        double nanos = result.getScore();
        table.computeIfAbsent(figures + ", " + operation, absent -> new TreeMap<>())
                .put(peer, nanos);
        Figures.add(figures, operation, COLUMNS.getOrDefault(peer, peer), nanos, "ns");
    }

    private static String row(Map<String, Double> scores) {
        double ours = scores.getOrDefault(US, Double.NaN);
        return scores.entrySet().stream()
                .map(score -> score.getKey().equals(US)
                        ? String.format(Locale.ROOT, "%s %s", US, figure(ours))
                        : String.format(
                                Locale.ROOT,
                                "%s %s (%.2fx)",
                                score.getKey(),
                                figure(score.getValue()),
                                ours / score.getValue()))
                .collect(Collectors.joining(" | "));
    }

    private static String figure(double nanoseconds) {
        return String.format(Locale.ROOT, nanoseconds < 10 ? "%.1f" : "%.0f", nanoseconds);
    }
}
