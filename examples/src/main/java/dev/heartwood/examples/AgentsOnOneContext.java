package dev.heartwood.examples;

import dev.heartwood.Diff;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.history.History;
import dev.heartwood.inspector.Inspector;
import dev.heartwood.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Eight agents on one shared context: they count, write, think, pay and audit on one JSON document at the same time, and
 * in the end every sum is right.
 *
 * <p>Arguments, all optional: the JSON document to work on, how many seconds to work, where to write the result. The
 * newest commits go to an HTML report beside it. With {@code --inspect} before them, a page shows the store while the
 * agents work, by default for five minutes.
 */
public final class AgentsOnOneContext {
    private static final String DEFAULT_DOCUMENT = "helpdesk.json";

    /** So many of the newest commits are in the report. */
    private static final int KEPT = 2_000;

    private AgentsOnOneContext() {}

    /** Runs the agents; exits with 1, and a sentence that says why, when it cannot, or when a sum is wrong. */
    public static void main(String[] arguments) {
        boolean inspect = arguments.length > 0 && arguments[0].equals("--inspect");
        String[] args = inspect ? Arrays.copyOfRange(arguments, 1, arguments.length) : arguments;
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try {
            Path result = Path.of(args.length > 2 ? args[2] : System.getProperty("java.io.tmpdir") + "/agents.json");
            boolean right = run(
                    args.length > 0 ? Path.of(args[0]) : null, seconds(args, inspect ? 300 : 4), result, inspect, out);
            if (!right) {
                System.exit(1);
            }
        } catch (IOException | UncheckedIOException | StoreException | IllegalArgumentException e) {
            fail(e.getMessage());
        } catch (InterruptedException e) {
            fail("interrupted");
        }
    }

    /** Loads the document, lets the agents work, reports; false when a sum is wrong. */
    static boolean run(@Nullable Path document, double seconds, Path result, PrintStream out)
            throws IOException, InterruptedException {
        return run(document, seconds, result, false, out);
    }

    private static boolean run(@Nullable Path document, double seconds, Path result, boolean inspect, PrintStream out)
            throws IOException, InterruptedException {
        Object context = document == null ? defaultDocument() : Json.readValue(document);
        Report report = new Report(out);
        try (Store store = Store.create();
                History history = History.options().keep(KEPT).of(store);
                @Nullable Inspector inspector = inspect ? inspector(store, history) : null) {
            if (inspector != null) {
                report.live(inspector.url());
            }
            store.put("document", context);
            report.title(
                    document == null ? DEFAULT_DOCUMENT : document.getFileName().toString(), store.snapshot());
            Agents agents = new Agents(store);
            Snapshot before = store.snapshot();
            agents.work(seconds, report::progress);
            Snapshot after = store.snapshot();
            Diff diff = before.diff(after);
            List<Check> checks = agents.checks(before, after);
            report.figures(agents, after.version() - before.version(), seconds);
            report.diff(diff);
            report.checks(checks);
            Files.writeString(result, Json.pretty(after));
            report.written(result);
            Path page = result.resolveSibling(name(result) + ".html");
            dev.heartwood.inspector.Report.write(history, page);
            report.look(page);
            return checks.stream().allMatch(Check::holds);
        }
    }

    private static Inspector inspector(Store store, History history) {
        return Inspector.options().title("Eight agents").history(history).of(store);
    }

    private static String name(Path file) {
        return file.getFileName().toString().replaceFirst("\\.json$", "");
    }

    private static double seconds(String[] args, double otherwise) {
        if (args.length < 2) {
            return otherwise;
        }
        try {
            double seconds = Double.parseDouble(args[1]);
            if (seconds > 0 && seconds <= 3_600) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("expected a number of seconds up to 3600, not \"" + args[1] + "\"");
    }

    private static @Nullable Object defaultDocument() throws IOException {
        try (InputStream in = AgentsOnOneContext.class.getResourceAsStream(DEFAULT_DOCUMENT)) {
            return Json.read(Objects.requireNonNull(in, DEFAULT_DOCUMENT));
        }
    }

    private static void fail(@Nullable String why) {
        System.err.println("agents: " + why);
        System.exit(1);
    }
}
