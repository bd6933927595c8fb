package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores on a disk that cannot be written. */
class ReadOnlyTest {
    @TempDir
    Path directory;

    @Test
    void fileThatMayNotBeWrittenIsRefused() throws Exception {
        try (SmallDisk disk = SmallDisk.in(directory)) {
            Path file = filled(disk);
            byte[] before = Files.readAllBytes(file);
            disk.makeReadOnly();
            assertThatThrownBy(() -> SqliteStore.open(file))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("shared.db")
                    .hasMessageContaining("is the directory writable?");
            assertThat(Files.readAllBytes(file)).isEqualTo(before);
        }
    }

    @Test
    void fileThatNobodyUsesIsReadThoughNothingCanBeMadeBesideIt() throws Exception {
        try (SmallDisk disk = SmallDisk.in(directory)) {
            Path file = filled(disk);
            disk.makeReadOnly();
            try (Store store = SqliteStore.options().readOnly().open(file)) {
                assertThat(store.get("n")).isEqualTo(1L);
                assertThatThrownBy(() -> store.put("n", 2))
                        .isInstanceOf(StoreIOException.class)
                        .hasMessageContaining("readOnly()");
                SqliteStore.backup(file, directory.resolve("copy.db"));
            }
            try (Store copy = SqliteStore.open(directory.resolve("copy.db"))) {
                assertThat(copy.increment("n")).isEqualTo(2L);
            }
        }
    }

    @Test
    void readerWhoCouldNotShareTheFileSaysSoOnceSomebodyWritesIt() throws Exception {
        try (SmallDisk disk = SmallDisk.in(directory)) {
            Path file = filled(disk);
            disk.makeReadOnly();
            try (Store store = SqliteStore.options().readOnly().open(file)) {
                assertThat(store.get("n")).isEqualTo(1L);
                disk.makeWritable();
                try (Store writer = SqliteStore.open(file)) {
                    writer.put("n", 2);
                    assertThatThrownBy(() -> store.get("n"))
                            .isInstanceOf(StoreIOException.class)
                            .hasMessageContaining("shared.db was changed by somebody")
                            .hasMessageContaining("open it again");
                }
                assertThatThrownBy(() -> store.get("n")).isInstanceOf(StoreIOException.class);
            }
            try (Store store = SqliteStore.options().readOnly().open(file)) {
                assertThat(store.get("n")).isEqualTo(2L);
            }
        }
    }

    @Test
    void fileThatIsInUseElsewhereIsReadInStepOrRefusedInClearWords() throws Exception {
        try (SmallDisk disk = SmallDisk.in(directory)) {
            Path file = filled(disk);
            Path copy = disk.resolve("killed.db");
            try (Store store = SqliteStore.open(file)) {
                store.put("n", 2);
                Files.copy(file, copy);
                Files.copy(disk.resolve("shared.db-wal"), disk.resolve("killed.db-wal"));
            }
            disk.makeReadOnly();
            assertThatThrownBy(() -> SqliteStore.options().readOnly().open(copy))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("killed.db")
                    .hasMessageContaining("is the directory writable?");
        }
    }

    private static Path filled(SmallDisk disk) {
        Path file = disk.resolve("shared.db");
        try (Store store = SqliteStore.open(file)) {
            store.put("n", 1);
        }
        return file;
    }
}
