package dev.heartwood.cli;

import dev.heartwood.json.Json;
import io.vavr.Tuple2;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.io.PrintWriter;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** Prints a tree as indented JSON with sorted keys, and stops after so many lines; colours keys and values on a terminal. */
final class TreePrinter {
    private static final int LONGEST_STRING = 200;
    private static final String KEY = "36";
    private static final String STRING = "32";
    private static final String OTHER = "33";

    private final PrintWriter out;
    private final boolean coloured;
    private final boolean bounded;
    private int left;
    private boolean whole = true;

    TreePrinter(PrintWriter out, Ansi ansi, int lines) {
        this.out = out;
        this.coloured = ansi.enabled();
        this.bounded = lines != Integer.MAX_VALUE;
        this.left = lines;
    }

    /** Prints a value; false if something was left out. */
    boolean print(@Nullable Object value) {
        value(value, 0);
        out.println();
        out.flush();
        return whole;
    }

    private void value(@Nullable Object value, int depth) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            out.print('{');
            List<? extends Tuple2<?, ?>> entries = map.toJavaList();
            children(
                    entries.stream()
                            .sorted((a, b) -> String.valueOf(a._1).compareTo(String.valueOf(b._1)))
                            .iterator(),
                    depth);
            out.print('}');
        } else if (value instanceof Seq<?> list && !list.isEmpty()) {
            out.print('[');
            children(list.iterator(), depth);
            out.print(']');
        } else {
            leaf(value);
        }
    }

    private void children(Iterator<?> children, int depth) {
        boolean first = true;
        while (children.hasNext()) {
            if (--left < 0) {
                whole = false;
                newLine(depth + 1);
                out.print('…');
                break;
            }
            if (!first) {
                out.print(',');
            }
            first = false;
            newLine(depth + 1);
            Object child = children.next();
            if (child instanceof Tuple2<?, ?> entry) {
                coloured(KEY, Json.write(entry._1));
                out.print(": ");
                value(entry._2, depth + 1);
            } else {
                value(child, depth + 1);
            }
        }
        newLine(depth);
    }

    private void leaf(@Nullable Object value) {
        if (value instanceof String string) {
            if (bounded && string.length() > LONGEST_STRING) {
                whole = false;
                coloured(
                        STRING,
                        Json.write(string.substring(0, LONGEST_STRING)) + "… (" + string.length() + " characters)");
            } else {
                coloured(STRING, Json.write(string));
            }
        } else {
            coloured(OTHER, Json.write(value));
        }
    }

    private void coloured(String colour, String text) {
        if (coloured) {
            out.print("\u001b[" + colour + "m" + text + "\u001b[0m");
        } else {
            out.print(text);
        }
    }

    private void newLine(int depth) {
        out.println();
        out.print("  ".repeat(depth));
    }
}
