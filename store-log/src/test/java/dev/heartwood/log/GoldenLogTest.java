package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.history.History;
import dev.heartwood.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Logs that earlier revisions wrote are opened, with all their commits. The folder {@code golden/NAME} has the whole
 * contents of such a log: a checkpoint and its parts, entries before and after it, and an entry in parts. In
 * {@code first} the commits have no origins; in {@code origins} they do; in {@code compressed} the checkpoint of the latter is
 * compressed, by another program.
 */
class GoldenLogTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");

    private static String file(String golden, String name) throws IOException {
        return Files.readString(GOLDEN.resolve(golden).resolve(name));
    }

    /** The files of a folder, by their log keys: the characters that a file name may not hold are restored. */
    private static Map<String, String> files(String golden, String folder) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.list(GOLDEN.resolve(golden).resolve(folder))) {
            for (Path file : files.toList()) {
                texts.put(file.getFileName().toString().replace('_', ':'), Files.readString(file));
            }
        }
        return texts;
    }

    private static SharedLog.Position position(String text) {
        String[] words = text.split(" ", -1);
        return new SharedLog.Position(Long.parseLong(words[0]), words[1]);
    }

    /** The log of a folder, with each text of it changed. */
    private static InMemoryLog log(String golden, UnaryOperator<String> change) throws IOException {
        Map<Long, SharedLog.Entry> entries = new HashMap<>();
        files(golden, "entries").forEach((name, body) -> {
            SharedLog.Position at = position(name);
            entries.put(at.number(), new SharedLog.Entry(at, change.apply(body)));
        });
        Map<String, String> parts = new HashMap<>();
        files(golden, "parts").forEach((name, part) -> parts.put(name.replace(' ', '/'), part));
        return new InMemoryLog(
                position(file(golden, "last")), entries, parts, change.apply(file(golden, "checkpoint")));
    }

    private static InMemoryLog log(String golden) throws IOException {
        return log(golden, UnaryOperator.identity());
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "origins", "compressed"})
    void aLogOfAnEarlierRevisionOpensWithAllThatWasCommitted(String golden) throws IOException {
        InMemoryLog log = log(golden);
        String expected = file(golden, "expected.json");
        try (Store store = LogStore.over(log.connect())) {
            assertThat(Json.pretty(store)).isEqualTo(expected);
            store.increment("counter");
        }
        try (Store store = LogStore.over(log.connect())) {
            assertThat(store.get("counter")).isEqualTo(5L);
            store.decrement("counter");
            assertThat(Json.pretty(store)).isEqualTo(expected);
        }
    }

    @Test
    void commitsWithoutOriginHaveNoneAndTheOthersHaveTheirs() throws IOException {
        assertThat(authors("first")).isNotEmpty().containsOnly("-");
        assertThat(authors("origins")).contains("-", "planner pay rent");
    }

    private static List<String> authors(String golden) throws IOException {
        try (SharedLog connection = log(golden).connect();
                History history = LogStore.history(connection)) {
            return history.entries().stream()
                    .map(entry -> entry.origin().author() == null
                            ? "-"
                            : entry.origin().author() + " " + entry.origin().label())
                    .toList();
        }
    }

    @Test
    void membersThatAReaderDoesNotKnowAreIgnored() throws IOException {
        InMemoryLog log = log("origins", text -> text.replaceFirst("\\{", "{\"colour\":{\"a\":[1]},"));
        try (Store store = LogStore.over(log.connect())) {
            assertThat(Json.pretty(store)).isEqualTo(file("origins", "expected.json"));
        }
    }

    /** Entries are never compressed, so this one is of a later version that does. */
    @Test
    void anEntryDoesNotRequireWhatACheckpointMay() throws IOException {
        InMemoryLog log = log(
                "compressed",
                text -> text.contains("\"entry\"") ? text.replaceFirst("\\{", "{\"requires\":[\"zlib\"],") : text);
        assertThatThrownBy(() -> LogStore.over(log.connect()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("entry that requires \"zlib\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"entry\"", "\"checkpoint-pointer\""})
    void requiredFeaturesThatAReaderDoesNotKnowAreRefusedByName(String kind) throws IOException {
        InMemoryLog log = log(
                "origins",
                text -> text.contains(kind) ? text.replaceFirst("\\{", "{\"requires\":[\"sealed\",\"zip\"],") : text);
        assertThatThrownBy(() -> LogStore.over(log.connect()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("requires \"sealed\", \"zip\"")
                .hasMessageContaining("use a newer version of the library");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"sealed\"", "{\"sealed\":1}", "null"})
    void aListOfFeaturesThatIsNoneIsRefused(String features) throws IOException {
        InMemoryLog log = log("origins", text -> text.replaceFirst("\\{", "{\"requires\":" + features + ","));
        assertThatThrownBy(() -> LogStore.over(log.connect()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("requires");
    }

    @Test
    void aNewerFormatIsRefusedByItsNumber() throws IOException {
        InMemoryLog log = log("origins", text -> text.replace("\"format\":1", "\"format\":2"));
        assertThatThrownBy(() -> LogStore.over(log.connect()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("format 2")
                .hasMessageContaining("knows format 1");
    }

    /** Else a process of an earlier version beside this one would refuse the log. */
    @Test
    void todaysEntriesHaveTheHeadersOfTheFirst() throws Exception {
        InMemoryLog log = new InMemoryLog();
        try (Store store = LogStore.over(log.connect());
                SharedLog connection = log.connect()) {
            store.as("planner").put("a", 1);
            String first = files("first", "entries").values().stream()
                    .filter(text -> text.contains("\"commits\""))
                    .findFirst()
                    .orElseThrow();
            String today = connection.read(1).entries().get(0).body();
            assertThat(Json.read(LogHeader.firstLine(today)).keySet())
                    .isEqualTo(Json.read(LogHeader.firstLine(first)).keySet());
            assertThat(LogHeader.firstLine(today)).contains("\"format\":1");
            assertThat(LogHeader.afterFirstLine(today)).startsWith("[{\"put\":\"/a\",\"value\":1,\"meta\":{");
        }
    }
}
