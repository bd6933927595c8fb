package dev.heartwood.sqlite;

import dev.heartwood.StoreIOException;
import dev.heartwood.storage.CanonicalPath;
import dev.heartwood.storage.FilePermissions;
import dev.heartwood.storage.IoErrors;
import dev.heartwood.storage.MountPoints;
import dev.heartwood.storage.NetworkFileSystems;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The place of the database file. Reads only the attributes of the file: opening it here would drop SQLite's locks. */
final class DatabaseFile {
    private final Path file;
    private final FilesInUse files;
    private final @Nullable String stamp;

    private DatabaseFile(Path file, FilesInUse files, @Nullable String stamp) {
        this.file = file;
        this.files = files;
        this.stamp = stamp;
    }

    /**
     * Refuses a file that holds no state, and has no log that may hold one. Otherwise another message would advise to open it,
     * which would create an empty store.
     *
     * @param refusal the text that names the refused action, and the unchanged files
     */
    static void requireState(Path file, String refusal) {
        try {
            if (Files.size(file) == 0 && Files.isRegularFile(file) && !SideFiles.hasCommits(canonical(file))) {
                throw new StoreIOException(file + " is empty: " + refusal, null);
            }
        } catch (NoSuchFileException e) {
            requireDatabaseOfLog(file);
            throw new StoreIOException(file + " does not exist: " + refusal, e);
        } catch (IOException e) {
            // Opening it reports the fault.
        }
    }

    /** The file's real name, before it is opened: refuses a path where no database can be, or should be. */
    static Path require(Path file, SqliteOptions options) {
        return require(file, options, DatabaseFile::typeOfFileSystem);
    }

    /**
     * The same.
     *
     * @param types gives the type of the file system of a file that may not exist yet
     */
    static Path require(Path file, SqliteOptions options, Function<Path, String> types) {
        Path name = canonical(file);
        requireDatabaseOfLog(name);
        if (options.isReadOnly() && !Files.exists(name)) {
            throw new StoreIOException(
                    file + " does not exist, and a read-only store makes none: open it without readOnly() first", null);
        }
        if (options.isReadOnly()) {
            SideFiles.requireMadeByAWriter(name);
        } else {
            requireWritable(name);
        }
        if (!options.isNetworkAllowed()) {
            requireLocal(name, types.apply(name));
        }
        return name;
    }

    /**
     * SQLite deletes the log of a database that is missing or empty, and with it, after a process was killed, the only place of commits. The
     * log is looked at first: a database that another process makes just now has bytes before it has a log.
     */
    private static void requireDatabaseOfLog(Path file) {
        if (SideFiles.hasCommits(file) && file.toFile().length() == 0) {
            throw new StoreIOException(
                    file + (Files.exists(file) ? " is empty, and " : " is missing, and ") + SideFiles.log(file)
                            + " beside it has commits of it, perhaps all: SQLite would delete them. Nothing was changed. Put the"
                            + " database back beside that file; or move that file away to begin anew, or to restore a backup",
                    null);
        }
    }

    /**
     * SQLite would open it for reading, and then fail at the first commit. If SQLite can make no file beside it, SQLite
     * itself reports that.
     */
    private static void requireWritable(Path file) {
        if (Files.exists(file)) {
            if (!Files.isWritable(file) && Files.isWritable(file.resolveSibling("."))) {
                throw new StoreIOException(
                        file + " may not be written to by this process (" + FilePermissions.inWords(file)
                                + "). Nothing was changed. Run the program as a user who may write to it, or have its"
                                + " owner allow that (chmod g+w); or open it with readOnly()",
                        null);
            }
            SideFiles.requireWritable(file);
        }
    }

    /** Before SQLite opens it: a pipe would keep it waiting, and a device would be written over. */
    private static void requireRegular(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new StoreIOException(
                    "cannot open " + file + ": it is no regular file, expected a SQLite database, or nothing yet",
                    null);
        }
    }

    /** The names of the files beside it are longer than its own. */
    private static void requireRoomForSideFiles(Path file) throws IOException {
        Path longest = SideFiles.rollbackJournal(file);
        try {
            Files.readAttributes(longest, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            // A file can have that name.
        } catch (FileSystemException e) {
            throw new StoreIOException(
                    "cannot open " + file + ": SQLite makes files beside it, such as " + longest.getFileName()
                            + ", and there is no place for that (" + IoErrors.inWords(e)
                            + "). If the name is too long, give the database a shorter one",
                    e);
        }
    }

    private static Path canonical(Path file) {
        try {
            Path name = CanonicalPath.of(file);
            requireRegular(name);
            requireRoomForSideFiles(name);
            requireOnlyName(name);
            if (MountPoints.include(name)) {
                throw new StoreIOException(
                        name + " is a mount point: its log would be outside of the mount, where other processes do not"
                                + " see it. Mount the directory that contains the file",
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
                            + " would destroy it: remove the others (a killed backup may leave one that ends with "
                            + Backup.COPYING + "), or make them copies",
                    null);
        }
    }

    /**
     * The present file, once it is open.
     *
     * @param still whether SQLite was configured to assume that nobody changes it
     */
    static DatabaseFile of(Path file, boolean still) {
        return new DatabaseFile(file, FilesInUse.of(file), still ? stamp(file) : null);
    }

    Path file() {
        return file;
    }

    /** The first file of the database that was deleted or replaced since it was opened, in words; null if none was. */
    @Nullable
    String firstChanged() {
        return files.firstChanged();
    }

    /** Whether the file was changed though SQLite was configured to assume that nobody changes it. */
    boolean wasChanged() {
        return stamp != null && !stamp.equals(stamp(file));
    }

    /** Refuses to read on if SQLite was configured to assume that nobody changes the file, and somebody did. */
    void requireStill() {
        if (wasChanged()) {
            throw new StoreIOException(
                    file
                            + " was changed by somebody, though this process could make no files beside it (it may not write"
                            + " to the database or its directory, or the disk is full), and so cannot share it: close the"
                            + " store, open it again",
                    null);
        }
    }

    private static String typeOfFileSystem(Path file) {
        try {
            return Files.getFileStore(file.getParent()).type();
        } catch (IOException e) {
            throw new StoreIOException("cannot look at the file system of " + file + ": " + IoErrors.inWords(e), e);
        }
    }

    private static void requireLocal(Path file, String type) {
        if (NetworkFileSystems.include(type)) {
            throw new StoreIOException(
                    file + " is on a network file system (" + type + "), where SQLite's locks do not hold: choose a"
                            + " local disk, or set allowNetworkFileSystem() if only one machine uses it",
                    null);
        }
    }

    /** Distinguishes the states of a file that should not change. */
    private static String stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.lastModifiedTime() + " " + attributes.size() + " "
                    + SideFiles.log(file).toFile().length();
        } catch (IOException e) {
            throw new StoreIOException("cannot look at " + file + ": " + IoErrors.inWords(e), e);
        }
    }
}
