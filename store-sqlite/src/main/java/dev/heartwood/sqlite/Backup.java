package dev.heartwood.sqlite;

import dev.heartwood.StoreIOException;
import dev.heartwood.storage.FilePermissions;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a database that others may be writing to. SQLite makes it: a copy of the bytes could be of two states.
 *
 * <p>SQLite would give it whatever mode is usual for new files. So the file is made first, for its owner alone (SQLite
 * writes into an empty one, and its journal gets the same mode), and gets its permissions afterwards. Nor does SQLite sync
 * that its journal is gone: that could be back after a power cut, and the copy would be rolled back to an empty one. The copy
 * gets its name last: an empty file, or half of one, would open as an empty store.
 */
final class Backup {
    private static final int OWNER_ONLY = 0600;
    private static final int TRIES = 10;

    /** In the hidden names of copies that are not finished. */
    static final String COPYING = ".copying";

    private Backup() {}

    static void of(Path file, Path target) {
        NativeLibrary.requireSafe();
        DatabaseFile.requireState(file, "there is nothing to back up");
        SqliteOptions options = new SqliteOptions().readOnly();
        Path source = DatabaseFile.require(file, options);
        Path copy = target.toAbsolutePath();
        String what = "backup of " + file + " into " + target;
        LibraryLease lease = LibraryLease.on(source);
        try {
            for (int tries = 1; !copied(source, options, copy, tries == TRIES); tries++) {
                // Somebody has begun to write: from now on the files are there that a reader can share with a writer.
            }
            syncDirectory(copy);
        } catch (SQLException e) {
            throw SqliteErrors.with(what, e);
        } catch (IOException e) {
            throw SqliteErrors.with(what, e);
        } finally {
            lease.close();
        }
    }

    /**
     * Makes the copy; false if the database was read as a file that nobody changes, and somebody did.
     *
     * @param last whether that is to be thrown instead
     */
    private static boolean copied(Path source, SqliteOptions options, Path copy, boolean last)
            throws SQLException, IOException {
        ConnectionFactory opening = new ConnectionFactory(source, options);
        DatabaseFile place = DatabaseFile.of(source, opening.isStill());
        try (SqliteConnection session = opening.reader()) {
            requireFree(copy);
            Path made = create(copy);
            try {
                session.copyInto(made.toString());
                if (!last && place.wasChanged()) {
                    return false;
                }
                place.requireStill();
                finish(made, source);
                publish(made, copy);
                return true;
            } finally {
                Files.deleteIfExists(made);
            }
        }
    }

    private static void requireFree(Path copy) {
        if (Files.exists(copy, LinkOption.NOFOLLOW_LINKS)) {
            throw taken(copy, null);
        }
        for (Path log : SideFiles.takenForLogsOf(copy)) {
            if (Files.exists(log, LinkOption.NOFOLLOW_LINKS)) {
                throw new StoreIOException(
                        log
                                + " is the log of a database that is gone, and SQLite would apply it to the backup: move it away,"
                                + " or choose another name",
                        null);
            }
        }
    }

    private static StoreIOException taken(Path copy, @Nullable Throwable cause) {
        return new StoreIOException(
                copy + " exists already, and a backup overwrites nothing: choose another name", cause);
    }

    /** An empty file beside the copy, under a hidden name that nobody else uses. */
    private static Path create(Path copy) throws IOException {
        try {
            return Files.createTempFile(
                    copy.getParent(),
                    "." + copy.getFileName() + ".",
                    COPYING,
                    FilePermissions.atCreation(copy, OWNER_ONLY));
        } catch (NoSuchFileException e) {
            throw new StoreIOException("the directory " + copy.getParent() + " does not exist: make it first", e);
        }
    }

    private static void finish(Path made, Path source) throws IOException {
        // Opened while it certainly can be: the mode may forget the owner, too.
        try (FileChannel channel = FileChannel.open(made, StandardOpenOption.WRITE)) {
            if (FilePermissions.areIn(made)) {
                FilePermissions.copy(source, made);
            }
            channel.force(true);
        }
    }

    /** Gives the copy its name, now that all of it is on the disk; overwrites nothing. */
    private static void publish(Path made, Path copy) throws IOException {
        try {
            // A second name is refused where somebody has taken it meanwhile; a move would replace what is there.
            Files.createLink(copy, made);
        } catch (FileAlreadyExistsException e) {
            throw taken(copy, e);
        } catch (UnsupportedOperationException | FileSystemException e) {
            requireFree(copy); // a file system without links
            Files.move(made, copy, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Puts on the disk which names stand beside a file. Windows opens no directories, and needs no such thing. */
    static void syncDirectory(Path file) throws IOException {
        if (FilePermissions.areIn(file)) {
            try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }
}
