package dev.heartwood.inspector;

import java.io.IOException;

/**
 * Strings as JSON that may stand in an HTML page and in an event stream. The text cannot end a script, start a comment
 * or break a line, and every character can be encoded: letters and digits stay as they are, and every character that
 * could be misread is escaped.
 */
final class ScriptText {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private ScriptText() {}

    static void write(String text, Appendable out) throws IOException {
        out.append('"');
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && isPlainPair(text, i)) {
                i++;
                continue;
            }
            out.append(text, from, i);
            escape(c, out);
            from = i + 1;
        }
        out.append(text, from, text.length()).append('"');
    }

    private static boolean isPlain(char c) {
        if (c < 0x7f) {
            return c >= ' ' && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
        }
        return c > 0x9f && !Character.isSurrogate(c) && isVisible(Character.getType(c));
    }

    private static boolean isPlainPair(String text, int i) {
        return Character.isLowSurrogate(text.charAt(i + 1)) && isVisible(Character.getType(text.codePointAt(i)));
    }

    private static boolean isVisible(int type) {
        return type != Character.FORMAT
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR
                && type != Character.PRIVATE_USE
                && type != Character.UNASSIGNED;
    }

    private static void escape(char c, Appendable out) throws IOException {
        out.append("\\u")
                .append(HEX[c >> 12])
                .append(HEX[(c >> 8) & 15])
                .append(HEX[(c >> 4) & 15])
                .append(HEX[c & 15]);
    }
}
