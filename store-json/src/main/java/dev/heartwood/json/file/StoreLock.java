package dev.heartwood.json.file;

import dev.heartwood.StoreIOException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Who has a file open: one process, and in it one store.
 *
 * <p>The lock is on a file of its own that nothing else opens: in POSIX, closing any handle of a locked file releases
 * the lock, in the whole process. And it is held by the process, so inside it a registry keeps stores apart.
 */
final class StoreLock implements AutoCloseable {
    /** The real paths that are open in this process, with who opened them. */
    private static final ConcurrentMap<Path, String> OPEN = new ConcurrentHashMap<>();
    /** The lock is on a byte beyond the text, which others can so read, on Windows, too. */
    private static final long LOCKED_BYTE = 1L << 40;

    private final Disk disk;
    private final Place place;
    private final boolean made;
    private final FileChannel channel;
    private boolean kept;

    private StoreLock(Disk disk, Place place, boolean made, FileChannel channel) {
        this.disk = disk;
        this.place = place;
        this.made = made;
        this.channel = channel;
    }

    /**
     * Takes the lock, and makes the directory that it is in.
     *
     * @throws StoreIOException if somebody has it
     */
    static StoreLock take(Disk disk, Place place) throws IOException {
        String holder = "thread " + Thread.currentThread().getName() + ", since "
                + Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String other = OPEN.putIfAbsent(place.file(), holder);
        if (other != null) {
            throw new StoreIOException(
                    place + " is open in this process already (" + other + "): share that store, or close it first",
                    null);
        }
        StoreLock lock = null;
        try {
            lock = new StoreLock(disk, place, place.prepare(disk), openChannel(place));
            lock.lock();
            return lock;
        } catch (IOException | RuntimeException | Error e) {
            if (lock != null) {
                lock.close();
            } else {
                OPEN.remove(place.file());
            }
            throw e;
        }
    }

    private static FileChannel openChannel(Place place) throws IOException {
        return FileChannel.open(place.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private void lock() throws IOException {
        if (tryLock() == null) {
            throw new StoreIOException(
                    place + " is open in another process (" + holder() + "): close it there first. Processes that share"
                            + " a tree need dev.heartwood.sqlite",
                    null);
        }
        byte[] holder = ("process " + ProcessHandle.current().pid() + ", since "
                        + Instant.now().truncatedTo(ChronoUnit.SECONDS) + "\n")
                .getBytes(StandardCharsets.UTF_8);
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(holder), 0);
    }

    private @Nullable FileLock tryLock() throws IOException {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false);
        } catch (OverlappingFileLockException e) {
            // Held in this process by a copy of this class from another class loader.
            return null;
        }
    }

    /** Only read when the lock is another's: closing the handle releases none of ours. */
    private String holder() throws IOException {
        try (InputStream in = Files.newInputStream(place.lock())) {
            return new String(in.readNBytes(200), StandardCharsets.UTF_8).strip();
        }
    }

    /** From now on the directory stays, also when the lock is given back. */
    void keep() {
        kept = true;
    }

    /** Gives the lock back. If the store was not opened, a directory that was made for the lock alone goes, too. */
    @Override
    public void close() throws IOException {
        try {
            if (made && !kept) {
                disk.delete(place.lock());
                disk.delete(place.directory());
            }
            channel.close();
        } finally {
            OPEN.remove(place.file());
        }
    }
}
