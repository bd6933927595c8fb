package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Commit;
import dev.heartwood.KeyPath;
import dev.heartwood.NoSuchPathException;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.json.Json;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two stores on one file: to each the other is somebody else, as another process would be. */
class SharingTest {
    @TempDir
    Path directory;

    Store mine;
    Store theirs;

    @BeforeEach
    void open() {
        mine = SqliteStore.open(directory.resolve("shared.db"));
        theirs = SqliteStore.open(directory.resolve("shared.db"));
    }

    @AfterEach
    void close() {
        theirs.close();
        mine.close();
    }

    /** A row that nobody can read for a while stands for a reading that fails, as one of a full memory would. */
    @Test
    void aCommitOfAnotherProcessThatCouldNotBeReadIsReadByTheNextCall() throws Exception {
        mine.put("n", 1);
        theirs.put("n", 2);
        try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("shared.db"));
                Statement sql = raw.createStatement()) {
            sql.execute("UPDATE kv SET json = '{' WHERE k = 'n'");
            assertThatThrownBy(() -> mine.get("n")).isInstanceOf(StoreException.class);
            assertThatThrownBy(() -> mine.put("m", 1)).isInstanceOf(StoreException.class);

            sql.execute("UPDATE kv SET json = '2' WHERE k = 'n'");
        }
        assertThat(mine.get("n")).isEqualTo(2L);
        mine.increment("n");
        assertThat(theirs.get("n")).isEqualTo(3L);
    }

    @Test
    void readSeesWhatAnotherHadCommittedBefore() {
        for (int i = 0; i < 50; i++) {
            theirs.put("a", i);
            assertThat(mine.get("a")).isEqualTo((long) i);
            mine.put("b", i);
            assertThat(theirs.get("b")).isEqualTo((long) i);
        }
        assertThat(mine.version()).isEqualTo(100);
    }

    @Test
    void removalOfAnotherIsSeen() {
        theirs.put("a", 1);
        assertThat(mine.contains("a")).isTrue();
        theirs.remove("a");
        assertThat(mine.contains("a")).isFalse();
        theirs.put("a", null);
        assertThat(mine.contains("a")).isTrue();
        theirs.clear();
        assertThat(mine.keys()).isEmpty();
    }

    @Test
    void keyPutAndRemovedInOneBatchLeavesNoTrace() throws Exception {
        theirs.batch(tx -> {
            tx.put("a", 1);
            tx.put("b", 1);
            tx.remove("a");
        });
        assertThat(mine.keys()).containsExactly("b");
        assertThat(Sql.ask(directory.resolve("shared.db"), "SELECT count(*) FROM kv"))
                .isEqualTo("1");
    }

    @Test
    void answersThatCommitNothingAreFreshToo() {
        mine.put("n", 1);
        theirs.put("n", 2);
        assertThat(mine.replace("n", 1, 7)).isFalse();
        theirs.remove("n");
        assertThatThrownBy(() -> mine.increment("n")).isInstanceOf(NoSuchPathException.class);
        theirs.put("m", 1);
        assertThat(mine.init("m", 2)).isFalse();
        Snapshot old = mine.snapshot();
        theirs.put("m", 2);
        assertThat(mine.compareAndSet(old, old.edit(tx -> tx.put("m", 3)))).isFalse();
    }

    @Test
    void writeThatWouldHaveChangedNothingIsMadeWhenAnotherChangedTheValue() {
        mine.put("n", 1);
        theirs.put("n", 2);
        mine.put("n", 1);
        assertThat(theirs.get("n")).isEqualTo(1L);
        theirs.put("gone", 1);
        assertThat(mine.discard("gone")).isTrue();
        assertThat(theirs.contains("gone")).isFalse();
    }

    /** The header that it read first is not the one of the rows that it reads then. */
    @Test
    void aLookThatACommitComesIntoHasTheVersionOfTheRowsThatItReads() throws Exception {
        AtomicInteger reads = new AtomicInteger(-10);
        Database database = HookedConnection.databaseThatLooks(directory.resolve("shared.db"), () -> {
            if (reads.incrementAndGet() == 2) {
                theirs.put("n", 2);
            }
        });
        try (Store looking = Store.over(SqliteRoot.open(database, Json.options().dialect()))) {
            theirs.put("n", 1);
            reads.set(0);
            Snapshot seen = looking.snapshot();
            assertThat(seen.get("n")).isEqualTo(2L);
            assertThat(seen.version()).isEqualTo(theirs.version());
        }
    }

    /** Between its rows and its header. */
    @Test
    void anOpeningThatACommitComesIntoHasTheVersionOfTheRowsThatItReads() throws Exception {
        theirs.put("n", 1);
        AtomicInteger reads = new AtomicInteger(-10);
        Database database = HookedConnection.databaseThatLooks(directory.resolve("shared.db"), () -> {
            if (reads.incrementAndGet() == 2) {
                theirs.put("n", 2);
            }
        });
        reads.set(0);
        try (Store opened = Store.over(SqliteRoot.open(database, Json.options().dialect()))) {
            assertThat(reads).hasValue(2);
            assertThat(opened.get("n")).isEqualTo(2L);
            assertThat(opened.version()).isEqualTo(theirs.version());
        }
    }

    @Test
    void incrementsAppendsAndBatchesOfManyThreadsAreNeverLost() throws Exception {
        int threads = 4;
        int each = 50;
        mine.put("count", 0);
        mine.put("list", List.of());
        mine.put("accounts", Map.of("a", 1_000, "b", 0));
        ExecutorService pool = Executors.newFixedThreadPool(2 * threads);
        List<Future<?>> all = new ArrayList<>();
        for (Store store : List.of(mine, theirs)) {
            for (int t = 0; t < threads; t++) {
                String key = (store == mine ? "mine" : "theirs") + t;
                Callable<Void> work = () -> {
                    for (int i = 0; i < each; i++) {
                        store.increment("count");
                        store.append(KeyPath.of("list"), key);
                        store.merge(key, Long.class, 1L, Long::sum);
                        store.batch(tx -> {
                            tx.decrement(KeyPath.of("accounts", "a"));
                            tx.increment(KeyPath.of("accounts", "b"));
                        });
                        Snapshot now = store.snapshot();
                        assertThat(now.get(KeyPath.of("accounts", "a"), Long.class)
                                        + now.get(KeyPath.of("accounts", "b"), Long.class))
                                .isEqualTo(1_000);
                    }
                    return null;
                };
                all.add(pool.submit(work));
            }
        }
        for (Future<?> one : all) {
            one.get();
        }
        pool.shutdown();
        for (Store store : List.of(mine, theirs)) {
            assertThat(store.get("count")).isEqualTo(2L * threads * each);
            assertThat(store.getList("list")).hasSize(2 * threads * each);
            assertThat(store.get(KeyPath.of("accounts", "b"))).isEqualTo(2L * threads * each);
            assertThat(store.get("theirs0")).isEqualTo((long) each);
            assertThat(store.version()).isEqualTo(3 + 2L * threads * each * 4);
        }
    }

    @Test
    void functionRunsOnceThoughAnotherCommitsElsewhere() {
        mine.put("slow", 1);
        AtomicInteger runs = new AtomicInteger();
        mine.update("slow", Long.class, n -> {
            runs.incrementAndGet();
            theirs.put("other", runs.get());
            return n + 1;
        });
        assertThat(runs).hasValue(1);
        assertThat(theirs.get("slow")).isEqualTo(2L);
        assertThat(mine.get("other")).isEqualTo(1L);
    }

    @Test
    void functionRunsOnceThoughAnotherCommitsBesideItUnderTheSameKey() {
        mine.put("users", Map.of("ann", Map.of("n", 1), "bob", Map.of("n", 1)));
        AtomicInteger runs = new AtomicInteger();
        mine.updateMap(KeyPath.of("users", "ann"), ann -> {
            runs.incrementAndGet();
            theirs.increment(KeyPath.of("users", "bob", "n"));
            return ann.put("n", 10L);
        });
        assertThat(runs).hasValue(1);
        assertThat(theirs.toMap()).isEqualTo(Map.of("users", Map.of("ann", Map.of("n", 10L), "bob", Map.of("n", 2L))));
    }

    @Test
    void functionRunsAgainWhenAnotherChangedWhatItRead() {
        mine.put("n", 1);
        AtomicInteger runs = new AtomicInteger();
        Commit commit = mine.batch(tx -> {
            long seen = tx.get("n", Long.class);
            if (runs.incrementAndGet() == 1) {
                theirs.put("n", 5);
            }
            tx.put("m", seen);
        });
        assertThat(runs).hasValue(2);
        assertThat(commit.attempts()).isEqualTo(2);
        assertThat(theirs.get("m")).isEqualTo(5L);
    }

    @Test
    void whatAnotherDidNotChangeStaysTheSameInstance() {
        mine.put("big", Map.of("list", List.of(1, 2, 3), "map", Map.of("x", "y")));
        Object big = mine.snapshot().root().get("big").get();
        Object list = mine.vectorAt(KeyPath.of("big", "list"));
        theirs.put("other", 1);
        assertThat(mine.snapshot().root().get("big").get()).isSameAs(big);
        theirs.put(KeyPath.of("big", "map", "x"), "z");
        assertThat(mine.vectorAt(KeyPath.of("big", "list"))).isSameAs(list);
        assertThat(mine.get(KeyPath.of("big", "map", "x"))).isEqualTo("z");
    }

    @Test
    void closingOneLeavesTheOtherWorking() {
        theirs.put("a", 1);
        theirs.close();
        mine.put("a", 2);
        try (Store again = SqliteStore.open(directory.resolve("shared.db"))) {
            assertThat(again.get("a")).isEqualTo(2L);
        }
    }
}
