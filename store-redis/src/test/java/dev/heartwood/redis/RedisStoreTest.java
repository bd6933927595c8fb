package dev.heartwood.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.log.LogAddress;
import dev.heartwood.log.LogException;
import dev.heartwood.log.LogOptions;
import dev.heartwood.log.LogReplacedException;
import dev.heartwood.log.LogStore;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.testkit.CapturedLog;
import dev.heartwood.log.testkit.ServerProcess;
import dev.heartwood.log.testkit.TlsFiles;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class RedisStoreTest {
    private static final AtomicLong NAMES = new AtomicLong(System.nanoTime());
    /** A busy machine answers within the deadline; and where a server is gone, a test does not wait for long. */
    private static final RedisOptions OPTIONS =
            RedisStore.options().log(LogStore.options().deadline(Duration.ofSeconds(3)));

    private final String tree = "store" + NAMES.incrementAndGet();

    @TempDir
    Path folder;

    /** Asks a server as its default user. */
    private static Object redis(ServerProcess server, String... words) throws Exception {
        RespConnection connection = new RespConnection(new Socket(InetAddress.getLoopbackAddress(), server.port()));
        try {
            return connection.call(List.of(words));
        } finally {
            connection.close();
        }
    }

    @Test
    void tlsIsNeverLeftOutInSilence() throws Exception {
        RedisOptions secured = OPTIONS.tls(SSLContext.getDefault());
        assertThatThrownBy(() -> secured.open(URI.create("redis://localhost:6379"), tree))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected rediss://");
    }

    @Test
    void treesStandBesideEachOtherByNameAndByNamespace() throws Exception {
        URI server = RedisEngine.address(RedisEngine.sharedServer());
        try (Store one = RedisStore.open(server, tree);
                Store other = RedisStore.open(server, tree + " Ä}{'\"");
                Store elsewhere = RedisStore.options().namespace("mine:").open(server, tree);
                Store second = RedisStore.open(server.resolve("/1"), tree)) {
            one.put("n", 1);
            other.put("n", 2);
            elsewhere.put("n", 3);
            second.put("n", 4);
            assertThat(one.fresh().get("n")).isEqualTo(1L);
            assertThat(other.fresh().get("n")).isEqualTo(2L);
            assertThat(elsewhere.fresh().get("n")).isEqualTo(3L);
            assertThat(second.fresh().get("n")).isEqualTo(4L);
        }
        try (Store again = RedisStore.open(server, tree)) {
            assertThat(again.get("n")).isEqualTo(1L);
        }
    }

    @Test
    void aTreeIsFoundByItsAddressAndMadeOnlyIfThatIsWanted() throws Exception {
        ServerProcess server = RedisEngine.sharedServer();
        LogAddress address = LogAddress.of(RedisEngine.address(server).toString(), tree);
        assertThatThrownBy(() -> LogStore.over(address.createIfMissing(false).connect()))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("has no tree of this name")
                .hasMessageContaining("Nothing was made");
        assertThat(redis(server, "EXISTS", "heartwood:{" + tree + "}")).isEqualTo(0L);
        try (Store store = LogStore.over(address.connect())) {
            store.put("n", 1);
        }
        try (Store store = LogStore.over(address.createIfMissing(false).connect())) {
            assertThat(store.get("n")).isEqualTo(1L);
            store.put("n", 2);
        }
        try (Store store = RedisStore.open(RedisEngine.address(server), tree)) {
            assertThat(store.get("n")).isEqualTo(2L);
        }
    }

    @Test
    void aLogThatWasDeletedIsNotMadeAnewInSilence() throws Exception {
        ServerProcess server = RedisEngine.sharedServer();
        try (Store store = RedisStore.open(RedisEngine.address(server), tree)) {
            store.put("n", 1);
            assertThat(redis(server, "DEL", "heartwood:{" + tree + "}")).isEqualTo(1L);
            assertThatThrownBy(() -> store.put("n", 2))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("deleted");
            assertThat(store.get("n")).isEqualTo(1L);
        }
        assertThat(redis(server, "EXISTS", "heartwood:{" + tree + "}")).isEqualTo(0L);
    }

    @Test
    void aPartThatIsWrittenAfterTheLogWasDeletedMakesNoLog() throws Exception {
        ServerProcess server = RedisEngine.sharedServer();
        try (SharedLog log = RedisStore.options().connect(RedisEngine.address(server), tree)) {
            SharedLog.Position ignored = log.last();
            assertThat(redis(server, "DEL", "heartwood:{" + tree + "}")).isEqualTo(1L);
            log.put("checkpoint/1", "a part");
        }
        assertThat(redis(server, "EXISTS", "heartwood:{" + tree + "}")).isEqualTo(0L);
    }

    /** As Redis does with a maxmemory-policy that evicts: the head is used all the time, and stays the longest. */
    @ParameterizedTest
    @ValueSource(strings = {"entries", "parts"})
    void aLogOfWhichOneKeyWasEvictedTakesNoFurtherCommit(String key) throws Exception {
        ServerProcess server = RedisEngine.sharedServer();
        URI address = RedisEngine.address(server);
        LogOptions log = LogStore.options().deadline(Duration.ofSeconds(3)).checkpointEvery(2);
        try (Store store = RedisStore.options().log(log).open(address, tree);
                Store reader = OPTIONS.open(address, tree)) {
            store.put("n", 1);
            store.put("n", 2);
            server.awaitTrue(() -> redis(server, "HGET", "heartwood:{" + tree + "}", "checkpoint") != null);
            assertThat(redis(server, "DEL", "heartwood:{" + tree + "}:" + key)).isEqualTo(1L);

            assertThatThrownBy(() -> store.put("n", 3))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("the log was deleted");
            assertThatThrownBy(reader::fresh)
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("the log was deleted");
            assertThatThrownBy(() -> OPTIONS.open(address, tree)).isInstanceOf(StoreIOException.class);
        }
    }

    @Test
    void aReplicaIsNoServerForAStoreAndOneThatLacksAcknowledgedCommitsIsRefusedByStoresThatKnowThem() throws Exception {
        try (ServerProcess server = new RedisEngine().start();
                ServerProcess replica = RedisEngine.start(
                        "--appendonly",
                        "yes",
                        "--appendfsync",
                        "always",
                        "--replicaof",
                        "127.0.0.1",
                        "" + server.port());
                Store store = OPTIONS.open(RedisEngine.address(server), tree)) {
            store.put("n", 1);
            server.awaitTrue(() -> hasEverything(String.valueOf(redis(server, "INFO", "replication"))));
            assertThatThrownBy(() -> OPTIONS.open(RedisEngine.address(replica), tree))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("READONLY");
            assertThat(redis(replica, "REPLICAOF", "NO", "ONE")).isEqualTo("OK");
            store.put("n", 2);
            // The replica takes the primary's place, which becomes a replica of it.
            assertThat(redis(server, "REPLICAOF", "127.0.0.1", "" + replica.port()))
                    .isEqualTo("OK");
            assertThatThrownBy(store::fresh)
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("READONLY");
            server.awaitTrue(
                    () -> String.valueOf(redis(server, "INFO", "replication")).contains("master_link_status:up"));
            assertThat(redis(server, "REPLICAOF", "NO", "ONE")).isEqualTo("OK");
            assertThatThrownBy(store::fresh).isInstanceOf(LogReplacedException.class);
            assertThatThrownBy(() -> store.put("n", 3))
                    .isInstanceOf(LogReplacedException.class)
                    .hasMessageContaining("lost entries that were acknowledged");
            assertThat(store.get("n")).isEqualTo(2L);
        }
    }

    /** As a replica that is still being filled: only a primary knows whether there is a log. */
    @Test
    void aReplicaThatHasNothingDoesNotSayThatTheLogWasDeleted() throws Exception {
        try (ServerProcess server = new RedisEngine().start();
                SharedLog log = RedisStore.options().connect(RedisEngine.address(server), tree)) {
            SharedLog.Position beginning = log.last();
            assertThat(redis(server, "DEL", "heartwood:{" + tree + "}")).isEqualTo(1L);
            // Nobody listens there, so it stays as it is.
            assertThat(redis(server, "REPLICAOF", "127.0.0.1", "1")).isEqualTo("OK");

            SharedLog.Entry first = new SharedLog.Entry(new SharedLog.Position(1, "w:1"), "first");
            assertThatThrownBy(log::last)
                    .isInstanceOf(LogException.Unavailable.class)
                    .hasMessageContaining("READONLY");
            assertThatThrownBy(() -> log.append(beginning, first, null))
                    .isInstanceOf(LogException.Unavailable.class)
                    .hasMessageContaining("READONLY");
        }
    }

    /**
     * Whether the replica of a server has received all writes to the server. WAIT knows of the writes of its own
     * connection alone.
     */
    private static boolean hasEverything(String replication) {
        Matcher replica = Pattern.compile("state=online,offset=(\\d+)").matcher(replication);
        Matcher server = Pattern.compile("master_repl_offset:(\\d+)").matcher(replication);
        return replica.find() && server.find() && replica.group(1).equals(server.group(1));
    }

    @Test
    void aServerWithoutMemoryRefusesCommitsAndGoesOnLater() throws Exception {
        try (ServerProcess server = new RedisEngine().start();
                Store store = OPTIONS.open(RedisEngine.address(server), tree)) {
            store.put("n", 1);
            assertThat(redis(server, "CONFIG", "SET", "maxmemory", "1")).isEqualTo("OK");
            assertThatThrownBy(() -> store.put("n", 2))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("was not made")
                    .hasMessageContaining("OOM");
            assertThat(store.get("n")).isEqualTo(1L);
            assertThat(redis(server, "CONFIG", "SET", "maxmemory", "0")).isEqualTo("OK");
            store.put("n", 3);
            assertThat(store.fresh().get("n")).isEqualTo(3L);
        }
    }

    /** As where somebody deletes it before the checkpoint is ready. */
    @Test
    void aCheckpointMakesNoLogThatWasDeletedAnew() throws Exception {
        ServerProcess server = RedisEngine.sharedServer();
        try (SharedLog log = RedisEngine.shared(tree)) {
            assertThat(log.last().number()).isZero();
            assertThat(redis(server, "DEL", "heartwood:{" + tree + "}")).isEqualTo(1L);
            assertThat(log.checkpoint(null, "pointer")).isFalse();
            assertThat(redis(server, "EXISTS", "heartwood:{" + tree + "}")).isEqualTo(0L);
        }
    }

    /** Redis does not undo the writes of a script before its error. */
    @Test
    void anAppendThatFailsInTheMiddleLeavesTheLogAsItWas() throws Exception {
        ServerProcess server = RedisEngine.sharedServer();
        try (SharedLog log = RedisEngine.shared(tree)) {
            SharedLog.Position beginning = log.last();
            SharedLog.Entry first = new SharedLog.Entry(new SharedLog.Position(1, "w:1"), "first");
            assertThat(redis(server, "SET", "heartwood:{" + tree + "}:entries", "no hash"))
                    .isEqualTo("OK");
            assertThatThrownBy(() -> log.append(beginning, first, null)).isInstanceOf(LogException.Refused.class);
            assertThat(redis(server, "DEL", "heartwood:{" + tree + "}:entries")).isEqualTo(1L);
            assertThat(log.last()).isEqualTo(beginning);
            assertThat(log.append(beginning, first, null)).isInstanceOf(SharedLog.Appended.class);
        }
    }

    @Test
    void aLogOfThousandsOfEntriesIsReadFromItsBeginningInPagesAndTrimmedToTheEnd() throws Exception {
        ServerProcess server = RedisEngine.sharedServer();
        String head = "heartwood:{" + tree + "}";
        try (SharedLog log = RedisEngine.shared(tree)) {
            assertThat(log.last().number()).isZero();
            String fill = "for n = 1, 2500 do redis.call('HSET', KEYS[2], n, 'w:' .. n .. '\\n') end"
                    + " return redis.call('HSET', KEYS[1], 'number', '2500', 'id', 'w:2500')";
            assertThat(redis(server, "EVAL", fill, "2", head, head + ":entries"))
                    .isEqualTo(0L);
            long next = 1;
            while (next <= 2500) {
                List<SharedLog.Entry> page = log.read(next).entries();
                assertThat(page).as("entries from %s on", next).isNotEmpty();
                for (SharedLog.Entry entry : page) {
                    assertThat(entry.at().number()).isEqualTo(next);
                    next++;
                }
            }
            log.trim(2400);
            assertThat(redis(server, "HLEN", head + ":entries")).isEqualTo(101L);
            assertThat(log.read(1).entries().get(0).at().number()).isEqualTo(2400L);
        }
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aServerThatTakesAConnectionAndSaysNothingIsGivenUpAtTheTimeOut() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                SharedLog log = RedisStore.options()
                        .requestTimeout(Duration.ofMillis(300))
                        .connect(URI.create("redis://127.0.0.1:" + silent.getLocalPort()), tree)) {
            assertThatThrownBy(log::last).isInstanceOf(LogException.Unavailable.class);
        }
    }

    @Test
    void aServerThatMayLoseCommitsIsNamedInTheLog() throws Exception {
        try (ServerProcess server = RedisEngine.start("--save", "");
                CapturedLog log = new CapturedLog()) {
            RedisStore.open(RedisEngine.address(server), tree).close();
            assertThat(log.lines()).anyMatch(line -> line.contains("appendonly yes, appendfsync always"));
        }
    }

    @Test
    void tlsUsersAndPasswordsWorkAndNoSecretIsInAMessageOrALog() throws Exception {
        TlsFiles tls = TlsFiles.make(folder, "localhost");
        TlsFiles others = TlsFiles.make(Files.createDirectory(folder.resolve("other")), "localhost");
        int plain = ServerProcess.freePort();
        try (ServerProcess server = RedisEngine.start(
                        "--tls-port",
                        "%PORT%",
                        "--port",
                        "" + plain,
                        "--tls-cert-file",
                        tls.certificate().toString(),
                        "--tls-key-file",
                        tls.key().toString(),
                        "--tls-auth-clients",
                        "no",
                        "--appendonly",
                        "yes",
                        "--appendfsync",
                        "always",
                        "--user",
                        "default",
                        "off",
                        "--user",
                        "app",
                        "on",
                        ">hush",
                        "~heartwood:*",
                        "&heartwood:*",
                        // As the documentation of the engines has it.
                        "+@read",
                        "+@write",
                        "+@scripting",
                        "+@pubsub",
                        "+@connection",
                        "+config|get",
                        "--user",
                        "deaf",
                        "on",
                        ">hush",
                        "~heartwood:*",
                        "resetchannels",
                        "+@all",
                        "--user",
                        "reader",
                        "on",
                        ">hush",
                        "~heartwood:*",
                        "&heartwood:*",
                        "+@read",
                        "+@connection",
                        "+@scripting");
                CapturedLog log = new CapturedLog()) {
            URI address = URI.create("rediss://localhost:" + server.port());
            RedisOptions options = OPTIONS.tls(tls.authority());
            try (Store store = options.user("app", "hush").open(address, tree);
                    Store deaf = options.user("deaf", "hush").open(address, tree)) {
                store.put("n", 1);
                // This one may not publish: its commits are made all the same, and found by asking.
                deaf.put("n", 2);
                assertThat(store.fresh().get("n")).isEqualTo(2L);
            }
            try (Store store = options.open(URI.create("rediss://app:hush@localhost:" + server.port()), tree)) {
                assertThat(store.get("n")).isEqualTo(2L);
            }
            refused(options.user("app", "hush!"), address, "WRONGPASS");
            refused(options.user("reader", "hush"), address, "The user executing the script can't run this command");
            refused(options, address, "NOAUTH");
            refused(options, URI.create("rediss://app:hush!@localhost:" + server.port()), "WRONGPASS");
            refused(options.user("app", "hush"), URI.create("rediss://127.0.0.1:" + server.port()), "certificate");
            refused(options.user("app", "hush").tls(others.authority()), address, "certificate");
            refused(options.user("app", "hush"), URI.create("rediss://localhost:" + plain), "cannot be reached");
            refused(options.user("app", "hush"), URI.create("rediss://localhost:1"), "cannot be reached");
            assertThat(log.lines()).isNotEmpty().noneMatch(line -> line.contains("hush"));
        }
    }

    @Test
    void aCertificateThatExpiresIsNamedAndWhenItIsRenewedCommitsGoOn() throws Exception {
        TlsFiles tls = TlsFiles.makeExpiring(folder, "localhost");
        String plain = "" + ServerProcess.freePort();
        try (ServerProcess server = RedisEngine.start(
                        "--tls-port",
                        "%PORT%",
                        "--port",
                        plain,
                        "--tls-cert-file",
                        tls.certificate().toString(),
                        "--tls-key-file",
                        tls.key().toString(),
                        "--tls-auth-clients",
                        "no",
                        "--tls-ca-cert-file",
                        tls.authority().toString(),
                        "--appendonly",
                        "yes",
                        "--appendfsync",
                        "always");
                Store store =
                        OPTIONS.tls(tls.authority()).open(URI.create("rediss://localhost:" + server.port()), tree)) {
            tls.requireRefusedWhileExpired(server, store);
        }
    }

    private void refused(RedisOptions options, URI address, String words) {
        RedisOptions impatient = options.log(LogStore.options().deadline(Duration.ofMillis(500)));
        assertThatThrownBy(() -> impatient.open(address, tree))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining(words)
                .satisfies(e -> {
                    StringWriter trace = new StringWriter();
                    e.printStackTrace(new PrintWriter(trace));
                    assertThat(trace.toString()).doesNotContain("hush");
                });
    }

    @Test
    void badArgumentsAreNamedWithoutTheirSecrets() {
        for (String bad : List.of("http://me:hush@localhost", "redis:hush", "redis://me:hush@localhost/x", "hush")) {
            assertThatThrownBy(() -> RedisStore.open(URI.create(bad), tree))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("redis://host:6379/0")
                    .hasMessageNotContaining("hush");
        }
        URI good = URI.create("redis://localhost");
        for (String name : List.of("", " ", "x".repeat(201), "\ud800")) {
            assertThatThrownBy(() -> RedisStore.open(good, name)).isInstanceOf(IllegalArgumentException.class);
        }
        for (Duration timeout : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(2))) {
            assertThatThrownBy(() -> RedisStore.options().requestTimeout(timeout))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected a time-out of 1 ms to 24 h, not ");
        }
    }
}
