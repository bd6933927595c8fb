package dev.heartwood.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.log.LogException;
import dev.heartwood.log.LogReplacedException;
import dev.heartwood.log.LogStore;
import dev.heartwood.log.engine.EngineSettings;
import dev.heartwood.log.engine.LogConnection;
import dev.heartwood.log.testkit.ServerProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Servers that crash, and standby servers that take their place. */
@Timeout(120)
class PostgresDurabilityTest {
    private static final String TREE = "tree";

    @Test
    void anAcknowledgedCommitSurvivesACrashEvenWhereTheDatabaseCommitsAsynchronously() throws Exception {
        try (ServerProcess server =
                PostgresEngine.start(folder -> List.of("synchronous_commit=off", "wal_writer_delay=10000ms"))) {
            try (Store store = PostgresStore.open(PostgresEngine.url(server.port()), TREE)) {
                for (int i = 1; i <= 50; i++) {
                    store.put("n", i);
                }
                server.kill();
                server.start();
                assertThat(store.fresh().get("n")).isEqualTo(50L);
            }
        }
    }

    /** A copy of a server that follows it, and knows each commit that was acknowledged if the server waits for it. */
    private static ServerProcess standbyOf(ServerProcess primary) throws Exception {
        Path postgres = Path.of(ProcessHandle.of(Long.parseLong(
                        PostgresEngine.sql(PostgresEngine.url(primary.port()), "SELECT pg_backend_pid()")))
                .flatMap(ProcessHandle::parent)
                .flatMap(process -> process.info().command())
                .orElseThrow());
        ServerProcess standby = ServerProcess.start("postgres", (port, folder) -> {
            ServerProcess.run(
                    "postgres",
                    postgres.resolveSibling("pg_basebackup").toString(),
                    "-D",
                    folder.resolve("data").toString(),
                    "-R",
                    "-c",
                    "fast",
                    "-h",
                    "127.0.0.1",
                    "-U",
                    "postgres",
                    "-p",
                    Integer.toString(primary.port()));
            return PostgresEngine.command(postgres, port, folder, List.of());
        });
        PostgresEngine.awaitReady(standby);
        return standby;
    }

    private static String urlOfBoth(ServerProcess one, ServerProcess other) {
        return "jdbc:postgresql://127.0.0.1:" + one.port() + ",127.0.0.1:" + other.port()
                + "/postgres?user=postgres&targetServerType=primary";
    }

    private static void promote(ServerProcess standby) throws Exception {
        PostgresEngine.sql(PostgresEngine.url(standby.port()), "SELECT pg_promote()");
    }

    @Test
    @EnabledIfSystemProperty(named = "heartwood.long", matches = "true")
    void aSynchronousStandbyTakesTheServersPlaceWithoutLoss() throws Exception {
        try (ServerProcess primary = PostgresEngine.start(folder -> List.of());
                ServerProcess standby = standbyOf(primary);
                Store store = PostgresStore.open(urlOfBoth(primary, standby), TREE)) {
            PostgresEngine.sql(
                    PostgresEngine.url(primary.port()),
                    "ALTER SYSTEM SET synchronous_standby_names = '*'",
                    "SELECT pg_reload_conf()");
            primary.awaitTrue(() -> "sync"
                    .equals(PostgresEngine.sql(
                            PostgresEngine.url(primary.port()), "SELECT sync_state FROM pg_stat_replication")));
            for (int i = 1; i <= 20; i++) {
                store.put("n", i);
            }
            primary.kill();
            promote(standby);
            store.put("n", 21);
            assertThat(store.fresh().get("n")).isEqualTo(21L);
            assertThat(store.version()).isEqualTo(21L);
        }
    }

    /** As behind a pooler, which has gone over to the standby since the store connected. */
    private static void requireNoAnswer(ServerProcess standby) throws Exception {
        try (Connection connection = DriverManager.getConnection(PostgresEngine.url(standby.port()))) {
            LogConnection pooled = new PostgresConnection(connection, TREE, EngineSettings.DEFAULT, "a pooler");
            assertThatThrownBy(() -> pooled.read(1))
                    .isInstanceOf(LogException.Unavailable.class)
                    .hasMessageContaining("standby");
        }
    }

    @Test
    void aStandbyIsNoServerForAStoreAndOneThatLacksAcknowledgedCommitsIsRefusedByStoresThatKnowThem() throws Exception {
        try (ServerProcess primary = PostgresEngine.start(folder -> List.of());
                ServerProcess standby = standbyOf(primary);
                Store store = PostgresStore.open(urlOfBoth(primary, standby), TREE)) {
            store.put("n", 1);
            assertThatThrownBy(() -> PostgresStore.options()
                            .log(LogStore.options().deadline(Duration.ofMillis(100)))
                            .open(PostgresEngine.url(standby.port()), TREE))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("standby")
                    .hasMessageContaining("targetServerType=primary");
            String at = PostgresEngine.sql(PostgresEngine.url(primary.port()), "SELECT pg_current_wal_lsn()");
            standby.awaitTrue(() -> "t"
                    .equals(PostgresEngine.sql(
                            PostgresEngine.url(standby.port()), "SELECT pg_last_wal_replay_lsn() >= '" + at + "'")));
            requireNoAnswer(standby);
            standby.kill();
            store.put("n", 2);
            primary.kill();
            standby.start();
            PostgresEngine.awaitReady(standby);
            promote(standby);
            assertThatThrownBy(store::fresh).isInstanceOf(LogReplacedException.class);
            assertThatThrownBy(() -> store.put("n", 3))
                    .isInstanceOf(LogReplacedException.class)
                    .hasMessageContaining("lost entries that were acknowledged");
            assertThat(store.get("n")).isEqualTo(2L);
            try (Store anew = PostgresStore.open(urlOfBoth(primary, standby), TREE)) {
                assertThat(anew.get("n")).isEqualTo(1L);
            }
        }
    }
}
