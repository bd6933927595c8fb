package dev.heartwood.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.log.LogAddress;
import dev.heartwood.log.LogException;
import dev.heartwood.log.LogReplacedException;
import dev.heartwood.log.LogStore;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.engine.EngineSettings;
import dev.heartwood.log.testkit.CapturedLog;
import dev.heartwood.log.testkit.ServerProcess;
import dev.heartwood.log.testkit.TlsFiles;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EtcdStoreTest {
    private static final AtomicLong NAMES = new AtomicLong(System.nanoTime());
    /** A busy machine answers within the deadline; and where a server is gone, a test does not wait for long. */
    private static final EtcdOptions OPTIONS =
            EtcdStore.options().log(LogStore.options().deadline(Duration.ofSeconds(3)));

    private final String tree = "store" + NAMES.incrementAndGet();

    @TempDir
    Path folder;

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Asks a server without a user. */
    private static Object etcd(URI endpoint, String path, Map<String, ?> request) throws Exception {
        return new EtcdMember(HttpClient.newHttpClient(), endpoint, EngineSettings.DEFAULT).post(path, request);
    }

    private Map<String, ?> wholeTree() {
        return Map.of(
                "key", base64("heartwood/" + URLEncoder.encode(tree, StandardCharsets.UTF_8) + "/"),
                "range_end", base64("heartwood/" + URLEncoder.encode(tree, StandardCharsets.UTF_8) + "0"));
    }

    @Test
    void tlsIsNeverLeftOutInSilence() throws Exception {
        EtcdOptions secured = OPTIONS.tls(SSLContext.getDefault());
        List<URI> cluster = List.of(URI.create("https://localhost:2379"), URI.create("http://localhost:2379"));
        assertThatThrownBy(() -> secured.open(cluster, tree))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected https://");
    }

    @Test
    void aTreeIsFoundByItsAddressAndMadeOnlyIfThatIsWanted() throws Exception {
        URI endpoint = EtcdEngine.endpoint(EtcdEngine.sharedServer());
        LogAddress address = LogAddress.of("http://localhost:1," + endpoint, tree);
        assertThatThrownBy(() -> LogStore.over(address.createIfMissing(false).connect()))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("has no tree of this name")
                .hasMessageContaining("Nothing was made");
        assertThat(String.valueOf(etcd(endpoint, "/v3/kv/range", wholeTree()))).doesNotContain("kvs");
        try (Store store = LogStore.over(address.connect())) {
            store.put("n", 1);
        }
        try (Store store = LogStore.over(address.createIfMissing(false).connect())) {
            assertThat(store.get("n")).isEqualTo(1L);
            store.put("n", 2);
        }
        try (Store store = EtcdStore.open(endpoint, tree)) {
            assertThat(store.get("n")).isEqualTo(2L);
        }
    }

    @Test
    void treesStandBesideEachOtherByNameAndByNamespace() throws Exception {
        URI endpoint = EtcdEngine.endpoint(EtcdEngine.sharedServer());
        try (Store one = EtcdStore.open(endpoint, tree);
                Store other = EtcdStore.open(endpoint, tree + "/log");
                Store odd = EtcdStore.open(endpoint, tree + " Ä%/'\"");
                Store elsewhere = EtcdStore.options().namespace("mine/").open(endpoint, tree)) {
            one.put("n", 1);
            other.put("n", 2);
            odd.put("n", 3);
            elsewhere.put("n", 4);
            assertThat(one.fresh().get("n")).isEqualTo(1L);
            assertThat(other.fresh().get("n")).isEqualTo(2L);
            assertThat(odd.fresh().get("n")).isEqualTo(3L);
            assertThat(elsewhere.fresh().get("n")).isEqualTo(4L);
        }
        try (Store again = EtcdStore.open(endpoint, tree)) {
            assertThat(again.get("n")).isEqualTo(1L);
        }
    }

    /** The keys of the other tree begin as those of the entries of this one do. */
    @Test
    void aTreeStandsAlsoInANamespaceWithinTheKeysOfAnother() throws Exception {
        URI endpoint = EtcdEngine.endpoint(EtcdEngine.sharedServer());
        EtcdOptions within = OPTIONS.namespace("heartwood/" + tree + "/");
        try (Store outer = OPTIONS.open(endpoint, tree);
                Store inner = within.open(endpoint, "log")) {
            inner.put("n", 1);
            outer.put("n", 2);
            assertThat(outer.fresh().get("n")).isEqualTo(2L);
            assertThat(inner.fresh().get("n")).isEqualTo(1L);
        }
        try (Store outer = OPTIONS.open(endpoint, tree);
                Store inner = within.open(endpoint, "log")) {
            assertThat(outer.get("n")).isEqualTo(2L);
            assertThat(inner.get("n")).isEqualTo(1L);
        }
    }

    @Test
    void aLogThatWasDeletedIsNotMadeAnewInSilence() throws Exception {
        URI endpoint = EtcdEngine.endpoint(EtcdEngine.sharedServer());
        try (Store store = EtcdStore.open(endpoint, tree)) {
            store.put("n", 1);
            assertThat(String.valueOf(etcd(endpoint, "/v3/kv/deleterange", wholeTree())))
                    .contains("deleted");
            assertThatThrownBy(() -> store.put("n", 2))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("deleted");
            assertThat(store.get("n")).isEqualTo(1L);
        }
        assertThat(String.valueOf(etcd(endpoint, "/v3/kv/range", wholeTree()))).doesNotContain("kvs");
    }

    @Test
    void aLogThatWasReplacedIsRefusedByStoresThatWereOpen() throws Exception {
        URI endpoint = EtcdEngine.endpoint(EtcdEngine.sharedServer());
        try (Store store = EtcdStore.open(endpoint, tree)) {
            store.put("n", 1);
            Object ignored = etcd(endpoint, "/v3/kv/deleterange", wholeTree());
            try (Store anew = EtcdStore.open(endpoint, tree)) {
                anew.put("n", 5);
                anew.put("n", 6);
            }
            assertThatThrownBy(store::fresh).isInstanceOf(LogReplacedException.class);
            assertThatThrownBy(() -> store.put("n", 2)).isInstanceOf(LogReplacedException.class);
            assertThat(store.get("n")).isEqualTo(1L);
        }
    }

    @Test
    void aClusterOfThreeGoesOnWithoutItsLeader() throws Exception {
        int[] peers = {ServerProcess.freePort(), ServerProcess.freePort(), ServerProcess.freePort()};
        String cluster = "m0=http://127.0.0.1:" + peers[0] + ",m1=http://127.0.0.1:" + peers[1]
                + ",m2=http://127.0.0.1:" + peers[2];
        List<ServerProcess> members = new ArrayList<>();
        try {
            for (int i = 0; i < peers.length; i++) {
                String peer = "http://127.0.0.1:" + peers[i];
                members.add(EtcdEngine.start(
                        "http",
                        "--name=m" + i,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=" + cluster));
            }
            List<URI> endpoints = members.stream().map(EtcdEngine::endpoint).toList();
            try (Store store = EtcdStore.options()
                            .requestTimeout(Duration.ofSeconds(1))
                            .open(endpoints, tree);
                    Store other = EtcdStore.options()
                            .requestTimeout(Duration.ofSeconds(1))
                            .open(endpoints, tree)) {
                store.put("n", 0L);
                for (int i = 0; i < 10; i++) {
                    store.increment("n");
                }
                // In long runs each member is hit, and so the leader and both members that the stores ask.
                int restarts = Boolean.getBoolean("heartwood.long") ? members.size() : 1;
                for (ServerProcess member : members.subList(0, restarts)) {
                    member.kill();
                    for (int i = 0; i < 10; i++) {
                        store.increment("n");
                        other.increment("n");
                    }
                    member.start();
                    EtcdEngine.awaitReady(member);
                }
                long made = 10 + 20L * restarts;
                assertThat(store.fresh().get("n")).isEqualTo(made);
                members.get(0).kill();
                members.get(1).kill();
                // Without a majority nothing is committed or read afresh, and plain reads go on.
                assertThatThrownBy(store::fresh).isInstanceOf(StoreIOException.class);
                assertThat(store.get("n")).isEqualTo(made);
                members.get(0).start();
                members.get(1).start();
                EtcdEngine.awaitReady(members.get(0));
                store.increment("n");
                assertThat(other.fresh().get("n")).isEqualTo(made + 1);
            }
        } finally {
            for (ServerProcess member : members) {
                member.close();
            }
        }
    }

    @Test
    void aServerWithoutSpaceRefusesCommitsInWordsAndIsRead() throws Exception {
        try (ServerProcess server = EtcdEngine.start("http", "--quota-backend-bytes=4000000")) {
            EtcdEngine.awaitReady(server);
            try (Store store = EtcdStore.options().open(EtcdEngine.endpoint(server), tree)) {
                store.put("n", 1);
                assertThatThrownBy(() -> {
                            for (int i = 0; i < 200; i++) {
                                store.put("large" + i, "x".repeat(100_000));
                            }
                        })
                        .isInstanceOf(StoreIOException.class)
                        .hasMessageContaining("was not made")
                        .hasMessageContaining("database space exceeded")
                        .hasMessageContaining("Compact and defragment etcd");
                assertThat(store.fresh().get("n")).isEqualTo(1L);
            }
        }
    }

    @Test
    void tlsUsersAndTokensThatExpireWorkAndNoSecretIsInAMessageOrALog() throws Exception {
        TlsFiles tls = TlsFiles.make(folder, "localhost");
        TlsFiles others = TlsFiles.make(Files.createDirectory(folder.resolve("other")), "localhost");
        try (ServerProcess server = EtcdEngine.start(
                        "https", "--cert-file=" + tls.certificate(), "--key-file=" + tls.key(), "--auth-token-ttl=1");
                CapturedLog log = new CapturedLog()) {
            URI endpoint = URI.create("https://localhost:" + server.port());
            EtcdOptions options = OPTIONS.tls(tls.authority());
            HttpClient http = HttpClient.newBuilder().sslContext(tls.context()).build();
            EtcdEngine.awaitReady(server, OPTIONS.tls(tls.authority()), endpoint);
            enableUsers(new EtcdMember(http, endpoint, EngineSettings.DEFAULT));
            EtcdOptions app = options.user("app", "hush");
            try (Store store = app.open(endpoint, tree)) {
                for (int i = 0; i < 25; i++) {
                    store.put("n", i);
                    // Longer than a token lives, in all.
                    Thread.sleep(100);
                }
                assertThat(store.fresh().get("n")).isEqualTo(24L);
            }
            refused(options.user("app", "hush!"), endpoint, "authentication failed");
            refused(app.namespace("elsewhere/"), endpoint, "permission denied");
            refused(options, endpoint, "user name is empty");
            refused(app, URI.create("https://127.0.0.1:" + server.port()), "certificate");
            refused(app.tls(others.authority()), endpoint, "certificate");
            refused(app, URI.create("https://localhost:1"), "cannot be reached");
            assertThat(log.lines()).noneMatch(line -> line.contains("hush"));
        }
    }

    @Test
    void aCertificateThatExpiresIsNamedAndWhenItIsRenewedCommitsGoOn() throws Exception {
        TlsFiles tls = TlsFiles.makeExpiring(folder, "localhost");
        try (ServerProcess server =
                EtcdEngine.start("https", "--cert-file=" + tls.certificate(), "--key-file=" + tls.key())) {
            URI endpoint = URI.create("https://localhost:" + server.port());
            EtcdOptions options = OPTIONS.tls(tls.authority());
            EtcdEngine.awaitReady(server, options, endpoint);
            try (Store store = options.open(endpoint, tree)) {
                tls.requireRefusedWhileExpired(server, store);
            }
        }
    }

    private static void enableUsers(EtcdMember gateway) throws Exception {
        Map<String, ?> right = Map.of(
                "name",
                "app",
                "perm",
                Map.of(
                        "permType", "READWRITE",
                        "key", base64("heartwood/"),
                        "range_end", base64("heartwood0")));
        Object ignored = gateway.post("/v3/auth/user/add", Map.of("name", "root", "password", "root"));
        ignored = gateway.post("/v3/auth/user/grant", Map.of("user", "root", "role", "root"));
        ignored = gateway.post("/v3/auth/role/add", Map.of("name", "app"));
        ignored = gateway.post("/v3/auth/role/grant", right);
        ignored = gateway.post("/v3/auth/user/add", Map.of("name", "app", "password", "hush"));
        ignored = gateway.post("/v3/auth/user/grant", Map.of("user", "app", "role", "app"));
        ignored = gateway.post("/v3/auth/enable", Map.of());
    }

    private void refused(EtcdOptions options, URI endpoint, String words) {
        EtcdOptions impatient = options.log(LogStore.options().deadline(Duration.ofMillis(500)));
        assertThatThrownBy(() -> impatient.open(endpoint, tree))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining(words)
                .satisfies(e -> {
                    StringWriter trace = new StringWriter();
                    e.printStackTrace(new PrintWriter(trace));
                    assertThat(trace.toString()).doesNotContain("hush");
                });
    }

    @Test
    void anAnswerThatStopsInTheMiddleIsGivenUpAtTheTimeOut() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> say(listening, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"));
            server.setDaemon(true);
            server.start();
            URI endpoint = URI.create("http://127.0.0.1:" + listening.getLocalPort());
            try (SharedLog log =
                    EtcdStore.options().requestTimeout(Duration.ofMillis(300)).connect(List.of(endpoint), tree)) {
                assertThatThrownBy(log::last)
                        .isInstanceOf(LogException.Unavailable.class)
                        .hasMessageContaining("has not answered: it took more than 300 ms");
            }
        }
    }

    /** Else the outcome of a commit would not be known, and whoever asked the thread to stop would wait for ever. */
    @Test
    void anInterruptWhileARequestWaitsForItsAnswerEndsNoRequestAndIsKept() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread asking = Thread.currentThread();
            Thread server = new Thread(() -> answerAfterAnInterrupt(listening, asking));
            server.setDaemon(true);
            server.start();
            URI endpoint = URI.create("http://127.0.0.1:" + listening.getLocalPort());

            Object answer = etcd(endpoint, "/v3/kv/range", Map.of("key", ""));

            assertThat(Thread.interrupted()).isTrue();
            assertThat(answer).isEqualTo(HashMap.of("count", "7"));
        } finally {
            boolean ignored = Thread.interrupted();
        }
    }

    /** Answers the first request when the thread that waits for the answer has been interrupted, and has noticed it. */
    private static void answerAfterAnInterrupt(ServerSocket listening, Thread asking) {
        try (Socket socket = listening.accept()) {
            int ignored = socket.getInputStream().read();
            asking.interrupt();
            while (asking.isInterrupted()) {
                Thread.onSpinWait();
            }
            String body = "{\"count\":\"7\"}";
            String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            while (socket.getInputStream().read() >= 0) {
                // The request, and then the end of the connection.
            }
        } catch (IOException e) {
            // The client has given up.
        }
    }

    /** Gives an answer, or the beginning of one, and keeps the connection open. */
    private static void say(ServerSocket listening, String answer) {
        try (Socket socket = listening.accept()) {
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            while (socket.getInputStream().read() >= 0) {
                // The request, and then the end of the connection.
            }
        } catch (IOException e) {
            // The client has given up.
        }
    }

    /** A cluster that has lost its leader cannot say whether a change is made. */
    @Test
    void anErrorThatDoesNotSayThatNothingWasDoneLeavesAChangeInDoubt() throws Exception {
        assertThat(failure("503 Unavailable", "{\"message\":\"etcdserver: request timed out\",\"code\":14}"))
                .isInstanceOf(LogException.InDoubt.class);
        assertThat(failure("500 Error", "{\"error\":\"etcdserver: leader changed\",\"code\":2}"))
                .isInstanceOf(LogException.InDoubt.class);
        assertThat(failure("401 Unauthorized", "{\"message\":\"etcdserver: no token\",\"code\":16}"))
                .isInstanceOf(LogException.Unavailable.class);
        assertThat(failure("403 Forbidden", "{\"message\":\"etcdserver: permission denied\",\"code\":7}"))
                .isInstanceOf(LogException.Refused.class);
    }

    /** What a request throws whose answer is this one. */
    private static Throwable failure(String status, String body) throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String answer = "HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            Thread server = new Thread(() -> say(listening, answer));
            server.setDaemon(true);
            server.start();
            URI endpoint = URI.create("http://127.0.0.1:" + listening.getLocalPort());
            return catchThrowable(() -> etcd(endpoint, "/v3/kv/txn", Map.of()));
        }
    }

    @Test
    void badArgumentsAreNamedWithoutTheirSecrets() throws Exception {
        for (String bad : List.of("ftp://localhost", "http://me:hush@localhost", "localhost:2379", "hush")) {
            assertThatThrownBy(() -> EtcdStore.open(URI.create(bad), tree))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("http://host:2379")
                    .hasMessageNotContaining("hush");
        }
        URI good = URI.create("http://localhost:2379");
        assertThatThrownBy(() -> EtcdStore.options().open(List.of(), tree))
                .isInstanceOf(IllegalArgumentException.class);
        for (String name : List.of("", " ", "x".repeat(201), "\ud800")) {
            assertThatThrownBy(() -> EtcdStore.open(good, name)).isInstanceOf(IllegalArgumentException.class);
        }
        for (Duration timeout : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(2))) {
            assertThatThrownBy(() -> EtcdStore.options().requestTimeout(timeout))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected a time-out of 1 ms to 24 h, not ");
        }
        Path none = folder.resolve("none");
        assertThatThrownBy(() -> EtcdStore.options().tls(none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(none.toString());
        Path empty = Files.writeString(folder.resolve("empty"), "no certificate");
        assertThatThrownBy(() -> EtcdStore.options().tls(empty)).isInstanceOf(IllegalArgumentException.class);
    }
}
