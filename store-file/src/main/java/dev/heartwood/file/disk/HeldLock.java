package dev.heartwood.file.disk;

import java.io.IOException;

/** The lock of a store, held until it is closed. A test without a file system has its own. */
public interface HeldLock extends AutoCloseable {
    /** Takes the lock of a store, and makes the directory that it is in. */
    interface Taker {
        HeldLock take(Disk disk, StoreLayout place) throws IOException;
    }

    /** From now on the store's directory stays, also when the lock is given back. */
    void keep();

    /** Gives the lock back. */
    @Override
    void close() throws IOException;
}
