package dev.heartwood.json;

import org.jspecify.annotations.Nullable;

/**
 * Decodes strings with escapes, or with characters beyond ASCII, and checks them to the letter: those of a document in
 * UTF-8, or of a text, of which {@link TextBytes} has the ASCII.
 */
final class StringDecoder {
    private final byte[] bytes;
    private final @Nullable String text;
    private char[] chars = new char[64];

    StringDecoder(byte[] bytes, @Nullable String text) {
        this.bytes = bytes;
        this.text = text;
    }

    /** The string that is written between two indexes, with a quote behind it; null if that is no string. */
    @Nullable
    String decode(int from, int to) {
        if (text != null && ByteWords.endOfVerbatim(bytes, from) == to) {
            return text.substring(from, to);
        }
        if (chars.length < to - from) {
            chars = new char[Math.max(to - from, 2 * chars.length)];
        }
        char[] out = chars;
        if (text != null) {
            // The decoded string is never longer, so it overwrites only what has been decoded.
            text.getChars(from, to, out, 0);
        }
        int length = 0;
        for (int at = from; at < to; ) {
            int c = bytes[at];
            if (c >= ' ' && c != '\\') {
                out[length++] = (char) c;
                at++;
            } else if (c >= 0) {
                int width = c == '\\' ? escape(at + 1, to, length++) : 0;
                if (width == 0) {
                    return null;
                }
                at += width;
            } else if (text != null) {
                out[length++] = out[at - from];
                at++;
            } else if (Utf8.isPlainThree(bytes, at)) {
                out[length++] = (char) (((c & 0xF) << 12) | ((bytes[at + 1] & 0x3F) << 6) | (bytes[at + 2] & 0x3F));
                at += 3;
            } else {
                int width = Utf8.characterLength(bytes, at);
                if (width == 0) {
                    return null;
                }
                length += Character.toChars(Utf8.character(bytes, at, width), out, length);
                at += width;
            }
        }
        return new String(out, 0, length);
    }

    /** Decodes the escape behind a backslash; answers how many bytes it has, the backslash included, or 0. */
    private int escape(int at, int to, int place) {
        int unit;
        switch (at < to ? bytes[at] : 0) {
            case '"', '\\', '/' -> unit = bytes[at];
            case 'b' -> unit = '\b';
            case 'f' -> unit = '\f';
            case 'n' -> unit = '\n';
            case 'r' -> unit = '\r';
            case 't' -> unit = '\t';
            case 'u' -> {
                unit = unit(at + 1, to);
                chars[place] = (char) unit;
                return unit < 0 ? 0 : 6;
            }
            default -> {
                return 0;
            }
        }
        chars[place] = (char) unit;
        return 2;
    }

    /** The value of four hexadecimal digits; -1 if there are not four. */
    private int unit(int from, int to) {
        if (from + 4 > to) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            // Of a negative byte, which is no char, there is no digit either.
            int digit = Character.digit((int) bytes[i], 16);
            if (digit < 0) {
                return -1;
            }
            value = (value << 4) | digit;
        }
        return value;
    }
}
