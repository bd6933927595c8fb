package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** UTF-8 on its way out: kept whole, or handed on in pieces that end between characters. */
final class Utf8Output {
    private static final int PIECE = 1 << 15;
    /** Most values that are written by themselves are short. */
    private static final int SMALL = 1 << 9;
    /** The most bytes that one char can become: {@code \}{@code u0000}. */
    private static final int ESCAPED = 6;

    private static final int CHUNK = PIECE / ESCAPED / 2;
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(US_ASCII);
    /** What stands after the backslash for an ASCII character; 0 for none, {@code u} where it takes the long form. */
    private static final byte[] ESCAPES = escapes();

    /** Where pieces go. */
    interface Sink {
        void accept(byte[] bytes, int length) throws IOException;
    }

    private final @Nullable Sink sink;
    private final long limit;
    private byte[] buffer = new byte[SMALL];
    private int size;
    private long handedOn;
    /** A piece of a string: an array is quicker to go through. */
    private char[] chars = new char[64];
    /** What is kept so far: whole pieces, which are joined once. */
    private final List<byte[]> kept = new ArrayList<>();

    /** Output of at most {@code limit} bytes; kept where there is no sink. */
    Utf8Output(@Nullable Sink sink, long limit) {
        this.sink = sink;
        this.limit = sink == null ? Math.min(limit, Integer.MAX_VALUE - 64) : limit;
    }

    /** How many bytes were written. */
    long total() {
        return handedOn + size;
    }

    /** Hands on what is left, and checks the limit for the last time. */
    void finish() throws IOException {
        if (sink != null) {
            handOn();
        }
        requireWithinLimit();
    }

    byte[] toBytes() {
        byte[] all = new byte[(int) total()];
        int at = 0;
        for (byte[] piece : kept) {
            System.arraycopy(piece, 0, all, at, piece.length);
            at += piece.length;
        }
        System.arraycopy(buffer, 0, all, at, size);
        return all;
    }

    String toText() {
        return kept.isEmpty() ? new String(buffer, 0, size, UTF_8) : new String(toBytes(), UTF_8);
    }

    /** Takes over what another output has kept. */
    void append(Utf8Output other) throws IOException {
        ensure(other.size);
        System.arraycopy(other.buffer, 0, buffer, size, other.size);
        size += other.size;
    }

    void clear() {
        size = 0;
        handedOn = 0;
        kept.clear();
    }

    void ascii(char c) throws IOException {
        ensure(1);
        buffer[size++] = (byte) c;
    }

    @SuppressWarnings("deprecation") // copies the low bytes, which is what ASCII is
    void ascii(String text) throws IOException {
        int length = text.length();
        ensure(length);
        text.getBytes(0, length, buffer, size);
        size += length;
    }

    /** What is in UTF-8 already. */
    void utf8(byte[] bytes) throws IOException {
        ensure(bytes.length);
        System.arraycopy(bytes, 0, buffer, size, bytes.length);
        size += bytes.length;
    }

    /** A line break and so many levels of two spaces. */
    void newLine(int levels) throws IOException {
        ensure(1 + 2 * levels);
        buffer[size++] = '\n';
        Arrays.fill(buffer, size, size + 2 * levels, (byte) ' ');
        size += 2 * levels;
    }

    void whole(long number) throws IOException {
        ensure(20);
        size = NumberOutput.outputLong(number, buffer, size);
    }

    /** A string in quotes; lone surrogates are escaped, so the bytes are UTF-8 whatever the string is. */
    void string(String text) throws IOException {
        int length = text.length();
        int to = end(text, 0);
        ensure(ESCAPED * to + 2);
        buffer[size++] = '"';
        encode(text, 0, to);
        for (int from = to; from < length; from = to) {
            to = end(text, from);
            ensure(ESCAPED * (to - from) + 1);
            encode(text, from, to);
        }
        buffer[size++] = '"';
    }

    /** Where the piece of a text ends that starts at {@code from}. */
    private static int end(String text, int from) {
        int length = text.length();
        int to = Math.min(length, from + CHUNK);
        // A pair stays together; were it no pair, the next piece would still start with it.
        return to < length && Character.isHighSurrogate(text.charAt(to - 1)) ? to - 1 : to;
    }

    private void encode(String text, int from, int to) {
        int count = to - from;
        if (chars.length < count) {
            chars = new char[Math.min(CHUNK, 2 * count)];
        }
        text.getChars(from, to, chars, 0);
        char[] in = chars;
        byte[] out = buffer;
        int at = size;
        int i = 0;
        for (char c; i < count && (c = in[i]) < 0x80 && ESCAPES[c] == 0; i++) {
            out[at++] = (byte) c;
        }
        for (; i < count; i++) {
            char c = in[i];
            if (c < 0x80 && ESCAPES[c] == 0) {
                out[at++] = (byte) c;
            } else if (c >= 0x800 && !Character.isSurrogate(c)) {
                out[at++] = (byte) (0xE0 | (c >> 12));
                out[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
                out[at++] = (byte) (0x80 | (c & 0x3F));
            } else if (c >= 0x80 && c < 0x800) {
                out[at++] = (byte) (0xC0 | (c >> 6));
                out[at++] = (byte) (0x80 | (c & 0x3F));
            } else if (Character.isHighSurrogate(c) && i + 1 < count && Character.isLowSurrogate(in[i + 1])) {
                at = supplementary(Character.toCodePoint(c, in[++i]), out, at);
            } else {
                at = escaped(c, out, at);
            }
        }
        size = at;
    }

    private static int supplementary(int point, byte[] out, int from) {
        int at = from;
        out[at++] = (byte) (0xF0 | (point >> 18));
        out[at++] = (byte) (0x80 | ((point >> 12) & 0x3F));
        out[at++] = (byte) (0x80 | ((point >> 6) & 0x3F));
        out[at++] = (byte) (0x80 | (point & 0x3F));
        return at;
    }

    private static int escaped(char c, byte[] out, int from) {
        byte escape = c < 0x80 ? ESCAPES[c] : (byte) 'u';
        if (escape == 'u') {
            return unicode(c, out, from);
        }
        out[from] = '\\';
        out[from + 1] = escape;
        return from + 2;
    }

    private static int unicode(char c, byte[] out, int from) {
        int at = from;
        out[at++] = '\\';
        out[at++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
            out[at++] = HEX[(c >> shift) & 0xF];
        }
        return at;
    }

    private void ensure(int more) throws IOException {
        if (buffer.length - size >= more) {
            return;
        }
        if (buffer.length < PIECE) {
            buffer = Arrays.copyOf(buffer, Math.min(PIECE, Math.max(4 * buffer.length, size + more)));
        }
        if (buffer.length - size < more) {
            handOn();
            requireWithinLimit();
            buffer = buffer.length < more ? new byte[more] : buffer;
        }
    }

    private void handOn() throws IOException {
        if (sink != null) {
            sink.accept(buffer, size);
        } else {
            kept.add(Arrays.copyOf(buffer, size));
        }
        handedOn += size;
        size = 0;
    }

    private void requireWithinLimit() {
        if (total() > limit) {
            throw new BadJson("the document has more than " + limit + " bytes, the most that is written");
        }
    }

    private static byte[] escapes() {
        byte[] escapes = new byte[0x80];
        Arrays.fill(escapes, 0, 0x20, (byte) 'u');
        String named = "\b\f\n\r\t\"\\";
        for (int i = 0; i < named.length(); i++) {
            escapes[named.charAt(i)] = (byte) "bfnrt\"\\".charAt(i);
        }
        return escapes;
    }
}
