package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.GuardException;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
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
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(old));
        Files.writeString(directory.resolve("state.json.d/superseded"), hash);
        assertThatThrownBy(() -> options.open(file)).hasMessageContaining("is older than");
        assertRefused(takeFile ? options.takeFile() : options.takeJournal(), file);
        JsonFileOptions other = takeFile ? options.takeJournal() : options.takeFile();
        try (Store store = other.store(SMALL).open(file)) {
            assertThat(store.get(COUNT)).isEqualTo(0L);
        }
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
