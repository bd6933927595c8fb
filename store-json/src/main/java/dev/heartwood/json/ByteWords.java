package dev.heartwood.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks at eight bytes of a document at once: the first one is the lowest of the long. */
final class ByteWords {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long QUOTES = 0x2222222222222222L;
    private static final long BACKSLASHES = 0x5C5C5C5C5C5C5C5CL;
    private static final long SPACES = 0x2020202020202020L;

    private ByteWords() {}

    /** The eight bytes from an index on; zeros behind the last one. */
    static long at(byte[] bytes, int index) {
        if (index + Long.BYTES <= bytes.length) {
            return (long) LONGS.get(bytes, index);
        }
        long word = 0;
        for (int i = bytes.length - 1; i >= index; i--) {
            word = (word << Byte.SIZE) | (bytes[i] & 0xFF);
        }
        return word;
    }

    /** Copies bytes, a multiple of eight. */
    static void copy(byte[] from, byte[] to, int at) {
        for (int i = 0; i < from.length; i += Long.BYTES) {
            LONGS.set(to, at + i, (long) LONGS.get(from, i));
        }
    }

    /** Leaves the first {@code count} bytes of a word, of one to eight, and zeros behind them. */
    static long first(int count) {
        return -1L >>> (Long.SIZE - Byte.SIZE * count);
    }

    /**
     * Where a run of chars ends that stand for themselves in a string: the index of the first quote, backslash, control
     * character or byte beyond ASCII, or the end of the document.
     */
    static int endOfPlain(byte[] bytes, int from) {
        return end(bytes, from, HIGH_BITS);
    }

    /** The same, but bytes beyond ASCII belong to the run. */
    static int endOfVerbatim(byte[] bytes, int from) {
        return end(bytes, from, 0);
    }

    private static int end(byte[] bytes, int from, long beyondAscii) {
        int at = from;
        for (; at + Long.BYTES <= bytes.length; at += Long.BYTES) {
            long word = (long) LONGS.get(bytes, at);
            // In each byte the high bit is set where it is special; behind the first such byte also elsewhere.
            long special = ((zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES) | ((word - SPACES) & ~word)) & HIGH_BITS)
                    | (word & beyondAscii);
            if (special != 0) {
                return at + (Long.numberOfTrailingZeros(special) >>> 3);
            }
        }
        while (at < bytes.length && isPlain(bytes[at], beyondAscii)) {
            at++;
        }
        return at;
    }

    private static boolean isPlain(byte b, long beyondAscii) {
        return b < 0 ? beyondAscii == 0 : b >= ' ' && b != '"' && b != '\\';
    }

    /** The index of the first quote or backslash, or the end of the document. */
    static int quoteOrBackslash(byte[] bytes, int from) {
        int at = from;
        for (; at + Long.BYTES <= bytes.length; at += Long.BYTES) {
            long word = (long) LONGS.get(bytes, at);
            long found = (zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES)) & HIGH_BITS;
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (at < bytes.length && bytes[at] != '"' && bytes[at] != '\\') {
            at++;
        }
        return at;
    }

    /** The index of the first byte that is no space, in steps of eight at first. */
    static int endOfSpaces(byte[] bytes, int from) {
        int at = from;
        while (at + Long.BYTES <= bytes.length && (long) LONGS.get(bytes, at) == SPACES) {
            at += Long.BYTES;
        }
        while (at < bytes.length && bytes[at] == ' ') {
            at++;
        }
        return at;
    }

    /** High bits where a byte is zero; behind the first such byte also elsewhere. */
    private static long zeros(long word) {
        return (word - ONES) & ~word;
    }
}
