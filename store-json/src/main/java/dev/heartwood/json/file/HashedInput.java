package dev.heartwood.json.file;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Reads a file, takes its hash, and keeps the bytes while they are few. */
final class HashedInput extends FilterInputStream {
    private final MessageDigest digest = Content.sha256Digest();
    private final ByteArrayOutputStream small = new ByteArrayOutputStream();
    private final long keep;
    private long size;

    HashedInput(InputStream in, long keep) {
        super(in);
        this.keep = keep;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = in.read(bytes, offset, length);
        if (count > 0) {
            digest.update(bytes, offset, count);
            size += count;
            if (size <= keep) {
                small.write(bytes, offset, count);
            }
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        return readNBytes((int) Math.min(count, 1 << 16)).length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** What stands in the file; reads what is left of it. */
    Content content() throws IOException {
        byte[] buffer = new byte[1 << 16];
        while (read(buffer, 0, buffer.length) >= 0) {
            // The hash is that of the whole file.
        }
        return size <= keep ? Content.of(small.toByteArray()) : Content.of(size, Content.hex(digest));
    }
}
