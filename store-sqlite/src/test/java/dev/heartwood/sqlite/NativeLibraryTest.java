package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.StoreIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeLibraryTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"3.51.2", "3.49.1", "3.8.11", "2.9", "", "unknown"})
    void versionThatMayCorruptFilesIsRefused(String version) {
        assertThatThrownBy(() -> NativeLibrary.requireSafe(version))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("SQLite " + version)
                .hasMessageContaining("property sqlite-jdbc.version");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.51.3", "3.52", "3.54.1", "4.0.0"})
    void versionWithoutThatFaultIsUsed(String version) {
        assertThatCode(() -> NativeLibrary.requireSafe(version)).doesNotThrowAnyException();
    }

    @Test
    void libraryThatCannotBeUnpackedIsAClearErrorEachTime() throws Exception {
        // A directory that is a file: root may write to any other.
        Path none = Files.createFile(directory.resolve("none"));
        Path file = directory.resolve("shared.db");
        try (Neighbour neighbour =
                Neighbour.start(List.of(), List.of("-Dorg.sqlite.tmpdir=" + none), file, "open three times")) {
            for (int i = 0; i < 3; i++) {
                assertThat(neighbour.line())
                        .startsWith("StoreIOException")
                        .contains("native library cannot be loaded", none.toString(), "org.sqlite.tmpdir");
            }
        }
        assertThat(file).doesNotExist();
    }
}
