package dev.heartwood.file;

import dev.heartwood.storage.FileStamp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A journal that commits are appended to. After a failure that leaves it unclear it is broken, and takes no more. */
final class Journal {
    private final long number;
    private final JournalHeader header;
    private final Disk disk;
    private final Path file;
    private final Disk.Output out;
    private final @Nullable FileStamp made;
    private long end;
    private long commits;
    private boolean broken;

    private Journal(long number, JournalHeader header, Disk disk, Path file, long end) throws IOException {
        this.number = number;
        this.header = header;
        this.disk = disk;
        this.file = file;
        this.end = end;
        // Open from here on, so that its inode is given to no other file.
        this.out = disk.open(file);
        this.made = disk.stamp(file);
    }

    /** Creates a journal. It has its name only when its header is durable; the name is not durable yet. */
    static Journal create(Disk disk, Place place, long number, Content base) throws IOException {
        JournalHeader header = JournalHeader.following(base);
        byte[] line = header.line();
        Path next = place.nextInside();
        try (Disk.Output out = Access.create(disk, place, next, place.file())) {
            out.write(line, line.length, 0);
            requireSize(out, next, line.length);
            Access.share(disk, next, place.file());
            out.force();
        }
        disk.rename(next, place.journal(number));
        return new Journal(number, header, disk, place.journal(number), line.length);
    }

    long number() {
        return number;
    }

    /** How many bytes of commits it has. */
    long bytes() {
        return end;
    }

    long commits() {
        return commits;
    }

    boolean isBroken() {
        return broken;
    }

    /**
     * Appends commits, each a line, and makes them durable together.
     *
     * @throws NotWrittenException if it failed and none of them will ever be there
     * @throws IOException if it failed and cannot tell; the journal is broken then
     */
    void append(List<byte[]> commitsAsJson) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        long first = commits + 1;
        long sequence = commits;
        for (byte[] json : commitsAsJson) {
            sequence++;
            JournalLine.write(lines, header.id(), sequence, first, json);
        }
        byte[] bytes = lines.toByteArray();
        broken = true;
        if (out.size() != end) {
            throw new IOException(
                    file + " was written to by somebody else: it has " + out.size() + " bytes instead of " + end);
        }
        try {
            out.write(bytes, bytes.length, end);
            if (out.size() != end + bytes.length) {
                throw new IOException(
                        "wrote " + bytes.length + " bytes at " + end + " of " + file + ", and it has " + out.size());
            }
        } catch (IOException e) {
            // Nothing was forced, so the lines can be taken back for sure; if this fails, it stays broken.
            out.truncate(end);
            out.force();
            broken = false;
            throw new NotWrittenException(e);
        }
        // After a failed force the pages count as clean, and a second force would succeed and prove nothing.
        out.force();
        end += bytes.length;
        commits = sequence;
        if (!isInPlace()) {
            throw new IOException(file + " was moved away, deleted or replaced while it was open");
        }
        broken = false;
    }

    /** Whether the next opening finds this very file under its name, with all that was written to it. */
    boolean isInPlace() throws IOException {
        FileStamp found = disk.stamp(file);
        return found != null && found.size() == end && (made == null || made.sameFile(found));
    }

    /** Nothing is appended any more. */
    void breakUp() {
        broken = true;
    }

    void close() throws IOException {
        out.close();
    }

    /** The file system may take a part and say nothing: what has another size must not get its name. */
    static void requireSize(Disk.Output out, Path file, long expected) throws IOException {
        long size = out.size();
        if (size != expected) {
            throw new IOException("wrote " + expected + " bytes to " + file + ", and it has " + size);
        }
    }
}
