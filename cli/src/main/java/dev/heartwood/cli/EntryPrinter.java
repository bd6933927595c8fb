package dev.heartwood.cli;

import dev.heartwood.Change;
import dev.heartwood.Origin;
import dev.heartwood.history.Entry;
import dev.heartwood.json.Json;
import dev.heartwood.json.JsonPatch;
import dev.heartwood.tree.OneLine;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints commits: a line with the time, the author and the label, and below it one line per change. */
final class EntryPrinter {
    private final PrintWriter out;
    private final boolean json;

    EntryPrinter(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    void print(Entry entry) {
        if (json) {
            out.println(json(entry));
            return;
        }
        out.println(entry.isGap() ? "commits that are not kept one by one" : head(entry.origin()));
        for (Change change : entry.diff()) {
            out.println("  " + change);
        }
    }

    /** The time, the author and the label, as far as they are known, on one line: somebody else may have chosen them. */
    static String head(Origin origin) {
        Instant time = origin.time();
        String when = time == null
                ? "at an unknown time"
                : time.truncatedTo(ChronoUnit.MILLIS).toString();
        return when
                + (origin.author() == null ? "" : ", " + OneLine.of(origin.author()))
                + (origin.label() == null ? "" : ": " + OneLine.of(origin.label()));
    }

    private static String json(Entry entry) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        Origin origin = entry.origin();
        putIfKnown(line, "time", origin.time());
        putIfKnown(line, "author", origin.author());
        putIfKnown(line, "label", origin.label());
        if (entry.isGap()) {
            line.put("gap", true);
        }
        line.put("changes", Json.readValue(JsonPatch.of(entry.diff()).toJson()));
        return Json.write(line);
    }

    private static void putIfKnown(Map<String, @Nullable Object> line, String name, @Nullable Object value) {
        if (value != null) {
            line.put(name, value.toString());
        }
    }
}
