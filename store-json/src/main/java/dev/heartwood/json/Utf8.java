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
                i++;
                while (i + Long.BYTES <= end && ((long) LONGS.get(bytes, i) & HIGH_BITS) == 0) {
                    i += Long.BYTES;
                }
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

    /** Whether one of three bytes starts here that needs no closer look: most text beyond ASCII. */
    private static boolean isPlainThree(byte[] bytes, int at) {
        return at + 2 < bytes.length
                && (bytes[at] & 0xF0) == 0xE0
                && bytes[at] != (byte) 0xE0
                && bytes[at] != (byte) 0xED
                && (bytes[at + 1] & bytes[at + 2] & 0xC0) == 0x80
                && ((bytes[at + 1] | bytes[at + 2]) & 0x40) == 0;
    }

    /** How many bytes the character has that starts with a byte beyond ASCII; 0 if none starts there. */
    private static int characterLength(byte[] bytes, int at) {
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
