package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two class loaders of one process, each with a copy of SQLite's native library. */
class LibraryLeaseTest {
    private static final String OTHERS = "7f of app//other";

    @TempDir
    Path directory;

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(System.getProperties().stringPropertyNames())
                .noneMatch(name -> name.startsWith(LibraryLease.PREFIX) && name.contains("lease.db"));
    }

    @Test
    void fileThatAnotherCopyUsesIsRefusedUntilItIsClosed() {
        Path file = directory.resolve("lease.db");
        SqliteStore.open(file).close();
        LibraryLease others = LibraryLease.on(file, OTHERS);
        try {
            assertThatThrownBy(() -> SqliteStore.open(file))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("lease.db is in use in this process by another class loader (" + OTHERS + ")")
                    .hasMessageContaining("common libraries");
            assertThatThrownBy(() -> SqliteStore.backup(file, directory.resolve("copy.db")))
                    .isInstanceOf(StoreIOException.class);
            assertThatThrownBy(() -> SqliteStore.restore(file, directory.resolve("copy.db")))
                    .isInstanceOf(StoreIOException.class);
            try (Store elsewhere = SqliteStore.open(directory.resolve("another.db"))) {
                elsewhere.put("a", 1);
            }
        } finally {
            others.close();
        }
        try (Store store = SqliteStore.open(file)) {
            store.put("a", 1);
        }
    }

    @Test
    void storesOfOneCopyShareAFileAndTheLastToCloseGivesItUp() {
        Path file = directory.resolve("lease.db");
        Store one = SqliteStore.open(file);
        Store two = SqliteStore.open(file);
        one.close();
        one.close();
        assertThatThrownBy(() -> LibraryLease.on(file, OTHERS)).isInstanceOf(StoreIOException.class);
        two.close();
        LibraryLease.on(file, OTHERS).close();
    }

    @Test
    void aBackupACheckAndARestoreGiveTheFileUp() {
        Path file = directory.resolve("lease.db");
        Path copy = directory.resolve("copy.db");
        SqliteStore.open(file).close();

        SqliteStore.backup(file, copy);
        LibraryLease.on(file, OTHERS).close();
        assertThat(SqliteStore.check(file)).isEmpty();
        LibraryLease.on(file, OTHERS).close();
        SqliteStore.restore(copy, file);
        LibraryLease.on(file, OTHERS).close();
        LibraryLease.on(copy, OTHERS).close();
    }

    @Test
    void openingThatIsRefusedGivesTheFileUp() throws Exception {
        Path file = directory.resolve("lease.db");
        Sql.run(file, "CREATE TABLE t (x)");
        assertThatThrownBy(() -> SqliteStore.open(file)).isInstanceOf(StoreIOException.class);
        LibraryLease.on(file, OTHERS).close();
    }
}
