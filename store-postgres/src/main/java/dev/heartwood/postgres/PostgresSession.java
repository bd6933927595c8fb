package dev.heartwood.postgres;

import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.log.SharedConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Statements on one connection. */
final class PostgresSession {
    private final SharedConnection<Connection> connection;

    PostgresSession(PostgresDatabase database) {
        this.connection = new SharedConnection<>(database::connect, PostgresErrors::abort);
    }

    /** Reads the answer to a statement. */
    interface Answer<T> {
        T of(ResultSet rows) throws SQLException, Unavailable, Refused;
    }

    /** Asks for rows; repeated, it may do no harm. */
    <T> T ask(String sql, Answer<T> answer, @Nullable Object... parameters) throws Unavailable, Refused {
        return connection.ask(open -> execute(open, sql, parameters, rows(answer)));
    }

    /** Executes a statement that changes rows, and reads those it gives. */
    <T> T query(String sql, Answer<T> answer, @Nullable Object... parameters) throws InDoubt, Unavailable, Refused {
        return connection.call(open -> execute(open, sql, parameters, rows(answer)));
    }

    /** Executes a statement that changes rows; gives how many. */
    int update(String sql, @Nullable Object... parameters) throws InDoubt, Unavailable, Refused {
        return connection.call(open -> execute(open, sql, parameters, PreparedStatement::executeUpdate));
    }

    private interface Step<T> {
        T take(PreparedStatement statement) throws SQLException, Unavailable, Refused;
    }

    private static <T> Step<T> rows(Answer<T> answer) {
        return statement -> {
            try (ResultSet rows = statement.executeQuery()) {
                return answer.of(rows);
            }
        };
    }

    private <T> T execute(Connection open, String sql, @Nullable Object[] parameters, Step<T> step)
            throws InDoubt, Unavailable, Refused {
        try (PreparedStatement statement = open.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return step.take(statement);
        } catch (SQLException e) {
            connection.drop();
            throw PostgresErrors.inDoubtUnlessKnown(e);
        } catch (Unavailable e) {
            // A standby: the next connection may be to another server.
            connection.drop();
            throw e;
        }
    }

    /** Ends the session; a request that waits for its answer fails soon. */
    void close() {
        connection.close();
    }
}
