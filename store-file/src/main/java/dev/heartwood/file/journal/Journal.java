package dev.heartwood.file.journal;

import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.NotWrittenException;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.disk.StorePermissions;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.storage.FileStamp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A journal that commits are appended to. After a failure with an unclear outcome the journal is broken, and takes no
 * more commits.
 */
public final class Journal {
    /** Many commits are written in parts of about this many bytes: together they may have more than an array can. */
    private static final int PART = 1 << 20;

    private final long number;
    private final JournalHeader header;
    private final Disk disk;
    private final Path file;
    private final Disk.Output out;
    private final @Nullable FileStamp made;
    /** Written when all bytes before it are durable; read by the thread that copies it. */
    private volatile long end;

    private long commits;
    private boolean broken;

    private Journal(long number, JournalHeader header, Disk disk, Path file, long end, long commits)
            throws IOException {
        this.number = number;
        this.header = header;
        this.disk = disk;
        this.file = file;
        this.end = end;
        this.commits = commits;
        // Open from here on, so that its inode is given to no other file.
        this.out = disk.open(file);
        this.made = disk.stampWithoutLinks(file);
    }

    /** Creates a journal. It gets its name only after its header is durable; the name is not durable yet. */
    public static Journal create(Disk disk, StoreLayout place, long number, ContentDigest base) throws IOException {
        JournalHeader header = JournalHeader.following(base);
        byte[] line = header.line();
        Path next = place.nextInside();
        try (Disk.Output out = StorePermissions.create(disk, place, next, place.file())) {
            out.write(line, line.length, 0);
            out.requireSize(next, line.length);
            StorePermissions.shareInside(disk, next, place.file());
            out.force();
        } catch (IOException | RuntimeException | Error e) {
            disk.discard(next, e);
            throw e;
        }
        disk.rename(next, place.journal(number));
        return new Journal(number, header, disk, place.journal(number), line.length, 0);
    }

    /** A journal that has its name, and so many commits. */
    static Journal continued(Disk disk, StoreLayout place, long number, JournalHeader header, long end, long commits)
            throws IOException {
        return new Journal(number, header, disk, place.journal(number), end, commits);
    }

    public long number() {
        return number;
    }

    public String id() {
        return header.id();
    }

    /** Whether its commits were made on a file with this content. */
    public boolean follows(ContentDigest content) {
        return header.follows(content);
    }

    /** How many bytes it has. */
    public long bytes() {
        return end;
    }

    public long commits() {
        return commits;
    }

    public boolean isBroken() {
        return broken;
    }

    /**
     * Appends commits, each a line, and makes them durable together.
     *
     * @throws NotWrittenException if it failed and none of them will ever be there
     * @throws IOException if it failed and cannot tell; the journal is broken then
     */
    public void append(List<byte[]> commitsAsJson) throws IOException {
        long first = commits + 1;
        long sequence = commits;
        long next = end;
        broken = true;
        if (out.size() != end) {
            throw new IOException(
                    file + " was written to by somebody else: it has " + out.size() + " bytes instead of " + end);
        }
        try {
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            for (byte[] json : commitsAsJson) {
                sequence++;
                JournalLine.write(lines, header.id(), sequence, first, json);
                if (lines.size() > PART) {
                    next = write(lines, next);
                }
            }
            next = write(lines, next);
            if (out.size() != next) {
                throw new IOException("wrote up to byte " + next + " of " + file + ", and it has " + out.size());
            }
        } catch (IOException | OutOfMemoryError e) {
            // Nothing was forced, so the lines can be rolled back for sure; if this fails, it stays broken.
            out.truncate(end);
            out.force();
            broken = false;
            throw new NotWrittenException(e);
        }
        // After a failed force the pages count as clean, and a second force would succeed and prove nothing.
        out.force();
        end = next;
        commits = sequence;
        if (!isInPlace()) {
            throw new IOException(file + " was moved away, deleted or replaced while it was open");
        }
        broken = false;
    }

    /** Whether the next opening finds this very file under its name, with every byte that was written to it. */
    public boolean isInPlace() throws IOException {
        FileStamp found = disk.stampWithoutLinks(file);
        return found != null && found.size() == end && (made == null || made.sameFile(found));
    }

    private long write(ByteArrayOutputStream lines, long position) throws IOException {
        byte[] bytes = lines.toByteArray();
        lines.reset();
        out.write(bytes, bytes.length, position);
        return position + bytes.length;
    }

    /** Nothing is appended any more. */
    public void breakUp() {
        broken = true;
    }

    public void close() throws IOException {
        out.close();
    }
}
