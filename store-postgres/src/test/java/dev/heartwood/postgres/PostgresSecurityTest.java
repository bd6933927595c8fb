package dev.heartwood.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.log.LogStore;
import dev.heartwood.log.testkit.CapturedLog;
import dev.heartwood.log.testkit.ServerProcess;
import dev.heartwood.log.testkit.TlsFiles;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that asks for a password, and takes connections by TLS alone from everybody but its superuser. */
class PostgresSecurityTest {
    private static final String SECRET = "hush'hush";
    private static ServerProcess server;
    private static TlsFiles tls;

    /** A busy machine answers within the deadline; and where a server is gone, a test does not wait for long. */
    private final PostgresOptions options = PostgresStore.options()
            .log(LogStore.options().deadline(Duration.ofSeconds(3)))
            .user("app", SECRET)
            .tls(tls.authority());

    @BeforeAll
    static void startServer() throws Exception {
        server = PostgresEngine.start(folder -> {
            tls = TlsFiles.makeExpiring(folder, "localhost");
            tls.giveTo("postgres");
            Files.writeString(
                    folder.resolve("data").resolve("pg_hba.conf"),
                    "host all postgres 127.0.0.1/32 trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n");
            return List.of("ssl=on", "ssl_cert_file=" + tls.certificate(), "ssl_key_file=" + tls.key());
        });
        String superuser = PostgresEngine.url(server.port());
        PostgresStore.open(superuser, "any").close();
        PostgresEngine.sql(
                superuser,
                "CREATE USER app PASSWORD 'hush''hush'",
                "CREATE USER later PASSWORD 'hush2'",
                "CREATE USER changing PASSWORD 'first'",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON heartwood_log, heartwood_entry, heartwood_part"
                        + " TO app, later, changing");
    }

    @AfterAll
    static void endServer() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    private static String url(String host) {
        return "jdbc:postgresql://" + host + ":" + server.port() + "/postgres";
    }

    @Test
    void aStoreConnectsWithTlsAndAPassword() {
        try (Store store = options.open(url("localhost"), "tls")) {
            store.put("n", 1);
            assertThat(store.fresh().get("n")).isEqualTo(1L);
        }
    }

    @Test
    void tlsThatIsAskedForIsNotLeftOut() {
        for (String mode : List.of("disable", "allow", "prefer", "require", "verify-ca")) {
            assertThatThrownBy(() -> options.open(url("localhost") + "?sslmode=" + mode, "tls"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("TLS", "expected no sslmode, not " + mode);
        }
        assertThatThrownBy(() -> options.property("sslmode", "prefer").open(url("localhost"), "tls"))
                .isInstanceOf(IllegalArgumentException.class);
        try (Store store = options.open(url("localhost") + "?sslmode=verify-full", "tls")) {
            store.put("m", 1);
        }
    }

    @Test
    void aPasswordThatChangesIsAskedForAtEachConnection() throws Exception {
        String superuser = PostgresEngine.url(server.port());
        AtomicReference<String> password = new AtomicReference<>("first");
        try (Store store = options.user("changing", password::get).open(url("localhost"), "changing")) {
            store.put("n", 1);
            PostgresEngine.sql(
                    superuser,
                    "ALTER USER changing PASSWORD 'second'",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'changing'");
            password.set("second");
            store.put("n", 2);
            assertThat(store.fresh().get("n")).isEqualTo(2L);
        }
    }

    @Test
    void errorsAreClearAndNoSecretIsInAMessageOrALog(@TempDir Path elsewhere) throws Exception {
        TlsFiles others = TlsFiles.make(elsewhere, "localhost");
        List<String> logged;
        try (CapturedLog log = new CapturedLog()) {
            refused(options.user("app", SECRET + "!"), url("localhost"), "password authentication failed");
            refused(options.user("nobody", SECRET), url("localhost"), "password authentication failed");
            refused(options.tls(others.authority()), url("localhost"), "PKIX path");
            refused(options, url("127.0.0.1"), "could not be verified");
            refused(
                    PostgresStore.options().user("app", SECRET),
                    url("localhost") + "?sslmode=disable",
                    "no pg_hba.conf entry");
            refused(options, url("localhost").replace("/postgres", "/nowhere"), "\"nowhere\" does not exist");
            refused(options, "jdbc:postgresql://localhost:1/postgres?user=app&password=" + SECRET, "refused");
            refused(
                    PostgresStore.options(),
                    url("localhost") + "?user=app&sslmode=require&password=" + SECRET + "!",
                    "password authentication failed");
            loseAccess(log);
            logged = log.lines();
        }
        assertThat(logged).isNotEmpty().noneMatch(line -> line.contains("hush"));
    }

    @Test
    void aCertificateThatExpiresIsNamedAndWhenItIsRenewedCommitsGoOn() throws Exception {
        try (Store store = options.open(url("localhost"), "expiring")) {
            tls.requireRefusedWhileExpired(server, store);
        }
    }

    /** A store whose password is no longer right says in the log that it does not hear of others' commits. */
    private void loseAccess(CapturedLog log) throws Exception {
        String superuser = PostgresEngine.url(server.port());
        try (Store store = options.user("later", "hush2").open(url("localhost"), "later")) {
            store.put("n", 1);
            PostgresEngine.sql(
                    superuser,
                    "ALTER USER later PASSWORD 'another'",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'later'");
            server.awaitTrue(() -> log.lines().stream().anyMatch(line -> line.contains("password authentication")));
            assertThat(store.get("n")).isEqualTo(1L);
        }
    }

    private static void refused(PostgresOptions options, String url, String words) {
        PostgresOptions impatient = options.log(LogStore.options().deadline(Duration.ofMillis(500)));
        assertThatThrownBy(() -> impatient.open(url, "refused"))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining(words)
                .satisfies(e -> {
                    StringWriter trace = new StringWriter();
                    e.printStackTrace(new PrintWriter(trace));
                    assertThat(trace.toString()).doesNotContain("hush");
                });
    }
}
