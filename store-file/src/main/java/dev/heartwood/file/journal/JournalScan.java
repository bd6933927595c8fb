package dev.heartwood.file.journal;

import dev.heartwood.StoreIOException;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.LineReader;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The findings of a scan of a journal, before any commit of it is trusted.
 *
 * @param header null if the first line is not one: a journal gets its name only when its header is durable, so another
 *     program has changed it
 * @param commits how many lines from the first on are valid and consecutive
 * @param end the byte after them
 * @param size the size of the file
 * @param acknowledged how many commits are proven to have been acknowledged by the valid lines after those
 * @param begun whether it has commits of its own, be they whole or not: others than copies from the journal before
 */
public record JournalScan(
        Path file,
        long number,
        @Nullable JournalHeader header,
        long commits,
        long end,
        long size,
        long acknowledged,
        boolean begun) {

    /**
     * Reads a journal from one end to the other, one line at a time.
     *
     * @throws StoreIOException if it is whole, and in a format that this version does not know
     */
    public static JournalScan of(Disk disk, Path file, long number) throws IOException {
        Disk.Attributes attributes = disk.attributes(file);
        long size = attributes == null ? 0 : attributes.size();
        try (LineReader lines = new LineReader(disk.read(file))) {
            boolean any = lines.next();
            JournalHeader header = any ? JournalHeader.parse(lines.line(), lines.length()) : null;
            if (header == null) {
                if (any) {
                    requireKnown(file, JournalHeader.format(lines.line(), lines.length()));
                    requireKnown(file, JournalHeader.unknownFeatures(lines.line(), lines.length()));
                }
                return new JournalScan(file, number, null, 0, 0, size, 0, false);
            }
            long commits = 0;
            long end = lines.position();
            boolean whole = true;
            long acknowledged = 0;
            boolean begun = false;
            while (lines.next()) {
                JournalLine line = JournalLine.parse(header.id(), lines.line(), lines.length());
                boolean next = whole && line != null && line.sequence() == commits + 1;
                if (next) {
                    commits++;
                    end = lines.position();
                } else {
                    whole = false;
                }
                if (line != null) {
                    acknowledged = Math.max(acknowledged, line.acknowledged());
                    begun |= !line.isCopy() && (next || line.acknowledged() > 0);
                }
            }
            return new JournalScan(file, number, header, commits, end, size, acknowledged, begun);
        }
    }

    /** A journal that another version wrote is not damaged, and not to be repaired. */
    private static void requireKnown(Path file, int format) {
        if (format > 1) {
            throw new StoreIOException(
                    file + " is in format " + format
                            + ", and this version of the library knows format 1: a newer version"
                            + " of the library wrote it. No file was changed. Open it with that version, which lets the"
                            + " file follow when it is closed",
                    null);
        }
    }

    private static void requireKnown(Path file, String unknownFeatures) {
        if (!unknownFeatures.isEmpty()) {
            throw new StoreIOException(
                    file + " requires features that this version of the library does not know: " + unknownFeatures
                            + ". A newer version of the library wrote it. No file was changed. Open it with that version",
                    null);
        }
    }

    /** Whether commits were written here, whole or not; copies of those in the journal before do not count. */
    public boolean hasCommits() {
        return begun;
    }

    /** Whether it has nothing but copies of commits that stand in the journal before. */
    public boolean isLeftCopy() {
        return commits > 0 && !begun;
    }

    /** Whether something follows the valid commits: the remains of a write that was never acknowledged. */
    public boolean isTorn() {
        return end < size;
    }

    /** Whether commits are missing that had been acknowledged. */
    public boolean isCorrupt() {
        return header == null || acknowledged > commits;
    }

    public boolean follows(ContentDigest content) {
        return header != null && header.follows(content);
    }

    /** The fault, in words for people. */
    public String damage() {
        return header == null
                ? "its first line is damaged"
                : "after commit " + commits + ", at byte " + end
                        + ", lines are damaged or missing, though commits up to " + acknowledged
                        + " had been acknowledged";
    }
}
