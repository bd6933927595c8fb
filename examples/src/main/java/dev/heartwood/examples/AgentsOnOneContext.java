package dev.heartwood.examples;

import dev.heartwood.Diff;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Eight agents on one shared context: they count, write, think, pay and audit on one JSON document at the same time, and
 * in the end every sum is right.
 *
 * <p>Arguments, all optional: the JSON document to work on, how many seconds to work, where to write the result.
 */
public final class AgentsOnOneContext {
    private static final String DEFAULT_DOCUMENT = "helpdesk.json";

    private AgentsOnOneContext() {}

    /** Runs the agents; exits with 1, and a sentence that says why, when it cannot, or when a sum is wrong. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try {
            Path result = Path.of(args.length > 2 ? args[2] : System.getProperty("java.io.tmpdir") + "/agents.json");
            boolean right = run(args.length > 0 ? Path.of(args[0]) : null, seconds(args), result, out);
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
        Object context = document == null ? defaultDocument() : Json.readValue(document);
        Report report = new Report(out);
        try (Store store = Store.create()) {
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
            return checks.stream().allMatch(Check::holds);
        }
    }

    private static double seconds(String[] args) {
        if (args.length < 2) {
            return 4;
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
