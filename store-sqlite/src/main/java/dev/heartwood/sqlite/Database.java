package dev.heartwood.sqlite;

import dev.heartwood.Dialect;
import dev.heartwood.StoreIOException;
import dev.heartwood.Timeline;
import dev.heartwood.tree.Known;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * An open database: one connection that writes, and one that looks while that one waits for the disk.
 *
 * <p>Not thread-safe: the root sees to it that each connection is used by one thread at a time.
 */
final class Database {
    /** The path that means a database in memory. */
    static final String MEMORY = ":memory:";

    private final SqliteOptions options;
    private final @Nullable Place place;
    private final @Nullable Session writer;
    private final @Nullable Session reader;
    private final String storeUuid;

    /** Over connections that are open. */
    Database(SqliteOptions options, @Nullable Place place, @Nullable Session writer, @Nullable Session reader)
            throws SQLException {
        this.options = options;
        this.place = place;
        this.writer = writer;
        this.reader = reader;
        this.storeUuid = first().mark().storeUuid();
    }

    /**
     * Opens a file, or a database in memory.
     *
     * @throws StoreIOException if that is not possible; then nothing was changed
     */
    static Database open(Path file, SqliteOptions options) {
        boolean memory = file.toString().equals(MEMORY);
        Opening opening = new Opening(memory ? file : Place.require(file, options), options);
        Session writer = null;
        Session reader = null;
        try {
            if (memory) {
                writer = opening.inMemory();
                return new Database(options, null, writer, null);
            }
            opening.inspect();
            writer = options.isReadOnly() ? null : opening.writer();
            reader = opening.reader();
            return new Database(options, Place.of(opening.file(), opening.isStill()), writer, reader);
        } catch (SQLException e) {
            closeAfter(e, reader, writer);
            throw Trouble.with(file, e);
        } catch (Throwable e) {
            closeAfter(e, reader, writer);
            throw e;
        }
    }

    /** A timeline that starts with the state of now. */
    Timeline load(Dialect dialect) {
        Session session = first();
        try {
            session.beginReading();
            try {
                HashMap<String, @Nullable Object> tree = Rows.readAll(session, file());
                // What was read as JSON is as the dialect has it: a walk over all of it would find nothing.
                Known.remember(tree, Nodes.DEPTH_LIMIT, dialect);
                return new Timeline(session.mark().version(), tree, dialect);
            } finally {
                session.rollback();
            }
        } catch (SQLException e) {
            throw trouble(e);
        }
    }

    /** Says what happened to this database. */
    StoreIOException trouble(SQLException e) {
        return Trouble.with(file(), e);
    }

    Path file() {
        return place == null ? Path.of(MEMORY) : place.file();
    }

    SqliteOptions options() {
        return options;
    }

    /** Whether nobody else can commit here. */
    boolean isPrivate() {
        return reader == null;
    }

    /** The connection that writes; null when the store is read-only. */
    @Nullable
    Session writer() {
        return writer;
    }

    /** The connection that looks; the only one, when the database is in memory. */
    Session first() {
        Session first = reader != null ? reader : writer;
        if (first == null) {
            throw new AssertionError("a database has a connection");
        }
        return first;
    }

    /**
     * Refuses to go on when another file stands in the place of ours, or another state in ours.
     *
     * @param known the version that the database had already
     */
    void requireSame(Mark mark, long known) {
        if (place != null) {
            place.requireSame();
        }
        if (!mark.storeUuid().equals(storeUuid) || mark.version() < known) {
            throw new StoreIOException(
                    file() + " was restored to another state while open (version " + mark.version() + " after " + known
                            + "): close the store, open it again",
                    null);
        }
    }

    void close() throws SQLException {
        try {
            if (reader != null) {
                reader.close();
            }
        } finally {
            if (writer != null) {
                writer.close();
            }
        }
    }

    /** Closes what cannot be used after all. */
    void closeAfter(Throwable failure) {
        closeAfter(failure, reader, writer);
    }

    private static void closeAfter(Throwable failure, @Nullable Session... sessions) {
        for (Session session : sessions) {
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
