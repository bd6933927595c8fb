package dev.heartwood.file.disk;

import java.io.IOException;

/** The lock of a process that nobody competes with, where no file system is. */
public final class NoLock implements HeldLock {
    public static HeldLock take(Disk disk, StoreLayout place) throws IOException {
        place.prepare(disk);
        return new NoLock();
    }

    @Override
    public void keep() {}

    @Override
    public void close() {}
}
