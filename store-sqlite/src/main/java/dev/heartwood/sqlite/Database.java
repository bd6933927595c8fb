package dev.heartwood.sqlite;

import dev.heartwood.Dialect;
import dev.heartwood.StoreIOException;
import dev.heartwood.Timeline;
import dev.heartwood.storage.SafeLog;
import dev.heartwood.tree.FrozenRegistry;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * An open database: a writing connection, and a looking one that is used while the writing one waits for the disk.
 *
 * <p>Not thread-safe: the root ensures that one thread at a time uses each connection.
 */
final class Database {
    private static final Logger LOGGER = System.getLogger("dev.heartwood.sqlite");

    /** The path of a database in memory. */
    static final String MEMORY = ":memory:";

    private final SqliteOptions options;
    private final @Nullable DatabaseFile place;
    private final @Nullable SqliteConnection writer;
    private final @Nullable SqliteConnection reader;
    private final @Nullable LibraryLease lease;
    private final RowSizes sizes;

    /** The reason why this store has lost its database; null while it has not. Once set it stays. */
    private volatile @Nullable String lost;

    /** A database over open connections. */
    Database(
            SqliteOptions options,
            @Nullable DatabaseFile place,
            @Nullable SqliteConnection writer,
            @Nullable SqliteConnection reader,
            @Nullable LibraryLease lease) {
        this.options = options;
        this.sizes = new RowSizes(RowTable.LONGEST, options.maxCommitBytes());
        this.place = place;
        this.writer = writer;
        this.reader = reader;
        this.lease = lease;
    }

    /**
     * Opens a file, or a database in memory.
     *
     * @throws StoreIOException if it cannot be opened; then nothing was changed
     */
    static Database open(Path file, SqliteOptions options) {
        if (file.toString().equals(MEMORY)) {
            return inMemory(options);
        }
        NativeLibrary.requireSafe();
        Path name = DatabaseFile.require(file, options);
        LibraryLease lease = LibraryLease.on(name);
        try {
            return open(new ConnectionFactory(name, options), options, lease);
        } catch (Throwable e) {
            lease.close();
            throw e;
        }
    }

    private static Database open(ConnectionFactory opening, SqliteOptions options, LibraryLease lease) {
        Path file = opening.file();
        SqliteConnection writer = null;
        SqliteConnection reader = null;
        try {
            Object before = FilesInUse.key(file);
            opening.inspect();
            writer = options.isReadOnly() ? null : opening.writer();
            reader = opening.reader();
            // Each connection has read, so all files are there. The name led to the same file before and after, and so
            // also in between.
            DatabaseFile place = DatabaseFile.of(file, opening.isStill());
            if (before != null && !before.equals(FilesInUse.key(file))) {
                throw new StoreIOException(file + " was replaced while it was being opened: open it again", null);
            }
            return new Database(options, place, writer, reader, lease);
        } catch (SQLException e) {
            closeAfter(e, reader, writer);
            if (SqliteErrors.isNoRoom(e) && opening.couldBeStill()) {
                return open(opening.asStill(), options, lease);
            }
            throw SqliteErrors.with(file, e);
        } catch (Throwable e) {
            closeAfter(e, reader, writer);
            throw e;
        }
    }

    private static Database inMemory(SqliteOptions options) {
        NativeLibrary.require();
        Path name = Path.of(MEMORY);
        try {
            return new Database(options, null, new ConnectionFactory(name, options).inMemory(), null, null);
        } catch (SQLException e) {
            throw SqliteErrors.with(name, e);
        }
    }

    /** The present state and its header. */
    Loaded load(Dialect dialect) {
        SqliteConnection session = first();
        try {
            session.beginReading();
            try {
                HashMap<String, @Nullable Object> tree = RowTable.readAll(session, file(), sizes, HashMap.empty());
                // A tree that was read as JSON conforms to the dialect: a walk over all of it would change nothing.
                FrozenRegistry.remember(tree, Nodes.DEPTH_LIMIT, dialect);
                StoreHeader mark = session.mark();
                return new Loaded(new Timeline(mark.version(), tree, dialect), mark);
            } finally {
                session.rollback();
            }
        } catch (SQLException e) {
            throw trouble(e);
        }
    }

    /** A state that begins a timeline, and its header. */
    record Loaded(Timeline timeline, StoreHeader mark) {}

    /** Describes errors of this database. */
    StoreIOException trouble(SQLException e) {
        return SqliteErrors.with(file(), e);
    }

    Path file() {
        return place == null ? Path.of(MEMORY) : place.file();
    }

    SqliteOptions options() {
        return options;
    }

    /** The lengths of the rows. */
    RowSizes sizes() {
        return sizes;
    }

    /** Whether no other connection can commit here. */
    boolean isPrivate() {
        return reader == null;
    }

    /** The connection that writes; null when the store is read-only. */
    @Nullable
    SqliteConnection writer() {
        return writer;
    }

    /** The connection that looks; the only one, when the database is in memory. */
    SqliteConnection first() {
        SqliteConnection first = reader != null ? reader : writer;
        if (first == null) {
            throw new AssertionError("a database has a connection");
        }
        return first;
    }

    /**
     * Refuses to go on if the open files are not the files that other processes see. Called before any result of a read
     * or write is released.
     */
    void requireInPlace() {
        requireNotLost();
        if (place != null) {
            place.requireStill();
            String changed = place.firstChanged();
            if (changed != null) {
                throw lose(changed
                        + " while the database was open, so other processes do not see the commits of this store");
            }
        }
    }

    /** The header from a connection; refuses to go on if it is gone. */
    StoreHeader mark(SqliteConnection session) throws SQLException {
        try {
            return session.mark();
        } catch (SQLException e) {
            if (SqliteErrors.isWrongSchema(e)) {
                throw lose("the database is not a store any more, or is a store of another version of the library ("
                        + e.getMessage() + "): it was restored to another state while it was open");
            }
            throw e;
        }
    }

    /**
     * Refuses to go on if the state of the database does not follow from the known state.
     *
     * @param session a connection whose transaction has read {@code mark}
     * @param known the header of the newest state that is known
     */
    void requireFollows(SqliteConnection session, StoreHeader mark, StoreHeader known) throws SQLException {
        boolean same = mark.storeUuid().equals(known.storeUuid()) && mark.version() >= known.version();
        if (same && known.commit() != null) {
            if (mark.version() == known.version()) {
                same = known.commit().equals(mark.commit());
            } else if (known.version() >= mark.floor()) {
                same = session.isInHistory(known);
            }
        }
        if (!same) {
            throw lose("the database was restored to another state while it was open: it has version " + mark.version()
                    + ", which does not follow from version " + known.version() + ", which this store has seen");
        }
    }

    /**
     * Records that this store has lost its database. From then on it refuses commits, and reads do not query the file.
     */
    private StoreIOException lose(String how) {
        synchronized (this) {
            if (lost == null) {
                lost = how;
                SafeLog.log(LOGGER, Level.ERROR, lostMessage(), null);
            }
        }
        return new StoreIOException(lostMessage(), null);
    }

    /** Whether this store has lost its database. */
    boolean isLost() {
        return lost != null;
    }

    /**
     * Refuses requests that need the database.
     *
     * @throws StoreIOException if this store has lost its database
     */
    void requireNotLost() {
        StoreIOException loss = loss();
        if (loss != null) {
            throw loss;
        }
    }

    /** Describes how this store has lost its database; null if it has not. */
    @Nullable
    StoreIOException loss() {
        return lost == null ? null : new StoreIOException(lostMessage(), null);
    }

    private String lostMessage() {
        return file() + ": " + lost
                + ". This store takes no more commits; reads show the last state that it has seen. Close it"
                + " and open it again";
    }

    void close() throws SQLException {
        try {
            if (reader != null) {
                reader.close();
            }
        } finally {
            try {
                if (writer != null) {
                    writer.close();
                }
            } finally {
                endLease();
            }
        }
    }

    private void endLease() {
        if (lease != null) {
            lease.close();
        }
    }

    /** Closes connections that cannot be used after all. */
    void closeAfter(Throwable failure) {
        closeAfter(failure, reader, writer);
        endLease();
    }

    private static void closeAfter(Throwable failure, @Nullable SqliteConnection... sessions) {
        for (SqliteConnection session : sessions) {
            try {
                if (session != null) {
                    session.close();
                }
            } catch (SQLException e) {
                failure.addSuppressed(e);
            }
        }
    }
}
