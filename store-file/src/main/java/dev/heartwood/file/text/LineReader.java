package dev.heartwood.file.text;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads a file line by line, and knows at which byte it stands; holds one line at a time. */
public final class LineReader implements Closeable {
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int filled;
    private byte[] line = new byte[1 << 10];
    private int length;
    private long position;

    public LineReader(InputStream in) {
        this.in = in;
    }

    /** Reads a line that ends with a line feed; false at the end of the file, where a line without one is left out. */
    public boolean next() throws IOException {
        length = 0;
        for (; ; ) {
            if (at == filled) {
                at = 0;
                filled = in.read(buffer);
                if (filled <= 0) {
                    filled = 0;
                    return false;
                }
            }
            int from = at;
            while (at < filled && buffer[at] != '\n') {
                at++;
            }
            append(from, at - from);
            if (at < filled) {
                at++;
                position += length + 1L;
                return true;
            }
        }
    }

    private void append(int from, int count) throws IOException {
        if (count > line.length - length) {
            if (length + (long) count > Integer.MAX_VALUE - 8) {
                throw new IOException("a line of more than 2 GB");
            }
            line = Arrays.copyOf(line, (int)
                    Math.min(Integer.MAX_VALUE - 8, Math.max(2L * line.length, length + (long) count)));
        }
        System.arraycopy(buffer, from, line, length, count);
        length += count;
    }

    /** The line, in the first {@link #length} bytes; overwritten by the next. */
    public byte[] line() {
        return line;
    }

    public int length() {
        return length;
    }

    /** The byte after the last line that was read. */
    public long position() {
        return position;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
