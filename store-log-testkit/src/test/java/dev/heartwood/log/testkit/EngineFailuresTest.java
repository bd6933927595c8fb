package dev.heartwood.log.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.GuardException;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.log.LogAddress;
import dev.heartwood.log.LogException;
import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.log.LogStore;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.SharedLog.Appended;
import dev.heartwood.log.SharedLog.Claim;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.log.engine.EngineSettings;
import dev.heartwood.log.engine.ErrorKinds;
import dev.heartwood.log.engine.ServerAddress;
import io.vavr.Tuple;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Failures of a server, as the helper classes for engine authors report them. */
class EngineFailuresTest {
    private static final Entry FIRST = new Entry(new Position(1, "w:1"), "first");

    private final MapEngine engine = new MapEngine();
    private final MapEngine.Server server = engine.server("tree");
    private final SharedLog log = engine.connect("tree");

    @Test
    void aChangeWhoseAnswerIsLostIsInDoubtAndTheNextRequestHasAnotherConnection() throws Exception {
        Position beginning = log.last();
        int connections = server.connections();
        server.failAfter(new IOException("reset"));
        assertThatThrownBy(() -> log.append(beginning, FIRST, null))
                .isInstanceOf(InDoubt.class)
                .hasMessage("the map at home has not answered: reset");
        assertThat(log.read(1).entries()).containsExactly(FIRST);
        assertThat(log.append(beginning, FIRST, null)).isInstanceOf(SharedLog.Lost.class);
        // One reading and one writing connection existed before; the third one is a second writing connection.
        assertThat(server.connections()).isEqualTo(connections + 2);
    }

    /** Claims are for fairness alone: the outcome of the append is known. */
    @Test
    void anAppendThatHasLostIsToldSoThoughItsClaimCannotBeKept() throws Exception {
        Position beginning = log.last();
        Position ignored = appended(beginning, "w:1");
        // The request that fails is the one after the append.
        server.whileAnswering(() -> server.failBefore(new IOException("reset")));
        assertThat(log.append(beginning, new Entry(new Position(1, "far:1"), "late"), new Claim("far", 1, 1, 6_000, 9)))
                .isInstanceOf(SharedLog.Lost.class);
        assertThat(server.hasFields()).isFalse();
    }

    @Test
    void anErrorAmidAnAnswerEndsTheConnectionSoThatNobodyReadsTheRestOfIt() throws Exception {
        Position beginning = log.last();
        int connections = server.connections();
        server.failAmid(new OutOfMemoryError("amid an answer"));
        assertThatThrownBy(log::last).isInstanceOf(OutOfMemoryError.class);
        assertThat(log.last()).isEqualTo(beginning);
        assertThat(server.connections()).isEqualTo(connections + 1);
    }

    @Test
    void aQuestionWhoseAnswerIsLostMayBeAskedAgain() throws Exception {
        Position beginning = log.last();
        server.failAfter(new IOException("reset"));
        assertThatThrownBy(log::last).isInstanceOf(Unavailable.class).hasMessageContaining("reset");
        assertThat(log.last()).isEqualTo(beginning);
    }

    /** As where a store cannot be opened: it has listened by then, and closes the log alone. */
    @Test
    void aLogThatIsClosedListensNoMore() throws Exception {
        CompletableFuture<Thread> listening = new CompletableFuture<>();
        SharedLog.Listening ignored = log.listen(number -> listening.complete(Thread.currentThread()));
        Thread thread = listening.get(20, TimeUnit.SECONDS);

        log.close();

        thread.join(20_000);
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void aLogThatIsClosedKeepsNoConnectionOpen() throws Exception {
        Position ignored = appended(log.last(), "w:1");
        assertThat(server.openConnections()).isEqualTo(2);

        log.close();

        assertThat(server.openConnections()).isZero();
    }

    /** It comes before there is a connection that it could end. */
    @Test
    void aKickThatComesWhileAListenerConnectsMakesItConnectOnceMore() throws Exception {
        CompletableFuture<SharedLog.Listening> listening = new CompletableFuture<>();
        CountDownLatch connects = new CountDownLatch(2);
        List<Integer> open = new CopyOnWriteArrayList<>();
        server.whileConnecting(() -> {
            open.add(server.openConnections());
            connects.countDown();
            if (connects.getCount() > 0) {
                listening.join().kick();
            }
        });
        listening.complete(log.listen(number -> {}));
        assertThat(connects.await(20, TimeUnit.SECONDS)).isTrue();
        listening.join().close();
        assertThat(open).startsWith(0, 0);
    }

    /** An interrupt closes the socket that a virtual thread waits for. */
    @Test
    void anInterruptOfTheCallerReachesNoRequestAndIsKept() throws Exception {
        Position beginning = log.last();
        AtomicBoolean seen = new AtomicBoolean();
        server.whileAnswering(() -> seen.set(Thread.currentThread().isInterrupted()));
        boolean kept;
        Thread.currentThread().interrupt();
        try {
            assertThat(log.last()).isEqualTo(beginning);
        } finally {
            kept = Thread.interrupted();
        }
        assertThat(kept).isTrue();
        assertThat(seen).isFalse();

        server.failAfter(new IOException("reset"));
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(log::last).isInstanceOf(Unavailable.class);
        } finally {
            kept = Thread.interrupted();
        }
        assertThat(kept).isTrue();
    }

    @Test
    void anErrorThatNobodyExpectedIsInDoubtToo() throws Exception {
        Position beginning = log.last();
        server.failBefore(new IllegalStateException("a bug"));
        assertThatThrownBy(() -> log.append(beginning, FIRST, null))
                .isInstanceOf(InDoubt.class)
                .hasRootCauseMessage("a bug");
    }

    @Test
    void aConnectionThatCannotBeMadeLeavesNothingInDoubt() throws Exception {
        Position beginning = log.last();
        server.failToConnect(new IOException("no route"));
        assertThatThrownBy(() -> log.append(beginning, FIRST, null))
                .isInstanceOf(Unavailable.class)
                .hasMessage("the map cannot be reached: no route");
        server.failToConnect(null);
        assertThat(log.append(beginning, FIRST, null)).isInstanceOf(Appended.class);
        for (IOException cause : List.of(
                new ConnectException("refused"),
                new UnknownHostException("nowhere"),
                new NoRouteToHostException("unreachable"))) {
            server.failBefore(new IOException("wrapped", cause));
            assertThatThrownBy(() -> log.put("part", "text"))
                    .as(cause.toString())
                    .isInstanceOf(Unavailable.class);
        }
    }

    @Test
    void twoPartsAreReadOneAfterTheOtherWhereTheServerHasNoSecondConnectionToGive() throws Exception {
        engine.connect("tree").put("part", "text");
        Position ignored = log.last();
        int connections = server.connections();
        server.failToConnect(new IOException("too many connections"));
        AtomicBoolean isBusy = new AtomicBoolean();
        server.whileAnswering(() -> {
            isBusy.set(true);
            // Until the other request has tried to connect.
            while (server.connections() == connections) {
                try {
                    server.wait(1);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        CompletableFuture<String> one = CompletableFuture.supplyAsync(() -> part(log));
        while (!isBusy.get()) {
            Thread.onSpinWait();
        }
        assertThat(part(log)).isEqualTo("text");
        assertThat(one.join()).isEqualTo("text");
    }

    private static String part(SharedLog log) {
        try {
            return String.valueOf(log.get("part"));
        } catch (LogException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aConnectionThatCannotBeUsedIsClosed() {
        server.failBefore(new IOException("the server is starting"));
        assertThatThrownBy(log::last).isInstanceOf(Unavailable.class);
        assertThat(server.connections()).isEqualTo(1);
        assertThat(server.openConnections()).isZero();
    }

    @Test
    void aLogThatCouldNotBeMadeAtFirstIsMadeAtTheNextRequest() throws Exception {
        server.failBefore(new IOException("the server is starting"));
        assertThatThrownBy(log::last).isInstanceOf(Unavailable.class);
        assertThat(server.exists()).isFalse();

        assertThat(log.last().number()).isZero();
    }

    @Test
    void aConnectionThatIsMadeWhileTheLogIsClosedIsClosedToo() {
        server.whileConnecting(log::close);
        assertThatThrownBy(log::last).isInstanceOf(Refused.class).hasMessageContaining("closed");
        assertThat(server.connections()).isEqualTo(1);
        assertThat(server.openConnections()).isZero();
    }

    @Test
    void aCertificateThatIsNotTrustedIsRefused() {
        IOException failure = new SSLHandshakeException("handshake");
        failure.initCause(new CertificateException("expired yesterday"));
        server.failToConnect(failure);
        assertThatThrownBy(log::last)
                .isInstanceOf(Refused.class)
                .hasMessage("the map has a certificate that is not trusted here: expired yesterday");
    }

    @Test
    void aCertificateThatHasExpiredIsSaidToHaveExpiredWhateverStandsAroundThatReason() {
        IOException failure = new SSLHandshakeException("handshake");
        failure.initCause(
                new CertificateException("no path to it", new CertificateExpiredException("NotAfter: yesterday")));
        server.failToConnect(failure);
        assertThatThrownBy(log::last)
                .isInstanceOf(Refused.class)
                .hasMessage("the map has a certificate that has expired: NotAfter: yesterday");
    }

    @Test
    void aLogThatWasDeletedIsRefusedAndNotMadeAnew() throws Exception {
        Position beginning = log.last();
        server.delete();
        assertThatThrownBy(log::last).isInstanceOf(Refused.class).hasMessageContaining("deleted from the map");
        SharedLog.Claim claim = new SharedLog.Claim("w", 1, 1, 5_000, 3);
        assertThatThrownBy(() -> log.append(beginning, FIRST, claim)).isInstanceOf(Refused.class);
        assertThat(server.exists()).isFalse();
        assertThat(server.hasFields()).isFalse();
    }

    @Test
    void aTreeThatIsNotThereIsMadeOnlyIfThatIsWanted() throws Exception {
        LogAddress address = LogAddress.of("map:", "tree").createIfMissing(false);
        SharedLog careful = engine.of(address).connect("tree");
        assertThatThrownBy(careful::last)
                .isInstanceOf(Refused.class)
                .hasMessageContaining("has no tree of this name")
                .hasMessageContaining("Nothing was made");
        assertThat(server.exists()).isFalse();
        Position made = log.last();
        assertThat(careful.last()).isEqualTo(made);
    }

    @Test
    void thePasswordIsAskedForAtEachConnection() throws Exception {
        AtomicReference<String> password = new AtomicReference<>("one");
        SharedLog log = engine.user("me", password::get).connect("tree");
        Position beginning = log.last();
        assertThat(server.password()).isEqualTo("one");
        password.set("two");
        server.failAfter(new IOException("reset"));
        assertThatThrownBy(log::last).isInstanceOf(LogException.class);
        assertThat(log.last()).isEqualTo(beginning);
        assertThat(server.password()).isEqualTo("two");
    }

    @Test
    void aClaimWhoseWriterHasWonIsSettled() throws Exception {
        Position beginning = log.last();
        Position first = appended(beginning, "w:1");
        SharedLog.Claim claim = new SharedLog.Claim("far", 1, 1, 5_000, 3);
        assertThat(log.append(beginning, new Entry(new Position(1, "far:1"), ""), claim))
                .isInstanceOf(SharedLog.Lost.class);
        assertThat(log.append(first, new Entry(new Position(2, "w:2"), ""), null))
                .isEqualTo(new Appended(claim));
        Position third = appended(new Position(2, "w:2"), "far:2");
        assertThat(log.append(third, new Entry(new Position(4, "w:3"), ""), null))
                .isEqualTo(new Appended(null));
    }

    /** Near writers append hundreds of entries while the claim of a far one travels. */
    @Test
    void aClaimLivesFromTheEndOnWhichItsWriterLost() throws Exception {
        Position beginning = log.last();
        Position last = beginning;
        for (int i = 0; i <= 2 * SharedLog.Claim.LIFETIME; i++) {
            last = appended(last, "near:" + i);
        }
        SharedLog.Claim claim = new SharedLog.Claim("far", 1, 1, 50_000, 3);
        assertThat(log.append(beginning, new Entry(new Position(1, "far:1"), ""), claim))
                .isInstanceOf(SharedLog.Lost.class);
        SharedLog.Claim kept = new SharedLog.Claim("far", 1, last.number(), 50_000, 3);
        assertThat(log.append(last, new Entry(new Position(last.number() + 1, "near:last"), ""), null))
                .isEqualTo(new Appended(kept));
    }

    @Test
    void aClaimThatCannotBeReadIsNoneAndAnotherTakesItsPlace() throws Exception {
        Position beginning = log.last();
        Position last = appended(beginning, "near:1");
        Entry late = new Entry(new Position(1, "far:1"), "");
        assertThat(log.append(beginning, late, new SharedLog.Claim("not one word", 1, 1, 5_000, 1_000)))
                .isInstanceOf(SharedLog.Lost.class);
        last = appended(last, "near:2");
        SharedLog.Claim far = new SharedLog.Claim("far", 2, 2, 5_000, 3);
        assertThat(log.append(beginning, late, far)).isInstanceOf(SharedLog.Lost.class);
        assertThat(log.append(last, new Entry(new Position(3, "near:3"), ""), null))
                .isEqualTo(new Appended(far));
    }

    @Test
    void aClaimOfALaterVersionMayHaveMoreWords() {
        SharedLog.Claim claim = new SharedLog.Claim("far", 2, 2, 5_000, 3);
        assertThat(SharedLog.Claim.parse(claim + " more words")).isEqualTo(claim);
    }

    private Position appended(Position on, String id) throws LogException {
        Position at = new Position(on.number() + 1, id);
        assertThat(log.append(on, new Entry(at, ""), null)).isEqualTo(new Appended(null));
        return at;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\0b", "\ud800"})
    void aNameThatNoServerCanKeepIsRefused(String name) {
        assertThatThrownBy(() -> engine.connect(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void optionsAreCheckedWhenTheyAreSet() {
        for (Duration timeout : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(2))) {
            assertThatThrownBy(() -> engine.requestTimeout(timeout)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> engine.user("me", (String) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> engine.log(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> engine.store(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void eachSettingStaysWhenOthersAreSetAfterIt() throws Exception {
        SSLContext tls = SSLContext.getInstance("TLS");
        EngineSettings settings = EngineSettings.DEFAULT
                .user("me", () -> "hush")
                .tls(tls)
                .requestTimeout(Duration.ofSeconds(7))
                .namespace("here")
                .property("name", "value")
                .wakeUps(false)
                .createIfMissing(false)
                .wakeUps(false);
        assertThat(settings.user()).isEqualTo("me");
        assertThat(settings.password()).isEqualTo("hush");
        assertThat(settings.tls()).isSameAs(tls);
        assertThat(settings.requestTimeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.namespaceOr("there")).isEqualTo("here");
        assertThat(settings.properties()).containsExactly(Tuple.of("name", "value"));
        assertThat(settings.createIfMissing()).isFalse();
        assertThat(settings.tls(tls).hasWakeUps()).isFalse();
    }

    @Test
    void anAddressGivesItsUserItsAuthoritiesAndItsChoiceTogether(@TempDir Path folder) throws Exception {
        AtomicReference<String> password = new AtomicReference<>("one");
        LogAddress address = LogAddress.of("map:", "tree")
                .user("me", password::get)
                .authorities(TlsFiles.make(folder, "localhost").authority())
                .createIfMissing(false);
        EngineSettings settings = engine.of(address).used();
        assertThat(settings.user()).isEqualTo("me");
        assertThat(settings.password()).isEqualTo("one");
        assertThat(settings.tls()).isNotNull();
        assertThat(settings.createIfMissing()).isFalse();
        password.set("two");
        assertThat(settings.password()).isEqualTo("two");
        LogAddress withUser = LogAddress.of("map:", "tree").user("me", password::get);
        assertThat(engine.of(withUser).used().user()).isEqualTo("me");
    }

    @Test
    void theOptionsOfStoresStayWhenOthersAreSetAfterThem() throws Exception {
        Duration timeout = Duration.ofSeconds(7);
        MapEngine guarded = engine.store(
                        Store.options().guard("has a name", KeyPath.of("name"), view -> view.contains("name")))
                .requestTimeout(timeout);
        assertThatThrownBy(() -> guarded.open("tree")).isInstanceOf(GuardException.class);
        try (Store store = engine.log(LogStore.options().checkpointEvery(1))
                .requestTimeout(timeout)
                .open("tree")) {
            store.put("n", 1);
            for (int i = 0; log.checkpoint().isEmpty(); i++) {
                assertThat(i).as("no checkpoint after each entry").isLessThan(2_000);
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
    }

    @Test
    void aUserOfTheOptionsGoesBeforeThatOfTheAddressWhosePasswordMayHoldColons() {
        EngineSettings none = EngineSettings.DEFAULT;
        assertThat(none.userOf("me:a:b").user()).isEqualTo("me");
        assertThat(none.userOf("me:a:b").password()).isEqualTo("a:b");
        assertThat(none.userOf("hush").user()).isEmpty();
        assertThat(none.userOf("hush").password()).isEqualTo("hush");
        EngineSettings mine = none.user("mine", () -> "my own");
        assertThat(mine.userOf("me:hush").user()).isEqualTo("mine");
        assertThat(mine.userOf("me:hush").password()).isEqualTo("my own");
    }

    @Test
    void theFirstKnownCodeOfAnErrorSaysItsKind() {
        ErrorKinds kinds = ErrorKinds.NONE.unavailable("40").refused(" Act", "40002");
        assertThat(kinds.of("words", null, List.of("40002", "40")))
                .isInstanceOf(Refused.class)
                .hasMessage("words Act");
        assertThat(kinds.of("words", null, List.of("40001", "40"))).isInstanceOf(Unavailable.class);
        assertThat(kinds.of("words", null, List.of("41"))).isInstanceOf(InDoubt.class);
        assertThat(kinds.in("error 40002 of kind 40", null)).isInstanceOf(Unavailable.class);
        assertThat(kinds.in("error 41", null)).isInstanceOf(InDoubt.class);
    }

    @Test
    void anAddressIsReadWithItsDefaultsAndRefusedWithoutItsPassword() {
        String form = "map://host:1";
        ServerAddress address = ServerAddress.of(URI.create("MAP://me:hush@host/3"), form, 7, "\\d", "map");
        assertThat(address).isEqualTo(new ServerAddress("map", "host", 7, "3", "me:hush"));
        assertThat(address).hasToString("host:7");
        assertThat(Stream.of(
                        "map:hush",
                        "map:///3",
                        "mop://hush@host",
                        "map://hush@host:70000",
                        "map://hush@host/x",
                        "map://host/3?tls=hush",
                        "map://host#hush"))
                .allSatisfy(bad -> assertThatThrownBy(() -> ServerAddress.of(URI.create(bad), form, 7, "\\d", "map"))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(form)
                        .hasMessageNotContaining("hush"));
        assertThatThrownBy(() -> ServerAddress.of(URI.create("map://me:hush@host:9/x"), form, 7, "\\d", "map"))
                .hasMessage("expected an address of the form map://host:1, not map://host:9/x");
    }
}
