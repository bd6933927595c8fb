package dev.heartwood.postgres;

import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One connection that threads use in turn: made at the first request, and anew after each failure. */
final class PostgresSession {
    private final PostgresDatabase database;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile @Nullable Connection connection;
    private volatile boolean closed;

    PostgresSession(PostgresDatabase database) {
        this.database = database;
    }

    /** Reads the answer to a statement. */
    interface Answer<T> {
        T of(ResultSet rows) throws SQLException, Unavailable, Refused;
    }

    /** Asks for rows; repeated, it may do no harm. */
    <T> T ask(String sql, Answer<T> answer, @Nullable Object... parameters) throws Unavailable, Refused {
        try {
            return query(sql, answer, parameters);
        } catch (InDoubt e) {
            throw new Unavailable(String.valueOf(e.getMessage()), e);
        }
    }

    /** Executes a statement that changes rows, and reads those it gives. */
    <T> T query(String sql, Answer<T> answer, @Nullable Object... parameters) throws InDoubt, Unavailable, Refused {
        return execute(sql, parameters, statement -> {
            try (ResultSet rows = statement.executeQuery()) {
                return answer.of(rows);
            }
        });
    }

    /** Executes a statement that changes rows; gives how many. */
    int update(String sql, @Nullable Object... parameters) throws InDoubt, Unavailable, Refused {
        return execute(sql, parameters, PreparedStatement::executeUpdate);
    }

    private interface Step<T> {
        T take(PreparedStatement statement) throws SQLException, Unavailable, Refused;
    }

    private <T> T execute(String sql, @Nullable Object[] parameters, Step<T> step)
            throws InDoubt, Unavailable, Refused {
        // An interrupt closes the socket that a virtual thread waits for, and would so spoil each retry.
        boolean isInterrupted = Thread.interrupted();
        turn.lock();
        try {
            Connection open = open();
            try (PreparedStatement statement = open.prepareStatement(sql)) {
                for (int i = 0; i < parameters.length; i++) {
                    statement.setObject(i + 1, parameters[i]);
                }
                return step.take(statement);
            } catch (SQLException e) {
                drop();
                throw PostgresErrors.inDoubtUnlessKnown(e);
            } catch (Unavailable e) {
                // A standby: the next connection may be to another server.
                drop();
                throw e;
            }
        } finally {
            turn.unlock();
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Connection open() throws Unavailable, Refused {
        Connection open = connection;
        if (open == null) {
            requireOpen();
            open = database.connect();
            connection = open;
        }
        if (closed) {
            drop();
        }
        requireOpen();
        return open;
    }

    private void requireOpen() throws Refused {
        if (closed) {
            throw new Refused("this connection is closed", null);
        }
    }

    private void drop() {
        Connection open = connection;
        connection = null;
        PostgresErrors.abort(open);
    }

    /** Ends the session; a request that waits for its answer fails soon. */
    void close() {
        closed = true;
        PostgresErrors.abort(connection);
    }
}
