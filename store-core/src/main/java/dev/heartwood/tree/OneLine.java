package dev.heartwood.tree;

/**
 * Text from a tree for a message or a log: characters that would break the line, or change the direction of the rest,
 * are escaped as in {@code \\u000a}.
 */
public final class OneLine {
    private OneLine() {}

    /** The text with such characters escaped; the same instance where there are none. */
    public static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isHarmless(text, i)) {
                StringBuilder line = new StringBuilder(text.length() + 16).append(text, 0, i);
                append(text, i, text.length(), line);
                return line.toString();
            }
        }
        return text;
    }

    /** Appends a part of the text, escaped. */
    public static void append(String text, int from, int to, StringBuilder line) {
        for (int i = from; i < to; i++) {
            if (isHarmless(text, i)) {
                line.append(text.charAt(i));
            } else {
                escape(text.charAt(i), line);
            }
        }
    }

    /** Appends a character as its number. */
    public static void escape(char c, StringBuilder line) {
        line.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            line.append(Character.forDigit((c >> shift) & 15, 16));
        }
    }

    /**
     * Whether a character needs no escape in a line: it is no control character, no line separator, no invisible
     * character that changes the direction of the following text, and no lone surrogate.
     */
    public static boolean isHarmless(String text, int i) {
        char c = text.charAt(i);
        if (c < 0x7f) {
            return c >= ' ';
        } else if (Character.isHighSurrogate(c)) {
            return i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
        } else if (Character.isLowSurrogate(c)) {
            return i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
