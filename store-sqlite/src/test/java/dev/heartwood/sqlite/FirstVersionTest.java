package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database of the first version of the library, which keeps no identities of commits, and that version beside this one. */
class FirstVersionTest {
    @TempDir
    Path directory;

    Path file;

    @BeforeEach
    void make() throws Exception {
        file = directory.resolve("old.db");
        Sql.run(
                file,
                "PRAGMA journal_mode = WAL",
                "CREATE TABLE kv (k TEXT PRIMARY KEY, json TEXT, ver INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0)",
                "CREATE INDEX kv_ver ON kv (ver)",
                "CREATE INDEX kv_gone ON kv (ver) WHERE deleted = 1",
                "CREATE TABLE meta (id INTEGER PRIMARY KEY CHECK (id = 1), ver INTEGER NOT NULL, floor INTEGER NOT NULL,"
                        + " store_uuid TEXT NOT NULL)",
                "PRAGMA user_version = 1",
                "PRAGMA application_id = " + 0x48575444,
                "INSERT INTO meta VALUES (1, 3, 0, 'a-store')",
                "INSERT INTO kv VALUES ('n', '7', 3, 0)");
    }

    @Test
    void isReadAndGoesOn() {
        try (Store store = SqliteStore.open(file);
                Store other = SqliteStore.open(file)) {
            assertThat(store.increment("n")).isEqualTo(8L);
            assertThat(other.increment("n")).isEqualTo(9L);
            assertThat(store.version()).isEqualTo(5);
        }
    }

    @Test
    void isReadWithoutBeingChangedByAReader() throws Exception {
        try (Store store = SqliteStore.options().readOnly().open(file)) {
            assertThat(store.get("n")).isEqualTo(7L);
            commitAsTheFirstVersion(8);
            assertThat(store.get("n")).isEqualTo(8L);
        }
        assertThat(Sql.ask(file, "SELECT count(*) FROM pragma_table_info('meta')"))
                .isEqualTo("4");
    }

    @Test
    void firstVersionBesideThisOneIsNoRestore() throws Exception {
        try (Store store = SqliteStore.open(file)) {
            for (int i = 0; i < 3; i++) {
                store.put("mine", i);
                commitAsTheFirstVersion(10 + i);
                assertThat(store.get("n")).isEqualTo(10L + i);
            }
            assertThat(store.increment("n")).isEqualTo(13L);
        }
    }

    @Test
    void restoreBesideTheFirstVersionIsNoticedByTheVersions() throws Exception {
        Path backup = directory.resolve("backup.db");
        try (Store store = SqliteStore.open(file)) {
            SqliteStore.backup(file, backup);
            commitAsTheFirstVersion(8);
            assertThat(store.get("n")).isEqualTo(8L);
            Sql.run(file, "restore from '" + backup + "'");
            assertThatThrownBy(() -> store.put("n", 9))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("restored to another state");
        }
    }

    @Test
    void isRestoredFromItsOwnBackup() {
        Path copy = directory.resolve("restored.db");
        SqliteStore.restore(file, copy);
        try (Store store = SqliteStore.open(copy)) {
            assertThat(store.get("n")).isEqualTo(7L);
        }
    }

    private void commitAsTheFirstVersion(int n) throws Exception {
        Sql.run(
                file,
                "BEGIN IMMEDIATE",
                "UPDATE meta SET ver = ver + 1 WHERE id = 1",
                "UPDATE kv SET json = '" + n + "', ver = (SELECT ver FROM meta) WHERE k = 'n'",
                "COMMIT");
    }
}
