package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Delivery;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.StoreIOException;
import dev.heartwood.Subscription;
import dev.heartwood.Update;
import dev.heartwood.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What can go wrong while a store is open, and that it works on afterwards. */
@Timeout(120)
class SqliteErrorsTest {
    @TempDir
    Path directory;

    Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("shared.db");
    }

    /** A commit with any other error may have been made. */
    @Test
    void anErrorIsOfTheKindThatItsCodeSays() {
        for (SQLiteErrorCode code : SQLiteErrorCode.values()) {
            SQLException e = new SQLiteException("as SQLite says it", code);
            int kind = code.code & 0xff;
            assertThat(SqliteErrors.isBusy(e)).as("%s", code).isEqualTo(kind == 5 || kind == 6);
            assertThat(SqliteErrors.isDefinite(e)).as("%s", code).isEqualTo(kind == 5 || kind == 6 || kind == 13);
            assertThat(SqliteErrors.isDamaged(e)).as("%s", code).isEqualTo(kind == 11 || kind == 26);
            assertThat(SqliteErrors.isNoRoom(e))
                    .as("%s", code)
                    .isEqualTo(kind == 13 || kind == 14 || code == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE);
        }
    }

    @Test
    void lockHeldForLessThanTheTimeoutIsWaitedFor() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (Store store = SqliteStore.open(file);
                Connection other = Sql.connect(file);
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            Future<Number> result = pool.submit(() -> store.merge("n", Long.class, 1L, Long::sum));
            assertThat(store.contains("n")).isFalse();
            Thread.sleep(200);
            assertThat(result).isNotDone();
            statement.execute("COMMIT");
            assertThat(result.get()).isEqualTo(1L);
        }
        pool.shutdown();
    }

    @Test
    void lockHeldForLongerIsAClearErrorAndNothingIsCommitted() throws Exception {
        try (Store store = SqliteStore.options()
                        .busyTimeout(Duration.ofMillis(100))
                        .open(file);
                Connection other = Sql.connect(file);
                Statement statement = other.createStatement()) {
            store.put("n", 1);
            statement.execute("BEGIN IMMEDIATE");
            assertThatThrownBy(() -> store.put("n", 2))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("shared.db")
                    .hasMessageContaining("longer than the busy timeout");
            assertThat(store.get("n")).isEqualTo(1L);
            statement.execute("COMMIT");
            assertThat(store.increment("n")).isEqualTo(2L);
        }
    }

    @Test
    void whoCameLateToALockIsNotGivenUpWithWhoCameEarly() throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool();
        try (Store store =
                        SqliteStore.options().busyTimeout(Duration.ofSeconds(3)).open(file);
                Connection other = Sql.connect(file);
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            Future<?> early = pool.submit(() -> store.put("early", 1));
            Thread.sleep(1_500);
            Future<?> late = pool.submit(() -> store.put("late", 1));
            assertThatThrownBy(early::get).hasCauseInstanceOf(StoreIOException.class);
            statement.execute("COMMIT");
            late.get(20, TimeUnit.SECONDS);
            assertThat(store.toMap()).containsOnlyKeys("late");
        }
        pool.shutdown();
    }

    @Test
    void commitThatCannotBeWrittenDoesNotFailThoseThatShareItsTransaction() throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool();
        SqliteRoot root = SqliteRoot.open(
                Database.open(file, SqliteStore.options()), Json.options().dialect());
        try (Store store = Store.over(root)) {
            store.put("n", 1);
            store.put("kept", 1);
            Sql.run(
                    file,
                    "CREATE TRIGGER refuse BEFORE INSERT ON kv WHEN NEW.k = 'bad' BEGIN SELECT RAISE(ABORT, 'no'); END");
            for (int round = 0; round < 5; round++) {
                List<Future<?>> good = new ArrayList<>();
                Future<?> bad;
                try (Connection other = Sql.connect(file);
                        Statement statement = other.createStatement()) {
                    // While somebody else has the lock, all of them come to wait for the same transaction.
                    statement.execute("BEGIN IMMEDIATE");
                    good.add(pool.submit(() -> store.increment("n")));
                    awaitAccepted(root, 1);
                    good.add(pool.submit(() -> store.set("before", List.of("new"))));
                    awaitAccepted(root, 2);
                    bad = pool.submit(() -> store.batch(tx -> {
                        tx.discard("kept"); // written before the row that fails
                        tx.set("bad", 1);
                    }));
                    awaitAccepted(root, 3);
                    good.add(pool.submit(() -> store.merge("after", Long.class, 1L, Long::sum)));
                    awaitAccepted(root, 4);
                    statement.execute("COMMIT");
                }
                for (Future<?> one : good) {
                    one.get(20, TimeUnit.SECONDS);
                }
                assertThatThrownBy(bad::get)
                        .hasCauseInstanceOf(StoreIOException.class)
                        .hasMessageContaining("shared.db");
                assertThat(store.contains("bad")).isFalse();
                assertThat(store.get("kept")).isEqualTo(1L);
                try (Store reader = SqliteStore.options().readOnly().open(file)) {
                    assertThat(reader.get("kept")).isEqualTo(1L);
                }
                assertThat(store.get("n")).isEqualTo(round + 2L);
                assertThat(store.get("after")).isEqualTo(round + 1L);
            }
        }
        pool.shutdown();
    }

    private static void awaitAccepted(SqliteRoot root, int commits) throws InterruptedException {
        while (root.undecided() != commits) {
            Thread.sleep(1);
        }
    }

    @Test
    void interruptedThreadCommitsAllTheSameAndStaysInterrupted() throws Exception {
        try (Store store = SqliteStore.open(file)) {
            Thread.currentThread().interrupt();
            store.put("n", 1);
            assertThat(store.get("n")).isEqualTo(1L);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void fullDiskFailsCommitsDefinitelyAndTheStoreWorksOnceThereIsRoom() throws Exception {
        try (SmallDisk disk = SmallDisk.in(directory)) {
            Path ballast = disk.resolve("ballast");
            try (Store store = SqliteStore.open(disk.resolve("shared.db"))) {
                store.put("n", 1);
                Files.write(ballast, new byte[600_000]);
                assertThatThrownBy(() -> {
                            for (int i = 0; ; i++) {
                                store.put("filler" + i, "x".repeat(20_000));
                            }
                        })
                        .isInstanceOf(StoreIOException.class)
                        .hasMessageContaining("the disk is full")
                        .hasMessageContaining("make room");
                assertThat(store.get("n")).isEqualTo(1L);
                long version = store.version();
                Files.delete(ballast);
                store.increment("n");
                assertThat(store.version()).isEqualTo(version + 1);
            }
            try (Store store = SqliteStore.open(disk.resolve("shared.db"))) {
                assertThat(store.get("n")).isEqualTo(2L);
                assertThat(store.get("filler0")).isEqualTo("x".repeat(20_000));
            }
        }
    }

    /** The connections are closed once the look has ended. */
    @Test
    void aReadThatIsLookingWhileTheStoreClosesIsAnsweredOrToldThatItIsClosed() throws Exception {
        SqliteStore.open(file).close();
        AtomicBoolean pauses = new AtomicBoolean();
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Database database = HookedConnection.databaseThatLooks(file, () -> {
            if (pauses.get()) {
                looking.countDown();
                goOn.await();
            }
        });
        Store store = Store.over(SqliteRoot.open(database, Json.options().dialect()));
        pauses.set(true);
        FutureTask<Boolean> read = new FutureTask<>(() -> {
            try {
                return !store.contains("n");
            } catch (StoreClosedException e) {
                return true;
            }
        });
        new Thread(read).start();
        looking.await();
        Thread closing = new Thread(store::close);
        closing.start();
        while (closing.getState() != Thread.State.WAITING && closing.isAlive()) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        assertThat(read.get(20, TimeUnit.SECONDS)).isTrue();
        closing.join();
    }

    /** With threads that look for commits of others, that tell of them, and that free a lock. */
    @Test
    void aClosedStoreLeavesNoThread() throws Exception {
        Path named = directory.resolve("of-threads.db");
        List<Update> told = Collections.synchronizedList(new ArrayList<>());
        try (Store store = SqliteStore.open(named);
                Store other = SqliteStore.open(named)) {
            store.watch("n", Delivery.every(Runnable::run), told::add);
            AtomicBoolean overtaken = new AtomicBoolean();
            store.batch(tx -> {
                long n = tx.getOrDefault("n", Long.class, 0L);
                if (overtaken.compareAndSet(false, true)) {
                    other.put("n", 5);
                }
                tx.put("n", n + 1);
            });
            while (told.isEmpty()) {
                Thread.sleep(1);
            }
            assertThat(threadsOf(named)).isNotEmpty();
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!threadsOf(named).isEmpty() && System.nanoTime() < end) {
            Thread.sleep(1);
        }
        assertThat(threadsOf(named)).isEmpty();
    }

    private static List<String> threadsOf(Path file) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.endsWith(file.getFileName().toString()))
                .toList();
    }

    @Test
    void commitsStandThoughTheLogCannotBeCut() throws Exception {
        SqliteStore.open(file).close();
        Database database = HookedConnection.databaseThatFailsAt(file, "PRAGMA wal_checkpoint(TRUNCATE)");
        try (Store store = Store.over(SqliteRoot.open(database, Json.options().dialect()));
                Connection other = Sql.connect(file);
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement
                    .executeQuery("SELECT count(*) FROM kv")
                    .close(); // who reads for long keeps the log from beginning anew
            for (int i = 1; i <= 12; i++) {
                store.put("text", text(1_000_000, i));
            }
            assertThat(Files.size(directory.resolve("shared.db-wal"))).isGreaterThan(WalCheckpointer.LONGEST);
            assertThat(store.version()).isEqualTo(12);
        }
    }

    @Test
    void logStaysShortThoughReadersNeverPause() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService pool = Executors.newFixedThreadPool(3);
        List<Future<?>> readers = new ArrayList<>();
        try (Store writer = SqliteStore.options().synchronous(Synchronous.OFF).open(file);
                Store reader = SqliteStore.open(file)) {
            writer.put("text", "");
            for (int i = 0; i < 3; i++) {
                readers.add(pool.submit(() -> {
                    while (!stop.get()) {
                        reader.get("text");
                    }
                }));
            }
            long longest = 0;
            for (int i = 0; i < 3_000; i++) {
                writer.put("text", text(10_000, i));
                longest = Math.max(longest, Files.size(directory.resolve("shared.db-wal")));
            }
            stop.set(true);
            for (Future<?> one : readers) {
                one.get();
            }
            // All that was written is some 80,000,000 bytes; the log is cut when it is longer than 8 MiB.
            assertThat(longest).isLessThan(20_000_000);
        }
        pool.shutdown();
    }

    @Test
    void noReadTransactionIsHeldOpen() throws Exception {
        try (Store store = SqliteStore.open(file);
                Store reader = SqliteStore.options().readOnly().open(file)) {
            for (int i = 0; i < 20; i++) {
                store.put("n", i);
                Snapshot kept = reader.snapshot();
                try (Subscription watch = reader.watch("n", Delivery.latest(Runnable::run), update -> {})) {
                    assertThat(reader.await(view -> view.contains("n"), Duration.ofSeconds(20))
                                    .get("n"))
                            .isEqualTo((long) i);
                    // A reader who holds on to a state makes a full checkpoint answer 1, busy.
                    assertThat(Sql.ask(file, "PRAGMA wal_checkpoint(TRUNCATE)")).isEqualTo("0");
                    assertThat(watch.isClosed()).isFalse();
                }
                assertThat(kept.get("n")).isEqualTo((long) i);
            }
        }
    }

    @Test
    void logIsCutOnceSomebodyWhoReadForLongHasEnded() throws Exception {
        try (Store store = SqliteStore.options().synchronous(Synchronous.OFF).open(file)) {
            try (Connection other = Sql.connect(file);
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.executeQuery("SELECT count(*) FROM kv").close();
                for (int i = 0; i < 200; i++) {
                    store.put("text", text(100_000, i));
                }
                assertThat(Files.size(directory.resolve("shared.db-wal"))).isGreaterThan(16_000_000);
                other.commit();
            }
            for (int i = 0; i < 200; i++) {
                store.put("text", text(100_000, i));
            }
            assertThat(Files.size(directory.resolve("shared.db-wal"))).isLessThan(16_000_000);
        }
    }

    /** Differs from the one before it in every page: SQLite writes no page that stays as it is. */
    private static String text(int length, int i) {
        return String.valueOf((char) ('a' + i % 26)).repeat(length);
    }
}
