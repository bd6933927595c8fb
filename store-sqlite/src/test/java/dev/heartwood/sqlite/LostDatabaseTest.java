package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heartwood.Edit;
import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.Timeline;
import dev.heartwood.json.Json;
import dev.heartwood.storage.CommitQueue;
import dev.heartwood.testsupport.StreamEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A database that is restored, replaced or taken away while a store has it open: nothing that is lost is acknowledged, and
 * nothing of two histories is mixed.
 */
class LostDatabaseTest {
    @TempDir
    Path parent;

    Path directory;
    Path file;
    Path backup;
    Store store;

    @BeforeEach
    void openAndBackUp() throws IOException {
        directory = Files.createDirectory(parent.resolve("data"));
        file = directory.resolve("shared.db");
        backup = parent.resolve("backup.db");
        store = SqliteStore.open(file);
        store.put("a", 1);
        SqliteStore.backup(file, backup);
        store.put("a", 2);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void olderStateThatIsRestoredIsNoticed() throws Exception {
        restore(backup);
        assertLost("restored to another state");
        store.close();
        try (Store again = SqliteStore.open(file)) {
            assertThat(again.get("a")).isEqualTo(1L);
        }
    }

    @Test
    void anAnswerThatCommitsNothingIsNotGivenAfterARestore() {
        restore(backup);
        assertThatThrownBy(() -> store.transact(tx -> tx.get("a")))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("restored to another state");
        assertThat(store.get("a")).isEqualTo(2L);
    }

    @Test
    void aStreamOfALostDatabaseEndsWithTheLossThoughNobodyCommits() throws Exception {
        StreamEnd stream = new StreamEnd();
        store.publisher(KeyPath.of("a")).subscribe(stream);
        restore(backup);
        assertThat(stream.awaitFailure())
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("restored to another state");
        assertThat(stream.elements()).isEmpty();
        StreamEnd later = new StreamEnd();
        store.publisher(KeyPath.of("a")).subscribe(later);
        assertThat(later.awaitFailure()).isSameAs(stream.awaitFailure());
    }

    @Test
    void theStreamOfAStoreThatIsClosedAfterItsDatabaseWasLostIsNotComplete() throws Exception {
        store.close();
        store = SqliteStore.options().watchInterval(Duration.ofHours(1)).open(file);
        StreamEnd stream = new StreamEnd();
        store.publisher(KeyPath.of("a")).subscribe(stream);
        restore(backup);
        assertThatThrownBy(() -> store.put("a", 3)).isInstanceOf(StoreIOException.class);

        store.close();

        assertThat(stream.awaitFailure()).hasMessageContaining("restored to another state");
    }

    @Test
    void restoredStateThatHasGoneOnIsNoticedAtTheSameVersion() throws Exception {
        restore(backup);
        assertThat(commitElsewhere(1)).isEqualTo(store.version());
        assertLost("restored to another state");
    }

    /** Both commits are the first of their opening, and make the same version. */
    @Test
    void restoredStateThatHasGoneOnByAsManyCommitsIsNoticed() throws Exception {
        store.close();
        restore(backup);
        store = SqliteStore.open(file);
        store.put("a", 2);
        restore(backup);
        assertThat(commitElsewhere(1)).isEqualTo(store.version());
        assertLost("restored to another state");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 90, 1_200})
    void restoredStateThatHasGoneOnIsNoticedPastTheVersionThatWasKnown(int commits) throws Exception {
        for (int i = 0; i < 5; i++) {
            store.put("after" + i, "gone by the restore");
        }
        restore(backup);
        commitElsewhere(commits + 5);
        assertLost("does not follow from version 7");
    }

    /** Of the commits before its floor a database cannot tell whether they are its own; of the one at the floor it can. */
    @Test
    void restoredStateThatHasGoneOnIsNoticedWhereItsFloorIsTheVersionThatWasKnown() throws Exception {
        long known = store.version();
        commitTo(backup, 5);
        try (SqliteConnection other = new ConnectionFactory(backup, SqliteStore.options()).writer()) {
            other.beginWriting();
            other.forget(known);
            other.commit();
        }
        restore(backup);
        assertLost("does not follow from version " + known);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 90, 1_200})
    void commitsOfOthersAreNoRestore(int commits) {
        commitElsewhere(commits);
        assertThat(store.get("elsewhere")).isEqualTo((long) commits);
        store.put("a", 3);
        assertThat(store.version()).isEqualTo(commits + 3L);
    }

    @Test
    void anotherStoreThatIsRestoredIntoTheFileIsNoticed() throws Exception {
        Path other = parent.resolve("other.db");
        try (Store another = SqliteStore.open(other)) {
            for (int i = 0; i < 10; i++) {
                another.put("a", i);
            }
        }
        restore(other);
        assertLost("restored to another state");
    }

    /** There is no commit yet by whose identity it could be told. */
    @Test
    void anotherStoreThatIsRestoredIntoOneWithoutCommitsIsNoticed() throws Exception {
        Path empty = directory.resolve("empty.db");
        try (Store fresh = SqliteStore.open(empty)) {
            assertThat(fresh.version()).isZero();
            Sql.run(empty, "restore from '" + backup + "'");
            assertThatThrownBy(() -> fresh.put("b", 1))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("restored to another state");
            assertThat(fresh.keys()).isEmpty();
        }
    }

    @Test
    void databaseOfAnotherKindThatIsRestoredIntoTheFileIsNoticed() throws Exception {
        Path other = parent.resolve("other.db");
        Sql.run(other, "CREATE TABLE dict (name BLOB PRIMARY KEY, object BLOB)");
        restore(other);
        assertLost("is not a store any more");
    }

    @Test
    void restoreDuringABodyRefusesItsCommit() {
        assertThatThrownBy(() -> store.batch(tx -> {
                    tx.put("sum", tx.get("a", Long.class) + 1);
                    restore(backup);
                }))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("restored to another state");
        try (Store again = SqliteStore.open(file)) {
            assertThat(again.toMap()).containsOnlyKeys("a");
        }
    }

    @Test
    void restoreDuringABodyRefusesItsCommitThoughOthersHaveGoneOn() {
        assertThatThrownBy(() -> store.batch(tx -> {
                    tx.put("sum", tx.get("a", Long.class) + 1);
                    restore(backup);
                    commitElsewhere(10);
                }))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("restored to another state");
        try (Store again = SqliteStore.open(file)) {
            assertThat(again.toMap()).containsOnlyKeys("a", "elsewhere");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared.db", "shared.db-wal", "shared.db-shm"})
    void fileThatIsDeletedIsNoticed(String name) throws Exception {
        Files.delete(directory.resolve(name));
        assertLost(name + " was deleted, moved or replaced");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared.db", "shared.db-wal", "shared.db-shm"})
    void fileThatIsReplacedIsNoticed(String name) throws Exception {
        Path copy = Files.copy(directory.resolve(name), parent.resolve("copy"));
        Files.move(copy, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        assertLost(name + " was deleted, moved or replaced");
    }

    @Test
    void aFlushThatFindsTheDatabaseTakenAwayIsRefused() throws Exception {
        assumeTrue(file.getFileSystem().supportedFileAttributeViews().contains("unix"));
        Files.move(directory, parent.resolve("elsewhere"));

        assertThatThrownBy(store::flush)
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("was deleted, moved or replaced");
    }

    @Test
    void fileThatIsReplacedWhileItIsBeingOpenedIsRefused() throws Exception {
        Path other = parent.resolve("other.db");
        commitTo(other, 1);
        FutureTask<Store> opening = new FutureTask<>(() -> SqliteStore.open(other));
        Thread opener = new Thread(opening);
        try (Connection holder = Sql.connect(other);
                Statement statement = holder.createStatement()) {
            statement.execute("PRAGMA locking_mode = EXCLUSIVE");
            statement.execute("BEGIN EXCLUSIVE");
            opener.start();
            while (opener.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait(); // until it waits for the lock
            }
            Files.move(backup, other, StandardCopyOption.REPLACE_EXISTING);
        }

        assertThatThrownBy(opening::get)
                .hasCauseInstanceOf(StoreIOException.class)
                .hasMessageContaining("was replaced while it was being opened");
        assertThat(Sql.openFilesOf(other)).isEmpty();
        try (Store again = SqliteStore.open(other)) {
            assertThat(again.get("a")).isEqualTo(1L);
        }
    }

    @Test
    void directoryThatIsMovedIsNoticed() throws Exception {
        Files.move(directory, parent.resolve("moved"));
        assertLost("was deleted, moved or replaced");
    }

    @Test
    void directoryInWhosePlaceACopyStandsIsNoticed() throws Exception {
        Path copy = Files.createDirectory(parent.resolve("copy"));
        try (var files = Files.list(directory)) {
            for (Path part : files.toList()) {
                Files.copy(part, copy.resolve(part.getFileName()));
            }
        }
        Files.move(directory, parent.resolve("moved"));
        Files.move(copy, directory);
        assertLost("was deleted, moved or replaced");
    }

    @Test
    void fileThatIsDeletedIsNoticedThoughTheDirectoryWasAtRestForLong() throws Exception {
        Thread.sleep(1_500); // longer than the time for which a directory that has changed is not believed
        store.put("a", 2);
        Files.delete(directory.resolve("shared.db-wal"));
        assertLost("shared.db-wal was deleted, moved or replaced");
    }

    @ParameterizedTest
    @EnumSource
    void commitThatIsWrittenWhileItsFileIsTakenAwayIsNotAcknowledged(Synchronous mode) throws Exception {
        store.close();
        store = SqliteStore.options().synchronous(mode).open(file);
        assertThatThrownBy(() -> store.batch(tx -> {
                    tx.put("a", 3);
                    delete("shared.db-wal");
                }))
                .isInstanceOf(StoreException.class)
                .isInstanceOfAny(StoreIOException.class, IndeterminateCommitException.class)
                .hasMessageContaining("shared.db-wal was deleted");
        assertThat(store.get("a")).isEqualTo(2L);
        if (mode != Synchronous.FULL) {
            // What was committed before was not synced, and cannot be any more.
            assertThatThrownBy(store::close).isInstanceOf(StoreIOException.class);
        }
    }

    @Test
    void aStreamEndsWhenTheDiskHasFailedThoughNobodyCommitsAgain() throws Exception {
        store.close();
        store = Store.over(SqliteRoot.open(
                HookedConnection.databaseThatFailsAt(file, "COMMIT"),
                Json.options().dialect()));
        StreamEnd stream = new StreamEnd();
        store.publisher(KeyPath.of("a")).subscribe(stream);
        assertThatThrownBy(() -> store.put("a", 3)).isInstanceOf(IndeterminateCommitException.class);

        assertThat(stream.awaitFailure())
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("takes no more commits");
        assertThatThrownBy(() -> store.put("a", 4))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("the disk failed during a commit");
        assertThat(store.get("a")).isEqualTo(2L);
    }

    @Test
    void aCloseThatFailsGivesTheFileUpAllTheSame() {
        store.close();
        store = SqliteStore.options().synchronous(Synchronous.NORMAL).open(file);
        store.put("a", 3);
        delete("shared.db-wal");
        assertThatThrownBy(store::close).isInstanceOf(StoreIOException.class);

        assertThatCode(() -> LibraryLease.alone(file).close()).doesNotThrowAnyException();
    }

    /** Its only commit may have been rolled back by a look before the lock of the database was to be had. */
    @Test
    void aDecisionThatFailsOnceNothingIsWaitingAnyMoreFailsNobody() {
        Database database = Database.open(file, SqliteStore.options());
        Database.Loaded loaded = database.load(Json.options().dialect());
        CommitQueue<Set<String>> queue = new CommitQueue<>(loaded.timeline());
        CommitWriter writer = new CommitWriter(database, loaded.timeline(), loaded.mark(), queue);
        restore(backup);

        assertThatCode(() -> queue.lead(writer::decide)).doesNotThrowAnyException();

        assertThat(database.isLost()).isTrue();
        queue.lead(writer::close);
    }

    /** Two of them are in one transaction: it is not known of either whether it is there. */
    @Test
    void commitsWhoseFileIsTakenAwayBetweenTheirWritingAndTheirAnswerAreUncertain() throws Exception {
        store.close();
        AtomicBoolean takenAway = new AtomicBoolean();
        SqliteRoot root = SqliteRoot.open(
                HookedConnection.database(file, () -> {
                    if (takenAway.get()) {
                        delete("shared.db-wal");
                    }
                }),
                Json.options().dialect());
        store = Store.over(root);
        Snapshot first = accepted(root, 3);
        Snapshot second = accepted(root, 4);
        takenAway.set(true);
        for (Snapshot commit : List.of(first, second)) {
            assertThatThrownBy(() -> root.settle(commit))
                    .isInstanceOf(IndeterminateCommitException.class)
                    .hasMessageContaining("shared.db-wal was deleted");
        }
        assertThat(store.get("a")).isEqualTo(2L);
    }

    private static Snapshot accepted(SqliteRoot root, long value) {
        Edit edit = new Edit.Put(KeyPath.of("a"), value);
        Snapshot before = root.head();
        Snapshot after = root.timeline().state(root.nextVersion(before), edit.applyTo(Timeline.tree(before)));
        assertThat(root.compareAndSet(before, after, () -> List.of(edit))).isTrue();
        return after;
    }

    @Test
    void otherFilesThatComeAndGoAreNoTrouble() throws Exception {
        for (int i = 0; i < 20; i++) {
            Path other = Files.createFile(directory.resolve("other" + i));
            store.put("a", i);
            Files.delete(other);
            assertThat(store.get("a")).isEqualTo((long) i);
        }
    }

    /** Whatever is asked first notices it; then no commit and no answer that needs the database is given, and reads go on. */
    private void assertLost(String reason) {
        assumeTrue(file.getFileSystem().supportedFileAttributeViews().contains("unix"));
        Object last = 2L;
        assertThat(store.get("a")).isEqualTo(last);
        assertThatThrownBy(() -> store.put("a", 9))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("shared.db")
                .hasMessageContaining(reason)
                .hasMessageContaining("open it again");
        assertThatThrownBy(() -> store.replace("a", 7, 8)).isInstanceOf(StoreIOException.class);
        assertThatThrownBy(() -> store.transact(tx -> tx.get("a"))).isInstanceOf(StoreIOException.class);
        assertThatThrownBy(store::flush).isInstanceOf(StoreIOException.class);
        assertThat(store.snapshot().get("a")).isEqualTo(last);
    }

    private void delete(String name) {
        try {
            Files.delete(directory.resolve(name));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As an administrator would, with {@code .restore} of SQLite's own tool. */
    private void restore(Path from) {
        try {
            Sql.run(file, "restore from '" + from + "'");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private long commitElsewhere(int commits) {
        return commitTo(file, commits);
    }

    private static long commitTo(Path database, int commits) {
        try (Store other = SqliteStore.options().synchronous(Synchronous.OFF).open(database)) {
            for (int i = 1; i <= commits; i++) {
                other.put("elsewhere", i);
            }
            return other.version();
        }
    }
}
