package dev.heartwood;

import dev.heartwood.tree.Walk;
import io.vavr.collection.HashMap;
import org.jspecify.annotations.Nullable;

/** Trees as text for people: keys sorted, safe at any legal depth, cut off at a length. */
final class Text {
    private static final int LINE = 200;

    private Text() {}

    /** A value on one line, JSON-like, cut off where it gets long. */
    static String brief(@Nullable Object node) {
        return render(node, true, LINE);
    }

    /** A whole value as {@code java.util} collections print it. */
    static String java(@Nullable Object node) {
        return render(node, false, Integer.MAX_VALUE);
    }

    private static String render(@Nullable Object node, boolean json, int limit) {
        StringBuilder text = new StringBuilder();
        for (Walk walk = new Walk(node, json); walk.next(); ) {
            boolean map = walk.node() instanceof HashMap;
            if (walk.step() == Walk.Step.EXIT) {
                text.append(map ? '}' : ']');
                continue;
            }
            if (walk.depth() > 0) {
                separate(walk, json, text);
            }
            if (walk.step() == Walk.Step.ENTER) {
                text.append(map ? '{' : '[');
            } else {
                scalar(walk.node(), json, text);
            }
            if (text.length() > limit) {
                text.setLength(limit);
                return text.append('…').toString();
            }
        }
        return text.toString();
    }

    private static void separate(Walk walk, boolean json, StringBuilder text) {
        if (!walk.first()) {
            text.append(", ");
        }
        if (walk.inMap()) {
            scalar(walk.token(), json, text);
            text.append(json ? ": " : "=");
        }
    }

    private static void scalar(@Nullable Object value, boolean json, StringBuilder text) {
        if (json && value instanceof String string) {
            quote(string, text);
        } else {
            text.append(json ? OneLine.of(String.valueOf(value)) : value);
        }
    }

    private static void quote(String string, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c == '\n') {
                text.append("\\n");
            } else if (OneLine.isHarmless(string, i)) {
                text.append(c);
            } else {
                OneLine.escape(c, text);
            }
        }
        text.append('"');
    }
}
