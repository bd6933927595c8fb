package dev.heartwood.file.journal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One line of a journal, which is one commit, whole or not at all:
 * {@code <crc, 8 hex digits> <sequence> <first> <json>} and a line feed.
 *
 * <p>The checksum (CRC-32C) is over the id of the journal and everything that follows it in the line, so that the
 * remains of another journal on the disk never pass for a line of this one. {@code first} is the sequence number of the
 * first line that was written together with this one. The next such batch is begun only when this one is durable; so a
 * valid line proves that every line before its {@code first} had been acknowledged.
 *
 * <p>A line that was copied from the journal before has the negative of its own sequence number as {@code first}. All
 * before it had been acknowledged there; but while a journal has nothing but copies, it counts only if the file that it
 * follows is there.
 */
public final class JournalLine {
    private static final int CRC_DIGITS = 8;

    private final byte[] bytes;
    private final int length;
    private final int sequenceEnd;
    private final int firstEnd;

    private JournalLine(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
        this.sequenceEnd = space(bytes, CRC_DIGITS + 1, length);
        this.firstEnd = space(bytes, sequenceEnd + 1, length);
    }

    /** Writes a line. */
    public static void write(ByteArrayOutputStream out, String id, long sequence, long first, byte[] json) {
        out.writeBytes(of(id, sequence, first, json, json.length));
    }

    /** A line, with its line feed. Spaces fill the JSON up to so many bytes, unless it is longer. */
    static byte[] of(String id, long sequence, long first, byte[] json, int atLeast) {
        int length = Math.max(json.length, atLeast);
        byte[] numbers = (" " + sequence + " " + first + " ").getBytes(StandardCharsets.US_ASCII);
        int start = CRC_DIGITS + numbers.length;
        byte[] line = new byte[start + length + 1];
        System.arraycopy(numbers, 0, line, CRC_DIGITS, numbers.length);
        System.arraycopy(json, 0, line, start, json.length);
        Arrays.fill(line, start + json.length, start + length, (byte) ' ');
        line[start + length] = '\n';
        CRC32C crc = seeded(id);
        crc.update(line, CRC_DIGITS, numbers.length + length);
        byte[] digits = hex(crc.getValue()).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, line, 0, CRC_DIGITS);
        return line;
    }

    /** The line in the first {@code length} of the bytes, which include no line feed; null if it is none of ours. */
    public static @Nullable JournalLine parse(String id, byte[] bytes, int length) {
        if (length < CRC_DIGITS + 5 || bytes[CRC_DIGITS] != ' ') {
            return null;
        }
        CRC32C crc = seeded(id);
        crc.update(bytes, CRC_DIGITS, length - CRC_DIGITS);
        String expected = hex(crc.getValue());
        if (!expected.equals(new String(bytes, 0, CRC_DIGITS, StandardCharsets.US_ASCII))) {
            return null;
        }
        return new JournalLine(bytes, length);
    }

    /** A checksum as 8 digits. */
    private static String hex(long crc) {
        return HexFormat.of().toHexDigits(crc, CRC_DIGITS);
    }

    /** Its place in the journal: 1 for the first commit. */
    public long sequence() {
        return number(bytes, CRC_DIGITS + 1, sequenceEnd);
    }

    /** The place of the first line that was written together with it. */
    long first() {
        return number(bytes, sequenceEnd + 1, firstEnd);
    }

    /** Whether it was copied from the journal before. */
    public boolean isCopy() {
        return first() < 0;
    }

    /** How many lines before it had been acknowledged, as it proves. */
    long acknowledged() {
        return Math.abs(first()) - 1;
    }

    /** The bytes of its JSON. */
    byte[] json() {
        return Arrays.copyOfRange(bytes, firstEnd + 1, length);
    }

    /** The JSON of the line. */
    public String text() {
        return new String(bytes, firstEnd + 1, length - firstEnd - 1, StandardCharsets.UTF_8);
    }

    private static CRC32C seeded(String id) {
        CRC32C crc = new CRC32C();
        crc.update(id.getBytes(StandardCharsets.US_ASCII));
        return crc;
    }

    private static int space(byte[] bytes, int from, int length) {
        int i = from;
        while (i < length - 1 && bytes[i] != ' ') {
            i++;
        }
        return i;
    }

    private static long number(byte[] bytes, int from, int to) {
        return Long.parseLong(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
    }
}
