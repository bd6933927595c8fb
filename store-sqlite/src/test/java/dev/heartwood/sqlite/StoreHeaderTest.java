package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The header of the database, as one query reads it. */
class StoreHeaderTest {
    @Test
    void hasAllPartsOfItsText() throws Exception {
        assertThat(StoreHeader.parse("7 3 120 7:abc-1 5f0e")).isEqualTo(new StoreHeader(7, 3, "5f0e", "7:abc-1", 120));
    }

    @Test
    void hasNoCommitWhereTheNewestThatIsNamedIsOfAnEarlierVersionOrThereIsNone() throws Exception {
        assertThat(StoreHeader.parse("8 3 120 7:abc-1 5f0e").commit()).isNull();
        assertThat(StoreHeader.parse("70 3 120 7:abc-1 5f0e").commit()).isNull();
        assertThat(StoreHeader.parse("0 0 0  5f0e")).isEqualTo(new StoreHeader(0, 0, "5f0e", null, 0));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "7 3 120 7:abc-1", "x 3 120 7:abc-1 5f0e", "7 3 120000000000 7:abc-1 5f0e"})
    void isRefusedWhereItIsNone(String text) {
        assertThatThrownBy(() -> StoreHeader.parse(text)).isInstanceOf(SQLException.class);
    }

    @Test
    void thatAnotherProgramHasSpoiledIsToldAtTheNextCommit(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("shared.db");
        try (Store store = SqliteStore.open(file)) {
            store.put("a", 1);
            Sql.run(file, "UPDATE meta SET ver = 'seven'");
            assertThatThrownBy(() -> store.put("a", 2))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("is no header");
        }
    }
}
