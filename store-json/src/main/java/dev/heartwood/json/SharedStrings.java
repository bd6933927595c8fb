package dev.heartwood.json;

import org.jspecify.annotations.Nullable;

/**
 * Gives equal short strings of one document as one string, as far as they stand near to each other, in a document that
 * repeats itself: names of states, dates, languages. They are found by their bytes as they are written. To look costs as
 * much as to make a string, so it must pay.
 */
final class SharedStrings {
    /** Longer strings, in bytes, are not shared. */
    private static final int LONGEST = 32;

    private static final int MOST_SLOTS = 1 << 12;
    /** After so many short strings it shows whether it pays. */
    private static final int TRIAL = 1 << 10;

    private final byte[] bytes;
    private final @Nullable String text;
    private @Nullable String[] strings = new String[16];
    /** For each slot, where the bytes of its string start, and how many there are. */
    private int[] starts = new int[16];

    private int[] lengths = new int[16];
    private int asked;
    private int made;

    /** Shares the strings of a document, which may come as text. */
    SharedStrings(byte[] bytes, @Nullable String text) {
        this.bytes = bytes;
        this.text = text;
    }

    /** Whether to look for a string of so many bytes; whether three of five were there already, or too few to say. */
    boolean pays(int length) {
        return length <= LONGEST && (asked < TRIAL || 5L * made < 2L * asked);
    }

    /** The string between two indexes, for which it pays; null if it is to be made, and then {@link #add}ed. */
    @Nullable
    String find(int from, int to, boolean plain) {
        asked++;
        int slot = slot(from, to - from);
        String known = strings[slot];
        return known != null && lengths[slot] == to - from && isSame(starts[slot], from, to - from, plain)
                ? known
                : null;
    }

    /** Keeps the string that the bytes between two indexes say. */
    void add(int from, int to, String string) {
        if (2 * ++made > strings.length && strings.length < MOST_SLOTS) {
            grow();
        }
        put(from, to - from, string);
    }

    private void put(int from, int length, String string) {
        int slot = slot(from, length);
        strings[slot] = string;
        starts[slot] = from;
        lengths[slot] = length;
    }

    private void grow() {
        @Nullable String[] oldStrings = strings;
        int[] oldStarts = starts;
        int[] oldLengths = lengths;
        strings = new String[4 * oldStrings.length];
        starts = new int[strings.length];
        lengths = new int[strings.length];
        for (int i = 0; i < oldStrings.length; i++) {
            String string = oldStrings[i];
            if (string != null) {
                put(oldStarts[i], oldLengths[i], string);
            }
        }
    }

    private boolean isSame(int one, int other, int length, boolean plain) {
        // Bytes beyond ASCII do not say the chars of a text.
        return isSame(one, other, length) && (plain || text == null || text.regionMatches(one, text, other, length));
    }

    private boolean isSame(int one, int other, int length) {
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            if (ByteWords.at(bytes, one + i) != ByteWords.at(bytes, other + i)) {
                return false;
            }
        }
        long difference = ByteWords.at(bytes, one + i) ^ ByteWords.at(bytes, other + i);
        return i == length || (difference & ByteWords.first(length - i)) == 0;
    }

    private int slot(int from, int length) {
        long hash = length;
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            hash = (hash ^ ByteWords.at(bytes, from + i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        if (i < length) {
            hash = (hash ^ (ByteWords.at(bytes, from + i) & ByteWords.first(length - i))) * 0x9E3779B97F4A7C15L;
        }
        return (int) (hash >>> 40) & (strings.length - 1);
    }
}
