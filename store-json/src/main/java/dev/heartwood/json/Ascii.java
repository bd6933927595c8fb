package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/** Text of ASCII that is written again and again, in the forms that outputs take. */
final class Ascii {
    final String text;
    /** The number of chars, and of bytes. */
    final int length;
    /** The bytes, and zeros up to a multiple of eight. */
    final byte[] words;

    Ascii(String text) {
        this.text = text;
        this.length = text.length();
        this.words = Arrays.copyOf(text.getBytes(US_ASCII), (length + Long.BYTES - 1) / Long.BYTES * Long.BYTES);
    }
}
