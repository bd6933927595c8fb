package dev.heartwood.postgres;

import static java.util.Objects.requireNonNull;

import dev.heartwood.log.LogException;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.log.SharedLog.Tail;
import dev.heartwood.log.engine.EngineSettings;
import dev.heartwood.log.engine.LogConnection;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * The log of a tree in three tables: a row with the position of the last entry, a row for each entry, a row for each part.
 *
 * <p>An append is one statement, which updates the row of the position if it is as expected. Two appends at once meet
 * at the lock of that row: the second one looks at the row again when the first has committed, and finds it changed.
 * (So it is at the isolation level READ COMMITTED; at higher ones it fails with a serialization error, and is tried
 * again.) The row stays when entries are trimmed, so a stale writer always fails on it, even if the entries are gone.
 *
 * <p>In statements, {} stands for the schema.
 */
final class PostgresConnection implements LogConnection {
    private static final Logger LOGGER = System.getLogger("dev.heartwood.postgres");

    /**
     * An acknowledged commit is on the disk, regardless of the database's default. The setting is for this transaction
     * only: behind a pooler the connection is shared with others.
     */
    private static final String APPEND = "WITH position AS (UPDATE {}heartwood_log SET number = ?, id = ?"
            + " WHERE tree = ? AND number = ? AND id = ? RETURNING tree, identity, claim, number, id),"
            + " entry AS (INSERT INTO {}heartwood_entry (tree, number, id, body)"
            + " SELECT tree, number, id, ? FROM position)"
            + " SELECT claim, CASE WHEN ? THEN pg_notify('heartwood_' || identity, number::text) END,"
            + " CASE WHEN current_setting('synchronous_commit') = 'off'"
            + " THEN set_config('synchronous_commit', 'on', true) END FROM position";

    /** One statement, so that the position and the entries are of one moment. A page has 1,000 entries, and 4 MiB, or one. */
    private static final String READ = "SELECT p.number, p.id, pg_is_in_recovery(), p.claim, e.number, e.id, e.body"
            + " FROM {}heartwood_log p LEFT JOIN LATERAL (SELECT * FROM (SELECT page.*,"
            + " sum(octet_length(body)) OVER (ORDER BY number) - octet_length(body) AS before"
            + " FROM (SELECT number, id, body FROM {}heartwood_entry WHERE tree = p.tree AND number >= ?"
            + " ORDER BY number LIMIT 1000) page) sized WHERE before < 4194304) e ON true"
            + " WHERE p.tree = ? ORDER BY e.number";

    /**
     * Two processes that make the tables at once take turns: CREATE TABLE IF NOT EXISTS races with itself. The statements are
     * sent together, and so are one transaction. The log has room in each page, so that a new position goes beside the old.
     */
    private static final String TABLES = "SELECT pg_advisory_xact_lock(7522525896800431983);%;"
            + "CREATE TABLE IF NOT EXISTS {}heartwood_log (tree text PRIMARY KEY, identity text NOT NULL,"
            + " number bigint NOT NULL, id text NOT NULL, claim text, checkpoint text) WITH (fillfactor = 50);"
            + "CREATE TABLE IF NOT EXISTS {}heartwood_entry (tree text, number bigint, id text NOT NULL,"
            + " body text NOT NULL, PRIMARY KEY (tree, number));"
            + "CREATE TABLE IF NOT EXISTS {}heartwood_part (tree text, name text COLLATE \"C\","
            + " body text NOT NULL, PRIMARY KEY (tree, name))";

    private final Connection connection;
    private final String tree;
    private final EngineSettings settings;
    private final String server;
    private final String schema;

    PostgresConnection(Connection connection, String tree, EngineSettings settings, String server) {
        this.connection = connection;
        this.tree = tree;
        this.settings = settings;
        this.server = server;
        this.schema = '"' + settings.namespaceOr("").replace("\"", "\"\"") + '"';
    }

    private interface Rows<T> {
        @Nullable
        T read(ResultSet rows) throws SQLException, LogException;
    }

    private String in(String sql) {
        return sql.replace("{}", schema.equals("\"\"") ? "" : schema + ".");
    }

    private PreparedStatement prepared(String sql, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(in(sql));
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    private <T> @Nullable T query(String sql, Rows<T> reader, @Nullable Object... parameters)
            throws SQLException, LogException {
        try (PreparedStatement statement = prepared(sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            return reader.read(rows);
        }
    }

    private @Nullable String text(String sql, @Nullable Object... parameters) throws SQLException, LogException {
        return query(sql, rows -> rows.next() ? rows.getString(1) : null, parameters);
    }

    private int update(String sql, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepared(sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean ignored = statement.execute(in(sql));
        }
    }

    @Override
    public void begin(boolean isFirst) throws SQLException, LogException {
        connection.setNetworkTimeout(Runnable::run, settings.timeoutMillis());
        requirePrimary("t".equals(text("SELECT pg_is_in_recovery()")));
        String encoding = text("SHOW server_encoding");
        if (!"UTF8".equals(encoding)) {
            String advice = ", and cannot hold every text: make one with the encoding UTF8";
            throw new Refused("the database has the encoding " + encoding + advice, null);
        }
        if (isFirst && "off".equals(text("SHOW fsync"))) {
            String loss =
                    " runs with fsync = off: commits that were acknowledged may be lost, and the database damaged,";
            LOGGER.log(Level.WARNING, server + loss + " when its machine fails");
        }
    }

    /** A standby answers from the past, so that a read there could miss a commit that was acknowledged. */
    private static void requirePrimary(boolean isInRecovery) throws Unavailable {
        if (isInRecovery) {
            String advice = "connect to the primary, or name all servers in the URL with targetServerType=primary";
            throw new Unavailable("the server is a standby, or is being restored: " + advice, null);
        }
    }

    @Override
    public void create(String identity) throws SQLException, LogException {
        // A user without the right to create tables may use existing ones.
        if (text("SELECT to_regclass(?)", in("{}heartwood_part")) == null) {
            boolean hasSchema = schema.equals("\"\"");
            execute(TABLES.replace("%", hasSchema ? "" : "CREATE SCHEMA IF NOT EXISTS " + schema));
        }
        String sql = "INSERT INTO {}heartwood_log (tree, identity, number, id) VALUES (?, ?, 0, ?)";
        int ignored = update(sql + " ON CONFLICT DO NOTHING", tree, identity, identity);
    }

    @Override
    public Answer append(Position on, Entry next) throws SQLException, LogException {
        Position at = next.at();
        Object[] given = {at.number(), at.id(), tree, on.number(), on.id(), next.body(), settings.hasWakeUps()};
        Answer won = query(APPEND, rows -> rows.next() ? Answer.appended(rows.getString(1)) : null, given);
        // A second statement: the first one sees the state before the winner's commit.
        return won == null ? requireNonNull(query(READ, PostgresConnection::lost, at.number(), tree)) : won;
    }

    @Override
    public @Nullable Tail read(long from) throws SQLException, LogException {
        try {
            return requireNonNull(query(READ, PostgresConnection::lost, from, tree))
                    .since();
        } catch (SQLException e) {
            // Where there are no tables there is no log.
            if ("42P01".equals(e.getSQLState())) {
                return null;
            }
            throw e;
        }
    }

    private static Answer lost(ResultSet rows) throws SQLException, Unavailable {
        String claim = null;
        Position last = null;
        List<Entry> page = new ArrayList<>();
        while (rows.next()) {
            requirePrimary(rows.getBoolean(3));
            claim = rows.getString(4);
            last = new Position(rows.getLong(1), rows.getString(2));
            if (rows.getString(6) != null) {
                page.add(new Entry(new Position(rows.getLong(5), rows.getString(6)), rows.getString(7)));
            }
        }
        return Answer.lost(claim, last == null ? null : new Tail(last, page));
    }

    @Override
    public @Nullable String field(String name) throws SQLException, LogException {
        return text("SELECT " + name + " FROM {}heartwood_log WHERE tree = ?", tree);
    }

    @Override
    public boolean replace(String name, @Nullable String before, @Nullable String after) throws SQLException {
        String sql = "UPDATE {}heartwood_log SET % = ? WHERE tree = ? AND % IS NOT DISTINCT FROM ?::text";
        return update(sql.replace("%", name), after, tree, before) == 1;
    }

    @Override
    public void put(String name, String part) throws SQLException {
        String sql = "INSERT INTO {}heartwood_part (tree, name, body) VALUES (?, ?, ?)";
        int ignored = update(sql + " ON CONFLICT (tree, name) DO UPDATE SET body = excluded.body", tree, name, part);
    }

    @Override
    public @Nullable String get(String name) throws SQLException, LogException {
        return text("SELECT body FROM {}heartwood_part WHERE tree = ? AND name = ?", tree, name);
    }

    @Override
    public boolean delete(String from, String to) throws SQLException {
        return update("DELETE FROM {}heartwood_part WHERE tree = ? AND name >= ? AND name < ?", tree, from, to) < 0;
    }

    @Override
    public boolean trim(long below) throws SQLException {
        return update("DELETE FROM {}heartwood_entry WHERE tree = ? AND number < ?", tree, below) < 0;
    }

    @Override
    public void listen() throws SQLException, LogException {
        String sql = "SELECT 'LISTEN \"heartwood_' || identity || '\"' FROM {}heartwood_log WHERE tree = ?";
        execute(String.valueOf(text(sql, tree)));
        connection.setNetworkTimeout(Runnable::run, 0);
    }

    @Override
    public long nextWakeUp() throws SQLException {
        long newest = ASK;
        for (PGNotification each : connection.unwrap(PGConnection.class).getNotifications(0)) {
            // Any user of the database may notify, with any text: then the store asks.
            boolean isNumber = each.getParameter().matches("\\d{1,18}");
            newest = Math.max(newest, isNumber ? Long.parseLong(each.getParameter()) : ASK);
        }
        return newest;
    }

    /** Without a word to the server, which may not answer. */
    @Override
    public void close() throws SQLException {
        connection.abort(Runnable::run);
    }

    @Override
    public String toString() {
        return server;
    }
}
