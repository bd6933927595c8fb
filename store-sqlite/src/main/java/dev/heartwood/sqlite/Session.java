package dev.heartwood.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/**
 * One connection, and what is said over it. All SQL but that of opening stands here. Used by one thread at a time.
 */
final class Session implements AutoCloseable {
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private boolean inTransaction;

    Session(Connection connection) {
        this.connection = connection;
    }

    /** Told of each row that is read. */
    interface Visitor {
        /** A key as its text, and its JSON; null when the key was removed, or, in a full reading, has not changed. */
        void row(String key, @Nullable String json);
    }

    /** A transaction that reads: it takes no lock that anybody waits for. */
    void beginReading() throws SQLException {
        execute("BEGIN DEFERRED");
        inTransaction = true;
    }

    /** A transaction that writes: from here to its end no other connection commits. */
    void beginWriting() throws SQLException {
        execute("BEGIN IMMEDIATE");
        inTransaction = true;
    }

    void commit() throws SQLException {
        execute("COMMIT");
        inTransaction = false;
    }

    /** Ends the transaction, if there is one. */
    void rollback() throws SQLException {
        if (!inTransaction) {
            return;
        }
        inTransaction = false;
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            // After some errors, a full disk among them, SQLite has rolled back by itself: no transaction is active.
            if (e.getErrorCode() != SQLiteErrorCode.SQLITE_ERROR.code) {
                throw e;
            }
        }
    }

    boolean isInTransaction() {
        return inTransaction;
    }

    Mark mark() throws SQLException {
        try (ResultSet row = statement("SELECT ver, floor, store_uuid FROM meta WHERE id = 1")
                .executeQuery()) {
            if (!row.next()) {
                throw new SQLException("the table meta has no row");
            }
            return new Mark(row.getLong(1), row.getLong(2), row.getString(3));
        }
    }

    /** Reads the rows that were written or removed after a version. */
    void rowsAfter(long version, Visitor visitor) throws SQLException {
        PreparedStatement select = statement("SELECT k, CASE deleted WHEN 0 THEN json END FROM kv WHERE ver > ?");
        select.setLong(1, version);
        visit(select, visitor);
    }

    /** Reads the keys of all rows, with the JSON of those that were written after a version. */
    void allRows(long version, Visitor visitor) throws SQLException {
        PreparedStatement select = statement("SELECT k, CASE WHEN ver > ? THEN json END FROM kv WHERE deleted = 0");
        select.setLong(1, version);
        visit(select, visitor);
    }

    private static void visit(PreparedStatement select, Visitor visitor) throws SQLException {
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                visitor.row(rows.getString(1), rows.getString(2));
            }
        }
    }

    void put(String key, String json, long version) throws SQLException {
        PreparedStatement upsert =
                statement("INSERT INTO kv (k, json, ver, deleted) VALUES (?, ?, ?, 0) ON CONFLICT (k) DO UPDATE"
                        + " SET json = excluded.json, ver = excluded.ver, deleted = 0");
        upsert.setString(1, key);
        upsert.setString(2, json);
        upsert.setLong(3, version);
        upsert.executeUpdate();
    }

    /** Leaves a tombstone, so that others learn of the removal. */
    void remove(String key, long version) throws SQLException {
        PreparedStatement update =
                statement("UPDATE kv SET json = NULL, ver = ?, deleted = 1 WHERE k = ? AND deleted = 0");
        update.setLong(1, version);
        update.setString(2, key);
        update.executeUpdate();
    }

    void setVersion(long version) throws SQLException {
        PreparedStatement update = statement("UPDATE meta SET ver = ? WHERE id = 1");
        update.setLong(1, version);
        update.executeUpdate();
    }

    /** Forgets the tombstones of versions up to {@code floor}. */
    void forget(long floor) throws SQLException {
        PreparedStatement delete = statement("DELETE FROM kv WHERE deleted = 1 AND ver <= ?");
        delete.setLong(1, floor);
        delete.executeUpdate();
        PreparedStatement update = statement("UPDATE meta SET floor = max(floor, ?) WHERE id = 1");
        update.setLong(1, floor);
        update.executeUpdate();
    }

    /** Puts on the disk what {@link Synchronous#NORMAL} and {@link Synchronous#OFF} have left for later. */
    void checkpoint(Synchronous afterwards) throws SQLException {
        execute("PRAGMA synchronous = FULL");
        try (ResultSet result = statement("PRAGMA wal_checkpoint(PASSIVE)").executeQuery()) {
            result.next();
        } finally {
            execute("PRAGMA synchronous = " + afterwards);
        }
    }

    /** Writes the state of now into another file, which must not exist. */
    void copyInto(String file) throws SQLException {
        PreparedStatement vacuum = statement("VACUUM INTO ?");
        vacuum.setString(1, file);
        vacuum.execute();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private void execute(String sql) throws SQLException {
        statement(sql).execute();
    }

    private PreparedStatement statement(String sql) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        return statement;
    }
}
