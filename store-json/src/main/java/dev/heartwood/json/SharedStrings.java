package dev.heartwood.json;

import org.jspecify.annotations.Nullable;

/**
 * Gives equal short strings of one document as one string, as far as they stand near to each other. Documents repeat
 * themselves: names of states, dates, languages.
 */
final class SharedStrings {
    private static final int LONGEST = 32;
    private static final int MOST_SLOTS = 1 << 12;

    private @Nullable String[] slots = new String[16];
    private int made;

    /** The string of these chars. */
    String of(char[] chars, int offset, int length) {
        if (length > LONGEST) {
            return new String(chars, offset, length);
        }
        int hash = 0;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + chars[i];
        }
        int slot = (hash ^ (hash >>> 15)) & (slots.length - 1);
        String known = slots[slot];
        return known != null && isOf(known, chars, offset, length) ? known : make(chars, offset, length, slot);
    }

    private static boolean isOf(String known, char[] chars, int offset, int length) {
        if (known.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (known.charAt(i) != chars[offset + i]) {
                return false;
            }
        }
        return true;
    }

    private String make(char[] chars, int offset, int length, int slot) {
        String string = new String(chars, offset, length);
        slots[slot] = string;
        made++;
        if (made > slots.length && slots.length < MOST_SLOTS) {
            slots = new String[4 * slots.length]; // what was known is found again soon enough
        }
        return string;
    }
}
