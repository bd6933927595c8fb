package dev.heartwood.sqlite;

import dev.heartwood.StoreIOException;
import dev.heartwood.storage.CanonicalPath;
import dev.heartwood.storage.IoErrors;
import dev.heartwood.storage.MountPoints;
import dev.heartwood.storage.NetworkFileSystems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Where the database file stands. Looks at the file's attributes only: opening it here would drop SQLite's locks. */
final class DatabaseFile {
    private final Path file;
    private final FilesInUse files;
    private final @Nullable String stamp;

    private DatabaseFile(Path file, FilesInUse files, @Nullable String stamp) {
        this.file = file;
        this.files = files;
        this.stamp = stamp;
    }

    /** The file's real name, before it is opened: refuses where no database can be, or should not be. */
    static Path require(Path file, SqliteOptions options) {
        Path name = canonical(file);
        if (options.isReadOnly() && !Files.exists(name)) {
            throw new StoreIOException(
                    file + " does not exist, and a read-only store makes none: open it without readOnly() first", null);
        }
        if (!options.isNetworkAllowed()) {
            requireLocal(name);
        }
        return name;
    }

    private static Path canonical(Path file) {
        try {
            Path name = CanonicalPath.of(file);
            requireOnlyName(name);
            if (MountPoints.include(name)) {
                throw new StoreIOException(
                        name + " is a mount point: its log would stand outside of what is mounted, where others do not"
                                + " see it. Mount the directory that it is in",
                        null);
            }
            return name;
        } catch (IOException e) {
            throw new StoreIOException("cannot look where " + file + " is: " + IoErrors.inWords(e), e);
        }
    }

    private static void requireOnlyName(Path file) throws IOException {
        if (!Files.exists(file)
                || !file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return;
        }
        int names = (Integer) Files.getAttribute(file, "unix:nlink");
        if (names > 1) {
            throw new StoreIOException(
                    file + " has " + names + " names (hard links), and two processes that open it under different ones"
                            + " would destroy it: remove the others, or make them copies",
                    null);
        }
    }

    /**
     * The file as it stands now, once it is open.
     *
     * @param still whether nobody may change it, since SQLite was told so
     */
    static DatabaseFile of(Path file, boolean still) {
        return new DatabaseFile(file, FilesInUse.of(file), still ? stamp(file) : null);
    }

    /** SQLite's log of a database. */
    static Path log(Path database) {
        return database.resolveSibling(database.getFileName() + "-wal");
    }

    Path file() {
        return file;
    }

    /** The first file of the database that was deleted or replaced since it was opened, in words; null if none was. */
    @Nullable
    String firstChanged() {
        return files.firstChanged();
    }

    /** Refuses to read on where SQLite was told that nobody would change the file, and somebody did. */
    void requireStill() {
        if (stamp != null && !stamp.equals(stamp(file))) {
            throw new StoreIOException(
                    file
                            + " was changed by somebody, though this process could make no files beside it (the directory may"
                            + " not be written to, or the disk is full), and so cannot share it: close the store, open it"
                            + " again",
                    null);
        }
    }

    private static void requireLocal(Path file) {
        String type;
        try {
            type = Files.getFileStore(file.getParent()).type();
        } catch (IOException e) {
            throw new StoreIOException("cannot look at the file system of " + file + ": " + IoErrors.inWords(e), e);
        }
        if (NetworkFileSystems.include(type)) {
            throw new StoreIOException(
                    file + " is on a network file system (" + type + "), where SQLite's locks do not hold: choose a"
                            + " local place, or say allowNetworkFileSystem() if one machine alone uses it",
                    null);
        }
    }

    /** Tells one state of a file that nobody writes from the next. */
    private static String stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.lastModifiedTime() + " " + attributes.size() + " "
                    + log(file).toFile().length();
        } catch (IOException e) {
            throw new StoreIOException("cannot look at " + file + ": " + IoErrors.inWords(e), e);
        }
    }
}
