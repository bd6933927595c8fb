package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Whether bytes are UTF-8, and text is UTF-16, to the letter: Jackson takes overlong forms and surrogates for
 * characters, and Java's encoder puts a question mark where a surrogate stands alone.
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
            int length = characterLength(bytes, i);
            if (length == 0) {
                return i;
            }
            i += length;
        }
        return -1;
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

    /** The index of the first surrogate without its partner, or -1; {@code encoded} is the text as Java encodes it. */
    static int firstLoneSurrogate(String text, byte[] encoded) {
        // Decoding and comparing are done by the machine's widest instructions; a loop over the chars is not.
        if (new String(encoded, UTF_8).equals(text)) {
            return -1;
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (Character.charCount(text.codePointAt(i)) == 1) {
                    return i;
                }
                i++;
            }
        }
        throw new AssertionError("only lone surrogates are lost on the way to UTF-8 and back");
    }
}
