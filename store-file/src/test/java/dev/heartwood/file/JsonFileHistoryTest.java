package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.KeyPath;
import dev.heartwood.Origin;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.journal.JournalLine;
import dev.heartwood.history.Entry;
import dev.heartwood.history.History;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal of a file has the author, changes, label and time of each commit, with nothing running. */
class JsonFileHistoryTest {
    private static final KeyPath RENT = KeyPath.of("account", "rent");

    @TempDir
    Path directory;

    @Test
    void theJournalSaysWhoCommittedWhyAndWhen() {
        Path file = directory.resolve("state.json");
        Instant before = Instant.now().minusMillis(1);
        try (Store store = large(file)) {
            store.as("planner").batch(tx -> {
                tx.label("pay rent");
                tx.put(RENT, 900);
            });
            store.put("other", 1);

            Entry entry = History.ofJournal(file).blame(RENT);
            assertThat(entry.origin().author()).isEqualTo("planner");
            assertThat(entry.origin().label()).isEqualTo("pay rent");
            assertThat(entry.origin().time()).isBetween(before, Instant.now());
            assertThat(entry.wasThere()).isFalse();
            assertThat(entry.after()).isEqualTo(900L);
            assertThat(History.ofJournal(file)
                            .blame(KeyPath.of("other"))
                            .origin()
                            .author())
                    .isNull();
        }
    }

    @Test
    void anEditByHandThatNoCommitHasFollowedHidesNoCommit() throws IOException {
        Path file = directory.resolve("state.json");
        try (Store store = JsonFile.open(file)) {
            store.as("planner").put(RENT, 900);
        }
        Files.writeString(file, "{\"account\": {\"rent\": 900}, \"edited\": true}");
        JsonFile.open(file).close();

        assertThat(History.ofJournal(file).blame(RENT).origin().author()).isEqualTo("planner");
        assertThat(History.ofJournal(file).of(KeyPath.of("edited"))).hasSize(1);
    }

    @Test
    void aStoreIsFoundThroughASymbolicLink() throws IOException {
        Path file = directory.resolve("state.json");
        try (Store store = JsonFile.open(file)) {
            store.as("planner").put(RENT, 900);
        }
        Path link = Files.createSymbolicLink(
                Files.createDirectory(directory.resolve("elsewhere")).resolve("link.json"), file);

        assertThat(History.ofJournal(link).blame(RENT).origin().author()).isEqualTo("planner");
    }

    @Test
    void itIsReadFromWhatAKilledProcessLeft() throws IOException {
        Path file = directory.resolve("state.json");
        Path left = Files.createDirectory(directory.resolve("left")).resolve("state.json");
        try (Store store = large(file)) {
            store.as("planner").put(RENT, 900);
            store.as("other").put(RENT, 901);
            copy(file.getParent(), "state.json", left.getParent());
        }
        Path journal = journal(left);
        Files.writeString(journal, "0123abcd 9 9 [{\"put\":", StandardOpenOption.APPEND);

        List<Entry> entries = History.ofJournal(left).of(RENT);
        assertThat(entries.stream().map(entry -> entry.origin().author())).containsExactly("planner", "other");
        assertThat(History.ofJournal(left).states().get(0).contains(RENT)).isFalse();
    }

    @Test
    void aJournalThatLacksCommitsHasNoHistoryWithoutThem() throws IOException {
        Path file = directory.resolve("state.json");
        Path left = Files.createDirectory(directory.resolve("left")).resolve("state.json");
        try (Store store = large(file)) {
            store.put(RENT, 900);
            store.put(RENT, 901);
            copy(file.getParent(), "state.json", left.getParent());
        }
        Path journal = journal(left);
        List<String> lines = Files.readAllLines(journal);
        lines.remove(lines.size() - 2);
        Files.write(journal, lines);

        assertThatThrownBy(() -> History.ofJournal(left))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("is damaged");
    }

    @Test
    void anOpeningReadsTheSameTreeAsTheHistory() {
        Path file = directory.resolve("state.json");
        try (Store store = large(file)) {
            for (int i = 0; i < 50; i++) {
                store.as("author " + i % 3).put(KeyPath.of("m", "k" + i % 7), i);
            }
            List<dev.heartwood.Snapshot> states = History.ofJournal(file).states();

            assertThat(states.get(states.size() - 1).diff(store.snapshot()).toString())
                    .isEmpty();
            assertThat(states.size()).isGreaterThan(40);
        }
    }

    @Test
    void aHistoryThatIsReadWhileAProgramCommitsDoesNotGoBack() throws Exception {
        Path file = directory.resolve("state.json");
        try (Store store = JsonFile.open(file)) {
            store.put("n", 0);
            AtomicBoolean done = new AtomicBoolean();
            Thread program = new Thread(() -> {
                while (!done.get()) {
                    store.increment("n");
                }
            });
            program.start();
            try {
                for (int i = 0; i < 100; i++) {
                    List<Long> counts = History.ofJournal(file).states().stream()
                            .filter(state -> state.contains("n"))
                            .map(state -> state.get("n", Long.class))
                            .toList();
                    assertThat(counts).isSorted();
                }
            } finally {
                done.set(true);
                program.join();
            }
        }
    }

    @Test
    void whereCommitsWereReplacedByTheFileThereIsAGap() {
        Path file = directory.resolve("state.json");
        for (int i = 0; i < 3; i++) {
            try (Store store = JsonFile.options().keepCommits(0).open(file)) {
                store.as("planner").put("i", i);
            }
        }

        List<Entry> entries = History.ofJournal(file).of(KeyPath.of("i"));
        assertThat(entries).isNotEmpty().allMatch(Entry::isGap);
        assertThat(entries.get(entries.size() - 1).after()).isEqualTo(2L);
    }

    @Test
    void anEarlierRevisionsJournalIsReadWithoutOrigins() {
        Path golden = Path.of("src", "test", "resources", "golden", "8b488e7", "journal", "state.json");

        History history = History.ofJournal(golden);

        assertThat(history.entries())
                .isNotEmpty()
                .allMatch(entry -> entry.origin().equals(Origin.of(null, null, null)));
        assertThat(history.blame(KeyPath.of("counter"))).isNotNull();
    }

    @Test
    void whoAndWhyAreCutWhereTheyAreLong() {
        Path file = directory.resolve("state.json");
        try (Store store = large(file)) {
            store.as("x".repeat(100_000)).batch(tx -> {
                tx.label("\"\n\u0000\uD83D".repeat(10_000));
                tx.put("a", 1);
            });

            Origin origin = History.ofJournal(file).blame(KeyPath.of("a")).origin();
            assertThat(origin.author()).hasSize(1_000);
            assertThat(origin.label()).hasSize(1_000).startsWith("\"\n\u0000\uD83D\"");
        }
    }

    @Test
    void aHeaderWithAMemberThatIsNotKnownIsRead() throws IOException {
        Path journal = rewriteHeader(",\"later\":{\"x\":[1]}}");
        Path file = journal.getParent().resolveSibling("state.json");

        assertThat(History.ofJournal(file).blame(RENT).after()).isEqualTo(900L);
        try (Store store = JsonFile.open(file)) {
            assertThat(store.get(RENT)).isEqualTo(900L);
        }
    }

    @Test
    void aFeatureThatIsRequiredAndNotKnownIsRefusedByName() throws IOException {
        Path journal = rewriteHeader(",\"requires\":[\"compression\"]}");
        Path file = journal.getParent().resolveSibling("state.json");
        byte[] before = Files.readAllBytes(journal);

        assertThatThrownBy(() -> JsonFile.open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("\"compression\"")
                .hasMessageContaining("No file was changed");
        assertThat(journal).hasBinaryContent(before);
    }

    /** A store that a process left with a commit in its journal, whose header ends in another way. */
    private Path rewriteHeader(String end) throws IOException {
        Path left = Files.createDirectory(directory.resolve("left")).resolve("state.json");
        Path file = directory.resolve("state.json");
        try (Store store = large(file)) {
            store.put(RENT, 900);
            copy(file.getParent(), "state.json", left.getParent());
        }
        Path journal = journal(left);
        List<String> lines = Files.readAllLines(journal);
        String json = lines.get(0).substring(lines.get(0).indexOf('{'));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JournalLine.write(
                out, "", 0, 0, (json.substring(0, json.length() - 1) + end).getBytes(StandardCharsets.US_ASCII));
        for (String line : lines.subList(1, lines.size())) {
            out.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
        Files.write(journal, out.toByteArray());
        return journal;
    }

    /** A store whose commits go to the journal. */
    private static Store large(Path file) {
        Store store = JsonFile.options().journalAbove(100).open(file);
        store.put("ballast", "x".repeat(200));
        store.put("ballast2", "y");
        return store;
    }

    private static Path journal(Path file) throws IOException {
        try (Stream<Path> files = Files.list(file.resolveSibling(file.getFileName() + ".d"))) {
            return files.filter(found -> found.getFileName().toString().startsWith("journal-"))
                    .max((a, b) -> Long.compare(number(a), number(b)))
                    .orElseThrow();
        }
    }

    private static long number(Path journal) {
        return Long.parseLong(journal.getFileName().toString().replaceAll("\\D", ""));
    }

    private static void copy(Path from, String name, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(from)) {
            files = found.filter(Files::isRegularFile)
                    .filter(found2 -> from.relativize(found2).toString().startsWith(name))
                    .toList();
        }
        for (Path file : files) {
            Path target = to.resolve(from.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
    }
}
