package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.json.Json;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Databases that earlier revisions wrote are opened, with all that was committed. The folder {@code golden/REVISION} holds
 * what a process of that revision left: closed; killed with its commits in the write-ahead log.
 */
class GoldenFilesTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"8b488e7/closed", "8b488e7/log"})
    void aDatabaseOfAnEarlierRevisionOpensWithAllThatWasCommitted(String golden) throws IOException {
        String expected = Files.readString(GOLDEN.resolve(golden).resolveSibling("expected.json"));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(GOLDEN.resolve(golden))) {
            for (Path file : files) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
        Path database = directory.resolve("shared.db");

        try (Store store = SqliteStore.open(database)) {
            assertThat(Json.pretty(store)).isEqualTo(expected);
            store.increment("counter");
        }
        try (Store store = SqliteStore.open(database)) {
            assertThat(store.get("counter")).isEqualTo(21L);
            store.decrement("counter");
            assertThat(Json.pretty(store)).isEqualTo(expected);
        }
    }
}
