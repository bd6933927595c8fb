package dev.heartwood.json;

import org.jspecify.annotations.Nullable;

/**
 * Hides escaped lone surrogates from a parser that refuses them in keys: in a copy of the document, each is replaced by
 * the escape of a private character that does not occur in the document, and restored in the strings that were read.
 * The lengths are equal, so every place in the copy is the same place in the document.
 */
final class LoneSurrogates {
    private static final int COUNT = 0x800;
    /** Blocks of private characters, each as large as the block of surrogates. */
    private static final char[] BLOCKS = {'\uE000', '\uE800', '\uF000'};

    private final byte[] bytes;
    private final char block;

    private LoneSurrogates(byte[] bytes, char block) {
        this.bytes = bytes;
        this.block = block;
    }

    /** The document with its lone surrogates hidden; null if it has all the characters that could hide them. */
    static @Nullable LoneSurrogates hide(byte[] document) {
        boolean[] taken = new boolean[BLOCKS.length];
        Escapes escapes = new Escapes(document);
        while (escapes.next()) {
            take(taken, escapes.unit);
        }
        for (int i = 0; i + 1 < document.length; i++) {
            int lead = document[i] & 0xFF;
            if (lead == 0xEE || lead == 0xEF) {
                take(taken, ((lead & 0xF) << 12) | ((document[i + 1] & 0x3F) << 6));
            }
        }
        for (int i = 0; i < BLOCKS.length; i++) {
            if (!taken[i]) {
                return new LoneSurrogates(replaced(document, BLOCKS[i]), BLOCKS[i]);
            }
        }
        return null;
    }

    private static void take(boolean[] taken, int unit) {
        for (int i = 0; i < BLOCKS.length; i++) {
            taken[i] |= unit >= BLOCKS[i] && unit < BLOCKS[i] + COUNT;
        }
    }

    private static byte[] replaced(byte[] document, char block) {
        byte[] copy = document.clone();
        Escapes escapes = new Escapes(document);
        int high = -1;
        while (escapes.next()) {
            boolean pair =
                    high >= 0 && escapes.at == high + Escapes.LENGTH && Character.isLowSurrogate((char) escapes.unit);
            if (pair) {
                System.arraycopy(document, high, copy, high, Escapes.LENGTH);
                high = -1;
            } else if (escapes.unit >= Character.MIN_SURROGATE && escapes.unit <= Character.MAX_SURROGATE) {
                Escapes.write(escapes.unit - Character.MIN_SURROGATE + block, copy, escapes.at);
                high = Character.isHighSurrogate((char) escapes.unit) ? escapes.at : -1;
            }
        }
        return copy;
    }

    /** The document without lone surrogates. */
    byte[] bytes() {
        return bytes;
    }

    /** A string of the document as it was. */
    String reveal(String string) {
        for (int i = 0; i < string.length(); i++) {
            if (isHidden(string.charAt(i))) {
                char[] chars = string.toCharArray();
                for (int j = i; j < chars.length; j++) {
                    chars[j] = isHidden(chars[j]) ? (char) (chars[j] - block + Character.MIN_SURROGATE) : chars[j];
                }
                return new String(chars);
            }
        }
        return string;
    }

    private boolean isHidden(char c) {
        return c >= block && c < block + COUNT;
    }

    /** The <code>&#92;uXXXX</code> escapes of a document, one after another. */
    private static final class Escapes {
        static final int LENGTH = 6;

        private final byte[] document;
        private int next;
        int at;
        int unit;

        Escapes(byte[] document) {
            this.document = document;
        }

        boolean next() {
            for (; next + LENGTH <= document.length; next++) {
                if (document[next] != '\\') {
                    continue;
                }
                at = next++; // a character after a backslash does not start another escape
                unit = document[next] == 'u' ? unit(next + 1) : -1;
                if (unit >= 0) {
                    next += 5;
                    return true;
                }
            }
            return false;
        }

        private int unit(int from) {
            int value = 0;
            for (int i = from; i < from + 4; i++) {
                int digit = Character.digit(document[i], 16);
                if (digit < 0) {
                    return -1;
                }
                value = (value << 4) | digit;
            }
            return value;
        }

        static void write(int unit, byte[] to, int at) {
            for (int i = 0; i < 4; i++) {
                to[at + 2 + i] = (byte) Character.forDigit((unit >> (12 - 4 * i)) & 0xF, 16);
            }
        }
    }
}
