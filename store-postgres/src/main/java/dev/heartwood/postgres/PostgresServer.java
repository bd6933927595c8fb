package dev.heartwood.postgres;

import dev.heartwood.log.LogException;
import dev.heartwood.log.engine.EngineSettings;
import dev.heartwood.log.engine.ErrorKinds;
import dev.heartwood.log.engine.LogConnection;
import dev.heartwood.log.engine.LogServer;
import io.vavr.collection.LinkedHashMap;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** The database that holds the log of a tree: how to connect to it, and the meaning of its errors. */
final class PostgresServer implements LogServer {
    /**
     * The SQLSTATE of a database error tells the outcome of the request (PostgreSQL's manual, appendix A); its first
     * two characters are its class. A statement that ends with an error of its own was rolled back.
     */
    private static final ErrorKinds KINDS = ErrorKinds.NONE
            // Serialization, deadlock, memory, connections, cancelled, starting, read-only.
            .unavailable("40", "53", "55", "57014", "57P03", "25006", "26")
            .refused("", "0A", "21", "22", "23", "25", "28", "2F", "34", "3D", "3F", "42", "44", "54")
            .refused("", "08004", "08P01", "certificate")
            .refused(". Free the disk of the server, or give it more room", "53100")
            .refused(
                    ". Grant the user SELECT, INSERT, UPDATE and DELETE on heartwood_log, heartwood_entry and"
                            + " heartwood_part, or, where they are not there, CREATE on their schema",
                    "42501");

    private final Driver driver = new Driver();
    private final String url;
    private final String hosts;
    private final String tree;
    private final EngineSettings settings;

    PostgresServer(String url, String tree, EngineSettings settings) {
        // The message leaves the URL out, which may hold a password. So does the driver, but for a user before an @.
        boolean isSafe = url.startsWith("jdbc:postgresql:") && !url.split("\\?", 2)[0].contains("@");
        Properties parts = isSafe ? Driver.parseURL(url, new Properties()) : null;
        if (parts == null) {
            throw new IllegalArgumentException("expected a URL of the form jdbc:postgresql://host:port/database, as the"
                    + " PostgreSQL driver takes it; options.user(name, password) sets the user");
        }
        String mode = parts.getProperty("sslmode", settings.properties().getOrElse("sslmode", ""));
        if (settings.tls() != null && !mode.equals("verify-full")) {
            throw new IllegalArgumentException("TLS with authorities is asked for: expected no sslmode, not " + mode);
        }
        this.url = url;
        this.hosts = parts.getProperty("PGHOST");
        this.tree = tree;
        this.settings = settings;
    }

    @Override
    public LogConnection connect() throws SQLException {
        Properties properties = new Properties();
        String seconds = Long.toString(settings.requestTimeout().plusMillis(999).toSeconds());
        properties.setProperty("connectTimeout", seconds);
        properties.setProperty("socketTimeout", seconds);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "heartwood");
        // The details of an error quote the row that was to be written.
        properties.setProperty("logServerErrorDetail", "false");
        settings.properties().forEach((name, value) -> properties.setProperty(name, value));
        String password = settings.password();
        LinkedHashMap<String, @Nullable String> login = LinkedHashMap.of("user", settings.user(), "password", password);
        login.filterValues(value -> value != null && !value.isEmpty()).forEach(properties::setProperty);
        // Null would mean that the URL is another driver's, and it is not.
        Connection connection = driver.connect(url, properties);
        return new PostgresConnection(connection, tree, settings, toString());
    }

    @Override
    public @Nullable LogException errorOf(Exception e, boolean isSent) {
        if (!(e instanceof SQLException failure)) {
            return null;
        }
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        // It is not known whether the statement was completed: by definition, and since the connection has ended.
        boolean isOpen = isSent && (state.equals("40003") || state.startsWith("08"));
        String host = words(failure).contains("could not be verified") ? "certificate" : state;
        String kind = state.substring(0, Math.min(2, state.length()));
        String message = "PostgreSQL: " + words(failure) + (state.isEmpty() ? "" : " (SQLSTATE " + state + ")");
        return KINDS.of(message, e, isOpen ? List.of() : List.of(host, state, kind));
    }

    /** The server's message without the details, which may quote values of the tree. */
    private static String words(SQLException e) {
        ServerErrorMessage server = e instanceof PSQLException known ? known.getServerErrorMessage() : null;
        return String.valueOf(server == null ? e.getMessage() : server.getMessage());
    }

    @Override
    public String toString() {
        return "PostgreSQL at " + hosts;
    }
}
