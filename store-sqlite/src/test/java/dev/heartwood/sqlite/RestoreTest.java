package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class RestoreTest {
    private static final boolean LONG = Boolean.getBoolean("heartwood.long");

    @TempDir
    Path directory;

    Path file;
    Path backup;

    @BeforeEach
    void backUp() {
        file = directory.resolve("shared.db");
        backup = directory.resolve("backup.db");
        try (Store store = SqliteStore.open(file)) {
            store.put("n", 1);
            SqliteStore.backup(file, backup);
            store.put("n", 2);
            store.put("later", true);
        }
    }

    @Test
    void stateOfTheBackupIsThereAndTheStoreGoesOn() throws Exception {
        SqliteStore.restore(backup, file);
        try (Store store = SqliteStore.open(file)) {
            assertThat(store.toMap()).containsOnlyKeys("n");
            assertThat(store.increment("n")).isEqualTo(2L);
        }
        assertOnlyTheFiles();
    }

    @Test
    void backupThatWasRefusedDoesNotKeepTheFileInUse() throws Exception {
        assertThatThrownBy(() -> SqliteStore.backup(file, backup)).isInstanceOf(StoreIOException.class);
        SqliteStore.restore(backup, file);
        assertThat(valueOfN()).isEqualTo(1L);
    }

    @Test
    void aRestoreGivesTheFileUpWhetherItIsMadeOrRefused() throws Exception {
        SqliteStore.restore(backup, file);
        Path none = Files.createFile(directory.resolve("none.db"));
        Sql.run(none, "PRAGMA application_id = 7");
        assertThatThrownBy(() -> SqliteStore.restore(none, file)).isInstanceOf(StoreIOException.class);
        SqliteStore.restore(backup, file);
        assertThat(valueOfN()).isEqualTo(1L);
    }

    @Test
    void fileThatIsMissingIsMade() throws Exception {
        Files.delete(file);
        SqliteStore.restore(backup, file);
        assertThat(valueOfN()).isEqualTo(1L);
        assertOnlyTheFiles();
    }

    @Test
    void logOfAKilledProcessIsNotAppliedToTheBackup() throws Exception {
        try (Neighbour neighbour = Neighbour.start(file, "commit for ever")) {
            for (int i = 0; i < 20; i++) {
                neighbour.line();
            }
            neighbour.kill();
        }
        assertThat(directory.resolve("shared.db-wal")).exists();
        SqliteStore.restore(backup, file);
        try (Store store = SqliteStore.open(file)) {
            assertThat(store.toMap()).containsOnlyKeys("n");
        }
        assertThat(Sql.ask(file, "PRAGMA integrity_check")).isEqualTo("ok");
        assertOnlyTheFiles();
    }

    @Test
    void fileThatIsOpenInThisProcessIsLeftAsItIs() throws Exception {
        try (Store store = SqliteStore.open(file)) {
            assertThatThrownBy(() -> SqliteStore.restore(backup, file))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("shared.db is open in this process");
            assertThat(store.increment("n")).isEqualTo(3L);
        }
        SqliteStore.restore(backup, file);
        assertThat(valueOfN()).isEqualTo(1L);
    }

    @Test
    void fileThatIsOpenInAnotherProcessIsLeftAsItIs() throws Exception {
        try (Neighbour neighbour = Neighbour.start(file, "answer")) {
            assertThat(neighbour.line()).isEqualTo("waiting");
            assertThatThrownBy(() -> SqliteStore.restore(backup, file))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("shared.db is open in another process");
            try (Store store = SqliteStore.open(file)) {
                assertThat(store.get("n")).isEqualTo(2L);
                store.put("question", 1);
            }
            assertThat(neighbour.end()).isZero();
        }
    }

    @Test
    void permissionsOfTheFileAreKept() throws Exception {
        assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        SqliteStore.restore(backup, file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void damagedFileIsLeftAsItIsAndTheMessageSaysHowToGoOn() throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 0, bytes.length, (byte) 0x5a);
        Files.write(file, bytes);
        assertThatThrownBy(() -> SqliteStore.restore(backup, file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("is damaged")
                .hasMessageContaining("shared.db-wal");
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        Files.move(file, directory.resolve("damaged.db"));
        SqliteStore.restore(backup, file);
        assertThat(valueOfN()).isEqualTo(1L);
    }

    @Test
    void backupThatCannotBeReadChangesNothing() throws Exception {
        Sql.run(backup, "INSERT INTO kv VALUES ('bad', '{', 1, 0)");
        byte[] bytes = Files.readAllBytes(file);
        assertThatThrownBy(() -> SqliteStore.restore(backup, file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("the key bad holds no JSON");
        Sql.run(backup, "PRAGMA application_id = 7");
        assertThatThrownBy(() -> SqliteStore.restore(backup, file)).isInstanceOf(StoreIOException.class);
        Path none = directory.resolve("none.db");
        assertThatThrownBy(() -> SqliteStore.restore(none, file))
                .isInstanceOf(StoreIOException.class)
                .hasMessage(none + " does not exist: there is no backup. " + file + " is as it was");
        Path empty = Files.createFile(directory.resolve("empty.db"));
        assertThatThrownBy(() -> SqliteStore.restore(empty, file))
                .isInstanceOf(StoreIOException.class)
                .hasMessage(empty + " is empty: there is no backup. " + file + " is as it was");
        assertThatThrownBy(() -> SqliteStore.restore(file, file)).isInstanceOf(StoreIOException.class);
        Path link = Files.createSymbolicLink(directory.resolve("link.db"), file);
        assertThatThrownBy(() -> SqliteStore.restore(link, file)).isInstanceOf(StoreIOException.class);
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    }

    @Test
    void restoreThatIsKilledLeavesTheOldStateOrTheNewOne() throws Exception {
        try (Store store = SqliteStore.open(file)) {
            for (int i = 0; i < 300; i++) {
                store.put("key" + i, "x".repeat(3_000));
            }
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < (LONG ? 100 : 5); round++) {
            try (Neighbour neighbour = Neighbour.start(file, "restore for ever", backup)) {
                assertThat(neighbour.line()).isEqualTo("restoring");
                Thread.sleep(random.nextInt(300));
                neighbour.kill();
            }
            try (Store store = SqliteStore.open(file)) {
                assertThat(store.size()).as("seed %d, round %d", seed, round).isIn(1, 302);
            }
            assertThat(Sql.ask(file, "PRAGMA integrity_check")).isEqualTo("ok");
        }
        SqliteStore.restore(backup, file);
        assertThat(valueOfN()).isEqualTo(1L);
        assertOnlyTheFiles();
    }

    @Test
    void powerCutTakesNoRestoreBackThatWasMade() throws Exception {
        try (LoopDisk disk = LoopDisk.in(directory)) {
            Path there = disk.resolve("there.db");
            try (Store store = SqliteStore.open(there)) {
                store.put("n", 7);
            }
            SqliteStore.restore(backup, there);
            SqliteStore.restore(backup, disk.resolve("made.db"));
            disk.pullThePlug();
            disk.plugIn();
            for (String name : List.of("there.db", "made.db")) {
                try (Store store = SqliteStore.open(disk.resolve(name))) {
                    assertThat(store.get("n")).as(name).isEqualTo(1L);
                }
            }
        }
    }

    @Test
    void restoreRemovesWhatAKilledRestoreHasLeft() throws Exception {
        for (String left : List.of(
                ".shared.db.restoring",
                ".shared.db.restoring-journal",
                ".shared.db.restoring-wal",
                ".shared.db.restoring-shm",
                "..shared.db.restoring.17.copying",
                "..shared.db.restoring.17.copying-journal")) {
            Files.writeString(directory.resolve(left), "left");
        }
        SqliteStore.restore(backup, file);
        assertThat(valueOfN()).isEqualTo(1L);
        assertOnlyTheFiles();
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAL", "PERSIST"})
    void logThatAKilledRestoreHasLeftIsNotAppliedToTheNextOne(String journal) throws Exception {
        Path state = directory.resolve(".shared.db.restoring");
        SqliteStore.backup(backup, state);
        Path log = directory.resolve(state.getFileName() + (journal.equals("WAL") ? "-wal" : "-journal"));
        try (Connection killed = Sql.connect(state);
                Statement statement = killed.createStatement()) {
            statement.execute("PRAGMA journal_mode = " + journal);
            statement.execute("PRAGMA cache_spill = 1");
            statement.execute("BEGIN IMMEDIATE");
            statement.execute("UPDATE kv SET json = '99'");
            if (journal.equals("WAL")) {
                statement.execute("COMMIT");
            } else {
                statement.execute("PRAGMA cache_size = 1");
                for (int i = 0; i < 200; i++) {
                    statement.execute("INSERT INTO kv VALUES ('k" + i + "', '" + "x".repeat(2_000) + "', 1, 0)");
                }
            }
            Files.copy(log, directory.resolve("kept"));
        }
        Files.delete(state);
        Files.deleteIfExists(log);
        Files.move(directory.resolve("kept"), log);

        SqliteStore.restore(backup, file);
        assertThat(valueOfN()).isEqualTo(1L);
        assertThat(Sql.ask(file, "PRAGMA integrity_check")).isEqualTo("ok");
        assertOnlyTheFiles();
    }

    private Object valueOfN() {
        try (Store store = SqliteStore.open(file)) {
            return store.get("n");
        }
    }

    private void assertOnlyTheFiles() throws Exception {
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactlyInAnyOrder(file, backup);
        }
    }

    /** As a killed process leaves it: the database is moved away, or emptied, and the log beside it has all commits. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLogOfADatabaseThatIsGoneIsNotDeleted(boolean missing) throws Exception {
        Path killed = Files.createDirectory(directory.resolve("killed"));
        Path left = killed.resolve("left.db");
        Path log = killed.resolve("left.db-wal");
        Path origin = directory.resolve("origin.db");
        Path backup = directory.resolve("origin-backup.db");
        byte[] database;
        try (Store store = SqliteStore.open(origin)) {
            store.put("a", 1);
            Files.copy(directory.resolve("origin.db-wal"), log);
            database = Files.readAllBytes(origin);
            SqliteStore.backup(origin, backup);
        }
        if (!missing) {
            Files.createFile(left);
        }
        byte[] commits = Files.readAllBytes(log);
        Path link = Files.createSymbolicLink(directory.resolve("link.db"), left);
        List<ThrowingCallable> uses = List.of(
                () -> SqliteStore.open(left),
                () -> SqliteStore.open(link),
                () -> SqliteStore.options().readOnly().open(left),
                () -> SqliteStore.restore(backup, left));
        for (ThrowingCallable use : uses) {
            assertThatThrownBy(use)
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContainingAll(
                            missing ? "is missing" : "is empty", log.toString(), "Nothing was changed");
        }
        assertThat(log).hasBinaryContent(commits);
        Files.write(left, database);
        try (Store store = SqliteStore.open(left)) {
            assertThat(store.get("a")).isEqualTo(1L);
        }
    }
}
