package dev.heartwood.cli;

import dev.heartwood.Change;
import dev.heartwood.Origin;
import dev.heartwood.history.Entry;
import dev.heartwood.json.Json;
import dev.heartwood.json.JsonPatch;
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

    /** The time, the author and the label, as far as they are known. */
    static String head(Origin origin) {
        Instant time = origin.time();
        String when = time == null
                ? "at an unknown time"
                : time.truncatedTo(ChronoUnit.MILLIS).toString();
        return when
                + (origin.author() == null ? "" : ", " + onOneLine(origin.author()))
                + (origin.label() == null ? "" : ": " + onOneLine(origin.label()));
    }

    /**
     * The text as it is, but for what would end the line, reach the terminal as a command, or turn the direction of the text: somebody
     * else may have chosen it. These chars are written as JSON escapes.
     */
    static String onOneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.SURROGATE -> {
                    for (char unit : Character.toChars(c)) {
                        line.append(String.format("\\u%04x", (int) unit));
                    }
                }
                default -> line.appendCodePoint(c);
            }
        });
        return line.toString();
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
