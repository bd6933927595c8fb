package dev.heartwood.json;

import java.io.IOException;

/**
 * An output for JSON: it keeps the whole text, or passes it on in pieces that end between characters. Every output
 * counts bytes of UTF-8, so the limit and the line breaks of pretty are the same for all.
 */
abstract class JsonOutput {
    /** Most values that are written by themselves are short. */
    static final int SMALL = 1 << 9;
    /** The maximum length of the text for one char: {@code \}{@code u0000}. */
    static final int ESCAPED = 6;

    private final long limit;
    private final int piece;
    /** The part of a string that fits into a piece in any case. */
    private final int chunk;

    /** The capacity of the buffer, and its fill level. */
    private int capacity = SMALL;

    int size;
    /** The number of bytes by which the buffer is longer in UTF-8 than {@link #size}. */
    int beyond;

    private long handedOn;
    /**
     * The start of the text that may be discarded, as values of {@link #size} and {@link #beyond}; -1 if there is none.
     */
    private int heldSize = -1;

    private int heldBeyond;

    /**
     * Output of at most {@code limit} bytes, or the maximum length of an array if it is kept; in pieces of
     * {@code piece}.
     */
    JsonOutput(boolean kept, long limit, int piece) {
        this.limit = kept ? Math.min(limit, Integer.MAX_VALUE - 64) : limit;
        this.piece = piece;
        this.chunk = piece / ESCAPED / 2;
    }

    abstract void ascii(char c) throws IOException;

    abstract void ascii(String text) throws IOException;

    /** As the other one, for a text that comes again and again. */
    abstract void ascii(Ascii text) throws IOException;

    /** A line break and an indentation of two spaces a level. */
    abstract void newLine(int levels) throws IOException;

    abstract void whole(long number) throws IOException;

    /**
     * A part of a string, with escapes where it needs them, and with the quotes where it is its start and its end.
     * There is room, and a pair of surrogates stays together.
     */
    abstract void encode(String text, int from, int to);

    /** Makes the buffer this large; its content stays. */
    abstract void resize(int newCapacity);

    /** Passes the content of the buffer on, or keeps it. */
    abstract void accept() throws IOException;

    /** A string in quotes; lone surrogates are escaped, so the output is always valid Unicode. */
    final void string(String text) throws IOException {
        int length = text.length();
        if (length <= chunk) {
            // Most strings are one piece: without the loop, a document of them takes a twentieth less.
            ensure(ESCAPED * length + 2);
            encode(text, 0, length);
            return;
        }
        int from = 0;
        do {
            int to = end(text, from);
            ensure(ESCAPED * (to - from) + 2);
            encode(text, from, to);
            from = to;
        } while (from < length);
    }

    /** The end of the piece of a text that starts at {@code from}. */
    private int end(String text, int from) {
        int length = text.length();
        int to = Math.min(length, from + chunk);
        // A pair stays together; were it no pair, the next piece would still start with it.
        return to < length && Character.isHighSurrogate(text.charAt(to - 1)) ? to - 1 : to;
    }

    /** The number of bytes that were written, or would have been. */
    final long total() {
        return handedOn + size + beyond;
    }

    /** Text that is written from here on may be discarded. */
    final void hold() {
        heldSize = size;
        heldBeyond = beyond;
    }

    /** Keeps the text that was written since {@link #hold}. */
    final void release() {
        heldSize = -1;
    }

    /** Discards the text that was written since {@link #hold}. */
    final void takeBack() {
        size = heldSize;
        beyond = heldBeyond;
        release();
    }

    /** Passes the rest on, and checks the limit for the last time. */
    final void finish() throws IOException {
        handOn();
        requireWithinLimit();
    }

    /** Makes room for {@code more} units. */
    final void ensure(int more) throws IOException {
        if (capacity - size < more) {
            makeRoom(more);
        }
    }

    private void makeRoom(int more) throws IOException {
        if (heldSize < 0 && size + more > piece) {
            handOn();
            requireWithinLimit();
        }
        if (capacity - size < more) {
            capacity = Math.max(Math.min(piece, 4 * capacity), size + more);
            resize(capacity);
        }
    }

    private void handOn() throws IOException {
        accept();
        handedOn = total();
        size = 0;
        beyond = 0;
    }

    private void requireWithinLimit() {
        if (total() > limit) {
            throw new InvalidJsonException("the document has more than " + limit + " bytes, the most that is written");
        }
    }
}
