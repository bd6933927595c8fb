package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files of earlier revisions open with every committed value. The folder {@code golden/REVISION} holds the files that a
 * process of that revision left: closed; killed with its commits in the journal; killed while it wrote one more line.
 */
class GoldenFilesTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"8b488e7/small", "8b488e7/journal", "8b488e7/journal-torn"})
    void aStoreOfAnEarlierRevisionOpensWithAllThatWasCommitted(String golden) throws IOException {
        String expected = Files.readString(GOLDEN.resolve(golden).resolveSibling("expected.json"));
        copy(GOLDEN.resolve(golden), directory);
        Path file = directory.resolve("state.json");

        try (Store store = JsonFile.open(file)) {
            assertThat(Json.pretty(store)).isEqualTo(expected);
            store.increment("counter");
        }
        try (Store store = JsonFile.open(file)) {
            assertThat(store.get("counter")).isEqualTo(21L);
            store.decrement("counter");
            assertThat(Json.pretty(store)).isEqualTo(expected);
        }
        assertThat(file).hasContent(expected);
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(from)) {
            files = found.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Path target = to.resolve(from.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
    }
}
