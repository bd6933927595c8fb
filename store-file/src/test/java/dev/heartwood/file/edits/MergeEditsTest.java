package dev.heartwood.file.edits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Delivery;
import dev.heartwood.KeyPath;
import dev.heartwood.Origins;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.JsonFile;
import dev.heartwood.file.JsonFile.News;
import dev.heartwood.file.JsonFileCase;
import dev.heartwood.file.JsonFileOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * While the store is open, an edit that is saved into the file is a commit like others, and neither side loses
 * anything.
 */
class MergeEditsTest extends JsonFileCase {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final long SMALL = 1 << 16;
    private static final long JOURNAL = 0;

    private final JsonFileOptions merging = options.mergeEdits();

    private JsonFileOptions way(long journalAbove) {
        return merging.journalAbove(journalAbove).readableWithin(Duration.ofMillis(1));
    }

    private static Snapshot await(Store store, String key, Object value) throws Exception {
        return store.await(view -> value.equals(view.getOrDefault(key, null)), SOON);
    }

    /** Waits until the file holds the tree of the store, as the store prints it. */
    private void awaitText(String text) throws Exception {
        long end = System.nanoTime() + SOON.toNanos();
        while (!Files.exists(file) || !text().equals(text)) {
            assertThat(System.nanoTime()).as("waiting for %s", text).isLessThan(end);
            Thread.sleep(5);
        }
    }

    /**
     * A saved edit is based on a text that its editor has read: on an older text only if the editor is quicker than a
     * person.
     */
    private static void aPersonReads() throws InterruptedException {
        Thread.sleep(2 * TimeUnit.NANOSECONDS.toMillis(EditMerger.READ_TO_SAVE_NANOS));
    }

    private void saveByRename(String text) throws IOException {
        Path beside = directory.resolve("saved");
        Files.writeString(beside, text);
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Nothing but the file held the last commit of a small store without a log. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aKillWhileAnEditorSavesLosesNoCommit(boolean deletes) throws Exception {
        JsonFileOptions unlogged = merging.keepCommits(0);
        Path copy = Files.createDirectory(directory.resolve("killed"));
        try (Store store = unlogged.open(file)) {
            store.put("n", 1);
            store.put("n", 2);
            if (deletes) {
                Files.delete(file);
            } else {
                Files.writeString(file, "{\n  \"n\": ");
            }
            awaitJournal();
            copyAll(copy);
        }
        try (Store store = unlogged.open(copy.resolve("state.json"))) {
            assertThat(store.get("n")).isEqualTo(2L);
        }
    }

    /** Waits until a journal has a commit. */
    private void awaitJournal() throws Exception {
        long end = System.nanoTime() + SOON.toNanos();
        while (!hasCommits()) {
            assertThat(System.nanoTime())
                    .as("waiting for a commit in a journal")
                    .isLessThan(end);
            Thread.sleep(5);
        }
    }

    private boolean hasCommits() throws IOException {
        for (Path inside : list(directory.resolve("state.json.d"))) {
            if (inside.getFileName().toString().startsWith("journal-")
                    && Files.readAllLines(inside).size() > 1) {
                return true;
            }
        }
        return false;
    }

    @Test
    void noLineOfCodeHasMadeTheCommitOfAnEdit() throws Exception {
        try (Store store = merging.store(Store.options().origins(Origins.WHERE)).open(file)) {
            store.put("n", 1);
            awaitText("{\n  \"n\": 1\n}\n");
            aPersonReads();

            Files.writeString(file, "{\"n\": 2}");

            Snapshot merged = await(store, "n", 2L);
            assertThat(merged.origin().author()).isEqualTo("file");
            assertThat(merged.origin().where()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {SMALL, JOURNAL})
    void anEditSavedInPlaceOrByARenameIsACommitOfItsOwnAndTheFileIsWrittenAgain(long journalAbove) throws Exception {
        JsonFileOptions way = way(journalAbove);
        try (Store store = way.open(file)) {
            store.put("z", 1);
            store.put("a", "kept");
            awaitText("{\n  \"a\": \"kept\",\n  \"z\": 1\n}\n");
            Files.writeString(file, "{\"z\":2,\r\n\"a\":\"kept\"}\r\n");
            Snapshot merged = await(store, "z", 2L);
            assertThat(merged.origin().author()).isEqualTo("file");
            assertThat(merged.origin().label()).startsWith("edited by hand, sha256:");
            awaitText("{\n  \"a\": \"kept\",\n  \"z\": 2\n}\n");
            aPersonReads();
            saveByRename("\uFEFF{\"z\": 3, \"new\": {\"x\": 1}}");
            await(store, "z", 3L);
            assertThat(store.toMap()).hasToString("{new={x=1}, z=3}");
            awaitText("{\n  \"new\": {\n    \"x\": 1\n  },\n  \"z\": 3\n}\n");
            store.put("after", 1);
        }
        assertThat(notices).isEmpty();
        try (Store store = options.open(file)) {
            assertThat(store.keys()).containsExactlyInAnyOrder("new", "z", "after");
        }
    }

    @Test
    void watchersHearOfAnEditAsOfAnyCommit() throws Exception {
        List<Object> told = new CopyOnWriteArrayList<>();
        try (Store store = merging.open(file)) {
            store.put("flag", false);
            store.watch("flag", Delivery.every(Runnable::run), update -> told.add(update.newValue()));
            Files.writeString(file, "{\"flag\": true}");
            await(store, "flag", true);
            store.put("flag", false);
            awaitText("{\n  \"flag\": false\n}\n");
            aPersonReads();
            // The very text that was saved before, saved again.
            Files.writeString(file, "{\"flag\": true}");
            await(store, "flag", true);
        }
        assertThat(told).containsExactly(true, false, true);
    }

    @ParameterizedTest
    @ValueSource(longs = {SMALL, JOURNAL})
    void aSaveInTwoHalvesWithACommitBetweenLosesNothingOfEither(long journalAbove) throws Exception {
        JsonFileOptions way = way(journalAbove);
        try (Store store = way.open(file)) {
            store.put("n", 1);
            awaitText("{\n  \"n\": 1\n}\n");
            Files.writeString(file, "{\"n\": 1, \"ha");
            store.put("n", 2);
            store.put("n", 3);
            Files.writeString(file, "nd\": 7}", StandardOpenOption.APPEND);
            await(store, "hand", 7L);
            assertThat(store.get("n")).isEqualTo(3L);
            awaitText("{\n  \"hand\": 7,\n  \"n\": 3\n}\n");
            store.put("n", 4);
        }
        assertThat(text()).isEqualTo("{\n  \"hand\": 7,\n  \"n\": 4\n}\n");
        assertThat(notices).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {SMALL, JOURNAL})
    void whereBothChangedTheSamePlaceOursStandsAndAllOfTheirsIsKeptAsideOnce(long journalAbove) throws Exception {
        JsonFileOptions way = way(journalAbove);
        try (Store store = way.open(file)) {
            store.put("n", 1);
            awaitText("{\n  \"n\": 1\n}\n");
            Files.writeString(file, "{\"n\": ");
            store.put("n", 2);
            Files.writeString(file, "3, \"x\": 1}", StandardOpenOption.APPEND);
            awaitText("{\n  \"n\": 2\n}\n");
            assertThat(store.toMap()).hasToString("{n=2}");
            store.put("n", 4);
        }
        assertThat(notices).hasSize(1);
        assertThat(notices.get(0).news()).isEqualTo(News.EXTERNAL_EDIT);
        assertThat(notices.get(0).message()).contains("cannot be taken over", "changed here, too", "/n", "kept in");
        assertThat(notices.get(0).kept()).hasContent("{\"n\": 3, \"x\": 1}");
    }

    /** Saved as of a moment before the last commit, it is kept aside; where that moment is too long ago, it was typed. */
    @Test
    void aTextThatTheFileHadBeforeIsNotLostWhenItIsSavedAgain() throws Exception {
        String one = "{\n  \"n\": 1\n}\n";
        String two = "{\n  \"n\": 2\n}\n";
        boolean typed;
        try (Store store = merging.open(file)) {
            store.put("n", 1);
            awaitText(one);
            store.put("n", 2);
            awaitText(two);
            Path beside = directory.resolve("saved");
            Files.writeString(beside, one);
            Files.setLastModifiedTime(beside, FileTime.fromMillis(System.currentTimeMillis() - 1_000));
            Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            long end = System.nanoTime() + SOON.toNanos();
            while (store.get("n").equals(2L) && !text().equals(two)) {
                assertThat(System.nanoTime()).as("waiting for a decision").isLessThan(end);
                Thread.sleep(5);
            }
            typed = store.get("n").equals(1L);
        }
        if (!typed) {
            assertThat(notices).hasSize(1);
            assertThat(notices.get(0).message()).contains("some commits ago", "kept in");
            assertThat(notices.get(0).kept()).hasContent(one);
        }
    }

    @Test
    void whatBothAppendedToAListIsAllKeptOursFirst() throws Exception {
        try (Store store = merging.open(file)) {
            store.put("log", List.of("a"));
            Files.writeString(file, "{\"log\": [\"a\", ");
            store.append(KeyPath.of("log"), "ours");
            Files.writeString(file, "\"theirs\"]}", StandardOpenOption.APPEND);
            store.await(view -> view.size(KeyPath.of("log")) == 3, SOON);
            assertThat(store.getList(KeyPath.of("log"))).hasToString("[a, ours, theirs]");
        }
        assertThat(notices).isEmpty();
    }

    @Test
    void aGuardRefusesAnEditAsAnyCommit() throws Exception {
        JsonFileOptions guarded = merging.store(Store.options()
                .guard("positive", KeyPath.of("n"), view -> view.getOrDefault("n", Long.class, 1L) > 0));
        try (Store store = guarded.open(file)) {
            store.put("n", 1);
            Files.writeString(file, "{\"n\": -1}");
            awaitText("{\n  \"n\": 1\n}\n");
            assertThat(store.get("n")).isEqualTo(1L);
        }
        assertThat(notices).hasSize(1);
        assertThat(notices.get(0).message()).contains("it is refused", "positive");
        assertThat(notices.get(0).kept()).hasContent("{\"n\": -1}");
    }

    @Test
    void aTextThatStaysNoJsonIsKeptAsideAndCommitsGoOnMeanwhile() throws Exception {
        try (Store store = options.mergeEdits(Duration.ofMillis(700)).open(file)) {
            store.put("n", 1);
            Files.writeString(file, "{\"n\": 1,, }");
            store.put("n", 2);
            assertThat(text()).isEqualTo("{\"n\": 1,, }");
            awaitText("{\n  \"n\": 2\n}\n");
        }
        assertThat(notices).hasSize(1);
        assertThat(notices.get(0).message()).contains("it cannot be read", "line 1");
        assertThat(notices.get(0).kept()).hasContent("{\"n\": 1,, }");
    }

    @Test
    void aDeletedFileIsWrittenAgainWhenItStaysAway() throws Exception {
        try (Store store = options.mergeEdits(Duration.ofMillis(300)).open(file)) {
            store.put("n", 1);
            Files.delete(file);
            store.put("n", 2);
            awaitText("{\n  \"n\": 2\n}\n");
        }
        assertThat(notices).hasSize(1);
        assertThat(notices.get(0).message()).contains("was deleted");
    }

    @Test
    void aTextThatSaysTheSameIsNoCommitAndIsWrittenAnew() throws Exception {
        try (Store store = merging.open(file)) {
            store.put("n", 1);
            long version = store.version();
            Files.writeString(file, "{ \"n\" :1 }");
            awaitText("{\n  \"n\": 1\n}\n");
            assertThat(store.version()).isEqualTo(version);
        }
        assertThat(notices).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {SMALL, JOURNAL})
    void anEditThatIsSavedRightBeforeClosingIsTaken(long journalAbove) throws Exception {
        JsonFileOptions way = way(journalAbove);
        try (Store store = way.open(file)) {
            store.put("n", 1);
            awaitText("{\n  \"n\": 1\n}\n");
            Files.writeString(file, "{\"n\": 1, \"late\": true}");
        }
        try (Store store = options.open(file)) {
            assertThat(store.get("late")).isEqualTo(true);
        }
        assertThat(notices).extracting(JsonFile.Notice::news).doesNotContain(News.EXTERNAL_EDIT);
    }

    /** Its commit is not durable when the store is told to close. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void alsoWithoutWaitingForTheDiskAnEditThatIsSavedRightBeforeClosingIsTaken(boolean isMerged) throws Exception {
        for (JsonFileOptions mode : List.of(merging.manual(), merging.interval(Duration.ofSeconds(30)))) {
            file = Files.createTempDirectory(directory, "mode").resolve("state.json");
            try (Store store = mode.open(file)) {
                store.put("n", 1);
                store.flush();
                Files.writeString(file, "{\"n\": 1, \"late\": true}");
                if (isMerged) {
                    await(store, "late", true);
                }
            }
            try (Store store = options.open(file)) {
                assertThat(store.get("late")).isEqualTo(true);
            }
            assertThat(notices).isEmpty();
        }
    }

    @Test
    void inIntervalAndManualModeAnEditIsReplacedOnlyWhenItsCommitIsDurable() throws Exception {
        try (Store store = merging.manual().open(file)) {
            store.put("n", 1);
            store.flush();
            Files.writeString(file, "{\"n\": 2}");
            await(store, "n", 2L);
            Thread.sleep(3 * EditMerger.POLL_MILLIS);
            assertThat(text()).isEqualTo("{\"n\": 2}");
            store.flush();
            awaitText("{\n  \"n\": 2\n}\n");
        }
        assertThat(notices).isEmpty();
    }

    /** The commit of an edit is not durable yet, so that the text of the edit still stands in the file. */
    @Test
    void anEditOfAnEditTakesNothingBackThatWasCommittedBetween() throws Exception {
        try (Store store = merging.manual().open(file)) {
            store.put("n", 1);
            store.flush();
            Files.writeString(file, "{\"n\": 2}");
            await(store, "n", 2L);
            store.put("n", 3);
            aPersonReads();

            Files.writeString(file, "{\"n\": 2, \"x\": 1}");

            await(store, "x", 1L);
            assertThat(store.get("n")).isEqualTo(3L);
            store.flush();
        }
        assertThat(notices).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {SMALL, JOURNAL})
    void flushLeavesAHalfWrittenTextAlone(long journalAbove) throws Exception {
        JsonFileOptions way = way(journalAbove);
        try (Store store = way.open(file)) {
            store.put("n", 1);
            awaitText("{\n  \"n\": 1\n}\n");
            Files.writeString(file, "{\"n\": 1, ");
            store.flush();
            store.put("n", 2);
            store.flush();
            assertThat(text()).isEqualTo("{\"n\": 1, ");
            Files.writeString(file, "\"x\": 1}", StandardOpenOption.APPEND);
            await(store, "x", 1L);
            awaitText("{\n  \"n\": 2,\n  \"x\": 1\n}\n");
        }
        assertThat(notices).isEmpty();
    }

    /** An editor has truncated the file, has written a half of it, has deleted it, or has saved what it said some commits ago. */
    @ParameterizedTest
    @CsvSource({
        "0, TRUNCATED, false", "0, HALF, true", "0, DELETED, false", "0, OLD, true",
        "65536, TRUNCATED, true", "65536, TRUNCATED, false", "65536, HALF, true", "65536, HALF, false",
        "65536, DELETED, true", "65536, DELETED, false", "65536, OLD, true", "65536, OLD, false"
    })
    void whatWasFlushedBesideAnEditThatIsNotSettledSurvivesACrash(long journalAbove, String edit, boolean more)
            throws Exception {
        Path copy = Files.createDirectory(directory.resolve("crashed"));
        JsonFileOptions chosen = merging.journalAbove(journalAbove).keepCommits(0);
        try (Store store = chosen.open(file)) {
            store.put("m", Map.of("x", 0));
            store.put("n", 1);
            store.flush();
            String old = text();
            store.put("n", 2);
            store.put("late", true);
            store.flush();
            switch (edit) {
                case "HALF" -> Files.writeString(file, old.substring(0, old.length() / 2));
                case "DELETED" -> Files.delete(file);
                default -> Files.writeString(file, "");
            }
            store.flush();
            if (more) {
                store.put(KeyPath.of("m", "y"), 6);
                store.put("n", 3);
            }
            if (edit.equals("DELETED")) {
                Files.writeString(file, "");
            }
            copyAll(copy);
            if (edit.equals("OLD")) {
                Files.writeString(copy.resolve("state.json"), old);
            }
        }
        Path crashed = copy.resolve("state.json");
        if (edit.equals("DELETED")) {
            Files.delete(crashed);
        }
        notices.clear();
        try (Store store = chosen.open(crashed)) {
            assertThat(store.get("n")).isEqualTo(more ? 3L : 2L);
            assertThat(store.get("late")).isEqualTo(true);
            assertThat(store.getOrDefault(KeyPath.of("m", "y"), Long.class, 0L) == 6)
                    .isEqualTo(more);
        }
        if (edit.equals("HALF")) {
            assertThat(notices).anySatisfy(notice -> {
                assertThat(notice.message()).contains("the file is no JSON; went on with what was committed");
                assertThat(notice.kept()).isRegularFile();
            });
        }
    }

    @Test
    void anEditThatACrashCutOffIsMergedAtTheNextOpening() throws Exception {
        Path copy = Files.createDirectory(directory.resolve("crashed"));
        try (Store store = merging.open(file)) {
            store.put("log", List.of("a"));
            Files.writeString(file, "{\"log\": [\"a\", ");
            store.append(KeyPath.of("log"), "ours");
            store.put("n", 1);
            copyAll(copy);
        }
        Path crashed = copy.resolve("state.json");
        Files.writeString(crashed, "\"theirs\"], \"x\": 1}", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> options.open(crashed))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("takeJournal()");
        notices.clear();
        try (Store store = merging.open(crashed)) {
            assertThat(store.toMap()).hasToString("{log=[a, ours, theirs], n=1, x=1}");
        }
        assertThat(notices).extracting(JsonFile.Notice::news).containsExactly(News.RECOVERED);
    }

    /** To open it would wait for its other end. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPipeInThePlaceOfTheFileHoldsUpNobody(boolean merges) throws Exception {
        requireTool("mkfifo");
        try (Store store = (merges ? options.mergeEdits(Duration.ofMillis(50)) : options).open(file)) {
            store.put("n", 1);
            Files.delete(file);
            run("mkfifo", file.toString());
            assertThatThrownBy(() -> store.put("n", 2)).hasMessageContaining("is no regular file now");
            Thread.sleep(5 * EditMerger.POLL_MILLIS);
            JsonFile.backup(file, directory.resolve("backup.json"));
            Files.delete(file);
            store.put("n", 3);
        }
        assertThat(text()).contains("\"n\": 3");
        try (Store backup = options.open(directory.resolve("backup.json"))) {
            assertThat(backup.get("n")).isEqualTo(1L);
        }
        Path pipe = directory.resolve("pipe.json");
        run("mkfifo", pipe.toString());
        assertThatThrownBy(() -> JsonFile.backup(pipe, directory.resolve("other.json")))
                .hasMessageContaining("pipe.json: it is no regular file");
    }

    /** The journal has the edit, and the file keeps it until the next checkpoint. */
    @Test
    void afterACrashAMergedEditInTheFileIsAConflictForNobody() throws Exception {
        Path copy = Files.createDirectory(directory.resolve("crashed"));
        Map<String, Object> committed = Map.of("n", 3L, "typed", true);
        try (Store store = journal.mergeEdits().open(file)) {
            store.put("n", 1);
            store.flush();
            Files.writeString(file, "{\"n\": 1, \"typed\": true}");
            Snapshot ignored = await(store, "typed", true);
            store.put("n", 3);
            copyAll(copy);
        }
        Path crashed = copy.resolve("state.json");
        notices.clear();
        assertThat(JsonFile.check(crashed)).isEmpty();
        for (JsonFileOptions way :
                List.of(options.readOnly(), options.follow(), options.readOnly().takeFile())) {
            try (Store reader = way.open(crashed)) {
                assertThat(reader.toMap()).isEqualTo(committed);
            }
        }
        assertThat(options.history(crashed)
                        .states()
                        .get(options.history(crashed).states().size() - 1)
                        .toMap())
                .isEqualTo(committed);
        Path backup = directory.resolve("backup.json");
        JsonFile.backup(crashed, backup);
        try (Store copied = options.open(backup)) {
            assertThat(copied.toMap()).isEqualTo(committed);
        }
        assertThat(notices).isEmpty();
        try (Store store = options.takeFile().open(crashed)) {
            assertThat(store.toMap()).isEqualTo(committed);
        }
        assertThat(notices)
                .singleElement()
                .satisfies(notice -> assertThat(notice.message()).contains("had been merged before a crash"));
        assertThat(list(copy)).noneMatch(kept -> kept.getFileName().toString().startsWith("state.json.committed"));
    }

    /** Only a save brings an earlier text into the file: the program has not written it since it merged the edit. */
    @Test
    void afterACrashAnEditThatIsTakenBackIsNotPassedOver() throws Exception {
        Files.writeString(file, "{\n  \"n\": 1\n}\n");
        Path crashed = Files.createDirectory(directory.resolve("crashed")).resolve("state.json");
        CountDownLatch copied = new CountDownLatch(1);
        try (Store store = journal.mergeEdits().open(file)) {
            store.put("n", 7);
            // Told before the file is written again.
            store.watch(KeyPath.of("by hand"), Delivery.every(Runnable::run), update -> {
                try {
                    copyAll(crashed.getParent());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                copied.countDown();
            });
            Files.writeString(file, "{\"n\": 1, \"by hand\": 0}");
            assertThat(copied.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        Path copy = Files.createDirectory(directory.resolve("copy"));
        Files.writeString(crashed, "{\n  \"n\": 1\n}\n");
        Map<String, String> before = all(crashed.getParent());
        assertThat(JsonFile.check(crashed)).singleElement().asString().contains("takeJournal()");
        for (JsonFileOptions way : List.of(options, options.readOnly())) {
            assertThatThrownBy(() -> way.open(crashed)).hasMessageContaining("takeJournal()");
        }
        assertThatThrownBy(() -> JsonFile.backup(crashed, directory.resolve("backup.json")))
                .hasMessageContaining("takeJournal()");
        assertThat(all(crashed.getParent())).isEqualTo(before);
        Files.createDirectory(copy.resolve("state.json.d"));
        for (Path inside : list(crashed.resolveSibling("state.json.d"))) {
            Files.copy(inside, copy.resolve("state.json.d").resolve(inside.getFileName()));
        }
        Files.copy(crashed, copy.resolve("state.json"));
        try (Store store = options.takeFile().open(copy.resolve("state.json"))) {
            assertThat(store.toMap()).isEqualTo(Map.of("n", 1L));
        }
        assertThat(only(copy, "state.json.committed")).content().contains("by hand");
        notices.clear();
        try (Store store = merging.open(crashed)) {
            assertThat(store.toMap()).isEqualTo(Map.of("n", 7L, "by hand", 0L));
        }
        assertThat(notices)
                .singleElement()
                .satisfies(notice -> assertThat(notice.kept()).hasContent("{\n  \"n\": 1\n}\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "no", "auto"})
    void vimSavesAnEditWhateverItsBackupCopy(String backupCopy) throws Exception {
        requireTool("vim");
        JsonFileOptions way = merging;
        try (Store store = way.open(file)) {
            store.put("n", 1);
            store.put("other", "x");
            store.flush();
            awaitText("{\n  \"n\": 1,\n  \"other\": \"x\"\n}\n");
            run(
                    "vim",
                    "-u",
                    "NONE",
                    "-es",
                    "-c",
                    "set backup backupskip= backupcopy=" + backupCopy + " backupdir=" + directory,
                    "-c",
                    "%s/\"n\": 1/\"n\": 2/",
                    "-c",
                    "wq",
                    file.toString());
            await(store, "n", 2L);
            assertThat(store.get("other")).isEqualTo("x");
        }
        assertThat(notices).isEmpty();
    }

    /** It needs a terminal, which is one of tmux. */
    @Test
    void nanoSavesAnEdit() throws Exception {
        requireTool("nano");
        requireTool("tmux");
        try (Store store = merging.open(file)) {
            store.put("n", 1);
            store.put("other", "x");
            store.flush();
            awaitText("{\n  \"n\": 1,\n  \"other\": \"x\"\n}\n");
            tmux("new-session", "-d", "-s", "editor", "-x", "80", "-y", "24", "nano --ignorercfiles '" + file + "'");
            awaitScreen("\"n\": 1");
            tmux("send-keys", "-t", "editor", "Down", "Right", "Right", "Right", "Right", "Right", "Right", "Right");
            tmux("send-keys", "-t", "editor", "Delete", "2");
            awaitScreen("\"n\": 2");
            tmux("send-keys", "-t", "editor", "C-o", "Enter", "C-x");
            await(store, "n", 2L);
            assertThat(store.get("other")).isEqualTo("x");
        } finally {
            tmux("kill-server");
        }
        assertThat(notices).isEmpty();
    }

    private void awaitScreen(String text) throws Exception {
        long end = System.nanoTime() + SOON.toNanos();
        for (String screen = ""; !screen.contains(text); screen = tmux("capture-pane", "-p", "-t", "editor")) {
            assertThat(System.nanoTime())
                    .as("waiting for %s in%n%s", text, screen)
                    .isLessThan(end);
            Thread.sleep(20);
        }
    }

    private String tmux(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "tmux", "-f", "/dev/null", "-S", directory.resolve("tmux").toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void sedAndEdSaveAnEdit() throws Exception {
        requireTool("sed");
        try (Store store = merging.open(file)) {
            store.put("n", 1);
            run("sed", "-i", "s/1/2/", file.toString());
            await(store, "n", 2L);
            awaitText("{\n  \"n\": 2\n}\n");
        }
        assertThat(notices).isEmpty();
    }

    private static void requireTool(String tool) {
        for (String folder : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                return;
            }
        }
        System.out.println("SKIPPED: " + tool + " is not installed, so it was not tried whether its saves are merged");
        Assumptions.abort(tool + " is not installed");
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }
}
