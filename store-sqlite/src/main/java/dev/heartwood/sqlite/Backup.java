package dev.heartwood.sqlite;

import dev.heartwood.StoreIOException;
import dev.heartwood.storage.FilePermissions;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;

/**
 * A copy of a database that others may be writing to. SQLite makes it: a copy of the bytes could be of two states.
 *
 * <p>SQLite would give it whatever mode is usual for new files. So the file is made first, for its owner alone (SQLite
 * writes into an empty one, and its journal gets the same mode), and is dressed afterwards. Nor does SQLite sync that its
 * journal is gone: that could be back after a power cut, and the copy would be rolled back to an empty one.
 */
final class Backup {
    private static final int OWNER_ONLY = 0600;

    private Backup() {}

    static void of(Path file, Path target) {
        NativeLibrary.requireSafe();
        SqliteOptions options = new SqliteOptions().readOnly();
        Path source = DatabaseFile.require(file, options);
        Path copy = target.toAbsolutePath();
        String what = "backup of " + file + " into " + target;
        LibraryLease lease = LibraryLease.on(source);
        try (SqliteConnection session = new ConnectionFactory(source, options).reader()) {
            create(copy);
            try {
                session.copyInto(copy.toString());
                finish(copy, source);
            } catch (Throwable e) {
                delete(copy, e);
                throw e;
            }
        } catch (SQLException e) {
            throw SqliteErrors.with(what, e);
        } catch (IOException e) {
            throw SqliteErrors.with(what, e);
        } finally {
            lease.close();
        }
    }

    private static void create(Path copy) throws IOException {
        try {
            Files.createFile(copy, FilePermissions.atCreation(copy, OWNER_ONLY));
        } catch (FileAlreadyExistsException e) {
            throw new StoreIOException(
                    copy + " exists already, and a backup overwrites nothing: choose another name", e);
        } catch (NoSuchFileException e) {
            throw new StoreIOException("the directory " + copy.getParent() + " does not exist: make it first", e);
        }
    }

    private static void finish(Path copy, Path source) throws IOException {
        boolean modes = FilePermissions.areIn(copy);
        // Opened while it certainly can be: the mode may forget the owner, too.
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            if (modes) {
                FilePermissions.copy(source, copy);
            }
            channel.force(true);
        }
        if (modes) {
            // That the name stands there, and the journal's does not.
            syncDirectory(copy);
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

    /** Half a copy would be in the way of the next try. */
    private static void delete(Path copy, Throwable failure) {
        try {
            Files.deleteIfExists(copy);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
