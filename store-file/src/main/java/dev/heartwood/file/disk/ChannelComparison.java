package dev.heartwood.file.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file of the real disk that is open to be compared. */
final class ChannelComparison implements Disk.Comparison {
    private static final int PART = 1 << 13;

    private final FileChannel channel;

    ChannelComparison(FileChannel channel) {
        this.channel = channel;
    }

    @Override
    public boolean holds(byte[] expected) throws IOException {
        // In short parts, which stay in the processor's cache: this is done right before each rename. The buffer has
        // room for one byte more than is expected: so one call detects a longer file, and the end of an equal one.
        ByteBuffer part = ByteBuffer.allocate(Math.min(PART, expected.length + 1));
        ByteBuffer rest = ByteBuffer.wrap(expected);
        while (true) {
            int count = channel.read(part.clear(), rest.position());
            if (count <= 0) {
                return !rest.hasRemaining();
            }
            part.flip();
            if (count > rest.remaining() || !part.equals(rest.slice(rest.position(), count))) {
                return false;
            }
            rest.position(rest.position() + count);
            if (!rest.hasRemaining() && count < part.capacity()) {
                return true;
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
