package dev.heartwood.sqlite;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/** A connection that runs an action between a commit and the moment at which its thread learns of it, or that fails. */
final class HookedConnection {
    private HookedConnection() {}

    /** What is run after each commit. */
    interface Action {
        void run() throws Exception;
    }

    /** A database whose writing connection runs the action after each commit. */
    static Database database(Path file, Action afterCommit) throws SQLException {
        return database(file, hooked(Sql.connect(file), afterCommit));
    }

    /** A database whose writing connection fails at a statement, as on a disk that fails. */
    static Database databaseThatFailsAt(Path file, String sql) throws SQLException {
        Connection connection = Sql.connect(file);
        return database(file, proxy(Connection.class, (method, arguments) -> {
            if (method.getName().equals("prepareStatement") && arguments[0].equals(sql)) {
                throw new SQLException("planted", null, SQLiteErrorCode.SQLITE_IOERR.code);
            }
            return method.invoke(connection, arguments);
        }));
    }

    /** A database whose looking connection runs the action before each of its reads. */
    static Database databaseThatLooks(Path file, Action beforeRead) throws SQLException {
        Connection connection = Sql.connect(file);
        Connection looking = proxy(Connection.class, (method, arguments) -> {
            Object result = method.invoke(connection, arguments);
            return result instanceof PreparedStatement statement ? reading(statement, beforeRead) : result;
        });
        return database(connected(Sql.connect(file)), connected(looking), file);
    }

    private static PreparedStatement reading(PreparedStatement statement, Action beforeRead) {
        return proxy(PreparedStatement.class, (method, arguments) -> {
            if (method.getName().equals("executeQuery")) {
                beforeRead.run();
            }
            return method.invoke(statement, arguments);
        });
    }

    private static Database database(Path file, Connection connection) throws SQLException {
        return database(connected(connection), new ConnectionFactory(file, SqliteStore.options()).reader(), file);
    }

    private static Database database(SqliteConnection writer, SqliteConnection reader, Path file) throws SQLException {
        // Both connections have read before their files are looked at: all files are there.
        writer.mark();
        reader.mark();
        return new Database(SqliteStore.options(), DatabaseFile.of(file, false), writer, reader, null);
    }

    private static SqliteConnection connected(Connection connection) {
        return new SqliteConnection(connection, new BusyBackoff(Duration.ofSeconds(10)));
    }

    private static Connection hooked(Connection connection, Action afterCommit) {
        return proxy(Connection.class, (method, arguments) -> {
            Object result = method.invoke(connection, arguments);
            boolean commits = method.getName().equals("prepareStatement") && arguments[0].equals("COMMIT");
            return commits ? hooked((PreparedStatement) result, afterCommit) : result;
        });
    }

    private static PreparedStatement hooked(PreparedStatement commit, Action afterCommit) {
        return proxy(PreparedStatement.class, (method, arguments) -> {
            Object result = method.invoke(commit, arguments);
            if (method.getName().equals("execute")) {
                afterCommit.run();
            }
            return result;
        });
    }

    private interface Call {
        @Nullable
        Object of(Method method, Object[] arguments) throws Exception;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    try {
                        return call.of(method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                }));
    }
}
