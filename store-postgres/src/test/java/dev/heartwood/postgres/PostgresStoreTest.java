package dev.heartwood.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.GuardException;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.log.LogAddress;
import dev.heartwood.log.LogException;
import dev.heartwood.log.LogOptions;
import dev.heartwood.log.LogReplacedException;
import dev.heartwood.log.LogStore;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.engine.EngineSettings;
import dev.heartwood.log.testkit.CapturedLog;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PostgresStoreTest {
    private static final AtomicLong NAMES = new AtomicLong(System.nanoTime());

    private final String tree = "store" + NAMES.incrementAndGet();
    private String url;

    @BeforeEach
    void useServer() throws Exception {
        url = PostgresEngine.url(PostgresEngine.shared().port());
    }

    /** A database that this test alone uses. */
    private String database(String options) throws Exception {
        String name = "d" + NAMES.incrementAndGet();
        PostgresEngine.sql(url, "CREATE DATABASE " + name + " " + options);
        return url.replace("/postgres?", "/" + name + "?");
    }

    @Test
    void aTreeOutlivesItsStores() {
        try (Store store = PostgresStore.open(url, tree)) {
            store.put("greeting", "hello");
        }
        try (Store store = PostgresStore.open(url, tree)) {
            assertThat(store.get("greeting")).isEqualTo("hello");
            assertThat(store.version()).isEqualTo(1L);
        }
    }

    @Test
    void aTreeIsFoundByItsAddressAndMadeOnlyIfThatIsWanted() throws Exception {
        String fresh = database("");
        LogAddress address = LogAddress.of(fresh, tree);
        assertThatThrownBy(() -> LogStore.over(address.createIfMissing(false).connect()))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("has no tree of this name")
                .hasMessageContaining("Nothing was made");
        assertThat(PostgresEngine.sql(fresh, "SELECT to_regclass('heartwood_log')"))
                .isNull();
        try (Store store = LogStore.over(address.connect())) {
            store.put("n", 1);
        }
        try (Store store = LogStore.over(address.createIfMissing(false).connect())) {
            assertThat(store.get("n")).isEqualTo(1L);
            store.put("n", 2);
        }
        try (Store store = PostgresStore.open(fresh, tree)) {
            assertThat(store.get("n")).isEqualTo(2L);
        }
    }

    @Test
    void treesStandBesideEachOtherByNameAndBySchema() {
        String odd = tree + " Ä%_'\"\\";
        try (Store one = PostgresStore.open(url, tree);
                Store other = PostgresStore.open(url, odd);
                Store elsewhere =
                        PostgresStore.options().schema("an \"Odd\" schema").open(url, tree)) {
            one.put("n", 1);
            other.put("n", 2);
            elsewhere.put("n", 3);
            assertThat(one.fresh().get("n")).isEqualTo(1L);
            assertThat(other.fresh().get("n")).isEqualTo(2L);
            assertThat(elsewhere.fresh().get("n")).isEqualTo(3L);
        }
        try (Store again = PostgresStore.options().schema("an \"Odd\" schema").open(url, tree)) {
            assertThat(again.get("n")).isEqualTo(3L);
        }
    }

    @Test
    void manyProcessesMayMakeTheTablesAtOnce() throws Exception {
        String fresh = database("");
        List<Thread> threads = IntStream.range(0, 6)
                .mapToObj(i -> new Thread(() -> {
                    try (Store store = PostgresStore.open(fresh, tree)) {
                        store.merge("n", Long.class, 1L, Long::sum);
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        try (Store store = PostgresStore.open(fresh, tree)) {
            assertThat(store.get("n")).isEqualTo(6L);
        }
    }

    @Test
    void aUserNeedsNoRightToMakeTablesThatAreThere() throws Exception {
        String fresh = database("");
        PostgresStore.open(fresh, tree).close();
        String user = "u" + NAMES.incrementAndGet();
        PostgresEngine.sql(
                fresh,
                "CREATE USER " + user,
                "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON heartwood_log, heartwood_entry, heartwood_part TO " + user);
        String mine = fresh.replace("user=postgres", "user=" + user);
        try (Store store = PostgresStore.options()
                .log(LogStore.options().checkpointEvery(5).keepEntries(1))
                .open(mine, tree)) {
            for (int i = 0; i < 20; i++) {
                store.put("n", i);
            }
        }
        PostgresEngine.sql(fresh, "REVOKE UPDATE ON heartwood_log FROM " + user);
        try (Store store = PostgresStore.open(mine, tree)) {
            assertThatThrownBy(() -> store.put("n", 0))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("was not made")
                    .hasMessageContaining("permission denied for table heartwood_log");
            assertThat(store.get("n")).isEqualTo(19L);
            PostgresEngine.sql(fresh, "GRANT UPDATE ON heartwood_log TO " + user);
            store.put("n", 20);
        }
        PostgresEngine.sql(fresh, "DROP TABLE heartwood_log, heartwood_entry, heartwood_part");
        assertThatThrownBy(() -> PostgresStore.open(mine, tree))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("permission denied for schema public");
    }

    @Test
    void aDatabaseThatIsReadOnlyRefusesCommitsAndIsRead() throws Exception {
        String fresh = database("");
        try (Store store = PostgresStore.options()
                .log(LogStore.options().deadline(Duration.ofMillis(300)))
                .open(fresh, tree)) {
            store.put("n", 1);
            String name = fresh.replaceAll(".*/(\\w+)\\?.*", "$1");
            PostgresEngine.sql(
                    url,
                    "ALTER DATABASE " + name + " SET default_transaction_read_only = on",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
            // The first one meets a connection that was cut, and so may be in doubt.
            assertThatThrownBy(() -> store.put("n", 2)).isInstanceOf(StoreException.class);
            assertThatThrownBy(() -> store.put("n", 2))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("was not made")
                    .hasMessageContaining("read-only transaction");
            assertThat(store.fresh().get("n")).isEqualTo(1L);
        }
    }

    @Test
    void aDatabaseThatCannotHoldEveryTextIsRefused() throws Exception {
        String latin = database("ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'");
        assertThatThrownBy(() -> PostgresStore.open(latin, tree))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("encoding LATIN1")
                .hasMessageContaining("UTF8");
    }

    @Test
    void countsAreExactWhateverTheIsolationLevelOfTheDatabaseIs() throws Exception {
        String fresh = database("");
        String name = fresh.replaceAll(".*/(\\w+)\\?.*", "$1");
        PostgresEngine.sql(url, "ALTER DATABASE " + name + " SET default_transaction_isolation = 'serializable'");
        List<Thread> threads = IntStream.range(0, 3)
                .mapToObj(i -> new Thread(() -> {
                    try (Store store = PostgresStore.open(fresh, tree)) {
                        for (int n = 0; n < 20; n++) {
                            store.merge("n", Long.class, 1L, Long::sum);
                        }
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        try (Store store = PostgresStore.open(fresh, tree)) {
            assertThat(store.get("n")).isEqualTo(60L);
        }
    }

    @Test
    void withoutNotificationsOthersCommitsAreFoundByAsking() throws Exception {
        PostgresOptions options = PostgresStore.options()
                .notifications(false)
                .log(LogStore.options().pollInterval(Duration.ofMillis(50)));
        try (Store one = options.open(url, tree);
                Store other = options.open(url, tree)) {
            one.put("n", 1);
            assertThat(other.await(view -> view.contains("n"), Duration.ofMinutes(1))
                            .get("n"))
                    .isEqualTo(1L);
        }
    }

    @Test
    void aLogThatWasDeletedIsNotMadeAnewInSilence() throws Exception {
        try (Store store = PostgresStore.open(url, tree)) {
            store.put("n", 1);
            PostgresEngine.sql(url, "DELETE FROM heartwood_log WHERE tree = '" + tree + "'");
            assertThatThrownBy(() -> store.put("n", 2))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("deleted");
            assertThatThrownBy(store::fresh)
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("deleted");
            assertThat(store.get("n")).isEqualTo(1L);
        }
        assertThat(PostgresEngine.sql(url, "SELECT count(*) FROM heartwood_log WHERE tree = '" + tree + "'"))
                .isEqualTo("0");
    }

    @Test
    void notificationsOfOthersHoldUpNothing() throws Exception {
        try (Store store = PostgresStore.options()
                        .log(LogStore.options().deadline(Duration.ofMinutes(5)))
                        .open(url, tree);
                Store other = PostgresStore.open(url, tree)) {
            store.put("n", 0L);
            String channel = "heartwood_"
                    + PostgresEngine.sql(url, "SELECT identity FROM heartwood_log WHERE tree = '" + tree + "'");
            for (String text : List.of("1000000", "-5", "no number", "99999999999999999999")) {
                PostgresEngine.sql(url, "SELECT pg_notify('" + channel + "', '" + text + "')");
                store.increment("n");
                other.increment("n");
            }
            assertThat(store.fresh().get("n")).isEqualTo(8L);
        }
    }

    @Test
    void tablesThatWereEmptiedAreNotTakenForAnEmptyTree() throws Exception {
        for (String table : List.of("heartwood_log", "heartwood_entry", "heartwood_part")) {
            String fresh = database("");
            LogOptions log = LogStore.options().deadline(Duration.ofMillis(300));
            try (Store store = PostgresStore.options()
                    .log(log.checkpointEvery(5).keepEntries(0))
                    .open(fresh, tree)) {
                for (int i = 0; i < 20; i++) {
                    store.put("n", i);
                }
                awaitCheckpoint(fresh);
            }
            // From here on nobody makes a checkpoint, so the last entry is in none.
            PostgresOptions options = PostgresStore.options().log(log);
            try (Store store = options.open(fresh, tree);
                    Store other = options.open(fresh, tree)) {
                store.put("n", 20);
                assertThat(other.fresh().get("n")).isEqualTo(20L);
                PostgresEngine.sql(fresh, "TRUNCATE " + table);
                if (table.equals("heartwood_log")) {
                    assertThatThrownBy(() -> store.put("n", 21)).hasMessageContaining("deleted");
                    assertThatThrownBy(other::fresh).hasMessageContaining("deleted");
                } else {
                    assertThatThrownBy(() -> options.open(fresh, tree))
                            .as(table)
                            .isInstanceOf(StoreException.class)
                            .hasMessageContaining("backup");
                }
                assertThat(store.get("n")).isEqualTo(20L);
            }
        }
    }

    private static void awaitCheckpoint(String database) throws Exception {
        PostgresEngine.shared()
                .awaitTrue(() ->
                        "t".equals(PostgresEngine.sql(database, "SELECT checkpoint IS NOT NULL FROM heartwood_log")));
    }

    @Test
    void aLogOfThousandsOfEntriesIsReadFromItsBeginningInPages() throws Exception {
        try (SharedLog log = PostgresStore.options().connect(url, tree)) {
            assertThat(log.last().number()).isZero();
            PostgresEngine.sql(
                    url,
                    "INSERT INTO heartwood_entry SELECT '" + tree
                            + "', n, 'w:' || n, '' FROM generate_series(2500, 1, -1) n",
                    "UPDATE heartwood_log SET number = 2500, id = 'w:2500' WHERE tree = '" + tree + "'");
            long next = 1;
            while (next <= 2500) {
                List<SharedLog.Entry> page = log.read(next).entries();
                assertThat(page).as("entries from %s on", next).isNotEmpty();
                for (SharedLog.Entry entry : page) {
                    assertThat(entry.at().number()).isEqualTo(next);
                    next++;
                }
            }
        }
    }

    /** The tests' databases compare all texts so; others in the order of a natural language. */
    @Test
    void namesOfPartsAreOrderedByTheirCharsWhateverTheOrderOfTheDatabaseIs() throws Exception {
        PostgresStore.open(url, tree).close();
        assertThat(PostgresEngine.sql(
                        url,
                        "SELECT collation_name FROM information_schema.columns"
                                + " WHERE table_name = 'heartwood_part' AND column_name = 'name'"))
                .isEqualTo("C");
    }

    @Test
    void aStatementThatWasSentIsInDoubtWhenItsConnectionHasEndedAndOneThatWasNotIsNot() {
        PostgresServer server = new PostgresServer(url, tree, EngineSettings.DEFAULT);
        for (String state : List.of("08P01", "08004", "08006", "40003", "57P01")) {
            assertThat(server.errorOf(new SQLException("ended", state), true))
                    .as(state)
                    .isInstanceOf(LogException.InDoubt.class);
        }
        assertThat(server.errorOf(new SQLException("the server asks for TLS", "08P01"), false))
                .isInstanceOf(LogException.Refused.class);
        assertThat(server.errorOf(new SQLException("serialization", "40001"), true))
                .isInstanceOf(LogException.Unavailable.class);
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aServerThatTakesAConnectionAndSaysNothingIsGivenUpAtTheTimeOut() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                SharedLog log = PostgresStore.options()
                        .requestTimeout(Duration.ofMillis(300))
                        .connect(PostgresEngine.url(silent.getLocalPort()), tree)) {
            assertThatThrownBy(log::last).isInstanceOf(LogException.Unavailable.class);
        }
    }

    @Test
    void aServerThatDoesNotWaitForItsDiskIsNamedInTheLog() throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            PostgresEngine.sql(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()");
            PostgresEngine.shared().awaitTrue(() -> "off".equals(PostgresEngine.sql(url, "SHOW fsync")));
            PostgresStore.open(url, tree).close();
            assertThat(log.lines()).anyMatch(line -> line.contains("fsync = off"));
        } finally {
            PostgresEngine.sql(url, "ALTER SYSTEM RESET fsync", "SELECT pg_reload_conf()");
        }
    }

    @Test
    void aLogThatWasRestoredToAnEarlierStateIsRefusedByStoresThatWereOpen() throws Exception {
        String fresh = database("");
        try (Store store = PostgresStore.open(fresh, tree)) {
            store.put("n", 1);
            PostgresEngine.sql(
                    fresh,
                    "CREATE TABLE kept_log AS TABLE heartwood_log",
                    "CREATE TABLE kept_entry AS TABLE heartwood_entry");
            store.put("n", 2);
            PostgresEngine.sql(
                    fresh,
                    "DELETE FROM heartwood_log",
                    "DELETE FROM heartwood_entry",
                    "INSERT INTO heartwood_log TABLE kept_log",
                    "INSERT INTO heartwood_entry TABLE kept_entry");
            assertThatThrownBy(store::fresh).isInstanceOf(LogReplacedException.class);
            assertThatThrownBy(() -> store.put("n", 3)).isInstanceOf(LogReplacedException.class);
            assertThat(store.get("n")).isEqualTo(2L);
        }
        try (Store store = PostgresStore.open(fresh, tree)) {
            assertThat(store.get("n")).isEqualTo(1L);
        }
    }

    @Test
    void aGuardThatRefusesTheTreeLeavesNoConnectionOpen() throws Exception {
        String fresh = database("");
        PostgresOptions options = PostgresStore.options()
                .store(Store.options().guard("has a name", KeyPath.of("name"), view -> view.contains("name")));
        assertThatThrownBy(() -> options.open(fresh, tree)).isInstanceOf(GuardException.class);
        String name = fresh.replaceAll(".*/(\\w+)\\?.*", "$1");
        for (int i = 0;
                !"0"
                        .equals(PostgresEngine.sql(
                                url, "SELECT count(*) FROM pg_stat_activity WHERE datname = '" + name + "'"));
                i++) {
            assertThat(i).as("connections stay open").isLessThan(500);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @Test
    void badArgumentsAreNamedWithoutTheirSecrets() {
        for (String bad : List.of(
                "postgresql://me:hush@localhost/db",
                "jdbc:mysql://localhost/db?password=hush",
                "jdbc:postgresql://me:hush@localhost/db",
                "")) {
            try (CapturedLog log = new CapturedLog()) {
                assertThatThrownBy(() -> PostgresStore.open(bad, tree))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("jdbc:postgresql://host:port/database")
                        .hasMessageNotContaining("hush");
                assertThat(log.lines()).noneMatch(line -> line.contains("hush"));
            }
        }
        for (String name : List.of("", " ", "a\0b", "x".repeat(201), "\ud800")) {
            assertThatThrownBy(() -> PostgresStore.open(url, name)).isInstanceOf(IllegalArgumentException.class);
        }
        for (Duration timeout : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(2))) {
            assertThatThrownBy(() -> PostgresStore.options().requestTimeout(timeout))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected a time-out of 1 ms to 24 h, not ");
        }
    }
}
