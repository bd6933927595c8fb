package dev.heartwood.json;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON in UTF-8: for a stream, or an array. */
final class Utf8Output extends JsonOutput {
    private static final int PIECE = 1 << 15;

    private final @Nullable OutputStream stream;
    private byte[] buffer = new byte[SMALL];
    /** A piece of a string: an array is quicker to go through. */
    private char[] chars = new char[64];
    /** The full pieces so far, which are joined once. */
    private final List<byte[]> kept = new ArrayList<>();

    /** Output of at most {@code limit} bytes; kept where there is no stream. */
    Utf8Output(@Nullable OutputStream stream, long limit) {
        super(stream == null, limit, PIECE);
        this.stream = stream;
    }

    /** The whole output; call finish first. */
    byte[] toBytes() {
        if (kept.size() == 1) {
            return kept.get(0);
        }
        byte[] all = new byte[(int) total()];
        int at = 0;
        for (byte[] piece : kept) {
            System.arraycopy(piece, 0, all, at, piece.length);
            at += piece.length;
        }
        return all;
    }

    @Override
    void ascii(char c) throws IOException {
        ensure(1);
        buffer[size++] = (byte) c;
    }

    @Override
    void ascii(String text) throws IOException {
        ensure(text.length());
        size = ascii(text, buffer, size);
    }

    @SuppressWarnings("deprecation") // copies the low bytes, which is correct for ASCII
    private static int ascii(String text, byte[] out, int at) {
        int length = text.length();
        text.getBytes(0, length, out, at);
        return at + length;
    }

    @Override
    void ascii(Ascii text) throws IOException {
        ensure(text.words.length);
        ByteWords.copy(text.words, buffer, size);
        size += text.length;
    }

    @Override
    void newLine(int levels) throws IOException {
        ensure(1 + 2 * levels);
        buffer[size++] = '\n';
        Arrays.fill(buffer, size, size + 2 * levels, (byte) ' ');
        size += 2 * levels;
    }

    @Override
    void whole(long number) throws IOException {
        ensure(20);
        size = NumberOutput.outputLong(number, buffer, size);
    }

    @Override
    void encode(String text, int from, int to) {
        byte[] out = buffer;
        int at = size;
        if (from == 0) {
            out[at++] = '"';
        }
        int i = from;
        for (char c; i < to && (c = text.charAt(i)) < 0x80 && Escaping.isPlain(c); i++) {
            out[at++] = (byte) c;
        }
        if (i < to) {
            at = encodeRest(text, i, to, at);
        }
        if (to == text.length()) {
            out[at++] = '"';
        }
        size = at;
    }

    /** The part of a string from its first char that takes more than its byte. */
    private int encodeRest(String text, int from, int to, int start) {
        int count = to - from;
        if (chars.length < count) {
            chars = new char[2 * count];
        }
        text.getChars(from, to, chars, 0);
        char[] in = chars;
        byte[] out = buffer;
        int at = start;
        int i = 0;
        while (i < count) {
            char c = in[i];
            if (c < 0x80 && Escaping.isPlain(c)) {
                do {
                    out[at++] = (byte) c;
                } while (++i < count && (c = in[i]) < 0x80 && Escaping.isPlain(c));
            } else if (c >= 0x800 && !Character.isSurrogate(c)) {
                do {
                    out[at] = (byte) (0xE0 | (c >> 12));
                    out[at + 1] = (byte) (0x80 | ((c >> 6) & 0x3F));
                    out[at + 2] = (byte) (0x80 | (c & 0x3F));
                    at += 3;
                } while (++i < count && (c = in[i]) >= 0x800 && !Character.isSurrogate(c));
            } else if (c < 0x80) {
                at = ascii(Escaping.of(c), out, at);
                i++;
            } else if (c < 0x800) {
                out[at] = (byte) (0xC0 | (c >> 6));
                out[at + 1] = (byte) (0x80 | (c & 0x3F));
                at += 2;
                i++;
            } else if (i + 1 < count && Character.isSurrogatePair(c, in[i + 1])) {
                at = Utf8.supplementary(Character.toCodePoint(c, in[i + 1]), out, at);
                i += 2;
            } else {
                at = ascii(Escaping.of(c), out, at);
                i++;
            }
        }
        return at;
    }

    @Override
    void resize(int newCapacity) {
        buffer = Arrays.copyOf(buffer, newCapacity);
    }

    @Override
    void accept() throws IOException {
        if (stream != null) {
            stream.write(buffer, 0, size);
        } else {
            kept.add(Arrays.copyOf(buffer, size));
        }
    }
}
