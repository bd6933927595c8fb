package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
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
    void backupOverwritesNothing() {
        Path file = directory.resolve("shared.db");
        SqliteStore.open(file).close();
        assertThatThrownBy(() -> SqliteStore.backup(file, file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("exists already");
    }

    @Test
    void backupOfNothingIsRefused() {
        assertThatThrownBy(() -> SqliteStore.backup(directory.resolve("none.db"), directory.resolve("copy.db")))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("none.db does not exist");
        assertThat(directory.resolve("copy.db")).doesNotExist();
    }
}
