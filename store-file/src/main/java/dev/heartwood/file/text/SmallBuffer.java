package dev.heartwood.file.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A buffer with a size limit. Exceeding it throws {@link FullException}. */
public final class SmallBuffer extends OutputStream {
    private final long limit;
    private final ByteArrayOutputStream bytes;

    /** A buffer for at most {@code limit} bytes. */
    public SmallBuffer(long limit) {
        this.limit = limit;
        this.bytes = new ByteArrayOutputStream();
    }

    @Override
    public void write(int b) throws IOException {
        requireRoom(1);
        bytes.write(b);
    }

    @Override
    public void write(byte[] more, int offset, int length) throws IOException {
        requireRoom(length);
        bytes.write(more, offset, length);
    }

    public byte[] toByteArray() {
        return bytes.toByteArray();
    }

    private void requireRoom(int more) throws IOException {
        if (bytes.size() + (long) more > limit) {
            throw new FullException();
        }
    }

    /** The buffer's limit was exceeded. */
    public static final class FullException extends IOException {
        private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
