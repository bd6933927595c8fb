package dev.heartwood.file.text;

import dev.heartwood.file.disk.Disk;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * A new file as a stream, which computes the hash of the written bytes. It is synced slice by slice, so that no sync of
 * another file waits for all of it.
 */
public final class FileOutput extends OutputStream {
    /** The number of bytes between two syncs. */
    public static final int SLICE = 1 << 20;

    /** Told after each slice. */
    public interface Slices {
        Slices UNWATCHED = () -> {};

        /** A slice was written and synced; throws to end the writing. */
        void passed() throws IOException;
    }

    private final Path file;
    private final Disk.Output out;
    private final Slices slices;
    private long synced;
    private final MessageDigest digest = ContentDigest.sha256Digest();
    private final byte[] buffer = new byte[1 << 16];
    private int filled;
    private long position;

    /** Into a file that was just created. */
    public FileOutput(Path file, Disk.Output out) {
        this(file, out, Slices.UNWATCHED);
    }

    public FileOutput(Path file, Disk.Output out, Slices slices) {
        this.file = file;
        this.out = out;
        this.slices = slices;
    }

    @Override
    public void write(int b) throws IOException {
        if (filled == buffer.length) {
            flush();
        }
        buffer[filled++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int rest = length;
        while (rest > 0) {
            if (filled == buffer.length) {
                flush();
            }
            int part = Math.min(rest, buffer.length - filled);
            System.arraycopy(bytes, from, buffer, filled, part);
            filled += part;
            from += part;
            rest -= part;
        }
    }

    @Override
    public void flush() throws IOException {
        out.write(buffer, filled, position);
        digest.update(buffer, 0, filled);
        position += filled;
        filled = 0;
        if (position - synced >= SLICE) {
            synced = position;
            out.force();
            slices.passed();
        }
    }

    /** Writes the rest, and makes the bytes durable, all of them. */
    public ContentDigest force() throws IOException {
        flush();
        out.requireSize(file, position);
        out.force();
        return ContentDigest.of(position, ContentDigest.hex(digest));
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
