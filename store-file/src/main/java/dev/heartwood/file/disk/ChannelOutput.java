package dev.heartwood.file.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file of the real disk that is being written. */
final class ChannelOutput implements Disk.Output {
    private final FileChannel channel;

    ChannelOutput(FileChannel channel) {
        this.channel = channel;
    }

    @Override
    public void write(byte[] bytes, int length, long position) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes, 0, length);
        while (rest.hasRemaining()) {
            // A full disk or a limit on file sizes first allows a partial write, and fails at the next call.
            if (channel.write(rest, position + rest.position()) <= 0) {
                throw new IOException("the file system takes no more bytes and does not say why");
            }
        }
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public void truncate(long size) throws IOException {
        channel.truncate(size);
    }

    @Override
    public void force() throws IOException {
        // This is fdatasync: it syncs the size of the file, but not its times.
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
