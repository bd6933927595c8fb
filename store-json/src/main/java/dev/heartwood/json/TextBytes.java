package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import org.jspecify.annotations.Nullable;

/**
 * A byte for each char of a text, so that a document that comes as text is read like one that comes in bytes: ASCII as
 * it is, and any byte beyond ASCII for any other char. Which char that is, the text says.
 */
final class TextBytes {
    private static final int PIECE = 1 << 12;
    /** So many chars are taken one by one behind one that has stopped the machine's widest instructions. */
    private static final int SHORT = 16;

    private final char[] chars;
    private final CharBuffer source;
    private final byte[] bytes;
    private final ByteBuffer target;
    /** Goes by the machine's widest instructions and stops at a char beyond Latin-1; a loop is several times slower. */
    private final CharsetEncoder narrow = ISO_8859_1.newEncoder();

    private TextBytes(int length) {
        this.chars = new char[Math.min(PIECE, length)];
        this.source = CharBuffer.wrap(chars);
        this.bytes = new byte[length];
        this.target = ByteBuffer.wrap(bytes);
    }

    /** As many bytes as the text has chars; null if a surrogate stands alone. */
    static byte @Nullable [] of(String text) {
        TextBytes result = new TextBytes(text.length());
        int length;
        for (int from = 0; from < text.length(); from += length) {
            length = Math.min(PIECE, text.length() - from);
            // A pair stays together.
            if (length > 1 && Character.isHighSurrogate(text.charAt(from + length - 1))) {
                length--;
            }
            text.getChars(from, from + length, result.chars, 0);
            if (!result.piece(from, length)) {
                return null;
            }
        }
        return result.bytes;
    }

    /** Goes over the chars of a piece; false if a surrogate stands alone among them. */
    private boolean piece(int from, int length) {
        for (int at = 0; at < length; ) {
            narrow.encode(source.limit(length).position(at), target.position(from + at), false);
            at = oneByOne(chars, source.position(), length, bytes, from);
            if (at < 0) {
                return false;
            }
        }
        return true;
    }

    /** Answers where it has stopped, or -1 at a surrogate that stands alone. */
    private static int oneByOne(char[] chars, int from, int end, byte[] bytes, int offset) {
        int at = from;
        for (; at < end && (at < from + SHORT || chars[at] > 0xFF); at++) {
            char c = chars[at];
            bytes[offset + at] = (byte) (c < 0x80 ? c : c | 0x80);
            if (Character.isSurrogate(c)) {
                if (at + 1 == end || !Character.isSurrogatePair(c, chars[at + 1])) {
                    return -1;
                }
                at++;
                bytes[offset + at] = -1;
            }
        }
        return at;
    }
}
