package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file with several names is one store, or none. */
class NamesTest {
    @TempDir
    Path directory;

    Path file;

    @BeforeEach
    void name() throws Exception {
        file = Files.createDirectory(directory.resolve("data")).resolve("shared.db");
    }

    @Test
    void symbolicLinkLeadsToTheSameStore() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link.db"), Path.of("data/shared.db"));
        try (Store store = SqliteStore.open(file);
                Store other = SqliteStore.open(link)) {
            store.put("n", 1);
            assertThat(other.increment("n")).isEqualTo(2L);
            assertThat(store.get("n")).isEqualTo(2L);
            try (var files = Files.list(directory)) {
                assertThat(files).containsExactlyInAnyOrder(link, file.getParent());
            }
        }
    }

    @Test
    void linkToADirectoryLeadsToTheSameStore() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), file.getParent());
        try (Store store = SqliteStore.open(file);
                Store other = SqliteStore.open(link.resolve("shared.db"))) {
            store.put("n", 1);
            assertThat(other.increment("n")).isEqualTo(2L);
            assertThat(store.get("n")).isEqualTo(2L);
        }
    }

    @Test
    void linkToNothingMakesTheStoreWhereItLeads() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link.db"), Path.of("data/shared.db"));
        try (Store store = SqliteStore.open(link)) {
            store.put("n", 1);
        }
        assertThat(file).isRegularFile();
        assertThat(link).isSymbolicLink();
    }

    @Test
    void circleOfLinksIsRefused() throws Exception {
        Path one = directory.resolve("one.db");
        Files.createSymbolicLink(one, Path.of("two.db"));
        Files.createSymbolicLink(directory.resolve("two.db"), Path.of("one.db"));
        assertThatThrownBy(() -> SqliteStore.open(one))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("one.db")
                .hasMessageContaining("circle");
    }

    @Test
    void hardLinkIsRefusedUnderEitherName() throws Exception {
        SqliteStore.open(file).close();
        Path second = Files.createLink(directory.resolve("second.db"), file);
        for (Path name : new Path[] {file, second}) {
            assertThatThrownBy(() -> SqliteStore.open(name))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining(name.getFileName().toString())
                    .hasMessageContaining("2 names")
                    .hasMessageContaining("remove the others");
            assertThatThrownBy(() -> SqliteStore.options().readOnly().open(name))
                    .isInstanceOf(StoreIOException.class);
        }
        Files.delete(second);
        SqliteStore.open(file).close();
    }

    @Test
    void fileThatIsMountedAloneIsRefused() throws Exception {
        SqliteStore.open(file).close();
        Path mounted = Files.createFile(directory.resolve("mounted \u00e4.db"));
        assumeThat(SmallDisk.succeeds("mount", "--bind", file.toString(), mounted.toString()))
                .as("a file can be mounted here")
                .isTrue();
        try {
            assertThatThrownBy(() -> SqliteStore.open(mounted))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("Mount the directory");
        } finally {
            assertThat(SmallDisk.succeeds("umount", mounted.toString())).isTrue();
        }
    }
}
