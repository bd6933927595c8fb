package dev.heartwood.json;

import org.jspecify.annotations.Nullable;

/**
 * Shares equal short strings of one document that are near to each other: names of states, dates, languages. A lookup
 * costs as much as making a string, so sharing is used only in documents that repeat themselves.
 */
final class SharedStrings {
    private static final int LONGEST = 32;
    private static final int MOST_SLOTS = 1 << 12;
    /** The number of short strings after which it is decided whether sharing pays. */
    private static final int TRIAL = 1 << 10;

    private @Nullable String[] slots = new String[16];
    private int asked;
    private int made;

    /** Whether three of five strings were there already, or it is too early to say. */
    boolean pays() {
        return asked < TRIAL || 5L * made < 2L * asked;
    }

    /** The string of these chars. */
    String of(char[] chars, int offset, int length) {
        if (length > LONGEST) {
            return new String(chars, offset, length);
        }
        asked++;
        int hash = 0;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + chars[i];
        }
        int slot = slot(hash);
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
        if (2 * made > slots.length && slots.length < MOST_SLOTS) {
            grow();
        }
        return string;
    }

    private void grow() {
        @Nullable String[] known = slots;
        slots = new String[4 * known.length];
        for (String string : known) {
            if (string != null) {
                slots[slot(string.hashCode())] = string;
            }
        }
    }

    private int slot(int hash) {
        return (hash ^ (hash >>> 15)) & (slots.length - 1);
    }
}
