package dev.heartwood.sqlite;

import dev.heartwood.StoreIOException;
import dev.heartwood.storage.FilePermissions;
import dev.heartwood.storage.Uninterrupted;
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
 * A copy of a database that other processes may be writing. SQLite makes it: a copy of the bytes could mix two states.
 *
 * <p>SQLite would give it the usual mode of new files. So the file is made first, readable only by its owner (SQLite
 * writes into an empty file, and its journal gets the same mode), and gets its permissions afterwards. SQLite does not
 * sync the removal of its journal either: the journal could be back after a power cut, and the copy would be rolled
 * back to an empty one. The copy gets its name last: an empty or partial file would open as an empty store.
 */
final class Backup {
    private static final int OWNER_ONLY = 0600;
    private static final int TRIES = 10;

    /** A part of the hidden names of unfinished copies. */
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
                // Another process has begun to write: from now on the files exist that a reader can share with a
                // writer.
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
     * Makes the copy; false if the database was read as an unchanging file, and somebody changed it.
     *
     * @param last whether to throw in that case instead
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
                                + " is the log of a database that is gone, and SQLite would apply it to the copy: move it away,"
                                + " or choose another name",
                        null);
            }
        }
    }

    private static StoreIOException taken(Path copy, @Nullable Throwable cause) {
        return new StoreIOException(
                copy + " exists already, and a backup overwrites nothing: choose another name", cause);
    }

    /** An empty file beside the copy, under a unique hidden name. */
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
        Uninterrupted.run(() -> {
            // Opened while that is certainly possible: the mode may deny the owner, too.
            try (FileChannel channel = FileChannel.open(made, StandardOpenOption.WRITE)) {
                if (FilePermissions.areIn(made)) {
                    FilePermissions.copy(source, made);
                }
                channel.force(true);
                return made;
            }
        });
    }

    /** Gives the copy its name, now that all of it is on the disk; overwrites nothing. */
    static void publish(Path made, Path copy) throws IOException {
        try {
            // A second name is refused if the name exists meanwhile; a move would replace the existing file.
            Files.createLink(copy, made);
        } catch (FileAlreadyExistsException e) {
            throw taken(copy, e);
        } catch (UnsupportedOperationException | FileSystemException e) {
            requireFree(copy); // a file system without links
            Files.move(made, copy, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Syncs the directory of a file. Windows does not open directories, and does not need this. */
    static void syncDirectory(Path file) throws IOException {
        if (FilePermissions.areIn(file)) {
            Uninterrupted.run(() -> {
                try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
                    directory.force(true);
                    return file;
                }
            });
        }
    }
}
