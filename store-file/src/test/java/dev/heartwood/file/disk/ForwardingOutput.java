package dev.heartwood.file.disk;

import java.io.IOException;

/** A file that is written through to another; a test overrides single operations. */
public class ForwardingOutput implements Disk.Output {
    private final Disk.Output out;

    public ForwardingOutput(Disk.Output out) {
        this.out = out;
    }

    @Override
    public void write(byte[] bytes, int length, long position) throws IOException {
        out.write(bytes, length, position);
    }

    @Override
    public long size() throws IOException {
        return out.size();
    }

    @Override
    public void truncate(long size) throws IOException {
        out.truncate(size);
    }

    @Override
    public void force() throws IOException {
        out.force();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
