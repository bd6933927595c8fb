package dev.heartwood.inspector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.KeyPath;
import dev.heartwood.PathPattern;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.history.History;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server of the live page, tested without a browser: access, responses, and the handling of bad clients. */
@Timeout(120)
class InspectorTest {
    private final Store store = Store.of(Map.of("counter", 0));
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
        store.close();
    }

    @Test
    void theKeyInTheAddressBuysACookieThatScriptsAndOtherSitesCannotUse() throws IOException {
        Inspector inspector = start(Inspector.options());

        String answer = get(inspector, pathWithKey(inspector), "");

        assertThat(answer).startsWith("HTTP/1.1 200");
        assertThat(header(answer, "Set-cookie")).contains("; HttpOnly", "; SameSite=Strict", "; Path=/");
        assertThat(header(answer, "Content-security-policy"))
                .contains(
                        "default-src 'none'",
                        "base-uri 'none'",
                        "form-action 'none'",
                        "connect-src 'self'",
                        "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(header(answer, "Cache-control")).isEqualTo("no-store");
        assertThat(header(answer, "Referrer-policy"))
                .as("the address has the key")
                .isEqualTo("no-referrer");
        assertThat(header(answer, "X-content-type-options")).isEqualTo("nosniff");
        assertThat(header(answer, "X-frame-options")).isEqualTo("DENY");
    }

    /** A browser sends the cookies of one machine to all of its ports. */
    @Test
    void eachInspectorHasAKeyAndACookieOfItsOwn() throws IOException {
        Inspector one = start(Inspector.options());
        Inspector other = start(Inspector.options());
        String key = one.url().getRawQuery().substring("key=".length());
        String[] cookie = header(get(one, pathWithKey(one), ""), "Set-cookie").split("[=;]", 3);
        String[] another =
                header(get(other, pathWithKey(other), ""), "Set-cookie").split("[=;]", 3);

        assertThat(key).hasSizeGreaterThan(20).isNotEqualTo(cookie[1]).isNotEqualTo(another[1]);
        assertThat(pathWithKey(one)).isNotEqualTo(pathWithKey(other));
        assertThat(cookie[0]).isNotEqualTo(another[0]);
        assertThat(cookie[1]).isNotEqualTo(another[1]);
    }

    @Test
    void withoutTheKeyOrTheCookieThereIsNothingToSee() throws IOException {
        Inspector inspector = start(Inspector.options().writable());
        String key = pathWithKey(inspector);
        String wrong = key.substring(0, key.length() - 1) + (key.endsWith("A") ? "B" : "A");

        for (String path : List.of("/", "/history", "/events?after=0", wrong, "/?key=", "/?key", "/favicon.ico")) {
            String answer = get(inspector, path, "");
            assertThat(answer)
                    .as(path)
                    .startsWith("HTTP/1.1 401")
                    .doesNotContain("counter")
                    .doesNotContain("Set-cookie");
        }
        assertThat(get(inspector, "/history", "Cookie: heartwood-" + port(inspector) + "=guess\r\n"))
                .startsWith("HTTP/1.1 401");
        assertThat(post(inspector, "/edit", origin(inspector), "{\"path\":\"/counter\",\"value\":\"1\"}"))
                .startsWith("HTTP/1.1 401");
    }

    @Test
    void aNameThatWasReboundToThisComputerIsRefused() throws IOException {
        Inspector inspector = start(Inspector.options());
        String cookie = cookie(inspector);

        for (String host : List.of(
                "evil.example:" + port(inspector),
                "127.0.0.1",
                "localhost",
                "127.0.0.1.evil.example:" + port(inspector))) {
            assertThat(send(
                            inspector,
                            "GET /history HTTP/1.1\r\nHost: " + host + "\r\n" + cookie + "Connection: close\r\n\r\n"))
                    .as(host)
                    .startsWith("HTTP/1.1 403")
                    .doesNotContain("counter");
        }
        assertThat(send(
                        inspector,
                        "GET " + pathWithKey(inspector)
                                + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .as("not even the key helps")
                .startsWith("HTTP/1.1 403");
    }

    @Test
    void twoNamesOfAHostAreRefused() throws IOException {
        Inspector inspector = start(Inspector.options());
        String ours = "Host: 127.0.0.1:" + port(inspector) + "\r\n";

        assertThat(send(
                        inspector,
                        "GET /history HTTP/1.1\r\n" + ours + "Host: evil.example\r\n" + cookie(inspector)
                                + "Connection: close\r\n\r\n"))
                .doesNotStartWith("HTTP/1.1 200")
                .doesNotContain("counter");
    }

    @Test
    void noOtherAddressOfTheComputerAnswers() throws IOException {
        Inspector inspector = start(Inspector.options());

        for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InetAddress address : Collections.list(network.getInetAddresses())) {
                if (!address.isLoopbackAddress()) {
                    assertThatThrownBy(() -> new Socket(address, port(inspector)).close())
                            .as(address.toString())
                            .isInstanceOf(IOException.class);
                }
            }
        }
    }

    @Test
    void aRequestFromAnotherOriginIsRefused() throws IOException {
        Inspector inspector = start(Inspector.options().writable());
        String cookie = cookie(inspector);

        for (String origin :
                List.of("http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:" + port(inspector))) {
            assertThat(get(inspector, "/history", cookie + "Origin: " + origin + "\r\n"))
                    .as(origin)
                    .startsWith("HTTP/1.1 403");
            assertThat(post(
                            inspector,
                            "/edit",
                            cookie + "Origin: " + origin + "\r\n",
                            "{\"path\":\"/counter\",\"value\":\"1\"}"))
                    .startsWith("HTTP/1.1 403");
        }
        assertThat(post(inspector, "/edit", cookie, "{\"path\":\"/counter\",\"value\":\"1\"}"))
                .as("no origin at all")
                .startsWith("HTTP/1.1 403");
        assertThat(store.get("counter")).isEqualTo(0L);
    }

    @Test
    void pagesWriteOnlyWhereTheProgramAllowedIt() throws IOException {
        Inspector reading = start(Inspector.options());
        Inspector writing = start(Inspector.options().writable());
        String edit = "{\"path\":\"/counter\",\"value\":\"9007199254740993123\"}";

        assertThat(post(reading, "/edit", cookie(reading) + origin(reading), edit))
                .startsWith("HTTP/1.1 403");
        assertThat(store.get("counter")).isEqualTo(0L);
        assertThat(post(writing, "/edit", cookie(writing) + origin(writing), edit))
                .startsWith("HTTP/1.1 200");

        assertThat(store.get("counter")).isEqualTo(9_007_199_254_740_993_123L);
        assertThat(store.snapshot().origin().author()).isEqualTo("inspector");
        assertThat(store.snapshot().origin().label()).isEqualTo("changed in the inspector");
    }

    @Test
    void neitherDoTheyRestoreAVersionWhereItDidNot() throws IOException {
        Inspector reading = start(Inspector.options());
        store.increment("counter");

        assertThat(post(reading, "/restore", cookie(reading) + origin(reading), "{\"version\":\"0\"}"))
                .startsWith("HTTP/1.1 403");
        assertThat(store.get("counter")).isEqualTo(1L);
    }

    @Test
    void aTitleGivesNoLeaveToWrite() throws IOException {
        Inspector reading =
                start(Inspector.options().title("Orders").pages(2).keep(5).port(0));

        assertThat(post(reading, "/edit", cookie(reading) + origin(reading), "{\"path\":\"/counter\",\"value\":\"1\"}"))
                .startsWith("HTTP/1.1 403");
    }

    @Test
    void aWriteThatFailsSaysWhyAndChangesNothing() throws IOException {
        Inspector inspector = start(Inspector.options().writable());
        String head = cookie(inspector) + origin(inspector);

        assertThat(post(inspector, "/edit", head, "{\"path\":\"/counter/x\",\"value\":\"1\"}"))
                .startsWith("HTTP/1.1 409")
                .contains("/counter");
        assertThat(post(inspector, "/edit", head, "{\"path\":\"/counter\",\"value\":\"{\"}"))
                .startsWith("HTTP/1.1 409");
        assertThat(post(inspector, "/edit", head, "not JSON")).startsWith("HTTP/1.1 409");
        assertThat(post(inspector, "/edit", head, "{}")).startsWith("HTTP/1.1 400");
        assertThat(post(inspector, "/restore", head, "{\"version\":\"77\"}")).startsWith("HTTP/1.1 409");
        assertThat(post(inspector, "/restore", head, "{\"version\":\"x\"}")).startsWith("HTTP/1.1 409");
        assertThat(store.version()).isEqualTo(0L);
    }

    @Test
    void aVersionIsRestoredAsANewCommit() throws IOException {
        Inspector inspector = start(Inspector.options().writable());
        store.put("counter", 1);

        assertThat(post(inspector, "/restore", cookie(inspector) + origin(inspector), "{\"version\":\"0\"}"))
                .startsWith("HTTP/1.1 200");

        assertThat(store.get("counter")).isEqualTo(0L);
        assertThat(store.version()).isEqualTo(2L);
    }

    @Test
    void commitsComeAsEventsInOrderAndAPageThatComesBackMissesNone() throws IOException {
        Inspector inspector = start(Inspector.options());
        String cookie = cookie(inspector);
        try (Events events = new Events(inspector, cookie, "/events?after=0", "")) {
            store.put("counter", 1);
            assertThat(events.next()).contains("\"version\":\"1\"", "\"/counter\",\"i0\",\"i1\"");
            store.put("counter", 2);
            assertThat(events.next()).contains("\"version\":\"2\"");
        }
        store.put("counter", 3);
        try (Events events = new Events(inspector, cookie, "/events?after=0", "Last-Event-ID: 2\r\n")) {
            assertThat(events.next()).contains("\"version\":\"3\"").doesNotContain("\"version\":\"2\"");
        }
    }

    @Test
    void aPageThatFellFarBehindGetsTheOlderCommitsInOneStep() throws IOException {
        Inspector inspector = start(Inspector.options());
        for (int i = 1; i <= 500; i++) {
            store.put("counter", i);
        }
        try (Events events = new Events(inspector, cookie(inspector), "/events?after=0", "")) {
            assertThat(events.after("id: "))
                    .as("from where a page that comes back goes on")
                    .isEqualTo("500");
            String event = events.next();

            assertThat(event)
                    .contains(
                            "\"version\":\"450\",\"skipped\":\"450\",\"changes\":[[\"~\",\"/counter\",\"i0\",\"i450\"]]");
            assertThat(event).contains("\"version\":\"451\"", "\"version\":\"500\"");
        }
    }

    @Test
    void aPageWhoseLastCommitIsForgottenIsToldToStartAgain() throws IOException {
        Inspector inspector = start(Inspector.options().keep(5));
        for (int i = 1; i <= 20; i++) {
            store.put("counter", i);
        }
        try (Events events = new Events(inspector, cookie(inspector), "/events?after=3", "")) {
            assertThat(events.nextName()).isEqualTo("again");
        }
    }

    @Test
    void noMorePagesFollowThanAllowedAndOneThatLeavesMakesRoom() throws Exception {
        Inspector inspector = start(Inspector.options().pages(2));
        String cookie = cookie(inspector);
        Events first = new Events(inspector, cookie, "/events?after=0", "");
        Events second = new Events(inspector, cookie, "/events?after=0", "");

        assertThat(get(inspector, "/events?after=0", cookie))
                .startsWith("HTTP/1.1 503")
                .contains("close one");
        first.close();
        second.close();

        awaitRoomForAPage(inspector, cookie);
    }

    /** As a page does that is loaded again and again. */
    @Test
    void aPageThatHasGoneMakesRoomAlsoWhileNothingIsCommitted() throws Exception {
        Inspector inspector = start(Inspector.options().pages(1));
        String cookie = cookie(inspector);

        for (int i = 0; i < 4; i++) {
            assertThat(firstLine(inspector, "/events?after=0", cookie)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aPageThatNeverReadsIsClosedAndHoldsUpNobody() throws Exception {
        Inspector inspector = start(Inspector.options().pages(1).stall(Duration.ofSeconds(1)));
        String cookie = cookie(inspector);
        Events deaf = new Events(inspector, cookie, "/events?after=0", "");
        open.add(deaf);

        for (int i = 0; i < 40; i++) {
            store.put("text", ("x" + i).repeat(200_000)); // together more than a connection holds
        }

        awaitRoomForAPage(inspector, cookie);
    }

    /** What a client has asked for, and does not read or does not end. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "the recording",
                "the recording, read byte by byte",
                "a head without an end",
                "a head byte by byte",
                "a body that never comes",
                "a refused body that never comes",
                "a body of the events that never comes"
            })
    void aConnectionThatStallsIsClosed(String kind) throws Exception {
        fill();
        Inspector inspector = start(Inspector.options().writable().stall(Duration.ofSeconds(1)));

        try (Socket stalled = stalled(inspector, cookie(inspector), kind)) {
            assertThatThrownBy(() -> goOn(stalled, kind)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void connectionsThatStallKeepNobodyFromAnAnswer() throws Exception {
        fill();
        Inspector inspector = start(Inspector.options().writable().pages(1).stall(Duration.ofSeconds(1)));
        String cookie = cookie(inspector);

        for (int i = 0; i < 5; i++) {
            for (String kind : List.of("the recording", "a head without an end", "a body that never comes")) {
                open.add(stalled(inspector, cookie, kind));
            }
        }

        assertThat(get(inspector, "/", cookie)).startsWith("HTTP/1.1 200");
    }

    /** A commit can take long: the time counts only while the server waits for its client. */
    @Test
    void aClientMayWaitLongForItsAnswer() throws Exception {
        Semaphore passes = new Semaphore(1);
        Store slow = Store.options()
                .guard("slow", KeyPath.of("counter"), view -> {
                    passes.acquireUninterruptibly();
                    passes.release();
                    return !Thread.currentThread().isInterrupted();
                })
                .of(Map.of("counter", 0));
        passes.acquire();
        Inspector inspector =
                Inspector.options().writable().stall(Duration.ofSeconds(1)).of(slow);
        open.add(inspector);
        String head = cookie(inspector) + origin(inspector);
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return post(inspector, "/edit", head, "{\"path\":\"/counter\",\"value\":\"1\"}");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        while (!passes.hasQueuedThreads()) {
            Thread.sleep(1);
        }
        try (Socket stalled = stalled(inspector, cookie(inspector), "a head without an end")) {
            assertThatThrownBy(() -> goOn(stalled, "a head without an end")).isInstanceOf(IOException.class);
        }
        passes.release();

        assertThat(answer.get()).startsWith("HTTP/1.1 200");
        assertThat(slow.get("counter")).isEqualTo(1L);
    }

    @Test
    void aPageThatWaitsForCommitsIsNotClosed() throws Exception {
        Inspector inspector = start(Inspector.options().stall(Duration.ofSeconds(1)));
        String cookie = cookie(inspector);
        try (Events events = new Events(inspector, cookie, "/events?after=0", "");
                Socket stalled = stalled(inspector, cookie, "a head without an end")) {
            assertThatThrownBy(() -> goOn(stalled, "a head without an end")).isInstanceOf(IOException.class);
            store.put("counter", 1);

            assertThat(events.next()).contains("\"/counter\",\"i0\",\"i1\"");
        }
    }

    /** Together more than a connection holds. */
    private void fill() {
        for (int i = 0; i < 20; i++) {
            store.put("text" + i, ("x" + i).repeat(200_000));
        }
    }

    private static Socket stalled(Inspector inspector, String cookie, String kind) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000); // ends a wait in vain
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port(inspector)));
        String head = cookie + origin(inspector);
        String body = "Content-Length: 100\r\n\r\n";
        String request = switch (kind) {
            case "the recording", "the recording, read byte by byte" ->
                request("GET", inspector, "/history", head) + "\r\n";
            case "a body that never comes" -> request("POST", inspector, "/edit", head) + body;
            case "a refused body that never comes" -> request("POST", inspector, "/edit", origin(inspector)) + body;
            case "a body of the events that never comes" -> request("GET", inspector, "/events?after=99", head) + body;
            default -> request("GET", inspector, "/history", "X: ");
        };
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    /** Until the server has closed the connection. The time-out of the class ends a wait in vain. */
    private static void goOn(Socket socket, String kind) throws IOException, InterruptedException {
        if (kind.startsWith("the recording")) {
            while (true) {
                Thread.sleep(20);
                socket.getOutputStream().write('x'); // fails once nobody reads it
                if (kind.endsWith("byte by byte")) {
                    socket.getInputStream().skipNBytes(1);
                }
            }
        } else if (kind.endsWith("byte by byte")) {
            while (true) {
                Thread.sleep(20);
                socket.getOutputStream().write('x');
            }
        }
        try {
            while (socket.getInputStream().read() != -1) {}
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection stays open", e);
        }
        throw new EOFException();
    }

    @Test
    void pagesAreToldWhenTheStoreCloses() throws IOException {
        Inspector inspector = start(Inspector.options());
        try (Events events = new Events(inspector, cookie(inspector), "/events?after=0", "")) {
            store.close();
            assertThat(events.nextName()).isEqualTo("closed");
        }
    }

    @Test
    void pagesAreToldWhenTheInspectorClosesAndTheStoreGoesOn() throws IOException {
        Inspector inspector = start(Inspector.options());
        try (Events events = new Events(inspector, cookie(inspector), "/events?after=0", "")) {
            inspector.close();
            inspector.close();
            assertThat(events.nextName()).isEqualTo("closed");
        }
        store.put("counter", 5);
        assertThat(store.get("counter")).isEqualTo(5L);
    }

    @Test
    void aHistoryThatTheProgramGaveStaysOpen() throws IOException {
        try (History history = History.options().keep(3).of(store)) {
            Inspector inspector = start(Inspector.options().history(history));
            store.put("counter", 1);
            assertThat(get(inspector, "/history", cookie(inspector))).contains("\"/counter\",\"i0\",\"i1\"");
            inspector.close();
            store.put("counter", 2);
            assertThat(history.entries()).hasSize(2);
        }
    }

    @Test
    void redactedValuesAndOtherPlacesGoToNoPage() throws IOException {
        store.put("password", "secret-1");
        try (History history = History.options()
                .only(PathPattern.parse("/password"), PathPattern.parse("/shown"))
                .redact(PathPattern.parse("/password"))
                .of(store)) {
            Inspector inspector = start(Inspector.options().writable().history(history));
            String cookie = cookie(inspector);
            long version = store.version();
            assertThat(get(inspector, "/history", cookie))
                    .doesNotContain("secret")
                    .doesNotContain("counter");
            try (Events events = new Events(inspector, cookie, "/events?after=" + version, "")) {
                store.put("counter", 4711);
                store.put("password", "secret-2");
                store.put("shown", "yes");
                String told = "";
                while (!told.contains("\"/shown\"")) {
                    told += events.next();
                }
                assertThat(told).contains("(redacted ").doesNotContain("secret").doesNotContain("4711");
            }
            assertThat(post(inspector, "/restore", cookie + origin(inspector), "{\"version\":\"" + version + "\"}"))
                    .startsWith("HTTP/1.1 409")
                    .contains("Nothing is changed");
            assertThat(store.get("password")).isEqualTo("secret-2");
        }
    }

    @Test
    void aHistoryAloneIsServedAndNothingFollows() throws IOException {
        History history = History.of(store);
        store.put("counter", 1);
        Inspector inspector = Inspector.options().of(History.options().of(history));
        open.add(inspector);
        String cookie = cookie(inspector);

        assertThat(get(inspector, "/history", cookie)).contains("\"live\":false", "\"/counter\",\"i0\",\"i1\"");
        assertThat(get(inspector, "/events?after=0", cookie)).startsWith("HTTP/1.1 404");
        assertThat(post(inspector, "/edit", cookie + origin(inspector), "{\"path\":\"/counter\",\"value\":\"1\"}"))
                .startsWith("HTTP/1.1 403");
        assertThatThrownBy(() -> Inspector.options().writable().of(history)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aPageIsToldWhetherItMayWrite() throws IOException {
        Inspector looking = start(Inspector.options());
        Inspector writing = start(Inspector.options().writable());

        assertThat(get(looking, "/history", cookie(looking))).contains("\"writable\":false");
        assertThat(get(writing, "/history", cookie(writing))).contains("\"writable\":true");
    }

    @Test
    void aClosedInspectorLeavesNoThread() throws Exception {
        Inspector inspector = start(Inspector.options());
        assertThat(get(inspector, "/history", cookie(inspector))).startsWith("HTTP/1.1 200");
        assertThat(threads()).isNotEmpty();

        inspector.close();

        for (int i = 0; i < 2_000 && !threads().isEmpty(); i++) {
            Thread.sleep(10);
        }
        assertThat(threads()).isEmpty();
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("heartwood-inspector"))
                .toList();
    }

    @Test
    void aPortThatIsTakenIsSaid() {
        Inspector inspector = start(Inspector.options());

        assertThatThrownBy(() -> Inspector.options().port(port(inspector)).of(store))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("cannot listen on port " + port(inspector))
                .hasMessageContaining("Choose another port");
    }

    @Test
    void theServerListensOnTheLoopbackAddressOnlyAndDoesNotPrintItsKey() {
        Inspector inspector = start(Inspector.options());

        assertThat(inspector.url().getHost()).isEqualTo("127.0.0.1");
        assertThat(inspector.toString()).isEqualTo("Inspector[port " + port(inspector) + "]");
        assertThat(inspector.url().getQuery()).hasSizeGreaterThan(30);
    }

    private Inspector start(InspectorOptions options) {
        Inspector inspector = options.of(store);
        open.add(inspector);
        return inspector;
    }

    private static int port(Inspector inspector) {
        return inspector.url().getPort();
    }

    private static String pathWithKey(Inspector inspector) {
        return "/?" + inspector.url().getRawQuery();
    }

    /** Among those of other programs: a browser sends one cookie to every port of a machine. */
    private static String cookie(Inspector inspector) throws IOException {
        String cookie = header(get(inspector, pathWithKey(inspector), ""), "Set-cookie");
        return "Cookie: one=1; two=2; " + cookie.substring(0, cookie.indexOf(';')) + "; last=3\r\n";
    }

    private static String origin(Inspector inspector) {
        return "Origin: http://127.0.0.1:" + port(inspector) + "\r\n";
    }

    private static String get(Inspector inspector, String path, String headers) throws IOException {
        return send(inspector, request("GET", inspector, path, headers) + "Connection: close\r\n\r\n");
    }

    private static String post(Inspector inspector, String path, String headers, String body) throws IOException {
        return send(
                inspector,
                request("POST", inspector, path, headers) + "Connection: close\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body);
    }

    private static String request(String method, Inspector inspector, String path, String headers) {
        return method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port(inspector) + "\r\n" + headers;
    }

    private static String send(Inspector inspector, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(inspector))) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.UTF_8));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Asks until another page may follow. The time-out of the class ends a wait in vain. */
    private void awaitRoomForAPage(Inspector inspector, String cookie) throws IOException, InterruptedException {
        String answer = firstLine(inspector, "/events?after=" + store.version(), cookie);
        while (!answer.startsWith("HTTP/1.1 200")) {
            assertThat(answer).startsWith("HTTP/1.1 503");
            Thread.sleep(20);
            store.increment("counter"); // a write detects that a page has gone
            answer = firstLine(inspector, "/events?after=" + store.version(), cookie);
        }
    }

    private static String firstLine(Inspector inspector, String path, String cookie) throws IOException {
        try (Events events = new Events(inspector, cookie, path, "")) {
            return events.status;
        }
    }

    private static String header(String answer, String name) {
        return answer.lines()
                .filter(line -> line.startsWith(name + ": "))
                .findFirst()
                .orElse(name + " is missing: " + answer)
                .substring(name.length() + 2);
    }

    /** One connection that follows the store. */
    private static final class Events implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader lines;
        final String status;

        Events(Inspector inspector, String cookie, String path, String headers) throws IOException {
            socket = new Socket();
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port(inspector)));
            socket.getOutputStream()
                    .write((request("GET", inspector, path, cookie + headers) + "\r\n")
                            .replace("HTTP/1.1", "HTTP/1.0") // an answer without chunks
                            .getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1);
            status = String.valueOf(lines.readLine());
        }

        /** The data of the next event. */
        String next() throws IOException {
            return after("data: ");
        }

        String nextName() throws IOException {
            return after("event: ");
        }

        private String after(String prefix) throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(prefix)) {
                    return line.substring(prefix.length());
                }
            }
            throw new IOException("the stream ended");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
