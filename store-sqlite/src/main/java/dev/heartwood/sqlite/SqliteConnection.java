package dev.heartwood.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/**
 * One connection with its statements. All SQL except that of opening is in this class. Used by one thread at a time.
 */
final class SqliteConnection implements AutoCloseable {
    /** The minimum number of bytes that a commit adds to the WAL: some pages. */
    private static final int COMMIT_BYTES = 1 << 14;

    /**
     * Beyond this length the list of recent commits is moved to the table of older ones: it shares its page with the
     * header.
     */
    private static final int RECENT_CHARS = 2_000;

    /**
     * The header as one text, see {@link StoreHeader#parse}: the driver takes longer to name and fetch five columns than
     * SQLite takes to put them together.
     */
    private static final String MARK = "SELECT ver || ' ' || floor || ' ' || length(recent) || ' '"
            + " || rtrim(substr(recent, 1, instr(recent, ' '))) || ' ' || store_uuid FROM meta WHERE id = 1";

    private static final String MARK_WITHOUT_IDENTITY =
            "SELECT ver || ' ' || floor || ' 0  ' || store_uuid FROM meta WHERE id = 1";

    private static final String PUT_ONE = put(1);
    private static final String SET_MARK = "UPDATE meta SET ver = ?, recent = ? || recent WHERE id = 1";
    private static final String SET_MARK_ALONE = "UPDATE meta SET ver = ?, recent = ? WHERE id = 1";

    private final Connection connection;
    private final BusyBackoff patience;
    private final String mark;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private boolean inTransaction;
    private long written;
    /** The header as it was read last, and its text: most looks find the one before. */
    private @Nullable StoreHeader lastMark;

    private @Nullable String lastMarkText;

    /**
     * The statements of a store on a connection, which waits for other connections by the rules of {@code patience}.
     */
    SqliteConnection(Connection connection, BusyBackoff patience) {
        this(connection, patience, true);
    }

    /**
     * The same.
     *
     * @param identities whether the database keeps the identities of its commits; the first version of the library made
     *     databases that do not, and databases that are only read stay so
     */
    SqliteConnection(Connection connection, BusyBackoff patience, boolean identities) {
        this.connection = connection;
        this.patience = patience;
        this.mark = identities ? MARK : MARK_WITHOUT_IDENTITY;
    }

    /** A key as its text, and the JSON of its value. */
    record Row(String key, String json) {}

    /** Visits each row that is read. */
    interface Visitor {
        /**
         * One row.
         *
         * @param key the text of the key, or any other value that another program put there
         * @param json the JSON, or any other value that another program put there
         * @param present false when the key was removed
         */
        void row(@Nullable Object key, @Nullable Object json, boolean present);
    }

    /** A read transaction: it takes no lock for which another connection waits. */
    void beginReading() throws SQLException {
        execute("BEGIN DEFERRED");
        inTransaction = true;
    }

    /** A write transaction: from here to its end no other connection commits. */
    void beginWriting() throws SQLException {
        execute("BEGIN IMMEDIATE");
        inTransaction = true;
    }

    void commit() throws SQLException {
        execute("COMMIT");
        inTransaction = false;
        written += COMMIT_BYTES;
    }

    /** The approximate number of bytes that this connection has added to the WAL so far. */
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
            // After some errors, such as a full disk, SQLite has rolled back by itself: no transaction is active.
            if (e.getErrorCode() != SQLiteErrorCode.SQLITE_ERROR.code) {
                throw e;
            }
        }
    }

    boolean isInTransaction() {
        return inTransaction;
    }

    StoreHeader mark() throws SQLException {
        String text = use(mark, select -> {
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("the table meta has no row");
                }
                return row.getString(1);
            }
        });
        StoreHeader known = lastMark;
        if (known == null || !Objects.equals(text, lastMarkText)) {
            known = StoreHeader.parse(text);
            lastMark = known;
            lastMarkText = text;
        }
        return known;
    }

    /** Whether the commit of {@code known} belongs to the history of the newest state. */
    boolean isInHistory(StoreHeader known) throws SQLException {
        return use(
                "SELECT instr(' ' || recent, ?1) > 0 OR ifnull(instr(' ' || (SELECT commits FROM lineage"
                        + " WHERE ver >= ?2 ORDER BY ver LIMIT 1), ?1) > 0, 0) FROM meta WHERE id = 1",
                select -> {
                    select.setString(1, " " + known.commit() + " ");
                    select.setLong(2, known.version());
                    try (ResultSet row = select.executeQuery()) {
                        return row.next() && row.getBoolean(1);
                    }
                });
    }

    /** Reads the rows that were written or removed after a version. */
    void rowsAfter(long version, Visitor visitor) throws SQLException {
        use("SELECT k, json, deleted FROM kv WHERE ver > ?", select -> {
            select.setLong(1, version);
            return visit(select, visitor);
        });
    }

    /** Reads all rows that were not removed. */
    void allRows(Visitor visitor) throws SQLException {
        use("SELECT k, json, deleted FROM kv WHERE deleted = 0", select -> visit(select, visitor));
    }

    private static boolean visit(PreparedStatement select, Visitor visitor) throws SQLException {
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                visitor.row(rows.getObject(1), rows.getObject(2), rows.getInt(3) == 0);
            }
        }
        return true;
    }

    /** Writes some rows at once, which takes a third of the time of one by one. */
    void put(List<Row> rows, long version) throws SQLException {
        use(rows.size() == 1 ? PUT_ONE : put(rows.size()), upsert -> {
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

    private static String put(int rows) {
        return "INSERT INTO kv (k, json, ver, deleted) VALUES (?, ?, ?, 0)" + ", (?, ?, ?, 0)".repeat(rows - 1)
                + " ON CONFLICT (k) DO UPDATE SET json = excluded.json, ver = excluded.ver, deleted = 0";
    }

    /** Leaves a tombstone, so that other processes learn of the removal. */
    void remove(String key, long version) throws SQLException {
        use("UPDATE kv SET json = NULL, ver = ?, deleted = 1 WHERE k = ? AND deleted = 0", update -> {
            update.setLong(1, version);
            update.setString(2, key);
            return update.executeUpdate();
        });
    }

    /** Writes the header of a commit that is made on {@code before}. */
    void setMark(StoreHeader before, StoreHeader after) throws SQLException {
        boolean full = before.recentLength() > RECENT_CHARS;
        if (full) {
            execute("INSERT INTO lineage (ver, commits) SELECT ver, recent FROM meta WHERE id = 1");
        }
        use(full ? SET_MARK_ALONE : SET_MARK, update -> {
            update.setLong(1, after.version());
            update.setString(2, after.commit() + " ");
            return update.executeUpdate();
        });
    }

    /**
     * Deletes the tombstones of versions up to {@code floor}, and the identities of commits before it: a store that is at
     * the floor looks for the identity of its own commit, which may be the last of its row.
     */
    void forget(long floor) throws SQLException {
        update("DELETE FROM kv WHERE deleted = 1 AND ver <= ?", floor);
        update("DELETE FROM lineage WHERE ver < ?", floor);
        update("UPDATE meta SET floor = max(floor, ?) WHERE id = 1", floor);
    }

    private void update(String sql, long value) throws SQLException {
        use(sql, update -> {
            update.setLong(1, value);
            return update.executeUpdate();
        });
    }

    /** Sets the sync mode for later commits. */
    void syncAs(Synchronous mode) throws SQLException {
        execute("PRAGMA synchronous = " + mode);
    }

    /**
     * Makes a commit that changes no row of the tree; if the connection syncs as {@link Synchronous#FULL}, all of the
     * WAL is on the disk afterwards, also the commits of other connections, and also while there are readers. A
     * checkpoint would sync nothing while there is a reader.
     */
    void commitNothing() throws SQLException {
        beginWriting();
        try {
            // A page whose content stays the same is not written, and a commit without pages is not synced.
            execute("UPDATE meta SET flushes = flushes + 1 WHERE id = 1");
            commit();
        } finally {
            rollback();
        }
    }

    /**
     * Moves all of the WAL into the database and syncs the database; false if a long reader prevented that.
     */
    boolean moveAllOfLog() throws SQLException {
        return moveLog("FULL");
    }

    /**
     * Moves all of the WAL into the database, and truncates it; false if a long reader prevented that.
     */
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
                return result.next() && result.getInt(1) == 0 && result.getInt(2) == result.getInt(3);
            }
        });
    }

    /** The faults in the structure of the database, in SQLite's words; empty if there are none. Reads all of it. */
    List<String> structuralFaults() throws SQLException {
        return use("PRAGMA integrity_check", check -> {
            List<String> faults = new ArrayList<>();
            try (ResultSet rows = check.executeQuery()) {
                while (rows.next()) {
                    if (!"ok".equals(rows.getString(1))) {
                        faults.add(rows.getString(1));
                    }
                }
            }
            return faults;
        });
    }

    /** Writes the present state into another file, which must not exist. */
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

    /**
     * Uses a statement that is prepared once, and again after a failure, since the driver then closes most statements.
     */
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
