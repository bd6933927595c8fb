package dev.heartwood.json;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The JSON escapes of characters that must be escaped in a string. */
final class Escaping {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final @Nullable String[] ASCII = ascii();

    private Escaping() {}

    /** Whether a char up to 0x7F needs no escape. */
    static boolean isPlain(char ascii) {
        return ASCII[ascii] == null;
    }

    /** Whether a string is ASCII and needs no escape. */
    static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ASCII.length || !isPlain(c)) {
                return false;
            }
        }
        return true;
    }

    /** The text for a char that is not plain, or for a surrogate without its partner. */
    static String of(char c) {
        String escape = c < ASCII.length ? ASCII[c] : null;
        return escape != null ? escape : "\\u" + HEX.toHexDigits(c);
    }

    private static @Nullable String[] ascii() {
        @Nullable String[] escapes = new String[0x80];
        for (char c = 0; c < ' '; c++) {
            escapes[c] = "\\u" + HEX.toHexDigits(c);
        }
        String named = "\b\f\n\r\t\"\\";
        for (int i = 0; i < named.length(); i++) {
            escapes[named.charAt(i)] = "\\" + "bfnrt\"\\".charAt(i);
        }
        return escapes;
    }
}
