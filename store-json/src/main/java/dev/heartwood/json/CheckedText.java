package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;

/** Text for a parser that accepts any char: throws {@link NotUtf16} at a lone surrogate. */
final class CheckedText extends Reader {
    private static final int SHORT = 32;
    private static final int LONG = 1 << 12;

    private final String text;
    private int next;

    /** An encoder uses the machine's widest instructions and stops at the first invalid char; a loop is slower. */
    private final CharsetEncoder narrow = ISO_8859_1.newEncoder();

    private ByteBuffer scratch = ByteBuffer.allocate(0);

    /** Text from the given char on. */
    CheckedText(String text, int start) {
        this.text = text;
        this.next = start;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (next == text.length()) {
            return -1;
        }
        int count = Math.min(length, text.length() - next);
        // A pair stays together, unless there is room for only one char, which the parser never requests.
        if (count > 1 && Character.isHighSurrogate(text.charAt(next + count - 1)) && next + count < text.length()) {
            count--;
        }
        text.getChars(next, next + count, target, offset);
        next += count;
        requireUtf16(target, offset, offset + count);
        return count;
    }

    private void requireUtf16(char[] chars, int start, int end) throws NotUtf16 {
        int run = SHORT;
        for (int at = start; at < end; ) {
            int narrow = narrow(chars, at, end);
            // If the encoder stops at once, it would stop again and again.
            run = narrow - at > SHORT ? SHORT : Math.min(LONG, 2 * run);
            at = byHand(chars, narrow, Math.min(end, narrow + run), end);
        }
    }

    /** The end of the chars that are certainly no surrogates, found fast. */
    private int narrow(char[] chars, int start, int end) {
        if (scratch.capacity() < end - start) {
            scratch = ByteBuffer.allocate(end - start);
        }
        CharBuffer source = CharBuffer.wrap(chars, start, end - start);
        narrow.reset().encode(source, scratch.clear(), true);
        return source.position();
    }

    /** Checks chars one by one; returns the end, which may be behind a pair. */
    private static int byHand(char[] chars, int start, int stop, int end) throws NotUtf16 {
        for (int i = start; i < stop; i++) {
            if (Character.isSurrogate(chars[i])) {
                if (i + 1 == end || !Character.isSurrogatePair(chars[i], chars[i + 1])) {
                    throw new NotUtf16();
                }
                return i + 2;
            }
        }
        return stop;
    }

    @Override
    public void close() {}

    /** The text has a lone surrogate. */
    static final class NotUtf16 extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
