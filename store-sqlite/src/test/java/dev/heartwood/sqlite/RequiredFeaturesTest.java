package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases of later versions of the library: they name the features that a reader must know. */
class RequiredFeaturesTest {
    @TempDir
    Path directory;

    Path file;

    @BeforeEach
    void make() {
        file = directory.resolve("later.db");
        try (Store store = SqliteStore.open(file)) {
            store.put("n", 7);
        }
    }

    @Test
    void unknownOnesAreRefusedByNameAndTheFileIsLeft() throws Exception {
        Sql.run(file, "ALTER TABLE meta ADD COLUMN requires TEXT NOT NULL DEFAULT 'sealed zip'");
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(() -> SqliteStore.open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("requires sealed, zip")
                .hasMessageContaining("a newer version wrote it");
        assertThatThrownBy(() -> SqliteStore.options().readOnly().open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("requires sealed, zip");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void anEmptyListRequiresNothing() throws Exception {
        Sql.run(file, "ALTER TABLE meta ADD COLUMN requires TEXT");
        try (Store store = SqliteStore.open(file)) {
            assertThat(store.increment("n")).isEqualTo(8L);
        }
    }

    @Test
    void columnsAndTablesThatThisVersionDoesNotKnowAreLeftAlone() throws Exception {
        Sql.run(
                file,
                "ALTER TABLE meta ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue'",
                "ALTER TABLE kv ADD COLUMN author TEXT",
                "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)",
                "INSERT INTO notes VALUES (1, 'mine')",
                "UPDATE kv SET author = 'Ada'");
        try (Store store = SqliteStore.open(file)) {
            assertThat(store.increment("n")).isEqualTo(8L);
            store.put("more", 1);
        }
        assertThat(Sql.ask(file, "SELECT author FROM kv WHERE k = 'n'")).isEqualTo("Ada");
        assertThat(Sql.ask(file, "SELECT text FROM notes")).isEqualTo("mine");
        assertThat(Sql.ask(file, "SELECT colour FROM meta")).isEqualTo("blue");
    }
}
