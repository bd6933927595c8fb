package dev.heartwood.postgres;

import dev.heartwood.log.SharedLog;
import dev.heartwood.log.testkit.EngineFixture;
import dev.heartwood.log.testkit.ServerProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** PostgreSQL servers of the tests, which end with this process. */
final class PostgresEngine implements EngineFixture {
    /** The newest first. Debian puts the server's programs on no path. */
    private static final Path[] PROGRAMS = IntStream.iterate(30, version -> version >= 13, version -> version - 1)
            .mapToObj(version -> Path.of("/usr/lib/postgresql/" + version + "/bin/postgres"))
            .toArray(Path[]::new);

    private static final String USER = "postgres";
    private static @Nullable ServerProcess shared;

    /** A server that all tests use which do it no harm. */
    static synchronized ServerProcess shared() throws Exception {
        ServerProcess server = shared;
        if (server == null) {
            server = new PostgresEngine().start();
            shared = server;
        }
        return server;
    }

    @Override
    public ServerProcess start() throws Exception {
        return start(folder -> List.of());
    }

    interface Settings {
        /** Further settings, as {@code name=value}. */
        List<String> of(Path folder) throws Exception;
    }

    static ServerProcess start(Settings settings) throws Exception {
        Path postgres = ServerProcess.program("postgres", PROGRAMS);
        ServerProcess server = ServerProcess.start(USER, (port, folder) -> {
            String data = folder.resolve("data").toString();
            ServerProcess.run(
                    USER,
                    postgres.resolveSibling("initdb").toString(),
                    "-D",
                    data,
                    "-U",
                    USER,
                    "-A",
                    "trust",
                    "-N",
                    "-E",
                    "UTF8",
                    "--locale=C");
            return command(postgres, port, folder, settings.of(folder));
        });
        awaitReady(server);
        return server;
    }

    static List<String> command(Path postgres, int port, Path folder, List<String> settings) {
        java.util.ArrayList<String> command = new java.util.ArrayList<>(List.of(
                postgres.toString(),
                "-D",
                folder.resolve("data").toString(),
                "-p",
                Integer.toString(port),
                "-h",
                "127.0.0.1",
                "-k",
                folder.toString(),
                "-c",
                "shared_buffers=16MB"));
        settings.forEach(setting -> command.addAll(List.of("-c", setting)));
        return command;
    }

    /** A server takes connections before it takes questions. */
    static void awaitReady(ServerProcess server) throws Exception {
        server.awaitTrue(() -> {
            try (Connection connection = DriverManager.getConnection(url(server.port()))) {
                return connection.isValid(0);
            } catch (SQLException e) {
                return false;
            }
        });
    }

    static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=" + USER;
    }

    /** Executes statements as the server's superuser; gives the first column of the first row of the last one, or null. */
    static @Nullable String sql(String url, String... statements) throws SQLException {
        String found = null;
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                found = null;
                if (statement.execute(each)) {
                    try (ResultSet rows = statement.getResultSet()) {
                        found = rows.next() ? rows.getString(1) : null;
                    }
                }
            }
        }
        return found;
    }

    @Override
    public SharedLog connect(String host, int port, String tree) {
        return PostgresStore.options()
                .requestTimeout(Duration.ofSeconds(1))
                .connect(url(port).replace("127.0.0.1", host), tree);
    }
}
