package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.JsonFile.News;
import dev.heartwood.file.JsonFile.Notice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Edits by hand: taken while the store is closed, kept aside while it is open, never lost. */
class JsonFileEditedByHandTest extends JsonFileCase {
    @Test
    void anEditByHandWhileClosedIsAdoptedAndTheTreeBeforeItIsKept() throws IOException {
        for (JsonFileOptions choice : List.of(options, journal)) {
            try (Store store = choice.open(file)) {
                store.put("by", "program");
            }
            Files.writeString(file, "{ \"by\" : \"hand\" }");
            try (Store store = choice.open(file)) {
                assertThat(store.get("by")).isEqualTo("hand");
            }
            assertThat(generations()).contains("{\n  \"by\": \"program\"\n}\n", "{ \"by\" : \"hand\" }");
        }
    }

    @Test
    void anEditByHandThatAJournalContradictsIsRefusedUntilOneOfThemIsChosen() throws IOException {
        Path crashed = crashedJournal();
        Files.writeString(crashed, "{\"count\": \"hand\"}");
        Map<String, String> before = all(crashed.getParent());
        assertThatThrownBy(() -> journal.open(crashed))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll("edited", "takeFile()", "takeJournal()");
        assertThat(all(crashed.getParent())).isEqualTo(before);

        try (Store store = journal.takeJournal().open(crashed)) {
            assertThat(store.get("count")).isEqualTo(2L);
        }
        assertThat(crashed.resolveSibling("state.json.external-1")).hasContent("{\"count\": \"hand\"}");
    }

    @Test
    void takingTheFileKeepsWhatWasCommittedBesideIt() throws IOException {
        Path crashed = crashedJournal();
        Files.writeString(crashed, "{\"count\": \"hand\"}");
        try (Store store = journal.takeFile().open(crashed)) {
            assertThat(store.get("count")).isEqualTo("hand");
        }
        assertThat(crashed.resolveSibling("state.json.committed-1")).hasContent("{\n  \"count\": 2\n}");
        try (Store store = journal.open(crashed)) {
            assertThat(store.get("count")).isEqualTo("hand");
        }
    }

    @Test
    void anEditWhileOpenIsKeptBesideAndReported() throws IOException {
        for (JsonFileOptions choice : List.of(options, journal)) {
            notices.clear();
            try (Store store = choice.open(file)) {
                store.put("by", "program");
                Files.writeString(file, "{\"by\": \"editor\"}");
                store.put("by", "program again");
            }
            assertThat(text()).isEqualTo("{\n  \"by\": \"program again\"\n}\n");
            Notice notice = notices.stream()
                    .filter(told -> told.news() == News.EXTERNAL_EDIT)
                    .findFirst()
                    .orElseThrow();
            assertThat(notice.message()).contains("changed by somebody else", "external-");
            assertThat(notice.kept()).hasContent("{\"by\": \"editor\"}");
        }
    }

    @Test
    void anEditWhileOpenIsKeptBesideAlsoWhereNoCommitFollowsIt() throws IOException {
        for (JsonFileOptions choice : List.of(options, options.journalAbove(10))) {
            notices.clear();
            try (Store store = choice.open(file)) {
                store.put("orders", 1);
                store.put("orders", 5);
                store.flush();
                if (choice != options) {
                    awaitText("\"orders\": 5");
                }
                Files.writeString(file, "{\"by\": \"editor\"}");
            }
            assertThat(text()).isEqualTo("{\n  \"orders\": 5\n}\n");
            assertThat(notices).extracting(Notice::news).containsOnly(News.EXTERNAL_EDIT);
            assertThat(notices.get(0).kept()).hasContent("{\"by\": \"editor\"}");
            try (Store store = choice.open(file)) {
                assertThat(store.toMap()).hasToString("{orders=5}");
            }
        }
    }

    /** Its journal follows the file, so that the next opening could use neither. */
    @Test
    void afterAFlushTheNextOpeningFindsWhatWasCommittedThoughALargeFileWasOverwritten() throws IOException {
        Path copy = Files.createDirectory(directory.resolve("crashed"));
        try (Store store = journal.open(file)) {
            store.put("by", "program");
            Files.writeString(file, "{\"by\": \"editor\"}");
            store.flush();
            copyAll(copy);
        }
        assertThat(notices.get(0).kept()).hasContent("{\"by\": \"editor\"}");
        try (Store store = journal.open(copy.resolve("state.json"))) {
            assertThat(store.get("by")).isEqualTo("program");
        }
    }

    @Test
    void aListenerThatWritesIsRefusedAndNothingOfItIsCommitted() throws IOException {
        Store[] opened = {null};
        List<Throwable> refused = new ArrayList<>();
        JsonFileOptions listening = JsonFile.options()
                .onNotice(notice -> refused.add(catchThrowable(() -> opened[0].put("listener", "was here"))));
        try (Store store = listening.open(file)) {
            opened[0] = store;
            Files.writeString(file, "{\"by\": \"editor\"}");
            store.put("a", 1);
            assertThat(refused).hasSize(1).first().isInstanceOf(IllegalStateException.class);
            store.put("a", 2);
            assertThat(store.toMap()).hasToString("{a=2}");
        }
        assertThat(text()).isEqualTo("{\n  \"a\": 2\n}\n");
    }

    private void awaitText(String part) throws IOException {
        while (!text().contains(part)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aFileDeletedWhileOpenIsThereAgainWhenItIsClosed() throws IOException {
        try (Store store = options.open(file)) {
            store.put("a", 1);
            Files.delete(file);
        }
        assertThat(text()).contains("\"a\": 1");
        assertThat(notices).extracting(Notice::news).containsOnly(News.EXTERNAL_EDIT);
    }

    @Test
    void aFileThatIsNotTheNewestGenerationIsTakenAndThatIsTold() throws IOException {
        try (Store store = options.open(file)) {
            store.put("by", "program");
        }
        JsonFile.options().onNotice(notices::add).open(file).close();
        assertThat(notices).isEmpty();
        Files.writeString(file, "{\"by\": \"hand\"}");
        options.open(file).close();
        assertThat(notices).extracting(Notice::news).containsExactly(News.ADOPTED);
        assertThat(notices.get(0).message())
                .contains(
                        file + " has newer commits than its last copy, ",
                        "generation-",
                        ", or was edited: it is used as it stands");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1 << 16})
    void anEditOfAClosedStoreIsToldAlsoWhereTheSizeIsTheSame(long journalAbove) throws IOException {
        JsonFileOptions same = options.journalAbove(journalAbove);
        try (Store store = same.open(file)) {
            store.put("a", 1);
        }
        same.open(file).close();
        assertThat(notices).isEmpty();

        Files.writeString(file, text().replace("1", "2"));
        try (Store store = same.open(file)) {
            assertThat(store.get("a")).isEqualTo(2L);
        }
        assertThat(notices).extracting(Notice::news).containsExactly(News.ADOPTED);
    }

    /** The editor leaves the size and the time of the file as they were. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1 << 16})
    void anEditOfAnOpenStoreIsKeptAtClosingThoughNothingWasCommitted(long journalAbove) throws IOException {
        try (Store store = options.journalAbove(journalAbove).open(file)) {
            store.put("a", 1);
        }
        try (Store again = options.journalAbove(journalAbove).open(file)) {
            Files.writeString(file, text().replace("1", "2"));
            assertThat(again.get("a")).isEqualTo(1L);
        }
        assertThat(text()).contains("\"a\": 1");
        assertThat(Files.readString(only(directory, "state.json.external"))).contains("\"a\": 2");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1 << 16})
    void anEditOfAnOpenStoreIsKeptAlsoWhereSizeAndTimeAreTheSame(long journalAbove) throws IOException {
        try (Store store = options.journalAbove(journalAbove).open(file)) {
            store.put("a", 1);
        }
        try (Store again = options.journalAbove(journalAbove).open(file)) {
            FileTime before = Files.getLastModifiedTime(file);
            Files.writeString(file, text().replace("1", "2"));
            Files.setLastModifiedTime(file, before);
            again.put("a", 3);
        }
        assertThat(text()).contains("\"a\": 3");
        assertThat(Files.readString(only(directory, "state.json.external"))).contains("\"a\": 2");
    }

    @Test
    void aFileDeletedWhileOpenIsWrittenAgain() throws IOException {
        try (Store store = options.open(file)) {
            Files.delete(file);
            store.put("a", 1);
            assertThat(text()).contains("\"a\": 1");
        }
        assertThat(notices).extracting(Notice::news).contains(News.EXTERNAL_EDIT);
    }

    @Test
    void aFileReplacedByADirectoryFailsTheCommitAndWorksAgainWhenItIsAway() throws IOException {
        try (Store store = options.open(file)) {
            store.put("a", 1);
            Files.delete(file);
            Files.createDirectory(file);
            assertThatThrownBy(() -> store.put("a", 2))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContainingAll("was not written", "a directory", "move that away");
            assertThat(store.get("a")).isEqualTo(1L);
            Files.delete(file);
            store.put("a", 3);
            assertThat(text()).contains("\"a\": 3");
        }
    }

    @Test
    void aByteOrderMarkIsAccepted() throws IOException {
        Files.writeString(file, "\ufeff{\"a\": 1}");
        try (Store store = options.open(file)) {
            assertThat(store.get("a")).isEqualTo(1L);
        }
    }
}
