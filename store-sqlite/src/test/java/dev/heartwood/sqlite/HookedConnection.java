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

/** A connection that runs an action between a commit and the moment at which its thread learns of it. */
final class HookedConnection {
    private HookedConnection() {}

    /** What is run after each commit. */
    interface Action {
        void run() throws Exception;
    }

    /** A database whose writing connection runs the action after each commit. */
    static Database database(Path file, Action afterCommit) throws SQLException {
        SqliteOptions options = SqliteStore.options();
        SqliteConnection writer =
                new SqliteConnection(hooked(Sql.connect(file), afterCommit), new BusyBackoff(Duration.ofSeconds(10)));
        // Both connections have read before their files are looked at: all files are there.
        writer.mark();
        SqliteConnection reader = new ConnectionFactory(file, options).reader();
        return new Database(options, DatabaseFile.of(file, false), writer, reader, null);
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
