package dev.heartwood.file.disk;

import dev.heartwood.StoreIOException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The lock of the one that has a file open: one process, and in it one store.
 *
 * <p>The lock is on a file of its own that nothing else opens: in POSIX, closing any handle of a locked file releases
 * the lock, in the whole process. And it is held by the process, so inside it a registry keeps stores apart.
 *
 * <p>The registry is the system properties, the only state that two class loaders share without further setup: two
 * applications of one server may each have loaded a copy of this library. A copy that is refused by the registry has
 * not opened the lock file, so nothing of it releases the lock when the copy is unloaded.
 */
public final class StoreLock implements HeldLock {
    /** System properties with this prefix name the real paths that are open in this process, and their openers. */
    static final String OPEN = "dev.heartwood.file.open.";
    /** The lock is on a byte beyond the text, so that others can read the text, on Windows, too. */
    private static final long LOCKED_BYTE = 1L << 40;

    /** The number of times that others may delete the directory, or the file in it, before this gives up. */
    private static final int TRIES = 1_000;
    /** Closing these would release a lock that the process holds. */
    private static final Queue<FileChannel> NEVER_CLOSED = new ConcurrentLinkedQueue<>();

    private final Disk disk;
    private final StoreLayout place;
    private final boolean made;
    private final FileChannel channel;
    private boolean kept;

    private StoreLock(Disk disk, StoreLayout place, boolean made, FileChannel channel) {
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
    public static StoreLock take(Disk disk, StoreLayout place) throws IOException {
        String holder = "thread " + Thread.currentThread().getName() + ", since "
                + Instant.now().truncatedTo(ChronoUnit.SECONDS);
        // One atomic step for all class loaders: between a check and an entry another copy could open the file.
        Object other = System.getProperties().putIfAbsent(key(place), holder);
        if (other != null) {
            throw new StoreIOException(
                    place + " is open in this process already (" + other + "): share that store, or close it first",
                    null);
        }
        try {
            for (int tries = 1; ; tries++) {
                StoreLock lock = tried(disk, place, tries);
                if (lock != null) {
                    return lock;
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            System.getProperties().remove(key(place));
            throw e;
        }
    }

    private static String key(StoreLayout place) {
        return OPEN + place.file();
    }

    /** Null if a refused opener has meanwhile deleted the files that it had made. */
    private static @Nullable StoreLock tried(Disk disk, StoreLayout place, int tries) throws IOException {
        boolean made;
        Object identity;
        FileChannel channel;
        try {
            made = place.prepare(disk);
            // Before it is opened: the opened file then has this identity, or it differs from the file that has the
            // name at the end.
            identity = createdOrFound(disk, place, place.lock());
            StoreLayout.requireFile(disk, place.lock());
            // No link is followed, also where one is put there after that look: the holder's name is written into the
            // file.
            channel = FileChannel.open(place.lock(), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            if (tries == TRIES) {
                throw e;
            }
            return null;
        }
        StoreLock lock = new StoreLock(disk, place, made, channel);
        try {
            if (lock.lock(identity)) {
                return lock;
            }
        } catch (IOException | RuntimeException | Error e) {
            lock.closeChannel();
            throw e;
        }
        lock.closeChannel();
        return null;
    }

    private static @Nullable Object createdOrFound(Disk disk, StoreLayout place, Path lock) throws IOException {
        try {
            Files.createFile(lock);
            StorePermissions.give(disk, lock, place.file());
        } catch (FileAlreadyExistsException e) {
            // Another process was first, or an earlier one has left it.
        }
        return disk.identity(lock);
    }

    /** Locks the file; false if it is not the one any more that others would lock. */
    private boolean lock(@Nullable Object identity) throws IOException {
        if (tryLock() == null) {
            throw new StoreIOException(
                    place + " is open in another process (" + holder()
                            + "): close it there first. Until then readOnly()"
                            + " or follow() can show it. Processes that share a tree need dev.heartwood.sqlite",
                    null);
        }
        // By a look at the name: opening the file again and closing it would release the lock.
        if (!isInPlace(identity)) {
            return false;
        }
        byte[] holder = ("process " + ProcessHandle.current().pid() + ", since "
                        + Instant.now().truncatedTo(ChronoUnit.SECONDS) + "\n")
                .getBytes(StandardCharsets.UTF_8);
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(holder), 0);
        return true;
    }

    private boolean isInPlace(@Nullable Object identity) throws IOException {
        try {
            return Objects.equals(identity, disk.identity(place.lock()));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private @Nullable FileLock tryLock() throws IOException {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false);
        } catch (OverlappingFileLockException e) {
            NEVER_CLOSED.add(channel);
            throw new StoreIOException(
                    place + " is open in this process already (by a copy of this library from another class loader, or"
                            + " under another path): close it there first",
                    e);
        }
    }

    /** Only read when the lock is another's: closing the handle releases none of ours. */
    private String holder() throws IOException {
        try (InputStream in = Files.newInputStream(place.lock())) {
            return describe(new String(in.readNBytes(200), StandardCharsets.UTF_8));
        }
    }

    /** The holder, as the lock file names it; they write that when they have the lock. */
    static String describe(String text) {
        return text.isBlank() ? "which has only begun to open it" : text.strip();
    }

    @Override
    public void keep() {
        kept = true;
    }

    /** Gives the lock back. If the store was not opened, a directory that was made for the lock alone goes, too. */
    @Override
    public void close() throws IOException {
        try {
            if (made && !kept) {
                // While the lock is held: a process that opens the file now locks a file without a name, and sees that.
                disk.delete(place.lock());
                disk.delete(place.directory());
            }
        } catch (DirectoryNotEmptyException e) {
            // Another process has begun to open the file: the directory is its own now.
        } finally {
            try {
                closeChannel();
            } finally {
                System.getProperties().remove(key(place));
            }
        }
    }

    private void closeChannel() throws IOException {
        if (!NEVER_CLOSED.contains(channel)) {
            channel.close();
        }
    }
}
