package dev.heartwood;

import dev.heartwood.tree.OneLine;
import dev.heartwood.tree.TreeCursor;
import io.vavr.collection.HashMap;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Trees as text for people: keys sorted, safe at any legal depth, cut off at a length. The work is bounded as well as
 * the length: of a large map a few keys are looked at, of a long string the beginning, and a large number is described.
 */
final class TreePrinter {
    private static final int LINE = 200;
    /** The maximum length of {@code toString} of a view: a debugger calls it without knowing the size of the view. */
    private static final int PAGE = 1 << 20;

    private static final int LONGEST_KEY = 60;
    private static final double DIGITS_OF_A_BIT = Math.log10(2);

    private TreePrinter() {}

    /** A value on one line, JSON-like, cut off where it gets long. */
    static String brief(@Nullable Object node) {
        return render(node, true, LINE);
    }

    /** A value as {@code java.util} collections print it, cut off after a million characters. */
    static String java(@Nullable Object node) {
        return render(node, false, PAGE);
    }

    /** A key or an object of the caller's for a message, cut off where it gets long. */
    static String cut(@Nullable Object object) {
        return cut(object instanceof Number number ? number(number, LINE) : String.valueOf(object), LONGEST_KEY);
    }

    /** A text for a message, cut off at a length. */
    static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + "…";
    }

    private static String render(@Nullable Object node, boolean json, int limit) {
        StringBuilder text = new StringBuilder();
        TreeCursor walk = json ? TreeCursor.brief(node, LINE / 4) : new TreeCursor(node, false);
        while (walk.next()) {
            boolean map = walk.node() instanceof HashMap;
            if (walk.step() == TreeCursor.Step.EXIT) {
                int left = walk.leftOut();
                text.append(left > 0 ? ", … " + left + " more" : "").append(map ? '}' : ']');
                continue;
            }
            if (walk.depth() > 0) {
                separate(walk, json, text, limit);
            }
            if (walk.step() == TreeCursor.Step.ENTER) {
                text.append(map ? '{' : '[');
            } else {
                scalar(walk.node(), json, text, limit);
            }
            if (text.length() > limit) {
                text.setLength(limit);
                return text.append('…').toString();
            }
        }
        return text.toString();
    }

    private static void separate(TreeCursor walk, boolean json, StringBuilder text, int limit) {
        if (!walk.first()) {
            text.append(", ");
        }
        if (walk.inMap()) {
            scalar(walk.token(), json, text, limit);
            text.append(json ? ": " : "=");
        }
    }

    /** No more than the limit, and one character by which the caller sees that something was cut off. */
    private static void scalar(@Nullable Object value, boolean json, StringBuilder text, int limit) {
        if (value instanceof String string) {
            int end = Math.min(string.length(), Math.max(0, limit - text.length()) + 1);
            if (json) {
                quote(string, end, text);
            } else {
                text.append(string, 0, end);
            }
        } else {
            String plain = value instanceof Number number ? number(number, limit) : String.valueOf(value);
            text.append(json ? OneLine.of(plain) : plain);
        }
    }

    /** The number, or where it has too many digits to be printed, how many it has: printing takes their square. */
    private static String number(Number number, int most) {
        if (number instanceof BigInteger whole && whole.bitLength() * DIGITS_OF_A_BIT > most) {
            return "a number of about " + (long) (whole.bitLength() * DIGITS_OF_A_BIT) + " digits";
        }
        if (number instanceof BigDecimal decimal) {
            double digits = decimal.unscaledValue().bitLength() * DIGITS_OF_A_BIT;
            return digits > most ? "a decimal of about " + (long) digits + " digits" : decimal.toString();
        }
        return String.valueOf(number);
    }

    private static void quote(String string, int end, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < end; i++) {
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
