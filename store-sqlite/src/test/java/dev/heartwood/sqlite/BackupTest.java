package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackupTest {
    private static final int ROUNDS = Boolean.getBoolean("heartwood.long") ? 50 : 4;

    @TempDir
    Path directory;

    @Test
    void backupTakenWhileOthersWriteIsOneState() throws Exception {
        Path file = directory.resolve("shared.db");
        ExecutorService pool = Executors.newSingleThreadExecutor();
        AtomicBoolean stop = new AtomicBoolean();
        try (Store store = SqliteStore.options().synchronous(Synchronous.OFF).open(file)) {
            store.put("from", Map.of("n", 0));
            store.put("to", Map.of("n", 0));
            Future<?> writer = pool.submit(() -> {
                while (!stop.get()) {
                    store.batch(tx -> {
                        tx.decrement(KeyPath.of("from", "n"));
                        tx.increment(KeyPath.of("to", "n"));
                    });
                }
            });
            for (int i = 0; i < 10; i++) {
                long before = store.version();
                Path copy = directory.resolve("copy" + i + ".db");
                SqliteStore.backup(file, copy);
                try (Store restored = SqliteStore.open(copy)) {
                    assertThat(restored.get(KeyPath.of("to", "n"), Long.class))
                            .isEqualTo(-restored.get(KeyPath.of("from", "n"), Long.class));
                    assertThat(restored.version()).isBetween(before, store.version());
                    restored.put("alive", true);
                }
            }
            stop.set(true);
            writer.get();
        }
        pool.shutdown();
    }

    @Test
    void aCheckFindsARowThatIsNoJson() throws Exception {
        Path file = directory.resolve("shared.db");
        try (Store store = SqliteStore.open(file)) {
            store.put("n", 1);
        }
        assertThat(SqliteStore.check(file)).isEmpty();
        Sql.run(file, "INSERT INTO kv VALUES ('bad', '{', 1, 0)");
        assertThat(SqliteStore.check(file)).singleElement().asString().contains("the key bad holds no JSON");
    }

    @Test
    void backupOverwritesNothing() {
        Path file = directory.resolve("shared.db");
        SqliteStore.open(file).close();
        assertThatThrownBy(() -> SqliteStore.backup(file, file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("exists already");
    }

    @Test
    void aFileThatGotTheNameWhileTheCopyWasMadeStaysAsItIs() throws Exception {
        Path made = Files.writeString(directory.resolve(".copy.db.copying"), "the copy");
        Path copy = Files.writeString(directory.resolve("copy.db"), "of another program");
        assertThatThrownBy(() -> Backup.publish(made, copy))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("exists already");
        assertThat(copy).hasContent("of another program");
    }

    @Test
    void backupOfNothingIsRefused() {
        assertThatThrownBy(() -> SqliteStore.backup(directory.resolve("none.db"), directory.resolve("copy.db")))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("none.db does not exist: there is nothing to back up");
        assertThatThrownBy(() -> SqliteStore.check(directory.resolve("none.db")))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("none.db does not exist: there is nothing to check");
        assertThat(directory.resolve("copy.db")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "rw-r-----", "r--------", "rw-r--r--"})
    void copyMayBeReadByWhomTheDatabaseMayBeReadBy(String mode) throws Exception {
        assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Path file = directory.resolve("shared.db");
        Path copy = directory.resolve("copy.db");
        try (Store store = SqliteStore.open(file)) {
            store.put("password", "secret");
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        SqliteStore.backup(file, copy);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo(mode);
        try (Store restored = SqliteStore.options().readOnly().open(copy)) {
            assertThat(restored.get("password")).isEqualTo("secret");
        }
    }

    /** A copy gets its name as a second one of the unfinished file, whose hidden name goes last. */
    @Test
    void aCopyThatStillHasItsHiddenNameIsRefusedUntilThatIsDeleted() throws Exception {
        assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("unix"));
        Path file = directory.resolve("shared.db");
        try (Store store = SqliteStore.open(file)) {
            store.put("n", 1);
        }
        Path copy = directory.resolve("copy.db");
        SqliteStore.backup(file, copy);
        Path hidden = Files.createLink(directory.resolve(".copy.db.1" + Backup.COPYING), copy);

        assertThatThrownBy(() -> SqliteStore.open(copy))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("ends with " + Backup.COPYING);

        Files.delete(hidden);
        try (Store store = SqliteStore.open(copy)) {
            assertThat(store.get("n")).isEqualTo(1L);
        }
    }

    @Test
    void aCopyThatIsNotWholeYetMayBeReadByItsOwnerAlone() throws Exception {
        assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Path file = directory.resolve("shared.db");
        try (Store store = SqliteStore.open(file)) {
            for (int i = 0; i < 30; i++) {
                store.put("key" + i, "x".repeat(500_000));
            }
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        ExecutorService pool = Executors.newSingleThreadExecutor();
        Future<?> backup = pool.submit(() -> SqliteStore.backup(file, directory.resolve("copy.db")));
        Set<String> seen = new HashSet<>();
        while (!backup.isDone()) {
            try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(directory, "*" + Backup.COPYING)) {
                for (Path made : unfinished) {
                    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(made));
                    // After the look at its mode: so that was not the mode of a copy which is whole.
                    if (Files.size(made) < 10_000_000) {
                        seen.add(mode);
                    }
                }
            } catch (NoSuchFileException e) {
                // It has its name by now.
            }
        }
        backup.get();
        pool.shutdown();
        assertThat(seen).isSubsetOf("rw-------");
    }

    /** An empty file under the name of the copy would open as an empty store. */
    @Test
    void killedBackupLeavesTheWholeCopyOrNone() throws Exception {
        Path file = directory.resolve("shared.db");
        Path copy = directory.resolve("copy.db");
        try (Store store = SqliteStore.open(file)) {
            for (int i = 0; i < 50; i++) {
                store.put("key" + i, "x".repeat(100_000));
            }
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int whole = 0;
        for (int round = 0; round < ROUNDS; round++) {
            try (Neighbour neighbour = Neighbour.start(file, "back up for ever", copy)) {
                assertThat(neighbour.line()).isEqualTo("backed up");
                Thread.sleep(random.nextInt(100));
                neighbour.kill();
            }
            if (Files.exists(copy)) {
                whole++;
                Files.move(copy, directory.resolve("kept.db"), StandardCopyOption.REPLACE_EXISTING);
                assertThat(SqliteStore.check(directory.resolve("kept.db"))).isEmpty();
                try (Store restored = SqliteStore.options().readOnly().open(directory.resolve("kept.db"))) {
                    assertThat(restored.size())
                            .as("seed %d, round %d", seed, round)
                            .isEqualTo(50);
                }
            }
        }
        System.out.println("killed backup: " + ROUNDS + " times, " + whole + " whole copies, the others none");
    }

    @Test
    void powerCutTakesNoBackupBackThatWasMade() throws Exception {
        Path file = directory.resolve("shared.db");
        try (Store store = SqliteStore.open(file)) {
            store.put("n", 1);
        }
        try (LoopDisk disk = LoopDisk.in(directory)) {
            Path backup = disk.resolve("backup.db");
            SqliteStore.backup(file, backup);
            disk.pullThePlug();
            disk.plugIn();
            try (Store copy = SqliteStore.open(backup)) {
                assertThat(copy.get("n")).isEqualTo(1L);
            }
        }
    }

    @Test
    void failedBackupLeavesNothingAndCanBeTriedAgain() throws Exception {
        Path file = directory.resolve("shared.db");
        Path copy = directory.resolve("copy.db");
        try (Store store = SqliteStore.open(file)) {
            for (int i = 0; i < 500; i++) {
                store.put("key" + i, "x".repeat(100));
            }
        }
        byte[] good = Files.readAllBytes(file);
        byte[] bad = good.clone();
        Arrays.fill(bad, good.length / 2, good.length, (byte) 0x5a);
        Files.write(file, bad);
        assertThatThrownBy(() -> SqliteStore.backup(file, copy))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("copy.db")
                .hasMessageContaining("damaged");
        try (var files = Files.list(directory)) {
            assertThat(files).noneMatch(left -> left.getFileName().toString().startsWith("copy"));
        }
        Files.write(file, good);
        SqliteStore.backup(file, copy);
        try (Store restored = SqliteStore.open(copy)) {
            assertThat(restored.get("key499")).isEqualTo("x".repeat(100));
        }
    }

    @Test
    void backupIntoAMissingDirectoryNamesIt() {
        Path file = directory.resolve("shared.db");
        SqliteStore.open(file).close();
        assertThatThrownBy(() -> SqliteStore.backup(file, directory.resolve("no/such/copy.db")))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("the directory " + directory.resolve("no/such") + " does not exist");
        assertThat(directory.resolve("no")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-wal", "-journal", "-shm"})
    void backupBesideTheLogOfADatabaseThatIsGoneIsRefused(String log) throws Exception {
        Path file = directory.resolve("shared.db");
        SqliteStore.open(file).close();
        Path left = Files.writeString(directory.resolve("copy.db" + log), "left");
        assertThatThrownBy(() -> SqliteStore.backup(file, directory.resolve("copy.db")))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("copy.db" + log)
                .hasMessageContaining("move it away");
        assertThat(left).hasContent("left");
        assertThat(directory.resolve("copy.db")).doesNotExist();
    }

    @Test
    void backupOverALinkThatLeadsNowhereIsRefused() throws Exception {
        Path file = directory.resolve("shared.db");
        SqliteStore.open(file).close();
        Path link = Files.createSymbolicLink(directory.resolve("copy.db"), directory.resolve("elsewhere.db"));
        assertThatThrownBy(() -> SqliteStore.backup(file, link))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("exists already");
        assertThat(directory.resolve("elsewhere.db")).doesNotExist();
    }

    @Test
    void anInterruptedThreadBacksUpAndRestoresAndStaysInterrupted() throws Exception {
        Path database = directory.resolve("interrupted.db");
        Path copy = directory.resolve("interrupted-copy.db");
        try (Store store = SqliteStore.open(database)) {
            store.put("n", 1);
            Thread.currentThread().interrupt();
            SqliteStore.backup(database, copy);
            assertThat(Thread.interrupted()).isTrue();
            store.put("n", 2);
        }
        Thread.currentThread().interrupt();
        SqliteStore.restore(copy, database);
        assertThat(Thread.interrupted()).isTrue();
        try (Store store = SqliteStore.open(database)) {
            assertThat(store.get("n")).isEqualTo(1L);
        }
    }
}
