package dev.heartwood.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/**
 * One connection, and what is said over it. All SQL but that of opening stands here. Used by one thread at a time.
 */
final class Session implements AutoCloseable {
    /** What a commit adds to the log at least, in bytes: some pages. */
    private static final int COMMIT_BYTES = 1 << 14;

    private final Connection connection;
    private final Patience patience;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private boolean inTransaction;
    private long written;

    /** What is said over a connection, which waits for others as {@code patience} has it. */
    Session(Connection connection, Patience patience) {
        this.connection = connection;
        this.patience = patience;
    }

    /** A key as its text, and the JSON of what stands there. */
    record Row(String key, String json) {}

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
        written += COMMIT_BYTES;
    }

    /** Some number of bytes that this connection has added to the log so far. */
    long written() {
        return written;
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
        return use("SELECT ver, floor, store_uuid FROM meta WHERE id = 1", select -> {
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("the table meta has no row");
                }
                return new Mark(row.getLong(1), row.getLong(2), row.getString(3));
            }
        });
    }

    /** Reads the rows that were written or removed after a version. */
    void rowsAfter(long version, Visitor visitor) throws SQLException {
        visit("SELECT k, CASE deleted WHEN 0 THEN json END FROM kv WHERE ver > ?", version, visitor);
    }

    /** Reads the keys of all rows, with the JSON of those that were written after a version. */
    void allRows(long version, Visitor visitor) throws SQLException {
        visit("SELECT k, CASE WHEN ver > ? THEN json END FROM kv WHERE deleted = 0", version, visitor);
    }

    private void visit(String sql, long version, Visitor visitor) throws SQLException {
        use(sql, select -> {
            select.setLong(1, version);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    visitor.row(rows.getString(1), rows.getString(2));
                }
            }
            return true;
        });
    }

    /** Writes some rows at once, which takes a third of the time of one by one. */
    void put(List<Row> rows, long version) throws SQLException {
        String sql =
                "INSERT INTO kv (k, json, ver, deleted) VALUES (?, ?, ?, 0)" + ", (?, ?, ?, 0)".repeat(rows.size() - 1)
                        + " ON CONFLICT (k) DO UPDATE SET json = excluded.json, ver = excluded.ver, deleted = 0";
        use(sql, upsert -> {
            try {
                int column = 1;
                for (Row row : rows) {
                    written += row.json().length();
                    upsert.setString(column++, row.key());
                    upsert.setString(column++, row.json());
                    upsert.setLong(column++, version);
                }
                return upsert.executeUpdate();
            } finally {
                upsert.clearParameters(); // or it would keep the rows until it is used again
            }
        });
    }

    /** Leaves a tombstone, so that others learn of the removal. */
    void remove(String key, long version) throws SQLException {
        use("UPDATE kv SET json = NULL, ver = ?, deleted = 1 WHERE k = ? AND deleted = 0", update -> {
            update.setLong(1, version);
            update.setString(2, key);
            return update.executeUpdate();
        });
    }

    void setVersion(long version) throws SQLException {
        update("UPDATE meta SET ver = ? WHERE id = 1", version);
    }

    /** Forgets the tombstones of versions up to {@code floor}. */
    void forget(long floor) throws SQLException {
        update("DELETE FROM kv WHERE deleted = 1 AND ver <= ?", floor);
        update("UPDATE meta SET floor = max(floor, ?) WHERE id = 1", floor);
    }

    private void update(String sql, long value) throws SQLException {
        use(sql, update -> {
            update.setLong(1, value);
            return update.executeUpdate();
        });
    }

    /** Puts on the disk what {@link Synchronous#NORMAL} and {@link Synchronous#OFF} have left for later. */
    void checkpoint(Synchronous afterwards) throws SQLException {
        execute("PRAGMA synchronous = FULL");
        try {
            moveLog("PASSIVE");
        } finally {
            execute("PRAGMA synchronous = " + afterwards);
        }
    }

    /** Moves all of the log into the database, and cuts it; false if somebody read for so long that it was not possible. */
    boolean beginLogAnew() throws SQLException {
        patience.hurry(true);
        try {
            return moveLog("TRUNCATE");
        } finally {
            patience.hurry(false);
        }
    }

    private boolean moveLog(String how) throws SQLException {
        return use("PRAGMA wal_checkpoint(" + how + ")", checkpoint -> {
            try (ResultSet result = checkpoint.executeQuery()) {
                return result.next() && result.getInt(1) == 0;
            }
        });
    }

    /** Writes the state of now into another file, which must not exist. */
    void copyInto(String file) throws SQLException {
        use("VACUUM INTO ?", vacuum -> {
            vacuum.setString(1, file);
            return vacuum.execute();
        });
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private void execute(String sql) throws SQLException {
        use(sql, PreparedStatement::execute);
    }

    private interface Use<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    /** Uses a statement, prepared once; anew after it has failed, since the driver closes most that do. */
    private <T> T use(String sql, Use<T> use) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        try {
            return use.of(statement);
        } catch (SQLException e) {
            statements.remove(sql);
            statement.close();
            throw e;
        }
    }
}
