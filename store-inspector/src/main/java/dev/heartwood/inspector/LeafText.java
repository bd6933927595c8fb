package dev.heartwood.inspector;

import dev.heartwood.history.Redacted;
import dev.heartwood.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Leaves as text for the page: a letter for the type, then the leaf. Numbers keep all their digits, since a page would
 * round them otherwise.
 *
 * <p>{@code s} text, {@code i} whole number, {@code d} double, {@code m} decimal, {@code o} class name, line feed and
 * text of an object of the program; {@code r} a value that the history does not record; {@code c} length, colon and the beginning of a leaf that is cut.
 */
final class LeafText {
    private LeafText() {}

    /** The text of a leaf of any type but null and Boolean; a text longer than {@code longest} is cut. */
    static String of(Object leaf, int longest) {
        String text = text(leaf);
        if (text.length() - 1 <= longest) {
            return text;
        }
        int end = longest + 1;
        if (Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return "c" + (text.length() - 1) + ':' + text.substring(0, end);
    }

    /** About how many characters the text of a leaf has. */
    static long length(@Nullable Object leaf) {
        if (leaf instanceof String string) {
            return string.length();
        } else if (leaf instanceof BigInteger number) {
            return number.bitLength() * 3L / 10 + 1;
        } else if (leaf instanceof BigDecimal number) {
            return number.precision() + 3L;
        }
        return leaf == null || leaf instanceof Boolean || leaf instanceof Number
                ? 8
                : text(leaf).length();
    }

    private static String text(Object leaf) {
        if (leaf instanceof String string) {
            return 's' + string;
        } else if (leaf instanceof Long || leaf instanceof BigInteger) {
            return "i" + leaf;
        } else if (leaf instanceof Double) {
            return 'd' + Json.write(leaf);
        } else if (leaf instanceof BigDecimal) {
            return "m" + leaf;
        } else if (leaf instanceof Redacted) {
            return "r" + leaf;
        }
        return 'o' + leaf.getClass().getName() + '\n' + textOfObject(leaf);
    }

    /**
     * The text of an object of the program. If its {@code toString} fails, the text names the failure, since a page is
     * made for debugging.
     */
    private static String textOfObject(Object leaf) {
        try {
            return String.valueOf(leaf);
        } catch (Throwable e) { // also a stack overflow, as of objects that reference each other
            return "(its toString failed: " + e + ")";
        }
    }
}
