package dev.heartwood.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Whether bytes are UTF-8, and text is UTF-16, to the letter: Jackson takes overlong forms and surrogates for
 * characters, and takes any char in text.
 */
final class Utf8 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8() {}

    /** The index of the first byte of the first thing that is no character, or -1; as table 3-7 of Unicode has it. */
    static int firstBad(byte[] bytes) {
        int end = bytes.length;
        for (int i = 0; i < end; ) {
            if (bytes[i] >= 0) {
                i = endOfAscii(bytes, i, end);
                continue;
            }
            int length = isPlainThree(bytes, i) ? 3 : characterLength(bytes, i);
            if (length == 0) {
                return i;
            }
            i += length;
        }
        return -1;
    }

    /** The index of the first byte beyond ASCII, or the end. */
    static int endOfAscii(byte[] bytes, int from, int end) {
        int at = from;
        while (at + Long.BYTES <= end && ((long) LONGS.get(bytes, at) & HIGH_BITS) == 0) {
            at += Long.BYTES;
        }
        while (at < end && bytes[at] >= 0) {
            at++;
        }
        return at;
    }

    /** Whether one of three bytes starts here that needs no closer look: most text beyond ASCII. */
    static boolean isPlainThree(byte[] bytes, int at) {
        return at + 2 < bytes.length
                && (bytes[at] & 0xF0) == 0xE0
                && bytes[at] != (byte) 0xE0
                && bytes[at] != (byte) 0xED
                && (bytes[at + 1] & bytes[at + 2] & 0xC0) == 0x80
                && ((bytes[at + 1] | bytes[at + 2]) & 0x40) == 0;
    }

    /** How many bytes the character has that starts with a byte beyond ASCII; 0 if none starts there. */
    static int characterLength(byte[] bytes, int at) {
        int lead = bytes[at] & 0xFF;
        int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (lead < 0xC2 || lead > 0xF4 || at + length > bytes.length) {
            return 0;
        }
        int second = bytes[at + 1] & 0xFF;
        int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < least || second > most) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    /** The character that stands in the {@code length} bytes from an index on, two to four of them. */
    static int character(byte[] bytes, int at, int length) {
        int point = bytes[at] & (0x7F >> length);
        for (int i = 1; i < length; i++) {
            point = (point << 6) | (bytes[at + i] & 0x3F);
        }
        return point;
    }

    /** Writes a character beyond the first 65,536 in its four bytes, and answers the index behind them. */
    static int supplementary(int point, byte[] out, int from) {
        int at = from;
        out[at++] = (byte) (0xF0 | (point >> 18));
        out[at++] = (byte) (0x80 | ((point >> 12) & 0x3F));
        out[at++] = (byte) (0x80 | ((point >> 6) & 0x3F));
        out[at++] = (byte) (0x80 | (point & 0x3F));
        return at;
    }

    /** The index of the first surrogate without its partner, or -1. */
    static int firstLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (Character.charCount(text.codePointAt(i)) == 1) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }
}
