package dev.heartwood.file.journal;

import dev.heartwood.file.text.ContentDigest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a journal: which tree its commits follow.
 *
 * @param id random, and part of every checksum
 * @param base the SHA-256 of the file that it follows
 * @param bytes the size of that file
 */
public record JournalHeader(String id, String base, long bytes) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern JSON = Pattern.compile(
            "\\{\"journal\":1,\"id\":\"([0-9a-f]{16})\",\"base\":\"sha256:([0-9a-f]{64})\",\"bytes\":(\\d{1,18})((?:,.*)?)}");

    /** Other members than these are optional: a reader that does not know one ignores it. */
    private static final Pattern REQUIRES = Pattern.compile(",\"requires\":\\[([^\\]]+)]");

    private static final Pattern ANY_FORMAT = Pattern.compile("\\{\"journal\":(\\d{1,9})\\b");

    /** The header of a new journal that follows a file with this content. */
    static JournalHeader following(ContentDigest base) {
        return new JournalHeader(String.format("%016x", RANDOM.nextLong()), base.sha256(), base.size());
    }

    /** The first line of a journal, with its line feed. */
    byte[] line() {
        String json = "{\"journal\":1,\"id\":\"" + id + "\",\"base\":\"sha256:" + base + "\",\"bytes\":" + bytes + "}";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JournalLine.write(out, "", 0, 0, json.getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    /** The header in a first line; null if it is none. */
    public static @Nullable JournalHeader parse(byte[] bytes, int length) {
        JournalLine line = JournalLine.parse("", bytes, length);
        if (line == null) {
            return null;
        }
        Matcher json = JSON.matcher(line.text());
        return json.matches() && requires(json.group(4)).isEmpty()
                ? new JournalHeader(json.group(1), json.group(2), Long.parseLong(json.group(3)))
                : null;
    }

    /**
     * The number of the format in a whole first line, even of a format that this version does not know; -1 if there is
     * none.
     */
    static int format(byte[] bytes, int length) {
        JournalLine line = JournalLine.parse("", bytes, length);
        if (line == null) {
            return -1;
        }
        Matcher json = ANY_FORMAT.matcher(line.text());
        return json.lookingAt() ? Integer.parseInt(json.group(1)) : -1;
    }

    /**
     * The features that a whole first line requires, and that this version does not know; empty if there are none. This
     * version writes no such list, so that the versions before it can read its journals.
     */
    static String unknownFeatures(byte[] bytes, int length) {
        JournalLine line = JournalLine.parse("", bytes, length);
        Matcher json = JSON.matcher(line == null ? "" : line.text());
        return json.matches() ? requires(json.group(4)) : "";
    }

    private static String requires(String members) {
        Matcher requires = REQUIRES.matcher(members);
        return requires.find() ? requires.group(1) : "";
    }

    public boolean follows(ContentDigest content) {
        return bytes == content.size() && base.equals(content.sha256());
    }
}
