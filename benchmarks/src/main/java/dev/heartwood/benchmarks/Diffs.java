package dev.heartwood.benchmarks;

import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs {@link DiffBenchmark} and records its figures. Run it with
 * {@code java -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.Diffs}, and JMH's options behind it.
 */
public final class Diffs {
    private static final Map<String, String> ROWS = Map.of(
            "diff", "heartwood",
            "diffClosed", "heartwood, by Vavr's public methods alone",
            "zjsonpatch", "zjsonpatch, on Jackson's trees");
    private static final Map<String, String> COLUMNS =
            Map.of("flat", "one flat map", "nested", "maps of 100 keys", "list", "one list, side by side");

    private Diffs() {}

    /** Runs it. */
    public static void main(String[] args) throws RunnerException, CommandLineOptionException {
        var options = new OptionsBuilder()
                .parent(new CommandLineOptions(args))
                .include("DiffBenchmark")
                .build();
        for (RunResult result : new Runner(options).run()) {
            String method = result.getPrimaryResult().getLabel();
            String shape = result.getParams().getParam("shape");
            Figures.add(
                    "diff",
                    ROWS.getOrDefault(method, method),
                    COLUMNS.getOrDefault(shape, shape),
                    result.getPrimaryResult().getScore(),
                    "µs");
        }
    }
}
