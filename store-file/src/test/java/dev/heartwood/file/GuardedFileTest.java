package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.GuardException;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreOptions;
import dev.heartwood.file.edits.EditMerger;
import dev.heartwood.file.text.ContentDigest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guards of a store in a file: at opening, and at each commit. */
class GuardedFileTest extends JsonFileCase {
    private static final KeyPath COUNT = KeyPath.of("count");
    private static final StoreOptions SMALL =
            Store.options().guard("small", COUNT, view -> view.getOrDefault(COUNT, Long.class, 0L) < 2);

    private Map<Path, String> files() throws IOException {
        Map<Path, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.filter(path -> !isMark(path)).toList()) {
                files.put(path, Files.isDirectory(path) ? "" : Files.readString(path, StandardCharsets.ISO_8859_1));
            }
        }
        return files;
    }

    /** Each opening says there, for as long as it takes, that it has the store; they hold nothing of the tree. */
    private static boolean isMark(Path path) {
        return path.endsWith("lock") || path.endsWith("holder");
    }

    @Test
    void aTreeThatWasEditedToBreakItIsRefusedAndNoFileIsChanged() throws IOException {
        try (Store store = options.open(file)) {
            store.put(COUNT, 1);
        }
        Files.writeString(file, "{\"count\": 7}");
        Map<Path, String> before = files();

        assertThatThrownBy(() -> options.store(SMALL).open(file))
                .isInstanceOf(GuardException.class)
                .hasMessageContaining("/count is 7");

        assertThat(files()).isEqualTo(before);
        try (Store store = options.open(file)) {
            assertThat(store.get(COUNT)).isEqualTo(7L);
        }
    }

    @Test
    void aTreeOfWhichTheJournalHasMoreIsRefusedAndNoFileIsChanged() throws IOException {
        Path crashed = crashedJournal();
        Map<Path, String> before = files();

        assertThatThrownBy(() -> journal.store(SMALL).open(crashed)).isInstanceOf(GuardException.class);

        assertThat(files()).isEqualTo(before);
        try (Store store = journal.open(crashed)) {
            assertThat(store.get(COUNT)).isEqualTo(2L);
        }
    }

    @Test
    void aTreeWhoseJournalWasCutOffIsRefusedAndNoFileIsMadeOfTheRemains() throws IOException {
        Path crashed = crashedJournal();
        Path cut = only(crashed.resolveSibling("state.json.d"), "journal-");
        Files.writeString(cut, "half a line", StandardOpenOption.APPEND);
        Map<Path, String> before = files();

        assertThatThrownBy(() -> journal.store(SMALL).open(crashed)).isInstanceOf(GuardException.class);

        assertThat(files()).isEqualTo(before);
    }

    @Test
    void anEditThatIsChosenOverTheJournalIsRefusedAndNoFileIsChanged() throws IOException {
        Path crashed = crashedJournal();
        Files.writeString(crashed, "{\"count\": 7}");
        assertRefused(journal.takeFile(), crashed);
    }

    @Test
    void aJournalThatIsChosenOverAnEditIsRefusedAndNoFileIsChanged() throws IOException {
        Path crashed = crashedJournal();
        Files.writeString(crashed, "{\"count\": 0}");
        assertRefused(journal.takeJournal(), crashed);
    }

    @Test
    void whatARepairWouldGoBackToIsRefusedAndNoFileIsChanged() throws IOException {
        Path crashed = crashedJournal();
        Files.writeString(crashed, "{");
        assertRefused(journal.repair(), crashed);
    }

    /** The file is an earlier version of itself, and the commits after it stand in no journal. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofAnOlderFileAndTheNewestCopyTheOneThatIsChosenIsRefusedAndNoFileIsChanged(boolean takeFile) throws Exception {
        try (Store store = options.open(file)) {
            store.put(COUNT, takeFile ? 0 : 7);
        }
        byte[] old = ("{\"count\": " + (takeFile ? 7 : 0) + "}").getBytes(StandardCharsets.UTF_8);
        Files.write(file, old);
        Files.writeString(directory.resolve("state.json.d/superseded"), sha256(old));
        assertThatThrownBy(() -> options.open(file)).hasMessageContaining("is older than");
        assertRefused(takeFile ? options.takeFile() : options.takeJournal(), file);
        JsonFileOptions other = takeFile ? options.takeJournal() : options.takeFile();
        try (Store store = other.store(SMALL).open(file)) {
            assertThat(store.get(COUNT)).isEqualTo(0L);
        }
    }

    /** The crash came after the merge of the edit was committed, and before the file was written with it. */
    @Test
    void aMergeThatACrashLeftInTheJournalIsRefusedAndNoFileIsChanged() throws Exception {
        String edited = "{\"count\": 7}";
        Path copy = Files.createDirectory(directory.resolve("crashed"));
        try (Store store = journal.open(file)) {
            store.as(EditMerger.AUTHOR).batch(tx -> {
                tx.label("edited by hand, sha256:" + sha256(edited.getBytes(StandardCharsets.UTF_8)));
                tx.put(COUNT, 7);
            });
            store.put("other", 1);
            copyAll(copy);
        }
        Path crashed = copy.resolve("state.json");
        Files.writeString(crashed, edited);
        assertRefused(journal, crashed);
        try (Store store = journal.open(crashed)) {
            assertThat(store.get(COUNT)).isEqualTo(7L);
            assertThat(store.get("other")).isEqualTo(1L);
        }
        assertThat(notices).anyMatch(notice -> notice.message().contains("had been merged before a crash"));
    }

    @Test
    void anEditOfACrashedStoreThatTheGuardRefusesIsKeptAsideWhereEditsAreMerged() throws IOException {
        Path crashed = crashedJournal();
        String edited = "{\"hand\": 1}";
        Files.writeString(crashed, edited);
        StoreOptions noHand = Store.options().guard("no hand", KeyPath.of("hand"), view -> !view.contains("hand"));
        try (Store store = journal.mergeEdits().store(noHand).open(crashed)) {
            assertThat(store.toMap()).isEqualTo(Map.of("count", 2L));
        }
        assertThat(crashed.resolveSibling("state.json.external-1")).hasContent(edited);
    }

    private static String sha256(byte[] bytes) {
        return ContentDigest.of(bytes).sha256();
    }

    private void assertRefused(JsonFileOptions choice, Path store) throws IOException {
        Map<Path, String> before = files();
        assertThatThrownBy(() -> choice.store(SMALL).open(store)).isInstanceOf(GuardException.class);
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void noFileIsMadeForAnEmptyTreeThatBreaksIt() throws IOException {
        StoreOptions there = Store.options().guard("is there", COUNT, view -> view.contains(COUNT));

        assertThatThrownBy(() -> options.store(there).open(file)).isInstanceOf(GuardException.class);

        assertThat(file).doesNotExist();
    }

    @Test
    void aTreeIsRefusedAlsoWhereItIsOnlyRead() throws IOException {
        Files.writeString(file, "{\"count\": 7}");
        assertThatThrownBy(() -> options.store(SMALL).readOnly().open(file)).isInstanceOf(GuardException.class);
    }

    @Test
    void aRefusedCommitIsInNoFile() throws IOException {
        try (Store store = options.store(SMALL).open(file)) {
            store.put(COUNT, 1);
            assertThatThrownBy(() -> store.put(COUNT, 2)).isInstanceOf(GuardException.class);
            assertThat(Files.readString(file)).contains("\"count\": 1");
            assertThat(store.get(COUNT)).isEqualTo(1L);
        }
    }
}
