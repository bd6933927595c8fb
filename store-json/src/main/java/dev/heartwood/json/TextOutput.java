package dev.heartwood.json;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON as chars: for a writer, or a string. */
final class TextOutput extends JsonOutput {
    /** So small that many pieces are Latin-1, which takes half the memory, even if other pieces are not. */
    private static final int PIECE = 1 << 13;

    private final @Nullable Writer writer;
    private char[] buffer = new char[SMALL];
    /** The pieces so far: joined once, since new memory is the largest cost. */
    private final List<String> kept = new ArrayList<>();

    /** Output of at most {@code limit} bytes, were it UTF-8; kept where there is no writer. */
    TextOutput(@Nullable Writer writer, long limit) {
        super(writer == null, limit, PIECE);
        this.writer = writer;
    }

    /** The whole output; call finish first. */
    String toText() {
        return kept.size() == 1 ? kept.get(0) : String.join("", kept);
    }

    @Override
    void ascii(char c) throws IOException {
        ensure(1);
        buffer[size++] = c;
    }

    @Override
    void ascii(String text) throws IOException {
        int length = text.length();
        ensure(length);
        text.getChars(0, length, buffer, size);
        size += length;
    }

    @Override
    void ascii(Ascii text) throws IOException {
        ascii(text.text);
    }

    @Override
    void newLine(int levels) throws IOException {
        ensure(1 + 2 * levels);
        buffer[size++] = '\n';
        Arrays.fill(buffer, size, size + 2 * levels, ' ');
        size += 2 * levels;
    }

    @Override
    void whole(long number) throws IOException {
        ensure(20);
        size = NumberOutput.outputLong(number, buffer, size);
    }

    /** Copies the whole string and checks the copy: few strings need an escape. */
    @Override
    void encode(String text, int from, int to) {
        char[] out = buffer;
        int at = size;
        if (from == 0) {
            out[at++] = '"';
        }
        text.getChars(from, to, out, at);
        int end = at + to - from;
        int more = 0;
        for (; at < end; at++) {
            char c = out[at];
            if (c < 0x80) {
                if (!Escaping.isPlain(c)) {
                    break;
                }
            } else if (c < 0x800) {
                more++;
            } else if (!Character.isSurrogate(c)) {
                more += 2;
            } else if (at + 1 < end && Character.isSurrogatePair(c, out[at + 1])) {
                more += 2;
                at++;
            } else {
                break;
            }
        }
        size = at;
        beyond += more;
        if (at < end) {
            escape(text, to - (end - at), to);
        }
        if (to == text.length()) {
            out[size++] = '"';
        }
    }

    private void escape(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < 0x80 ? Escaping.isPlain(c) : !Character.isSurrogate(c)) {
                buffer[size++] = c;
                beyond += c < 0x80 ? 0 : c < 0x800 ? 1 : 2;
            } else if (i + 1 < to && Character.isSurrogatePair(c, text.charAt(i + 1))) {
                buffer[size++] = c;
                buffer[size++] = text.charAt(++i);
                beyond += 2;
            } else {
                String escape = Escaping.of(c);
                escape.getChars(0, escape.length(), buffer, size);
                size += escape.length();
            }
        }
    }

    @Override
    void resize(int newCapacity) {
        buffer = Arrays.copyOf(buffer, newCapacity);
    }

    @Override
    void accept() throws IOException {
        if (writer != null) {
            writer.write(buffer, 0, size);
        } else {
            kept.add(new String(buffer, 0, size));
        }
    }
}
