package dev.heartwood.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The files of an open database, by their identity: the database, its WAL and its shared memory. If one of them is
 * deleted or replaced, SQLite goes on with the old one, and other processes do not see its writes.
 *
 * <p>Only attributes are read: opening and closing one of these files would drop SQLite's locks. Usually only those of
 * the directory are read: as long as it is the same directory and its time of change is the same, it contains the same
 * files. Reading the time of change of the WAL would have a cost of its own: on Linux 6.13 and later the next write
 * then updates it, and the sync must write that, too.
 *
 * <p>Thread-safe.
 */
final class FilesInUse {
    /** A directory may change twice at one time of its file system's clock, which moves in steps of some milliseconds. */
    private static final Duration COARSEST_CLOCK = Duration.ofSeconds(1);

    private final Path directory;
    private final @Nullable Object directoryKey;
    private final Map<Path, Object> keys = new LinkedHashMap<>();
    /** The time of change of the directory at which all files were the same; null for none. */
    private volatile @Nullable FileTime unchangedSince;

    private final InstantSource clock;
    private final UnaryOperator<FileTime> fileSystemClock;

    /**
     * The present files.
     *
     * @param clock the present time
     * @param fileSystemClock rounds a time of change as a file system with a coarse clock does
     */
    FilesInUse(Path database, InstantSource clock, UnaryOperator<FileTime> fileSystemClock) {
        this.clock = clock;
        this.fileSystemClock = fileSystemClock;
        this.directory = database.resolveSibling(".").normalize();
        this.directoryKey = key(directory);
        for (String suffix : new String[] {"", "-wal", "-shm"}) {
            Path file = database.resolveSibling(database.getFileName() + suffix);
            Object key = key(file);
            if (key != null) {
                keys.put(file, key);
            }
        }
    }

    /** The present files, once a database is open and has been read. */
    static FilesInUse of(Path database) {
        return new FilesInUse(database, InstantSource.system(), time -> time);
    }

    /** Identifies the file under a name; null if there is none, or if the system has no file identities. */
    static @Nullable Object key(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    /** Names the first file that is not the opened one, in words; null if all are the same. */
    @Nullable
    String firstChanged() {
        if (directoryKey == null) {
            return null; // such a system does not delete a file that is open
        }
        FileTime changed = timeOfChange();
        if (changed != null && changed.equals(unchangedSince)) {
            return null;
        }
        for (Map.Entry<Path, Object> file : keys.entrySet()) {
            if (!file.getValue().equals(key(file.getKey()))) {
                return file.getKey() + " was deleted, moved or replaced";
            }
        }
        // The directory's time was read before the files: a change since then shows as a later time next time. Two
        // changes within one tick of the file system's clock would show as one, so a time is trusted only once its tick
        // is certainly over.
        if (changed != null && changed.toInstant().isBefore(clock.instant().minus(COARSEST_CLOCK))) {
            unchangedSince = changed;
        }
        return null;
    }

    /** The time at which an entry of the directory was last added or removed; null if it is another directory. */
    private @Nullable FileTime timeOfChange() {
        try {
            // Not the time of modification: copying tools reset that.
            Map<String, Object> attributes = Files.readAttributes(directory, "unix:fileKey,ctime");
            return Objects.equals(directoryKey, attributes.get("fileKey"))
                    ? fileSystemClock.apply((FileTime) Objects.requireNonNull(attributes.get("ctime")))
                    : null;
        } catch (IOException e) {
            return null;
        }
    }
}
