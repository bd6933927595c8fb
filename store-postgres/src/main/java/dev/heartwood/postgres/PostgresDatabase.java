package dev.heartwood.postgres;

import dev.heartwood.log.LogException;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.postgresql.Driver;

/** The database that holds the logs: how to connect, and the three tables. */
final class PostgresDatabase {
    private static final Logger LOGGER = System.getLogger("dev.heartwood.postgres");
    private static final String PREFIX = "jdbc:postgresql:";
    /** Two processes that make the tables at once take turns: CREATE TABLE IF NOT EXISTS races with itself. */
    private static final long MAKING_TABLES = 0x6865617274776f6fL;

    private final Driver driver = new Driver();
    private final String url;
    private final String tree;
    private final PostgresOptions options;
    /** The log was there: if it is not any more, it was deleted, and is not made anew in silence. */
    private volatile boolean hasLog;

    PostgresDatabase(String url, String tree, PostgresOptions options) {
        this.url = checked(url);
        this.tree = tree;
        this.options = options;
    }

    private static String checked(String url) {
        // The message leaves the URL out, which may hold a password. So does the driver, but for a user before an @.
        boolean isSafe = url.startsWith(PREFIX) && !url.split("\\?", 2)[0].contains("@");
        if (!isSafe || Driver.parseURL(url, new Properties()) == null) {
            throw new IllegalArgumentException("expected a URL of the form jdbc:postgresql://host:port/database, as the"
                    + " PostgreSQL driver takes it; options.user(name, password) sets the user");
        }
        return url;
    }

    String tree() {
        return tree;
    }

    PostgresOptions options() {
        return options;
    }

    /** The name of a table in SQL. */
    String table(String name) {
        String schema = options.schema();
        return schema == null ? name : quoted(schema) + "." + name;
    }

    private static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** A new connection to a server that takes commits. The first one makes the log where there is none, or refuses, as the options say. */
    Connection connect() throws Unavailable, Refused {
        try {
            // Null would mean that the URL is another driver's, and it is not.
            Connection connection = driver.connect(url, properties());
            try {
                connection.setNetworkTimeout(
                        Runnable::run, Math.toIntExact(options.requestTimeout().toMillis()));
                prepare(connection);
                return connection;
            } catch (SQLException | LogException e) {
                connection.abort(Runnable::run);
                throw e;
            }
        } catch (SQLException e) {
            throw PostgresErrors.beforeRequest(e);
        }
    }

    private Properties properties() {
        Properties properties = new Properties();
        long seconds = Math.max(1, options.requestTimeout().plusMillis(999).toSeconds());
        properties.setProperty("connectTimeout", Long.toString(seconds));
        properties.setProperty("socketTimeout", Long.toString(seconds));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "heartwood");
        // The details of an error quote the row that was to be written.
        properties.setProperty("logServerErrorDetail", "false");
        options.properties().forEach(properties::setProperty);
        String password = options.password();
        if (password != null) {
            properties.setProperty("password", password);
        }
        return properties;
    }

    private void prepare(Connection connection) throws SQLException, Unavailable, Refused {
        boolean hasTables;
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT pg_is_in_recovery(), current_setting('server_encoding'), current_setting('fsync'),"
                        + " to_regclass(?) IS NOT NULL")) {
            statement.setString(1, table("heartwood_part"));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                requirePrimary(row.getBoolean(1));
                if (!row.getString(2).equals("UTF8")) {
                    throw new Refused(
                            "the database has the encoding " + row.getString(2)
                                    + ", and cannot hold every text: make one with the encoding UTF8",
                            null);
                }
                if (!hasLog && row.getString(3).equals("off")) {
                    LOGGER.log(
                            Level.WARNING,
                            "the database runs with fsync = off: commits that were acknowledged may be"
                                    + " lost, and the database damaged, when its machine fails");
                }
                hasTables = row.getBoolean(4);
            }
        }
        if (!hasLog) {
            if (!options.createIfMissing()) {
                requireLog(connection, hasTables);
            } else {
                if (!hasTables) {
                    makeTables(connection);
                }
                makeLog(connection);
            }
            hasLog = true;
        }
    }

    /** A standby answers from the past, so that a read there could miss a commit that was acknowledged. */
    static void requirePrimary(boolean isInRecovery) throws Unavailable {
        if (isInRecovery) {
            throw new Unavailable(
                    "the server is a standby, or is being restored: connect to the primary, or name all"
                            + " servers in the URL with targetServerType=primary",
                    null);
        }
    }

    private void requireLog(Connection connection, boolean hasTables) throws SQLException, Refused {
        if (hasTables) {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT 1 FROM " + table("heartwood_log") + " WHERE tree = ?")) {
                statement.setString(1, tree);
                try (ResultSet row = statement.executeQuery()) {
                    if (row.next()) {
                        return;
                    }
                }
            }
        }
        throw new Refused("the database has no tree of this name. Nothing was made: check the name", null);
    }

    private void makeTables(Connection connection) throws SQLException {
        String schema = options.schema();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(" + MAKING_TABLES + ")");
            if (schema != null) {
                statement.execute("CREATE SCHEMA IF NOT EXISTS " + quoted(schema));
            }
            for (String table : List.of(
                    // Room in each page, so that a new position of the log goes beside the old one.
                    "heartwood_log (tree text PRIMARY KEY, identity text NOT NULL, number bigint NOT NULL,"
                            + " id text NOT NULL, claim text, checkpoint text) WITH (fillfactor = 50)",
                    "heartwood_entry (tree text, number bigint, id text NOT NULL, body text NOT NULL,"
                            + " PRIMARY KEY (tree, number))",
                    "heartwood_part (tree text, name text COLLATE \"C\", body text NOT NULL, PRIMARY KEY (tree, name))")) {
                int name = table.indexOf(' ');
                statement.execute(
                        "CREATE TABLE IF NOT EXISTS " + table(table.substring(0, name)) + table.substring(name));
            }
            connection.commit();
        }
        connection.setAutoCommit(true);
    }

    private void makeLog(Connection connection) throws SQLException {
        String identity = UUID.randomUUID().toString();
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO " + table("heartwood_log")
                + " (tree, identity, number, id) VALUES (?, ?, 0, ?) ON CONFLICT DO NOTHING")) {
            statement.setString(1, tree);
            statement.setString(2, identity);
            statement.setString(3, identity);
            statement.execute();
        }
    }
}
