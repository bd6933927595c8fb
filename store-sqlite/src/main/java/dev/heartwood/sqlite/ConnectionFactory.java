package dev.heartwood.sqlite;

import dev.heartwood.StoreIOException;
import dev.heartwood.storage.NanoClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.sqlite.BusyHandler;
import org.sqlite.SQLiteConfig;

/**
 * Opens connections, and ensures that the file is a store of this library: any other file is left unchanged.
 */
final class ConnectionFactory {
    /** The bytes "HWTD", in the header of every database of this library. */
    private static final int APPLICATION_ID = 0x48575444;

    private static final int SCHEMA = 1;
    private static final String IMMUTABLE = "&immutable=1";
    private static final int SMALLEST_PAGE = 512;
    private static final String LINEAGE =
            "CREATE TABLE IF NOT EXISTS lineage (ver INTEGER PRIMARY KEY, commits TEXT NOT NULL)";
    /** The parts that a database of the first version of the library lacks. That version can still use it. */
    private static final String[] ADDED_LATER = {
        "ALTER TABLE meta ADD COLUMN recent TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE meta ADD COLUMN flushes INTEGER NOT NULL DEFAULT 0",
        LINEAGE,
    };

    private static final String[] TABLES = {
        "CREATE TABLE kv (k TEXT PRIMARY KEY, json TEXT, ver INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0)",
        "CREATE INDEX kv_ver ON kv (ver)",
        "CREATE INDEX kv_gone ON kv (ver) WHERE deleted = 1",
        "CREATE TABLE meta (id INTEGER PRIMARY KEY CHECK (id = 1), ver INTEGER NOT NULL, floor INTEGER NOT NULL,"
                + " store_uuid TEXT NOT NULL, recent TEXT NOT NULL DEFAULT '', flushes INTEGER NOT NULL DEFAULT 0)",
        LINEAGE,
        "PRAGMA user_version = " + SCHEMA,
        "PRAGMA application_id = " + APPLICATION_ID,
    };

    private final Path file;
    private final SqliteOptions options;
    private final boolean still;

    ConnectionFactory(Path file, SqliteOptions options) {
        this(
                file,
                options,
                options.isReadOnly()
                        && !SideFiles.hasCommits(file)
                        && (!Files.isWritable(file.resolveSibling(".")) || SideFiles.wouldBeOfAReader(file)));
    }

    private ConnectionFactory(Path file, SqliteOptions options, boolean still) {
        this.file = file;
        this.options = options;
        this.still = still;
    }

    /** Whether the file could be read {@linkplain #isStill as an unchanging file}, though that was not tried. */
    boolean couldBeStill() {
        return options.isReadOnly() && !still && !SideFiles.hasCommits(file);
    }

    /** The same file, read as an unchanging file. */
    ConnectionFactory asStill() {
        return new ConnectionFactory(file, options, true);
    }

    Path file() {
        return file;
    }

    /**
     * Whether the file is read as an unchanging file: it has no WAL, and if no file can be made beside it, SQLite could
     * not see a new WAL.
     */
    boolean isStill() {
        return still;
    }

    /** A database in memory, on its only connection. */
    SqliteConnection inMemory() throws SQLException {
        Connection connection = new SQLiteConfig().createConnection("jdbc:sqlite:" + Database.MEMORY);
        try {
            create(connection);
            return new SqliteConnection(connection, patience());
        } catch (Throwable e) {
            connection.close();
            throw e;
        }
    }

    /** Looks at the file without changing it, and refuses a foreign file. */
    void inspect() throws SQLException {
        long size = file.toFile().length();
        if (size == 0) {
            return;
        }
        if (size < SMALLEST_PAGE) {
            // SQLite would treat it as an empty database, and overwrite it.
            throw new StoreIOException(
                    file + " is not a SQLite database, which has " + SMALLEST_PAGE + " bytes or more: it has " + size
                            + "; choose another file, it was left as it is",
                    null);
        }
        // Without commits in a WAL beside it the file is complete, and SQLite need not make a WAL just to look.
        try (Connection connection = connect(true, SideFiles.hasCommits(file) ? "" : IMMUTABLE, patience())) {
            isOurs(connection);
        }
    }

    /** A writing connection; makes the tables if the file is new. */
    SqliteConnection writer() throws SQLException {
        BusyBackoff patience = patience();
        Connection connection = connect(false, "", patience);
        try {
            useLog(connection);
            run(connection, "PRAGMA synchronous = " + options.synchronous());
            // The space beyond that is freed when the WAL restarts.
            String ignored = ask(connection, "PRAGMA journal_size_limit = " + WalCheckpointer.LONGEST);
            if (!isOurs(connection)) {
                create(connection);
            } else if (!hasIdentities(connection)) {
                addIdentities(connection);
            }
            SideFiles.share(file);
            return new SqliteConnection(connection, patience);
        } catch (Throwable e) {
            connection.close();
            throw e;
        }
    }

    /** A reading connection. */
    SqliteConnection reader() throws SQLException {
        BusyBackoff patience = patience();
        Connection connection = connect(true, still ? IMMUTABLE : "", patience);
        try {
            if (!isOurs(connection)) {
                throw new StoreIOException(
                        file + " is empty, expected a store: open it without readOnly() first, or choose another file",
                        null);
            }
            if (!still) {
                SideFiles.share(file);
            }
            return new SqliteConnection(connection, patience, hasIdentities(connection));
        } catch (Throwable e) {
            connection.close();
            throw e;
        }
    }

    private BusyBackoff patience() {
        return new BusyBackoff(options.busyTimeout());
    }

    private Connection connect(boolean readOnly, String parameters, BusyBackoff patience) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(readOnly);
        // Nobody asks for them, and after each INSERT the driver would prepare and run a query for them.
        config.setGetGeneratedKeys(false);
        String mode = readOnly ? "?mode=ro" : "?mode=rwc";
        Connection connection =
                config.createConnection("jdbc:sqlite:" + file.toUri().toASCIIString() + mode + parameters);
        try {
            BusyHandler.setHandler(connection, patience);
            // A mapped file that is cut short from outside would end the JVM with a signal.
            run(connection, "PRAGMA mmap_size = 0");
            return connection;
        } catch (Throwable e) {
            connection.close();
            throw e;
        }
    }

    /** Turns the write-ahead log on. SQLite does not wait when another process opens the file at the same time. */
    private void useLog(Connection connection) throws SQLException {
        long deadline = System.nanoTime() + options.busyTimeout().toNanos();
        for (; ; ) {
            try {
                String mode = ask(connection, "PRAGMA journal_mode = WAL");
                if (!mode.equals("wal")) {
                    throw new StoreIOException(
                            file + ": SQLite's write-ahead log does not work here (journal mode " + mode
                                    + ", expected wal): choose another place",
                            null);
                }
                return;
            } catch (SQLException e) {
                if (!SqliteErrors.isBusy(e) || System.nanoTime() - deadline > 0) {
                    throw e;
                }
                NanoClock.SYSTEM.pause(1_000_000);
            }
        }
    }

    /** Whether the database is a store of this library; false if it is new. */
    private boolean isOurs(Connection connection) throws SQLException {
        int application;
        int schema;
        int tables;
        int ours;
        // One statement, so that it runs before or after another process makes the tables, not in between.
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT (SELECT application_id FROM pragma_application_id),"
                        + " (SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema),"
                        + " (SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('kv', 'meta'))")) {
            row.next();
            application = row.getInt(1);
            schema = row.getInt(2);
            tables = row.getInt(3);
            ours = row.getInt(4);
        }
        if (application == 0 && schema == 0 && tables == 0) {
            return false;
        }
        if (application != APPLICATION_ID) {
            throw new StoreIOException(
                    file + " is a SQLite database of another application (application_id " + application + ", " + tables
                            + " tables and indexes), expected one of Heartwood (" + APPLICATION_ID
                            + "): choose another file; it was left as it is",
                    null);
        }
        if (schema != SCHEMA) {
            throw new StoreIOException(
                    file + " has schema version " + schema + ", and this version of the library understands " + SCHEMA
                            + ": "
                            + (schema > SCHEMA
                                    ? "a newer version wrote it, open it with that one or a later one"
                                    : "no version wrote that, restore a backup")
                            + "; it was left as it is",
                    null);
        }
        if (ours < 2) {
            throw new StoreIOException(
                    file + " has the application_id of Heartwood, but not its tables kv and meta: it is not a store, or"
                            + " somebody dropped them. Restore a backup, or choose another file; it was left as it is",
                    null);
        }
        requireKnownFeatures(connection);
        return true;
    }

    /**
     * Refuses a database that requires features of its readers: a column {@code requires} of the header has their
     * names, separated by spaces. This version knows none, and makes no such column, so that earlier versions can read
     * its databases. Columns and tables that this version does not know are optional, and left alone.
     */
    private void requireKnownFeatures(Connection connection) throws SQLException {
        if (ask(connection, "SELECT count(*) FROM pragma_table_info('meta') WHERE name = 'requires'")
                .equals("0")) {
            return;
        }
        String features = ask(connection, "SELECT ifnull(max(requires), '') FROM meta");
        if (!features.isBlank()) {
            throw new StoreIOException(
                    file + " requires " + String.join(", ", features.trim().split(" +"))
                            + ", which this version of the library does not know: a newer version wrote it, open it with"
                            + " that one or a later one; it was left as it is",
                    null);
        }
    }

    private void create(Connection connection) throws SQLException {
        run(connection, "BEGIN IMMEDIATE");
        // A neighbour may have been first.
        if (!isOurs(connection)) {
            for (String sql : TABLES) {
                run(connection, sql);
            }
            run(
                    connection,
                    "INSERT INTO meta (id, ver, floor, store_uuid) VALUES (1, 0, 0, '" + UUID.randomUUID() + "')");
        }
        run(connection, "COMMIT");
    }

    /** Whether the database keeps the identities of its commits. */
    private static boolean hasIdentities(Connection connection) throws SQLException {
        return !ask(connection, "SELECT count(*) FROM pragma_table_info('meta') WHERE name = 'flushes'")
                .equals("0");
    }

    /** Adds them to a database of the first version of the library. */
    static void addIdentities(Connection connection) throws SQLException {
        run(connection, "BEGIN IMMEDIATE");
        // A neighbour may have been first.
        if (!hasIdentities(connection)) {
            for (String sql : ADDED_LATER) {
                run(connection, sql);
            }
        }
        run(connection, "COMMIT");
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            answer.next();
            return answer.getString(1);
        }
    }
}
