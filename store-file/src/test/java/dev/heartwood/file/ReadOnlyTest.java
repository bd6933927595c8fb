package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.history.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A store that is opened to be read shows the durable state, and changes no byte. */
class ReadOnlyTest extends JsonFileCase {
    @Test
    void aCrashedStoreIsShownWithItsJournalAndNotTouched() throws IOException {
        Path crashed = crashedJournal();
        Map<String, String> before = all(crashed.getParent());
        try (Store store = options.readOnly().open(crashed)) {
            assertThat(store.get("count")).isEqualTo(2L);
            assertThatThrownBy(() -> store.put("count", 3))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContainingAll("opened read-only", "not accepted", "nothing is changed");
            assertThat(store.get("count")).isEqualTo(2L);
            store.flush();
        }
        assertThat(all(crashed.getParent())).isEqualTo(before);
    }

    @Test
    void aTornTailIsLeftOutAndLeftAsItIs() throws IOException {
        Path crashed = crashedJournal();
        Path log = only(crashed.resolveSibling("state.json.d"), "journal-");
        Files.writeString(log, "0123abcd 3 3 [{\"put\":", StandardOpenOption.APPEND);
        Map<String, String> before = all(crashed.getParent());
        try (Store store = options.readOnly().open(crashed)) {
            assertThat(store.get("count")).isEqualTo(2L);
        }
        assertThat(all(crashed.getParent())).isEqualTo(before);
    }

    @Test
    void besideAHolderItShowsWhatWasAcknowledgedAndTheHolderKeepsItsLock() throws IOException {
        for (JsonFileOptions choice : new JsonFileOptions[] {options, journal}) {
            try (Store holder = choice.open(file)) {
                for (long i = 0; i < 50; i++) {
                    holder.put("a", i);
                    try (Store reader = choice.readOnly().open(file)) {
                        assertThat(reader.get("a")).isEqualTo(i);
                    }
                }
                assertThatThrownBy(() -> choice.open(file)).hasMessageContaining("is open in this process");
            }
        }
    }

    @Test
    void whileTheHolderCommitsAndWritesTheFileAnewEachReadingIsOneStateAndNoneGoesBack() throws Exception {
        try (Store holder =
                journal.readableWithin(java.time.Duration.ofMillis(1)).open(file)) {
            holder.put("pad", "x".repeat(50_000));
            holder.batch(tx -> {
                tx.put("a", 0);
                tx.put("b", 0);
            });
            Thread committer = new Thread(() -> {
                for (int i = 0; i < 300; i++) {
                    holder.batch(tx -> {
                        tx.increment(KeyPath.of("a"));
                        tx.increment(KeyPath.of("b"));
                    });
                }
            });
            committer.start();
            long last = 0;
            while (committer.isAlive()) {
                long acknowledged = holder.get("a", Long.class);
                try (Store reader = options.readOnly().open(file)) {
                    long a = reader.get("a", Long.class);
                    assertThat(reader.get("b")).isEqualTo(a);
                    assertThat(a).isGreaterThanOrEqualTo(Math.max(last, acknowledged));
                    last = a;
                }
            }
            committer.join();
        }
    }

    @Test
    void whatCannotBeReadIsRefusedAsAnOpeningWouldRefuseIt() throws IOException {
        assertThatThrownBy(() -> options.readOnly().open(file)).hasMessageContaining("is not there");
        assertThat(list(directory)).isEmpty();
        Path crashed = crashedJournal();
        Files.writeString(crashed, "{\"edited\": true}");
        Map<String, String> before = all(crashed.getParent());
        assertThatThrownBy(() -> options.readOnly().open(crashed))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("was edited");
        assertThat(History.ofJournal(crashed).states())
                .as("what is committed, before anybody chooses")
                .last()
                .satisfies(state -> assertThat(state.get("count")).isEqualTo(2L));
        try (Store store = options.readOnly().takeFile().open(crashed)) {
            assertThat(store.keys()).containsExactly("edited");
        }
        try (Store store = options.readOnly().takeJournal().open(crashed)) {
            assertThat(store.get("count")).isEqualTo(2L);
        }
        assertThat(all(crashed.getParent())).isEqualTo(before);
    }

    @Test
    void oneThatIsClosedSaysSoToReadersAndWriters() throws IOException {
        Files.writeString(file, "{\"a\": 1}");
        Store store = options.readOnly().open(file);
        store.close();
        assertThatThrownBy(() -> store.get("a")).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store.put("a", 2)).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store.await(view -> view.contains("b"), Duration.ofSeconds(1)))
                .isInstanceOf(StoreClosedException.class);
    }

    @Test
    void ofAnOlderFileAndTheNewestCopyTheOneThatIsChosenIsShown() throws IOException {
        try (Store store = journal.open(file)) {
            store.put("n", 1);
        }
        String older = text();
        try (Store store = journal.open(file)) {
            store.put("n", 2);
        }
        Files.writeString(file, older);
        // As a store that was not closed leaves it.
        Files.writeString(
                directory.resolve("state.json.d/superseded"),
                ContentDigest.of(bytes(older)).sha256());
        Map<String, String> before = all(directory);
        assertThatThrownBy(() -> options.readOnly().open(file)).hasMessageContaining("is older than");
        try (Store store = options.readOnly().takeFile().open(file)) {
            assertThat(store.get("n")).isEqualTo(1L);
        }
        try (Store store = options.readOnly().takeJournal().open(file)) {
            assertThat(store.get("n")).isEqualTo(2L);
        }
        assertThat(all(directory)).isEqualTo(before);
    }

    /** An editor has saved an older text, has written a half of it, or has deleted the file. */
    @ParameterizedTest
    @CsvSource({
        "65536, OLD",
        "65536, FIRST",
        "65536, HALF",
        "65536, DELETED",
        "0, OLD",
        "0, FIRST",
        "0, HALF",
        "0, DELETED"
    })
    void besideAnEditThatTheHolderHasNotSettledWhatIsCommittedIsShownAndBackedUp(long journalAbove, String edit)
            throws IOException {
        Path target = directory.resolve("backup.json");
        try (Store store = options.journalAbove(journalAbove).open(file)) {
            String first = Files.readString(file); // the journal beside it follows this
            store.put("n", 1);
            store.flush();
            String old = Files.readString(file);
            store.put("n", 2);
            store.flush();
            switch (edit) {
                case "OLD" -> Files.writeString(file, old.replace("}", ", \"typed\": true}"));
                case "FIRST" -> Files.writeString(file, first);
                case "HALF" -> Files.writeString(file, "{\"n\"");
                default -> Files.delete(file);
            }
            try (Store reader = options.readOnly().open(file)) {
                assertThat(reader.toMap()).isEqualTo(Map.of("n", 2L));
            }
            assertThat(notices.stream()
                            .anyMatch(notice -> notice.message().contains("this is what was committed last")))
                    .isEqualTo(journalAbove > 0 || !edit.equals("FIRST"));
            JsonFile.backup(file, target);
            try (Store backup = options.open(target)) {
                assertThat(backup.toMap()).isEqualTo(Map.of("n", 2L));
            }
            assertThat(History.ofJournal(file).states())
                    .last()
                    .satisfies(state -> assertThat(state.toMap()).isEqualTo(Map.of("n", 2L)))
                    .extracting(Snapshot::version)
                    .isEqualTo(store.snapshot().version());
            try (Store follower = options.follow().open(file)) {
                assertThat(follower.toMap()).isEqualTo(Map.of("n", 2L));
            }
        }
    }

    @Test
    void whereOnlyTheHolderKnowsWhatIsCommittedBesideAnEditNothingElseIsShown() throws IOException {
        JsonFileOptions forgetful = options.keepCommits(0);
        try (Store store = forgetful.open(file)) {
            store.put("n", 1);
            store.put("n", 2);
            Files.writeString(file, "{\"typed\": true}");
            assertThatThrownBy(() -> options.readOnly().open(file)).hasMessageContaining("stands nowhere else");
            assertThatThrownBy(() -> JsonFile.backup(file, directory.resolve("backup.json")))
                    .hasMessageContaining("stands nowhere else");
        }
        assertThat(directory.resolve("backup.json")).doesNotExist();
    }

    @Test
    void anEditAfterACrashIsShownAsTheNextOpeningTakesIt() throws IOException {
        Path copy = Files.createDirectory(directory.resolve("crashed"));
        try (Store store = options.open(file)) {
            store.put("n", 1);
            store.put("n", 2);
            copyAll(copy);
        }
        Path crashed = copy.resolve("state.json");
        Files.writeString(crashed, "{\"typed\": true}");
        for (JsonFileOptions way : List.of(options.readOnly(), options.follow(), options)) {
            try (Store reader = way.open(crashed)) {
                assertThat(reader.toMap()).isEqualTo(Map.of("typed", true));
            }
        }
    }

    @Test
    void aFollowerShowsAnEditThatIsMadeAfterACrash() throws Exception {
        Path copy = Files.createDirectory(directory.resolve("crashed"));
        try (Store store = options.open(file)) {
            store.put("n", 1);
            store.put("n", 2);
            copyAll(copy);
        }
        Path crashed = copy.resolve("state.json");
        try (Store follower = options.follow().open(crashed)) {
            assertThat(follower.toMap()).isEqualTo(Map.of("n", 2L));
            for (int edit = 1; edit <= 2; edit++) {
                long typed = edit;
                Files.writeString(crashed, "{\"typed\": " + edit + "}");
                Snapshot seen = follower.await(
                        view -> view.getOrDefault("typed", Long.class, 0L) == typed, Duration.ofSeconds(20));
                assertThat(seen.toMap()).isEqualTo(Map.of("typed", typed));
            }
        }
    }

    @Test
    void aCheckFindsWhatOnlyAnOpeningThatWritesWouldRefuse() throws IOException {
        options.open(file).close();
        assertThat(JsonFile.check(file)).isEmpty();
        Path second = Files.createLink(directory.resolve("second.json"), file);
        assertThat(JsonFile.check(file)).singleElement().asString().contains("has 2 names (hard links)");
        assertThatThrownBy(() -> options.open(file)).hasMessageContaining("has 2 names (hard links)");
        Files.delete(second);
        Path lock = directory.resolve("state.json.d/lock");
        Files.deleteIfExists(lock);
        Files.createDirectory(lock);
        assertThat(JsonFile.check(file)).singleElement().asString().contains("lock is no regular file");
        assertThatThrownBy(() -> options.open(file)).hasMessageContaining("lock");
        Files.delete(lock);
        Path holder = directory.resolve("state.json.d/holder");
        Files.deleteIfExists(holder);
        Files.createSymbolicLink(holder, file);
        assertThat(JsonFile.check(file)).singleElement().asString().contains("holder is no regular file");
        assertThatThrownBy(() -> options.open(file)).hasMessageContaining("holder");
    }

    @Test
    void aReaderDoesNotTakeADirectoryThatIsNotMountedForAnEmptyOne() throws IOException {
        Path elsewhere = Files.createDirectory(directory.resolve("disk"));
        Files.createSymbolicLink(directory.resolve("state.json.d"), elsewhere);
        try (Store store = options.open(file)) {
            store.put("n", 1);
        }
        assertThat(JsonFile.check(file)).isEmpty();
        Files.move(elsewhere, directory.resolve("disk-away"));
        assertThatThrownBy(() -> JsonFile.check(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("nothing is where it leads");
        assertThatThrownBy(() -> options.readOnly().open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("nothing is where it leads");
        Path backup = directory.resolve("backup.json");
        assertThatThrownBy(() -> JsonFile.backup(file, backup))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("nothing is where it leads");
        assertThat(backup).doesNotExist();
    }

    @Test
    void aFileThatWasDeletedBesideItsProgramIsFoundThroughALink() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link.json"), file);
        try (Store store = options.open(file)) {
            store.put("n", 1);
            store.flush();
            Files.delete(file);
            JsonFile.backup(link, directory.resolve("backup.json"));
        }
        try (Store backup = options.open(directory.resolve("backup.json"))) {
            assertThat(backup.get("n")).isEqualTo(1L);
        }
    }

    @Test
    void anInterruptedThreadReadsChecksAndBacksUpAndStaysInterrupted() throws IOException {
        try (Store store = options.open(file)) {
            store.put("n", 1);
            for (JsonFileOptions way : List.of(options.readOnly(), options.follow())) {
                Thread.currentThread().interrupt();
                try (Store reader = way.open(file)) {
                    assertThat(Thread.interrupted()).isTrue();
                    assertThat(reader.get("n")).isEqualTo(1L);
                }
            }
            Thread.currentThread().interrupt();
            assertThat(JsonFile.check(file)).isEmpty();
            JsonFile.backup(file, directory.resolve("backup.json"));
            assertThat(options.history(file).entries()).isNotEmpty();
            assertThat(Thread.interrupted()).isTrue();
        } finally {
            boolean ignored = Thread.interrupted();
        }
        assertThat(directory.resolve("backup.json")).hasContent(Files.readString(file));
    }

    @Test
    void aJournalThatIsDamagedIsRefusedAlsoWhereNothingIsWritten() throws IOException {
        Path crashed = crashedJournal();
        Path log = only(crashed.resolveSibling("state.json.d"), "journal-");
        // The first of two commits: what is left of the journal is a tree, but not the one that was acknowledged.
        Files.writeString(log, Files.readString(log).replaceFirst("\"value\":1([,}])", "\"value\":9$1"));
        Map<String, String> before = all(crashed.getParent());
        for (JsonFileOptions choice : new JsonFileOptions[] {options, options.takeFile(), options.takeJournal()}) {
            assertThatThrownBy(() -> choice.readOnly().open(crashed).close())
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("is damaged");
        }
        assertThat(all(crashed.getParent())).isEqualTo(before);
    }

    @Test
    void aFileThatHasAnotherNameIsShown() throws IOException {
        Files.writeString(file, "{\"a\": 1}");
        Files.createLink(directory.resolve("other.json"), file);
        assertThatThrownBy(() -> options.open(file)).hasMessageContaining("has 2 names");
        try (Store store = options.readOnly().open(file)) {
            assertThat(store.get("a")).isEqualTo(1L);
        }
    }

    @Test
    void underALinkToItsFileItIsShownWithItsJournalToo() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link.json"), crashedJournal());
        try (Store store = options.readOnly().open(link)) {
            assertThat(store.get("count")).isEqualTo(2L);
        }
    }
}
