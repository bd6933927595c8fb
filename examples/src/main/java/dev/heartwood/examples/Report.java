package dev.heartwood.examples;

import dev.heartwood.Change;
import dev.heartwood.Diff;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The output of the example. */
final class Report {
    private static final int MOST_LINES = 4;
    private static final int WIDTH = 100;

    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    void title(String document, Snapshot state) {
        out.println();
        line("Heartwood: eight agents on one shared context");
        line("  %s, %,d leaves", document, state.leaves("document").count());
        out.println();
    }

    void progress(Snapshot state, double commitsPerSecond) {
        line(
                "  %,12d hits   %,7d log entries   %,6d audits   %,12.0f commits/s",
                state.get(KeyPath.of("agents", "hits"), Long.class),
                state.size(KeyPath.of("agents", "log")),
                state.get(KeyPath.of("agents", "audits"), Long.class),
                commitsPerSecond);
    }

    void figures(Agents agents, long commits, double seconds) {
        out.println();
        line("Figures");
        line("  %,d commits in %.1f s: %,.0f a second", commits, seconds, commits / seconds);
        effort("slow functions of 1 ms, each on its own path", agents.thoughts);
        effort("transfers between two accounts", agents.transfers);
        effort("audits: batches of 5 ms or more that read all accounts under fire", agents.audits);
    }

    private void effort(String what, Agents.Effort effort) {
        long again = effort.runs() - effort.successes();
        line("  %,d %s; ran again %,d times", effort.successes(), what, again);
    }

    /** The first few changes in each place, and how many more there are. */
    void diff(Diff diff) {
        out.println();
        line("What changed (%,d changes)", diff.size());
        Map<KeyPath, List<Change>> places = diff.stream()
                .collect(Collectors.groupingBy(
                        change -> Objects.requireNonNull(change.path().parent()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        places.forEach((place, changes) -> {
            changes.stream().limit(MOST_LINES).map(Report::brief).forEach(text -> out.println("  " + text));
            if (changes.size() > MOST_LINES) {
                line("    ... and %,d more in %s", changes.size() - MOST_LINES, place);
            }
        });
    }

    private static String brief(Change change) {
        String text = change.toString();
        return text.length() <= WIDTH ? text : text.substring(0, WIDTH - 1) + "…";
    }

    void checks(List<Check> checks) {
        out.println();
        line("Checks");
        for (Check check : checks) {
            line(
                    check.holds() ? "  ok     %s" : "  WRONG  %s: expected %s, found %s",
                    check.claim(),
                    check.expected(),
                    check.actual());
        }
    }

    void written(Path file) {
        out.println();
        line("The whole context is in %s", file);
    }

    void look(Path page) {
        line("Look at the newest commits, one by one: open %s in a browser", page);
    }

    void live(URI address) {
        line("Look at it live: %s", address);
        out.println();
    }

    private void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
