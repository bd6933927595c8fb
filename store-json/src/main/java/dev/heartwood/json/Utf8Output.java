package dev.heartwood.json;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** UTF-8 on its way out: kept whole, or handed on in pieces that end between characters. */
final class Utf8Output {
    private static final int PIECE = 1 << 13;
    /** The most bytes that one char can become: {@code \}{@code u0000}. */
    private static final int ESCAPED = 6;

    private static final int CHUNK = PIECE / ESCAPED / 2;
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    /** What stands after the backslash for an ASCII character; 0 for none, {@code u} where it takes the long form. */
    private static final byte[] ESCAPES = escapes();

    /** Where pieces go. */
    interface Sink {
        void accept(byte[] bytes, int length) throws IOException;
    }

    private final @Nullable Sink sink;
    private final long limit;
    private byte[] buffer = new byte[PIECE];
    private int size;
    private long handedOn;

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
            handOn(sink);
        }
        requireWithinLimit();
    }

    byte[] toBytes() {
        return Arrays.copyOf(buffer, size);
    }

    String toText() {
        return new String(buffer, 0, size, StandardCharsets.UTF_8);
    }

    /** Takes over what another output has kept. */
    void append(Utf8Output other) throws IOException {
        ensure(other.size);
        System.arraycopy(other.buffer, 0, buffer, size, other.size);
        size += other.size;
    }

    void clear() {
        size = 0;
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
        ascii('"');
        int length = text.length();
        for (int from = 0; from < length; ) {
            int to = Math.min(length, from + CHUNK);
            if (to < length && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--; // a pair stays together; were it no pair, the next chunk would still start with it
                to = to == from ? to + 1 : to;
            }
            ensure(ESCAPED * (to - from));
            size = encode(text, from, to);
            from = to;
        }
        ascii('"');
    }

    private int encode(String text, int from, int to) {
        byte[] out = buffer;
        int at = size;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                byte escape = ESCAPES[c];
                if (escape == 0) {
                    out[at++] = (byte) c;
                } else if (escape == 'u') {
                    at = unicode(c, out, at);
                } else {
                    out[at++] = '\\';
                    out[at++] = escape;
                }
            } else if (c < 0x800) {
                out[at++] = (byte) (0xC0 | (c >> 6));
                out[at++] = (byte) (0x80 | (c & 0x3F));
            } else if (!Character.isSurrogate(c)) {
                out[at++] = (byte) (0xE0 | (c >> 12));
                out[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
                out[at++] = (byte) (0x80 | (c & 0x3F));
            } else if (Character.isHighSurrogate(c) && i + 1 < to && Character.isLowSurrogate(text.charAt(i + 1))) {
                int point = Character.toCodePoint(c, text.charAt(++i));
                out[at++] = (byte) (0xF0 | (point >> 18));
                out[at++] = (byte) (0x80 | ((point >> 12) & 0x3F));
                out[at++] = (byte) (0x80 | ((point >> 6) & 0x3F));
                out[at++] = (byte) (0x80 | (point & 0x3F));
            } else {
                at = unicode(c, out, at);
            }
        }
        return at;
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
        if (sink != null) {
            handOn(sink);
        }
        requireWithinLimit();
        if (buffer.length - size < more) {
            long wanted = Math.max((long) size + more, Math.min(2L * buffer.length, Integer.MAX_VALUE - 64));
            buffer = Arrays.copyOf(buffer, (int) Math.min(wanted, Integer.MAX_VALUE));
        }
    }

    private void handOn(Sink to) throws IOException {
        to.accept(buffer, size);
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
