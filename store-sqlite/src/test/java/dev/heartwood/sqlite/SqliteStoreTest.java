package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.GuardException;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.StoreIOException;
import dev.heartwood.StoreOptions;
import dev.heartwood.UnsupportedValueException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteStoreTest {
    @TempDir
    Path directory;

    Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("shared.db");
    }

    @Test
    void whatWasStoredIsThereWhenItIsOpenedAgain() {
        Snapshot before;
        try (Store store = SqliteStore.open(file)) {
            store.put("counter", 41);
            store.put(KeyPath.of("user", "tags"), List.of("a", "b"));
            store.increment("counter");
            store.put("gone", true);
            store.remove("gone");
            before = store.snapshot();
        }
        try (Store store = SqliteStore.open(file)) {
            assertThat(store.snapshot().sameTree(before)).isTrue();
            assertThat(store.version()).isEqualTo(5);
        }
    }

    @Test
    void batchIsOneVersion() {
        try (Store store = SqliteStore.open(file)) {
            store.batch(tx -> {
                tx.put("a", 1);
                tx.put("b", 2);
            });
            assertThat(store.version()).isEqualTo(1);
        }
    }

    @Test
    void closingLeavesNothingBesideTheFile() throws Exception {
        try (Store store = SqliteStore.open(file)) {
            store.put("a", 1);
        }
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void closingLeavesNoFileOpen() throws Exception {
        for (int i = 0; i < 2; i++) {
            try (Store store = SqliteStore.open(file)) {
                store.put("a", i);
            }
            assertThat(Sql.openFilesOf(file)).isEmpty();
        }
    }

    @Test
    void rowsAreReadableWithAnySqliteTool() throws Exception {
        try (Store store = SqliteStore.open(file)) {
            store.put("user", Map.of("name", "Ann", "age", 7));
        }
        assertThat(Sql.ask(file, "SELECT json ->> '$.name' FROM kv WHERE k = 'user'"))
                .isEqualTo("Ann");
    }

    @Test
    void strangeFileNamesAreNames() {
        Path strange = directory.resolve("100% of a?mode=memory#b ü;.db");
        try (Store store = SqliteStore.open(strange)) {
            store.put("a", 1);
        }
        assertThat(strange).exists();
        try (Store store = SqliteStore.open(strange)) {
            assertThat(store.get("a")).isEqualTo(1L);
        }
    }

    @Test
    void emptyFileIsANewStore() throws Exception {
        Files.createFile(file);
        try (Store store = SqliteStore.open(file)) {
            store.put("a", 1);
            assertThat(store.get("a")).isEqualTo(1L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everySynchronousModeKeepsWhatWasClosed(Synchronous mode) {
        try (Store store = SqliteStore.options().synchronous(mode).open(file)) {
            store.put("a", 1);
            store.flush();
            store.put("a", 2);
        }
        try (Store store = SqliteStore.open(file)) {
            assertThat(store.get("a")).isEqualTo(2L);
        }
    }

    @Test
    void storeInMemoryIsAloneAndLeavesNoFile() throws Exception {
        try (Store one = SqliteStore.options().inMemory();
                Store other = SqliteStore.open(Path.of(":memory:"))) {
            one.put("a", 1);
            assertThat(one.increment("a")).isEqualTo(2L);
            assertThat(other.contains("a")).isFalse();
            one.flush();
        }
        assertThat(Path.of(":memory:")).doesNotExist();
    }

    @Test
    void readOnlyStoreReadsWhatOthersWriteAndRefusesToWrite() {
        try (Store writer = SqliteStore.open(file);
                Store reader = SqliteStore.options().readOnly().open(file)) {
            writer.put("a", 1);
            assertThat(reader.get("a")).isEqualTo(1L);
            assertThatThrownBy(() -> reader.put("a", 2))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("shared.db")
                    .hasMessageContaining("readOnly()");
            assertThat(reader.replace("a", 7, 8)).isFalse();
            assertThat(writer.get("a")).isEqualTo(1L);
        }
    }

    @Test
    void opaqueLeafIsRefusedAndNothingIsCommitted() {
        try (Store store = SqliteStore.open(file)) {
            assertThatThrownBy(() -> store.put("at", Instant.EPOCH))
                    .isInstanceOf(UnsupportedValueException.class)
                    .hasMessageContaining("JsonMapping");
            assertThat(store.version()).isZero();
        }
    }

    @Test
    void closedStoreRefusesEverything() {
        Store store = SqliteStore.open(file);
        store.put("a", 1);
        Snapshot kept = store.snapshot();
        store.close();
        store.close();
        assertThatThrownBy(() -> store.get("a")).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store.put("a", 2)).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(store::flush).isInstanceOf(StoreClosedException.class);
        assertThat(kept.get("a")).isEqualTo(1L);
    }

    @Test
    void optionsThatMeanNothingAreRefused() {
        assertThatThrownBy(() -> SqliteStore.options().busyTimeout(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SqliteStore.options().watchInterval(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SqliteStore.options().watchInterval(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SqliteStore.options().maxCommitBytes(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void eachOptionKeepsTheOthersWhicheverIsSetLast() {
        StoreOptions guarded = Store.options().guard("has a name", KeyPath.of("name"), view -> view.contains("name"));
        List<UnaryOperator<SqliteOptions>> all = List.of(
                options -> options.synchronous(Synchronous.OFF),
                options -> options.busyTimeout(Duration.ofSeconds(2)),
                options -> options.watchInterval(Duration.ofSeconds(3)),
                options -> options.maxCommitBytes(4),
                options -> options.allowNetworkFileSystem(),
                options -> options.readOnly(),
                options -> options.store(guarded));
        for (UnaryOperator<SqliteOptions> last : all) {
            SqliteOptions options = SqliteStore.options();
            for (UnaryOperator<SqliteOptions> option : all) {
                options = option.apply(options);
            }
            SqliteOptions set = last.apply(options);

            assertThat(set.synchronous()).isEqualTo(Synchronous.OFF);
            assertThat(set.busyTimeout()).isEqualTo(Duration.ofSeconds(2));
            assertThat(set.watchInterval()).isEqualTo(Duration.ofSeconds(3));
            assertThat(set.maxCommitBytes()).isEqualTo(4);
            assertThat(set.isNetworkAllowed()).isTrue();
            assertThat(set.isReadOnly()).isTrue();
            assertThatThrownBy(() -> set.open(file)).isInstanceOf(GuardException.class);
        }
    }

    @Test
    void tombstonesAreForgottenAndWhoWasFarBehindStillLearnsOfRemovals() throws Exception {
        try (Store late = SqliteStore.open(file)) {
            late.put("first", 1);
            late.put("stays", List.of(1, 2));
            Object stays = late.get("stays");
            try (Store busy = SqliteStore.options().synchronous(Synchronous.OFF).open(file)) {
                busy.remove("first");
                for (int i = 0; i < 12_000; i++) {
                    busy.put("n", i);
                }
            }
            assertThat(Sql.ask(file, "SELECT count(*) FROM kv WHERE deleted = 1"))
                    .isEqualTo("0");
            assertThat(late.keys()).containsExactlyInAnyOrder("stays", "n");
            assertThat(late.get("stays")).isSameAs(stays);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void removalAtTheFloorIsSeenByWhoIsOneVersionBehindItAndByWhoIsAtIt(long behind) throws Exception {
        try (Store late = SqliteStore.open(file);
                Store busy = SqliteStore.open(file)) {
            busy.put("stays", 1);
            busy.put("first", 1);
            assertThat(late.version()).isEqualTo(2);
            busy.remove("first"); // version 3
            if (behind == 0) {
                assertThat(late.version()).isEqualTo(3);
            }
            busy.put("n", 1);
            try (SqliteConnection other = new ConnectionFactory(file, SqliteStore.options()).writer()) {
                other.beginWriting();
                other.forget(3);
                other.commit();
            }
            assertThat(late.keys()).containsExactlyInAnyOrder("stays", "n");
        }
    }

    /** Else a store that has seen it would take the commits after it for those of another history. */
    @Test
    void eachCommitIsFoundInTheHistoryWhicheverRowHasIt() throws Exception {
        List<StoreHeader> seen = new ArrayList<>();
        try (Store store = SqliteStore.options().synchronous(Synchronous.OFF).open(file);
                SqliteConnection looking = new ConnectionFactory(file, SqliteStore.options()).reader()) {
            for (int i = 0; i < 300; i++) {
                store.put("n", i);
                seen.add(looking.mark());
            }
            for (StoreHeader header : seen) {
                assertThat(looking.isInHistory(header)).as("%s", header).isTrue();
                StoreHeader other = header.after(header.version(), header.version() + ":other-1");
                assertThat(looking.isInHistory(other)).as("%s", other).isFalse();
            }
        }
        assertThat(Sql.ask(file, "SELECT count(*) > 1 FROM lineage")).isEqualTo("1");
    }

    /** The identities of older commits stand in rows, and a row may end with the very commit that the floor names. */
    @Test
    void whoIsAtTheFloorGoesOnThoughItsCommitIsTheLastOfItsRow() throws Exception {
        try (Store late = SqliteStore.open(file);
                Store busy = SqliteStore.open(file)) {
            long known;
            do {
                busy.put("n", 1);
                known = late.version();
                busy.put("n", 2);
            } while (!Sql.ask(file, "SELECT ifnull(max(ver), 0) FROM lineage").equals(Long.toString(known)));
            try (SqliteConnection other = new ConnectionFactory(file, SqliteStore.options()).writer()) {
                other.beginWriting();
                other.forget(known);
                other.commit();
            }
            late.put("n", 3);
            assertThat(busy.get("n")).isEqualTo(3L);
        }
    }
}
