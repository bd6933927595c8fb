package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be opened is refused in clear words, and left as it is. */
class ConnectionFactoryTest {
    @TempDir
    Path directory;

    Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("shared.db");
    }

    @Test
    void textFileIsRefused() throws Exception {
        Files.writeString(file, "{\"this\": \"is no database, and somebody wants to keep it\"}\n".repeat(50));
        assertRefused("not a SQLite database");
    }

    @Test
    void oneByteIsRefused() throws Exception {
        Files.writeString(file, "x");
        assertRefused("not a SQLite database");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE", "WAL"})
    void databaseOfAnotherApplicationIsRefused(String journalMode) throws Exception {
        Sql.run(
                file,
                "PRAGMA journal_mode = " + journalMode,
                "CREATE TABLE dict (name BLOB PRIMARY KEY, object BLOB)",
                "INSERT INTO dict VALUES ('a', 'b')");
        assertRefused("another application");
    }

    @Test
    void databaseOfAnotherApplicationWithALogBesideItIsRefused() throws Exception {
        try (var connection = Sql.connect(file);
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("CREATE TABLE dict (name BLOB PRIMARY KEY, object BLOB)");
            for (Path part : list()) {
                Files.copy(
                        part,
                        directory.resolve(
                                "killed.db" + part.getFileName().toString().substring(9)));
            }
        }
        file = directory.resolve("killed.db");
        assertThat(directory.resolve("killed.db-wal")).exists();
        assertRefused("another application");
    }

    @Test
    void emptyDatabaseOfAnotherApplicationIsRefused() throws Exception {
        Sql.run(file, "PRAGMA application_id = 7", "CREATE TABLE t (x)", "DROP TABLE t");
        assertRefused("application_id 7");
    }

    @Test
    void emptyDatabaseWithAVersionOfAnotherApplicationIsRefused() throws Exception {
        Sql.run(file, "PRAGMA user_version = 7");
        assertRefused("another application");
    }

    @Test
    void newerSchemaIsRefused() throws Exception {
        SqliteStore.open(file).close();
        Sql.run(file, "PRAGMA user_version = 2");
        assertRefused("schema version 2, and this version of the library understands 1: a newer version wrote it");
    }

    @Test
    void schemaThatNoVersionWroteIsRefused() throws Exception {
        SqliteStore.open(file).close();
        Sql.run(file, "PRAGMA user_version = 0");
        assertRefused("schema version 0, and this version of the library understands 1: no version wrote that");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 511})
    void fileThatIsTooSmallForADatabaseIsRefused(int bytes) throws Exception {
        Files.write(file, new byte[bytes]);
        assertRefused("it has " + bytes);
    }

    @Test
    void missingDirectoryIsRefused() {
        file = directory.resolve("no/such/dir/shared.db");
        assertThatThrownBy(() -> SqliteStore.open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("no/such/dir does not exist");
        assertThat(directory.resolve("no")).doesNotExist();
    }

    @Test
    void directoryInThePlaceOfTheFileIsRefused() {
        file = directory;
        assertThatThrownBy(() -> SqliteStore.open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("is a directory");
    }

    @Test
    void aPipeIsRefusedBeforeItIsOpened() throws Exception {
        assumeThat(SmallDisk.succeeds("mkfifo", file.toString()))
                .as("a pipe can be made here")
                .isTrue();

        assertThatThrownBy(() -> SqliteStore.open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("it is no regular file");
    }

    @Test
    void aNameThatLeavesNoRoomForTheNamesOfTheFilesBesideItIsRefused() throws Exception {
        Path long247 = directory.resolve("d".repeat(247));
        try (Store store = SqliteStore.open(long247)) {
            store.put("n", 1);
        }
        Path long248 = directory.resolve("d".repeat(248));

        assertThatThrownBy(() -> SqliteStore.open(long248))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("give the database a shorter one");
        assertThat(list()).containsExactly(long247);
    }

    @Test
    void aFileOnANetworkFileSystemIsRefusedUntilTheUserVouchesForIt() throws Exception {
        SqliteOptions options = SqliteStore.options();

        assertThatThrownBy(() -> DatabaseFile.require(file, options, name -> "nfs4"))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll("network file system (nfs4)", "allowNetworkFileSystem()");
        assertThatThrownBy(() -> DatabaseFile.require(file, options.readOnly(), name -> "nfs4"))
                .isInstanceOf(StoreIOException.class);
        assertThat(DatabaseFile.require(file, options, name -> "ext4")).isEqualTo(file);
        assertThat(DatabaseFile.require(file, options.allowNetworkFileSystem(), name -> "nfs4"))
                .isEqualTo(file);
        assertThat(list()).isEmpty();
    }

    @Test
    void readOnlyStoreMakesNoFile() {
        assertThatThrownBy(() -> SqliteStore.options().readOnly().open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("does not exist");
        assertThat(file).doesNotExist();
    }

    @Test
    void rowThatIsNoJsonIsRefusedByItsKey() throws Exception {
        try (Store store = SqliteStore.open(file)) {
            store.put("good", 1);
        }
        Sql.run(file, "INSERT INTO kv VALUES ('bad', '{\"a\":', 1, 0)");
        assertThatThrownBy(() -> SqliteStore.open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("the key bad holds no JSON");
        Sql.run(file, "DELETE FROM kv WHERE k = 'bad'");
        try (Store store = SqliteStore.open(file)) {
            assertThat(store.get("good")).isEqualTo(1L);
        }
    }

    @Test
    void refusedOpeningLeavesNoConnection() throws Exception {
        SqliteStore.open(file).close();
        Sql.run(file, "INSERT INTO kv VALUES ('bad', '{\"a\":', 1, 0)");
        assertThatThrownBy(() -> SqliteStore.open(file)).isInstanceOf(StoreIOException.class);
        // The last connection to end takes the log and the shared memory away.
        assertThat(list()).containsExactly(file);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOpeningThatHasWaitedInVainLeavesNoFileOpen(boolean readOnly) throws Exception {
        SqliteStore.open(file).close();
        SqliteOptions patient = SqliteStore.options().busyTimeout(Duration.ofMillis(1));
        SqliteOptions options = readOnly ? patient.readOnly() : patient;
        try (Connection holder = Sql.connect(file);
                Statement statement = holder.createStatement()) {
            statement.execute("PRAGMA locking_mode = EXCLUSIVE");
            statement.execute("BEGIN EXCLUSIVE");
            assertThatThrownBy(() -> options.open(file))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("longer than the busy timeout");
        }
        assertThat(Sql.openFilesOf(file)).isEmpty();
    }

    @Test
    void fileThatIsPrivateHasAPrivateLog() throws Exception {
        assumeTrue(file.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rw-------");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(ownerOnly));
        try (Store store = SqliteStore.open(file)) {
            store.put("password", "secret");
            assertThat(list()).hasSize(3);
            for (Path part : list()) {
                assertThat(Files.getPosixFilePermissions(part)).as("%s", part).isEqualTo(ownerOnly);
            }
        }
    }

    @Test
    void damagedDatabaseIsRefusedOrSaidToBeDamaged() throws Exception {
        try (Store store = SqliteStore.open(file)) {
            for (int i = 0; i < 500; i++) {
                store.put("key" + i, "x".repeat(100));
            }
        }
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 4096, bytes.length, (byte) 0x5a);
        Files.write(file, bytes);
        assertThatThrownBy(() -> SqliteStore.open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("damaged");
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    }

    @Test
    void manyMayMakeTheSameNewStoreAtOnce() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        for (int round = 0; round < 10; round++) {
            Path fresh = directory.resolve("fresh" + round + ".db");
            for (Future<?> done : IntStream.range(0, 8)
                    .mapToObj(i -> pool.submit(() -> {
                        try (Store store = SqliteStore.open(fresh)) {
                            store.merge("opened", Long.class, 1L, Long::sum);
                        }
                    }))
                    .toList()) {
                done.get();
            }
            try (Store store = SqliteStore.open(fresh)) {
                assertThat(store.get("opened")).isEqualTo(8L);
            }
        }
        pool.shutdown();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE", "WAL"})
    void databaseOfOursWithoutTablesIsRefusedInPlainWords(String journalMode) throws Exception {
        Sql.run(
                file,
                "PRAGMA journal_mode = " + journalMode,
                "PRAGMA application_id = " + 0x48575444,
                "PRAGMA user_version = 1",
                "CREATE TABLE kv (k)");
        assertRefused("not its tables kv and meta");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NULL, '1'", "x'41', '1'", "'k', NULL", "'k', x'31'", "'\"k\"', '1'"})
    void rowOfAnotherProgramIsRefusedByItsKey(String row) throws Exception {
        try (Store store = SqliteStore.open(file)) {
            store.put("good", 1);
            Sql.run(file, "INSERT INTO kv VALUES (" + row + ", 1, 0)");
            assertThatThrownBy(() -> SqliteStore.open(file))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("shared.db")
                    .hasMessageContaining(row.endsWith("'1'") ? "the key" : "the key k")
                    .hasMessageContaining("Another program wrote it");
            Sql.run(file, "UPDATE kv SET ver = 2 WHERE k IS NOT 'good'", "UPDATE meta SET ver = 2");
            assertThatThrownBy(() -> store.get("good"))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("Another program wrote it");
        }
    }

    private void assertRefused(String reason) throws IOException {
        Map<String, String> before = contents();
        assertThatThrownBy(() -> SqliteStore.open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining(file.getFileName().toString())
                .hasMessageContaining(reason);
        assertThat(contents()).isEqualTo(before);
    }

    private Path[] list() throws IOException {
        try (var files = Files.list(directory)) {
            return files.toArray(Path[]::new);
        }
    }

    /** All files but SQLite's shared memory, which holds no data. */
    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (Path part : list()) {
            if (!part.toString().endsWith("-shm")) {
                contents.put(part.getFileName().toString(), Arrays.toString(Files.readAllBytes(part)));
            }
        }
        return contents;
    }
}
