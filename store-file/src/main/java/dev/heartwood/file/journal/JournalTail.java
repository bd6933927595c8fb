package dev.heartwood.file.journal;

import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.disk.StorePermissions;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.FileOutput;
import dev.heartwood.file.text.LineReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Copies the commits that a journal gets, from some moment on, into the one that is to take its place. The copies are
 * marked as such ({@link JournalLine}): until the new journal has a commit of its own, the old one has all of its
 * commits.
 */
public final class JournalTail {
    private final Disk disk;
    private final StoreLayout place;
    private final Journal old;
    private final FileOutput.Slices slices;
    private final Path next;
    /** Where the next line to be copied starts. The writer thread reads it while the checkpoint's thread copies. */
    private volatile long from;

    private @Nullable JournalHeader header;
    private Disk.@Nullable Output out;
    private long end;
    private long copied;

    /** The commits from now on. */
    public JournalTail(Disk disk, StoreLayout place, Journal old, FileOutput.Slices slices) {
        this.disk = disk;
        this.place = place;
        this.old = old;
        this.slices = slices;
        this.next = place.nextInside();
        this.from = old.bytes();
    }

    /** Begins the new journal, which follows a file with this content; without its name. */
    public void begin(ContentDigest base) throws IOException {
        JournalHeader first = JournalHeader.following(base);
        header = first;
        Disk.Output begun = StorePermissions.create(disk, place, next, place.file());
        out = begun;
        StorePermissions.shareInside(disk, next, place.file());
        byte[] line = first.line();
        begun.write(line, line.length, 0);
        end = line.length;
        begun.force();
    }

    /** How many bytes of the old journal are not copied yet. */
    public long missing() {
        return old.bytes() - from;
    }

    /** The byte up to which the old journal was copied. */
    public long copiedTo() {
        return from;
    }

    /** Copies the commits that the old journal has by now, and syncs them. */
    public void copy() throws IOException {
        // Read before the lines: those up to there are durable, and do not change.
        long to = old.bytes();
        long start = from;
        Disk.Output into = out;
        JournalHeader ours = header;
        if (into == null || ours == null) {
            throw new AssertionError("begun before anything is copied");
        }
        if (start < to) {
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            try (InputStream in = disk.read(place.journal(old.number()));
                    LineReader reader = new LineReader(in)) {
                in.skipNBytes(start);
                while (reader.position() < to - start) {
                    copied++;
                    JournalLine line =
                            reader.next() ? JournalLine.parse(old.id(), reader.line(), reader.length()) : null;
                    if (line == null) {
                        throw new IOException(place.journal(old.number())
                                + " does not have what was written to it: a line after byte " + from
                                + " is damaged");
                    }
                    JournalLine.write(lines, ours.id(), copied, -copied, line.json());
                    if (lines.size() >= FileOutput.SLICE) {
                        write(into, lines);
                        into.force();
                        from = start + reader.position();
                        slices.passed();
                    }
                }
            }
            write(into, lines);
            from = to;
        }
        into.requireSize(next, end);
        into.force();
    }

    private void write(Disk.Output into, ByteArrayOutputStream lines) throws IOException {
        byte[] bytes = lines.toByteArray();
        lines.reset();
        into.write(bytes, bytes.length, end);
        end += bytes.length;
    }

    /** Gives the new journal its name, which is not durable yet. */
    public Journal named(long number) throws IOException {
        JournalHeader ours = header;
        if (ours == null) {
            throw new AssertionError("begun before it is named");
        }
        close();
        disk.rename(next, place.journal(number));
        return Journal.continued(disk, place, number, ours, end, copied);
    }

    public void close() {
        Disk.Output open = out;
        out = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // All of it was forced; unforced bytes are thrown away.
            }
        }
    }
}
