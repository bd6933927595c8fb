package dev.heartwood.json;

import java.io.IOException;

/**
 * JSON on its way out: kept whole, or handed on in pieces that end between characters. In each form it is counted in
 * bytes of UTF-8, so the limit and the lines of pretty are the same for all.
 */
abstract class JsonOutput {
    /** Most values that are written by themselves are short. */
    static final int SMALL = 1 << 9;
    /** The most that one char can become: {@code \}{@code u0000}. */
    static final int ESCAPED = 6;

    private final long limit;
    private final int piece;
    /** How much of a string goes into a piece in any case. */
    private final int chunk;

    /** How much the buffer can hold, and how much it does. */
    private int capacity = SMALL;

    int size;
    /** How many bytes more than {@link #size} the buffer is in UTF-8. */
    int beyond;

    private long handedOn;
    /** Where what may be taken back starts, as {@link #size} and {@link #beyond} were; -1 where nothing may. */
    private int heldSize = -1;

    private int heldBeyond;

    /** Output of at most {@code limit} bytes, or what an array can hold where it is kept; in pieces of a size. */
    JsonOutput(boolean kept, long limit, int piece) {
        this.limit = kept ? Math.min(limit, Integer.MAX_VALUE - 64) : limit;
        this.piece = piece;
        this.chunk = piece / ESCAPED / 2;
    }

    abstract void ascii(char c) throws IOException;

    abstract void ascii(String text) throws IOException;

    /** A line break and so many levels of two spaces. */
    abstract void newLine(int levels) throws IOException;

    abstract void whole(long number) throws IOException;

    /**
     * A part of a string, with escapes where it needs them, and with the quotes where it is its start and its end.
     * There is room, and a pair of surrogates stays together.
     */
    abstract void encode(String text, int from, int to);

    /** Makes the buffer this large; what it holds stays. */
    abstract void resize(int newCapacity);

    /** Hands on what the buffer holds, or keeps it. */
    abstract void accept() throws IOException;

    /** A string in quotes; lone surrogates are escaped, so it is Unicode whatever the string is. */
    final void string(String text) throws IOException {
        int length = text.length();
        int from = 0;
        do {
            int to = end(text, from);
            ensure(ESCAPED * (to - from) + 2);
            encode(text, from, to);
            from = to;
        } while (from < length);
    }

    /** Where the piece of a text ends that starts at {@code from}. */
    private int end(String text, int from) {
        int length = text.length();
        int to = Math.min(length, from + chunk);
        // A pair stays together; were it no pair, the next piece would still start with it.
        return to < length && Character.isHighSurrogate(text.charAt(to - 1)) ? to - 1 : to;
    }

    /** How many bytes were written, or would have been. */
    final long total() {
        return handedOn + size + beyond;
    }

    /** Text written from here on may be taken back. */
    final void hold() {
        heldSize = size;
        heldBeyond = beyond;
    }

    /** The text written since {@link #hold} stays. */
    final void release() {
        heldSize = -1;
    }

    /** The text written since {@link #hold} was not. */
    final void takeBack() {
        size = heldSize;
        beyond = heldBeyond;
        release();
    }

    /** Hands on what is left, and checks the limit for the last time. */
    final void finish() throws IOException {
        handOn();
        requireWithinLimit();
    }

    /** Makes room for so much more. */
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
