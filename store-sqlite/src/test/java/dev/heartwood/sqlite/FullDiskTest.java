package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that is full is a state: nothing is lost, nothing of ours stays in the way, and with room the store goes on. */
class FullDiskTest {
    private static final int PAGE = 4096;

    @TempDir
    Path directory;

    /** The free pages decide which step of opening, committing, checkpointing or closing meets the end of the disk. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 4, 7, 8, 9, 10, 12, 14, 17, 20, 26, 40, 70})
    void storeOnAFullDiskKeepsWhatItAcknowledgedAndGoesOnWhenThereIsRoom(int freePages) throws Exception {
        try (SmallDisk disk = SmallDisk.in(directory)) {
            Path file = disk.resolve("shared.db");
            try (Store store = SqliteStore.open(file)) {
                store.put("n", 0);
            }
            fillUpTo(freePages, disk);
            long acknowledged = commitUntilItFails(file, disk);
            freeAll(disk);
            try (Store store = SqliteStore.open(file)) {
                assertThat(store.get("n")).isEqualTo(acknowledged);
                assertThat(store.increment("n")).isEqualTo(acknowledged + 1);
            }
            assertThat(names(disk)).containsExactly("shared.db");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9})
    void storeOnAFullDiskCanBeOpenedToRead(int freePages) throws Exception {
        try (SmallDisk disk = SmallDisk.in(directory)) {
            Path file = disk.resolve("shared.db");
            try (Store store = SqliteStore.open(file)) {
                store.put("n", 7);
            }
            fillUpTo(freePages, disk);
            try (Store store = SqliteStore.options().readOnly().open(file)) {
                assertThat(store.get("n")).isEqualTo(7L);
            }
            // As everywhere, one who only reads leaves SQLite's files beside the database; where there is room for
            // them.
            freeAll(disk);
            try (Store store = SqliteStore.open(file)) {
                assertThat(store.increment("n")).isEqualTo(8L);
            }
            assertThat(names(disk)).containsExactly("shared.db");
        }
    }

    @Test
    void storeThatIsReadOnAFullDiskSaysWhenSomebodyChangesIt() throws Exception {
        try (SmallDisk disk = SmallDisk.in(directory)) {
            Path file = disk.resolve("shared.db");
            try (Store store = SqliteStore.open(file)) {
                store.put("n", 7);
            }
            fillUpTo(0, disk);
            try (Store reader = SqliteStore.options().readOnly().open(file)) {
                freeAll(disk);
                assertThat(reader.get("n")).isEqualTo(7L);
                try (Store store = SqliteStore.open(file)) {
                    store.put("n", 8);
                    assertThat(catchThrowable(() -> reader.get("n")))
                            .isInstanceOf(StoreIOException.class)
                            .hasMessageContaining("was changed by somebody");
                }
            }
        }
    }

    @Test
    void backupOntoAFullDiskLeavesNothing() throws Exception {
        try (SmallDisk disk = SmallDisk.in(directory)) {
            Path file = directory.resolve("shared.db");
            try (Store store = SqliteStore.open(file)) {
                store.put("text", "x".repeat(100_000));
                fillUpTo(8, disk);
                assertThat(catchThrowable(() -> SqliteStore.backup(file, disk.resolve("copy.db"))))
                        .isInstanceOf(StoreIOException.class)
                        .hasMessageContaining("copy.db")
                        .hasMessageContaining("full");
                assertThat(names(disk)).containsExactly("ballast");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 12, 20, 36, 50})
    void restoreOnAFullDiskLeavesTheOldStateOrTheNewOne(int freePages) throws Exception {
        Path backup = directory.resolve("backup.db");
        try (Store store = SqliteStore.open(backup)) {
            store.put("text", "x".repeat(60_000));
        }
        try (SmallDisk disk = SmallDisk.in(directory)) {
            Path file = disk.resolve("shared.db");
            try (Store store = SqliteStore.open(file)) {
                store.put("n", 7);
            }
            fillUpTo(freePages, disk);
            Throwable failure = catchThrowable(() -> SqliteStore.restore(backup, file));
            freeAll(disk);
            try (Store store = SqliteStore.open(file)) {
                assertThat(store.keys()).containsExactly(failure == null ? "text" : "n");
            }
            if (failure != null) {
                assertThat(failure).isInstanceOf(StoreIOException.class).hasMessageContaining("full");
            }
            assertThat(names(disk)).containsExactly("shared.db");
        }
    }

    /** How far a counter came. */
    private static long commitUntilItFails(Path file, SmallDisk disk) throws IOException {
        long acknowledged = 0;
        Throwable failure = null;
        @Nullable Store store = null;
        try {
            store = SqliteStore.open(file);
            for (int i = 0; ; i++) {
                store.put("filler" + i, "x".repeat(5_000));
                acknowledged = store.increment("n").longValue();
            }
        } catch (StoreIOException e) {
            failure = e;
        }
        assertThat(failure).hasMessageContaining("full");
        if (store != null) {
            assertThat(store.get("n")).isEqualTo(acknowledged);
            freeAll(disk);
            acknowledged = store.increment("n").longValue();
            store.close();
        }
        return acknowledged;
    }

    private static void fillUpTo(int freePages, SmallDisk disk) throws IOException {
        Path ballast = disk.resolve("ballast");
        try (OutputStream out = Files.newOutputStream(ballast)) {
            for (; ; ) {
                out.write(new byte[PAGE]);
            }
        } catch (IOException e) {
            // It is full.
        }
        try (FileChannel channel = FileChannel.open(ballast, StandardOpenOption.WRITE)) {
            channel.truncate(Math.max(0, channel.size() / PAGE - freePages) * PAGE);
        }
    }

    private static void freeAll(SmallDisk disk) throws IOException {
        Files.deleteIfExists(disk.resolve("ballast"));
    }

    private static Set<String> names(SmallDisk disk) throws IOException {
        Set<String> names = new TreeSet<>();
        try (var files = Files.list(disk.resolve("shared.db").getParent())) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        return names;
    }
}
