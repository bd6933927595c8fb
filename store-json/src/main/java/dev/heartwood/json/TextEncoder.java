package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Encodes a text in UTF-8; unlike {@code String.getBytes} it says so where the text is no UTF-16. */
final class TextEncoder {
    private static final int PIECE = 1 << 10;
    /** So many chars are encoded one by one where one has stopped the machine's widest instructions. */
    private static final int SHORT = 32;
    /** The most bytes that one char becomes; a pair becomes four. */
    private static final long WIDEST = 3;

    private final String text;
    private final char[] chars;
    private final CharBuffer source;
    /** Encodes by the machine's widest instructions and stops where it cannot go on; a loop is several times slower. */
    private final CharsetEncoder narrow = ISO_8859_1.newEncoder();

    private byte[] bytes;
    private ByteBuffer target;
    private int size;

    private TextEncoder(String text) {
        this.text = text;
        this.chars = new char[Math.min(PIECE, text.length())];
        this.source = CharBuffer.wrap(chars);
        this.bytes = new byte[capacity(text.length() + text.length() / 8L + WIDEST * chars.length)];
        this.target = ByteBuffer.wrap(bytes);
    }

    /** The text in UTF-8, maybe with spaces behind it, as JSON may have; null if a surrogate stands alone. */
    static byte @Nullable [] encode(String text) {
        return new TextEncoder(text).encode();
    }

    private byte @Nullable [] encode() {
        int length;
        for (int from = 0; from < text.length(); from += length) {
            length = Math.min(PIECE, text.length() - from);
            // A pair stays together.
            if (from + length < text.length() && Character.isHighSurrogate(text.charAt(from + length - 1))) {
                length--;
            }
            text.getChars(from, from + length, chars, 0);
            ensure(length);
            if (!piece(length)) {
                return null;
            }
        }
        Arrays.fill(bytes, size, bytes.length, (byte) ' ');
        return bytes;
    }

    private void ensure(int length) {
        if (bytes.length - size < WIDEST * length) {
            bytes = Arrays.copyOf(bytes, capacity(size + size / 2L + WIDEST * length));
            target = ByteBuffer.wrap(bytes);
        }
    }

    private static int capacity(long wanted) {
        if (wanted > Integer.MAX_VALUE - 8) {
            throw new OutOfMemoryError("the text takes more bytes than an array has");
        }
        return (int) wanted;
    }

    /** Encodes the chars of a piece; false if a surrogate stands alone among them. */
    private boolean piece(int length) {
        int run = SHORT;
        for (int at = 0; at < length; ) {
            int start = at;
            at = ascii(at, length);
            // Where it stops at once, it would stop again and again.
            run = at - start > SHORT ? SHORT : Math.min(PIECE, 2 * run);
            at = byHand(at, Math.min(length, at + run), length);
            if (at < 0) {
                return false;
            }
        }
        return true;
    }

    /** Encodes the ASCII chars from an index on; answers where they end. */
    private int ascii(int from, int to) {
        narrow.reset().encode(source.limit(to).position(from), target.position(size), true);
        int end = source.position();
        int beyond = Utf8.endOfAscii(bytes, size, size + end - from) - size;
        size += beyond;
        return from + beyond;
    }

    /** Encodes one char after another up to an index, or behind a pair; answers where it ends, or -1. */
    private int byHand(int from, int stop, int end) {
        // The loop is quicker on local variables than on fields.
        char[] in = chars;
        byte[] out = bytes;
        int to = size;
        int i = from;
        for (; i < stop; i++) {
            char c = in[i];
            if (c < 0x80) {
                out[to++] = (byte) c;
            } else if (c < 0x800) {
                out[to] = (byte) (0xC0 | (c >> 6));
                out[to + 1] = (byte) (0x80 | (c & 0x3F));
                to += 2;
            } else if (!Character.isSurrogate(c)) {
                out[to] = (byte) (0xE0 | (c >> 12));
                out[to + 1] = (byte) (0x80 | ((c >> 6) & 0x3F));
                out[to + 2] = (byte) (0x80 | (c & 0x3F));
                to += 3;
            } else if (i + 1 < end && Character.isSurrogatePair(c, in[i + 1])) {
                to = Utf8.supplementary(Character.toCodePoint(c, in[++i]), out, to);
            } else {
                return -1;
            }
        }
        size = to;
        return i;
    }
}
