package dev.heartwood.log;

import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.log.SharedLog.Position;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Texts that are larger than a value of the log, in parts. The names begin with the kind and the number of the text, so
 * that a trim deletes the parts of crashed writers by a range of numbers, without a lease or a clock. The id in the
 * name separates the parts of two writers that try the same number.
 */
final class StagedText {
    static final String ENTRIES = "entry";
    static final String CHECKPOINTS = "checkpoint";

    /** A character that does not fit goes into the next part, so that a part may lack so many bytes. */
    static final int MOST_LACKING = 3;

    private StagedText() {}

    /**
     * A reference to the parts, with which they can be found and checked.
     *
     * @param parts the number of parts
     * @param sha256 the checksum of the whole text, as it is in the parts
     * @param uncompressed the number of bytes that the text has when it is {@linkplain CompressedText decompressed}; 0 if it is not compressed
     */
    record Reference(int parts, String sha256, long uncompressed) {
        Reference(int parts, String sha256) {
            this(parts, sha256, 0);
        }
    }

    /** The reference to this text, once {@link #put} has stored it. */
    static Reference reference(SharedLog log, String text) {
        return reference(log, text, 0);
    }

    /** The same for a text that is compressed. */
    static Reference reference(SharedLog log, String text, long uncompressed) {
        int parts = 0;
        for (int from = 0; from < text.length() || parts == 0; from = end(text, from, log.largestValue())) {
            parts++;
        }
        return new Reference(parts, sha256(text), uncompressed);
    }

    /** Where the parts are stored: a log, or {@link LogRequests#partWriter}. */
    interface PartWriter {
        /** Stores the part under this name. */
        void put(String name, String part) throws InDoubt, Unavailable, Refused;
    }

    /** Stores a text in parts; a repeated call stores the same parts. */
    static void put(SharedLog log, String kind, Position at, String text) throws InDoubt, Unavailable, Refused {
        put(log::put, log.largestValue(), kind, at, text);
    }

    /**
     * Stores a text in parts.
     *
     * @param largest the maximum number of bytes of a part
     */
    static void put(PartWriter log, int largest, String kind, Position at, String text)
            throws InDoubt, Unavailable, Refused {
        int part = 0;
        for (int from = 0; from < text.length() || part == 0; part++) {
            int to = end(text, from, largest);
            log.put(name(kind, at) + "/" + part, text.substring(from, to));
            from = to;
        }
    }

    /** Where the parts are read from: a log, or {@link LogRequests#parts}. */
    interface Parts {
        /** The part of this name, or null if there is none. */
        @Nullable
        String get(String name) throws Unavailable, Refused;
    }

    /** The text that was put, or null if parts of it are gone. */
    static @Nullable String get(Parts parts, String kind, Position at, Reference reference)
            throws Unavailable, Refused {
        return StagedReader.read(parts, kind, at, reference, text -> new String(text.whole(), StandardCharsets.UTF_8));
    }

    /** Deletes the texts of a kind for numbers below this one. */
    static void deleteBelow(SharedLog log, String kind, long number) throws InDoubt, Unavailable, Refused {
        delete(log, kind, 0, number);
    }

    /** Deletes the texts of a kind for numbers from this one on and below the other. */
    static void delete(SharedLog log, String kind, long from, long below) throws InDoubt, Unavailable, Refused {
        log.delete(prefix(kind, from), prefix(kind, below));
    }

    /** The name of a text; its parts add a slash and a number. */
    static String name(String kind, Position at) {
        return prefix(kind, at.number()) + "/" + at.id();
    }

    private static String prefix(String kind, long number) {
        return kind + "/" + String.format(Locale.ROOT, "%019d", number);
    }

    /**
     * The end of the part that begins at {@code from}: as many characters as fit, without splitting a surrogate pair.
     */
    private static int end(String text, int from, int largest) {
        int bytes = 0;
        int at = from;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if (bytes > largest) {
                break;
            }
            at += Character.charCount(point);
        }
        return at;
    }

    /** The number of bytes of a text in UTF-8. */
    static long bytes(String text) {
        long bytes = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            // Each half of a surrogate pair counts two of its four bytes.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }

    private static String sha256(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The checksum of a {@link Reference}. */
    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java runtime has SHA-256", e);
        }
    }
}
