package dev.heartwood.sqlite;

import dev.heartwood.StoreIOException;
import dev.heartwood.json.Json;
import dev.heartwood.storage.FilePermissions;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.sqlite.BusyHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;

/**
 * Puts the state of a backup into a database that nobody uses.
 *
 * <p>SQLite writes it, in one transaction into the existing file. So the file keeps its permissions, the WAL of a
 * killed process is taken into account and cannot be applied to the wrong state later, and a crash at any moment leaves
 * the old state or the new one, whole. A copy of the bytes would guarantee none of that.
 */
final class Restore {
    /**
     * A process holds a lock on the file while it has it open; a process that is just ending may still hold it.
     */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private static final int OK = 0;

    private Restore() {}

    static void of(Path backup, Path file) {
        Json.options(); // refuses a version of Jackson that cannot read the backup
        NativeLibrary.requireSafe();
        DatabaseFile.requireState(backup, "there is no backup. " + file + " is as it was");
        Path source = DatabaseFile.require(backup, new SqliteOptions().readOnly());
        Path target = DatabaseFile.require(file, new SqliteOptions());
        if (source.equals(target)) {
            throw new StoreIOException(file + " cannot be restored from itself: expected a backup", null);
        }
        LibraryLease lease = LibraryLease.alone(target);
        try {
            Path state = target.resolveSibling("." + target.getFileName() + ".restoring");
            removeLeftovers(state);
            try {
                Backup.of(source, state);
                FilePermissions.makeOwnerOnly(state); // the backup may be read-only
                requireReadable(state);
                String history = beginNewHistory(state);
                write(state, target, history);
            } finally {
                removeLeftovers(state);
            }
            Backup.syncDirectory(target);
        } catch (IOException e) {
            throw SqliteErrors.with("restore of " + file, e);
        } finally {
            lease.close();
        }
    }

    /**
     * Removes the state with its logs, and unfinished copies, which a killed restore leaves. SQLite would treat such a
     * log as that of the next state, and apply it.
     */
    private static void removeLeftovers(Path state) throws IOException {
        String copy = "." + state.getFileName() + ".";
        Files.deleteIfExists(state);
        for (Path log : SideFiles.takenForLogsOf(state)) {
            Files.deleteIfExists(log);
        }
        try (DirectoryStream<Path> copies =
                Files.newDirectoryStream(state.toAbsolutePath().getParent(), path -> {
                    String name = path.getFileName().toString();
                    return name.startsWith(copy) && name.contains(Backup.COPYING);
                })) {
            for (Path left : copies) {
                Files.deleteIfExists(left);
            }
        }
    }

    /** A backup with an unreadable row would make a store that cannot be opened. */
    private static void requireReadable(Path state) {
        try (SqliteConnection session = new ConnectionFactory(state, new SqliteOptions().readOnly()).reader()) {
            RowTable.readAll(session, state, new RowSizes(RowTable.LONGEST, Long.MAX_VALUE), HashMap.empty());
        } catch (SQLException e) {
            throw SqliteErrors.with(state, e);
        }
    }
    /** The versions of the backup may have been reached before, by commits that are gone now. Returns the new identity. */
    private static String beginNewHistory(Path state) {
        try (Connection connection = connect(state);
                Statement statement = connection.createStatement()) {
            ConnectionFactory.addIdentities(connection);
            String id = new CommitIds().next(0).substring(1);
            statement.execute("DELETE FROM lineage");
            statement.execute("UPDATE meta SET recent = ver || '" + id + " '");
            return id;
        } catch (SQLException e) {
            throw SqliteErrors.with(state, e);
        }
    }

    private static void write(Path state, Path target, String history) {
        try (Connection connection = connect(target)) {
            requireAlone(connection, target);
            int result = ((SQLiteConnection) connection).getDatabase().restore("main", state.toString(), null);
            if (result != OK) {
                throw new StoreIOException(
                        target + " could not be written (SQLite's error " + result
                                + "); it is as it was: look at the disk, and try again",
                        null);
            }
            requireRestored(connection, target, history);
        } catch (SQLException e) {
            throw trouble(target, e);
        }
    }
    /** SQLite's copying may report success though there was no room for it, so the result is checked. */
    private static void requireRestored(Connection connection, Path target, String history) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT recent FROM meta WHERE id = 1")) {
            if (row.next() && row.getString(1).endsWith(history + " ")) {
                return;
            }
        } catch (SQLException e) {
            if (!SqliteErrors.isWrongSchema(e)) {
                throw e;
            }
        }
        throw new StoreIOException(
                target + " could not be written, and is as it was. Is the disk full? Make room, and try again", null);
    }

    /**
     * Gives this connection exclusive use of the file and its WAL. SQLite can leave WAL mode only if no other
     * connection is open; until this one ends, none can be opened.
     */
    private static void requireAlone(Connection connection, Path target) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA locking_mode = EXCLUSIVE");
            statement.execute("PRAGMA journal_mode = DELETE");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
        } catch (SQLException e) {
            if (SqliteErrors.isBusy(e)) {
                throw new StoreIOException(
                        target
                                + " is open in another process: close every store and tool that uses it, then restore again;"
                                + " it was left as it is",
                        e);
            }
            throw e;
        }
    }

    private static StoreIOException trouble(Path target, SQLException e) {
        if (SqliteErrors.isDamaged(e)) {
            return new StoreIOException(
                    target
                            + " is damaged, so that nothing can be restored into it; it was left as it is. While nobody uses"
                            + " it, move " + target.getFileName() + " and, where they exist, " + target.getFileName()
                            + "-wal and " + target.getFileName() + "-shm elsewhere, all of them, then restore again",
                    e);
        }
        return SqliteErrors.with(target, e);
    }

    private static Connection connect(Path file) throws SQLException {
        Connection connection = new SQLiteConfig()
                .createConnection("jdbc:sqlite:" + file.toUri().toASCIIString() + "?mode=rwc");
        try {
            BusyHandler.setHandler(connection, new BusyBackoff(PATIENCE));
            return connection;
        } catch (Throwable e) {
            connection.close();
            throw e;
        }
    }
}
