package dev.heartwood.postgres;

import dev.heartwood.log.LogException;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.WakeUpThread;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** A connection that listens to the notifications of one log; their channel is named after the identity of the log. */
final class Notifications implements WakeUpThread.Connection {
    private static final int WAIT_MILLIS = 10_000;

    private final Connection connection;
    private final ArrayDeque<Long> heard = new ArrayDeque<>();

    private Notifications(Connection connection) {
        this.connection = connection;
    }

    static Notifications connect(PostgresDatabase database) throws LogException {
        Connection connection = database.connect();
        try {
            listen(connection, identity(connection, database));
            return new Notifications(connection);
        } catch (SQLException e) {
            PostgresErrors.abort(connection);
            throw PostgresErrors.beforeRequest(e);
        } catch (Refused e) {
            PostgresErrors.abort(connection);
            throw e;
        }
    }

    private static String identity(Connection connection, PostgresDatabase database) throws SQLException, Refused {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT identity FROM " + database.table("heartwood_log") + " WHERE tree = ?")) {
            statement.setString(1, database.tree());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new Refused("the log was deleted from the database: restore it from a backup", null);
                }
                return row.getString(1);
            }
        }
    }

    private static void listen(Connection connection, String identity) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN \"heartwood_" + identity.replace("\"", "") + '"');
        }
    }

    @Override
    public long next() throws SQLException {
        if (heard.isEmpty()) {
            for (PGNotification notification :
                    connection.unwrap(PGConnection.class).getNotifications(WAIT_MILLIS)) {
                heard.add(number(notification.getParameter()));
            }
        }
        Long number = heard.poll();
        return number == null ? WakeUpThread.NOTHING : number;
    }

    /** Any user of the database may notify, with any text: then the store asks. */
    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    @Override
    public void close() {
        PostgresErrors.abort(connection);
    }
}
