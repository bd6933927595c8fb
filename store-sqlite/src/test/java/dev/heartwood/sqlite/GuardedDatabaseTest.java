package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.GuardException;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guards of a store in a database: at opening, at each commit, and beside commits of others. */
class GuardedDatabaseTest {
    private static final KeyPath COUNT = KeyPath.of("count");
    private static final StoreOptions SMALL =
            Store.options().guard("small", COUNT, view -> view.getOrDefault(COUNT, Long.class, 0L) < 2);

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("shared.db");
    }

    @Test
    void aTreeThatBreaksItIsRefusedAndStays() {
        try (Store store = SqliteStore.open(file)) {
            store.put(COUNT, 7);
        }
        assertThatThrownBy(() -> SqliteStore.options().store(SMALL).open(file))
                .isInstanceOf(GuardException.class)
                .hasMessageContaining("/count is 7");
        try (Store store = SqliteStore.open(file)) {
            assertThat(store.get(COUNT)).isEqualTo(7L);
            assertThat(store.version()).isEqualTo(1);
        }
    }

    @Test
    void aRefusedOpeningLeavesTheDatabaseClosed() {
        try (Store store = SqliteStore.open(file)) {
            store.put(COUNT, 7);
        }
        List<String> inUse = inUse();
        assertThatThrownBy(() -> SqliteStore.options().store(SMALL).open(file)).isInstanceOf(GuardException.class);
        // The log goes with the last connection, and so does the note that this process uses the file.
        assertThat(file.resolveSibling("shared.db-wal")).doesNotExist();
        assertThat(inUse()).isEqualTo(inUse);
    }

    @Test
    void noDatabaseIsMadeForAnEmptyTreeThatBreaksIt() throws Exception {
        StoreOptions there = Store.options().guard("is there", COUNT, view -> view.contains(COUNT));
        assertThatThrownBy(() -> SqliteStore.options().store(there).open(file)).isInstanceOf(GuardException.class);
        assertThat(file).doesNotExist();
        Files.createFile(file);
        assertThatThrownBy(() -> SqliteStore.options().store(there).open(file)).isInstanceOf(GuardException.class);
        assertThat(file).isEmptyFile();
    }

    @Test
    void aPlaceThatAnotherStoreHasBrokenMayOnlyBeMended() {
        try (Store guarded = SqliteStore.options().store(SMALL).open(file);
                Store other = SqliteStore.open(file)) {
            other.put(COUNT, 9);
            guarded.put("elsewhere", 1);
            assertThatThrownBy(() -> guarded.put(COUNT, 8)).isInstanceOf(GuardException.class);
            guarded.batch(tx -> tx.commute(COUNT, Long.class, count -> 1L));
            assertThat(other.get(COUNT)).isEqualTo(1L);
        }
    }

    private static List<String> inUse() {
        return System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(LibraryLease.PREFIX))
                .sorted()
                .toList();
    }
}
