package dev.heartwood.file;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.JsonFile.News;
import dev.heartwood.file.JsonFile.Notice;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.DurableMark;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.ContentFingerprint;
import dev.heartwood.json.Decimals;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that a crash or a person left behind are replayed, dropped, or repaired. */
class JsonFileRecoveryTest extends JsonFileCase {
    @Test
    void aJournalIsReplayedByTheNextProcess() throws IOException {
        Path copy = directory.resolve("copy");
        Files.createDirectory(copy);
        try (Store store = journal.open(file)) {
            store.put("list", List.of(1));
            for (int i = 2; i <= 50; i++) {
                store.append(KeyPath.of("list"), i);
            }
            // As a crash would leave it: everything as it is now.
            copyAll(copy);
        }
        try (Store store = journal.open(copy.resolve("state.json"))) {
            assertThat(store.getList("list")).hasSize(50);
        }
    }

    @Test
    void repairGoesBackToAGenerationAndKeepsWhatWasThere() throws IOException {
        try (Store store = options.open(file)) {
            store.put("a", 1);
        }
        Files.writeString(file, "{\"a\": 1");
        try (Store store = options.repair().open(file)) {
            assertThat(store.get("a")).isEqualTo(1L);
        }
        assertThat(directory.resolve("state.json.corrupt-1")).hasContent("{\"a\": 1");
        assertThat(notices).extracting(Notice::news).contains(News.RECOVERED);
    }

    /** An editor has cut it off or deleted it, and the program was killed before its next commit. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void repairTakesTheLastCommitOfASmallFileFromTheLog(boolean missing) throws IOException {
        Path crashed = crashedSmall(options, missing);
        try (Store store = options.repair().open(crashed)) {
            assertThat(store.get("count")).isEqualTo(5L);
        }
        assertThat(told()).contains("the last commit in ", "commits.jsonl");
    }

    @Test
    void repairTakesTheTextBeforeTheLastCommitWhereNoLogIsKept() throws IOException {
        Path crashed = crashedSmall(options.keepCommits(0), false);
        try (Store store = options.keepCommits(0).repair().open(crashed)) {
            assertThat(store.get("count")).isEqualTo(4L);
        }
        assertThat(told()).contains("the text that a later commit has replaced");
        assertThat(crashed.resolveSibling("state.json.corrupt-1")).isEmptyFile();
    }

    @Test
    void repairTakesNoTextOfSomebodyElse() throws IOException {
        Path crashed = crashedSmall(options.keepCommits(0), false);
        Path second = only(crashed.resolveSibling("state.json.d"), "replaced");
        Files.writeString(second, Files.readString(second).replace('4', '7'));
        try (Store store = options.keepCommits(0).repair().open(crashed)) {
            assertThat(store.size()).isZero();
        }
        assertThat(crashed.resolveSibling("state.json.external-1")).content().contains("7");
    }

    @Test
    void repairTakesTheGenerationWhereItIsAsNewAsAnyText() throws IOException {
        Path crashed = crashedSmall(options.keepCommits(0), false);
        Path newest = list(crashed.resolveSibling("state.json.d")).stream()
                .filter(path -> path.getFileName().toString().startsWith("generation-"))
                .reduce((older, newer) -> newer)
                .orElseThrow();
        Files.writeString(newest, "{\n  \"count\": 5\n}\n");
        Files.delete(only(crashed.resolveSibling("state.json.d"), "journal-")); // its checksum is of another text
        try (Store store = options.keepCommits(0).repair().open(crashed)) {
            assertThat(store.get("count")).isEqualTo(5L);
        }
    }

    /** The mark that the holder has left names more commits than the journal has. */
    @ParameterizedTest
    @ValueSource(ints = {1, 40, 0})
    void aJournalThatHasLostDurableCommitsAtItsEndIsTold(int bytes) throws IOException {
        Path crashed = crashedJournal();
        Path log = only(crashed.resolveSibling("state.json.d"), "journal-");
        byte[] all = Files.readAllBytes(log);
        Files.write(log, Arrays.copyOf(all, all.length - bytes));
        List<String> faults = JsonFile.check(crashed);
        assertThat(faults).hasSize(bytes == 0 ? 0 : 1);
        try (Store store = options.open(crashed)) {
            assertThat(store.get("count")).isEqualTo(bytes == 0 ? 2L : 1L);
        }
        assertThat(told().contains("has 1 commits, and 2 had been durable")).isEqualTo(bytes > 0);
        assertThat(faults).allSatisfy(fault -> assertThat(told()).contains(fault));
    }

    /** The journal beside a small file stands by without commits. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void repairKeepsTheFileWhereOnlyTheJournalBesideItIsDamaged(boolean mark) throws IOException {
        Path crashed = crashed(options);
        Path inside = crashed.resolveSibling("state.json.d");
        Files.writeString(only(inside, "journal-"), "damaged");
        if (!mark) {
            Files.delete(inside.resolve("durable"));
        }
        assertThatThrownBy(() -> options.open(crashed)).hasMessageContaining("repair()");
        try (Store store = options.repair().open(crashed)) {
            assertThat(store.get("count")).isEqualTo(5L);
        }
        assertThat(told()).contains("it is as of " + crashed);
        assertThat(crashed.resolveSibling("state.json.corrupt-1")).hasContent("damaged");
        assertThat(crashed.resolveSibling("state.json.corrupt-2")).doesNotExist();
    }

    /** As after an edit by hand, or after a power cut that has kept the file, and an older mark. */
    @Test
    void repairKeepsAWholeFileThatTheMarkDoesNotName() throws IOException {
        Path crashed = crashed(options);
        Files.writeString(only(crashed.resolveSibling("state.json.d"), "journal-"), "damaged");
        Files.writeString(crashed, "{\"count\": 6}");
        try (Store store = options.repair().open(crashed)) {
            assertThat(store.get("count")).isEqualTo(6L);
        }
        assertThat(told()).contains("it is as of " + crashed);
        assertThat(crashed.resolveSibling("state.json.corrupt-2")).doesNotExist();
    }

    /** It parses, but the journal beside it has the checksum of another text. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void repairPassesOverAGenerationWhoseJournalFollowsAnotherText(boolean older) throws IOException {
        JsonFileOptions small = options.keepCommits(0);
        for (int i = 1; i <= 2; i++) {
            try (Store store = small.open(file)) {
                store.put("count", i);
            }
        }
        Path copy = Files.createDirectory(directory.resolve("crashed"));
        try (Store store = small.open(file)) {
            store.flush();
            copyAll(copy);
        }
        Path crashed = copy.resolve("state.json");
        List<Path> generations = list(crashed.resolveSibling("state.json.d")).stream()
                .filter(path -> path.getFileName().toString().startsWith("generation-"))
                .toList();
        Path newest = generations.get(generations.size() - 1);
        Files.writeString(newest, "{\"count\": 9}");
        for (Path each : older ? List.<Path>of() : generations.subList(0, generations.size() - 1)) {
            Files.delete(each);
        }
        assertThat(JsonFile.check(crashed)).singleElement().asString().contains("is damaged, though it can be read");
        Files.writeString(crashed, "");
        if (older) {
            try (Store store = small.repair().open(crashed)) {
                assertThat(store.get("count")).isEqualTo(1L);
            }
        } else {
            assertThatThrownBy(() -> small.repair().open(crashed))
                    .hasMessageContaining("no generation that can be read");
        }
        assertThat(told()).contains(newest + " is damaged, though it can be read");
    }

    /** As on a disk that has no room: the damaged file was kept, and what follows failed. */
    @Test
    void whatAnEarlierTryOfARepairHasKeptIsNotKeptAgain() throws IOException {
        Path crashed = crashedSmall(options, false);
        Files.writeString(crashed, "{ damaged");
        Files.writeString(crashed.resolveSibling("state.json.corrupt-1"), "{ another");
        Files.writeString(crashed.resolveSibling("state.json.corrupt-2"), "{ damaged");
        options.repair().open(crashed).close();
        assertThat(told()).contains("is kept in " + crashed.resolveSibling("state.json.corrupt-2"));
        assertThat(crashed.resolveSibling("state.json.corrupt-1")).hasContent("{ another");
        assertThat(crashed.resolveSibling("state.json.corrupt-3")).doesNotExist();
    }

    @Test
    void aCheckFindsNoFaultInAStoreThatIsInUse() throws Exception {
        for (JsonFileOptions choice : List.of(options, journal)) {
            AtomicBoolean over = new AtomicBoolean();
            try (Store store = choice.open(file)) {
                store.put("n", 0);
                CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                    for (long i = 1; !over.get(); i++) {
                        store.put("n", i);
                        if (i % 100 == 0) {
                            store.put("pad", "y".repeat(20_000 + (int) i));
                        }
                    }
                });
                for (int i = 0; i < 10; i++) {
                    assertThat(JsonFile.check(file)).isEmpty();
                }
                over.set(true);
                writer.join();
            }
            assertThat(JsonFile.check(file)).isEmpty();
        }
    }

    @Test
    void aCheckLooksAtTheCopiesAlsoWhereTheFileCannotBeRead() throws IOException {
        Path crashed = crashed(options);
        Path inside = crashed.resolveSibling("state.json.d");
        Files.delete(only(inside, "journal-"));
        assertThat(JsonFile.check(crashed)).singleElement().asString().contains("has generations and no journal");
        Files.writeString(crashed, "{ oops");
        for (Path each : list(inside)) {
            if (each.getFileName().toString().startsWith("generation-")) {
                Files.writeString(each, "{");
            }
        }
        assertThat(JsonFile.check(crashed))
                .anyMatch(fault -> fault.startsWith(crashed + " cannot be read"))
                .anyMatch(fault -> fault.startsWith(inside + "/generation-"));
    }

    @Test
    void aCheckSaysWhyAStoreCannotBeOpened() throws IOException {
        assertThatThrownBy(() -> JsonFile.check(file))
                .hasMessageContaining("does not exist: there is nothing to check");
        options.open(file).close();
        Files.writeString(file, "{ oops");
        assertThat(JsonFile.check(file)).singleElement().asString().contains("cannot be read", "line 1");
        Files.delete(file);
        assertThat(JsonFile.check(file)).singleElement().asString().contains("is missing");
        assertThat(file).doesNotExist();
    }

    /** Then it is not known what was committed last, and somebody has to choose. */
    @Test
    void anUnfinishedTextGivesNoWayToAStateThatLacksCommits() throws IOException {
        Path crashed = crashedJournal();
        Path log = only(crashed.resolveSibling("state.json.d"), "journal-");
        List<String> lines = Files.readAllLines(log);
        Files.writeString(log, lines.get(0) + "\n" + lines.get(1) + "\n");
        Files.writeString(crashed, "{\"count\"");
        assertThatThrownBy(() -> options.mergeEdits().open(crashed)).hasMessageContaining("repair()");

        Path copy = Files.createDirectory(directory.resolve("small"));
        Path small = directory.resolve("other.json");
        try (Store store = options.open(small)) {
            store.put("n", 1);
            store.put("n", 2);
            store.flush();
            Files.copy(small, copy.resolve("other.json"));
            Files.createDirectory(copy.resolve("other.json.d"));
            for (Path inside : list(directory.resolve("other.json.d"))) {
                Files.copy(inside, copy.resolve("other.json.d").resolve(inside.getFileName()));
            }
        }
        // As where the program was killed while it replaced the file, and the text was overwritten since: nobody was
        // told that the next commit is there.
        Path mark = copy.resolve("other.json.d/durable");
        DurableMark last = requireNonNull(DurableMark.parse(Files.readAllBytes(mark)));
        DurableMark.FileState state = (DurableMark.FileState) last.state();
        ContentFingerprint next =
                ContentFingerprint.of(ContentDigest.of("{\"n\": 3}\n".getBytes(StandardCharsets.UTF_8)));
        Files.write(
                mark,
                new DurableMark(
                                last.opening(),
                                last.boot(),
                                last.number(),
                                new DurableMark.FileState(state.content(), next),
                                last.texts())
                        .bytes());
        Files.writeString(copy.resolve("other.json"), "{\"n\"");
        try (Store store = options.mergeEdits().open(copy.resolve("other.json"))) {
            assertThat(store.get("n")).isEqualTo(2L);
        }
    }

    @Test
    void repairBelievesNoMarkThatIsOlderThanTheGenerations() throws IOException {
        Path inside = directory.resolve("state.json.d");
        Path older = Files.createDirectory(directory.resolve("older"));
        try (Store store = options.open(file)) {
            store.put("count", 1);
            store.put("count", 2);
            store.flush();
            for (String name : List.of("durable", "commits.jsonl")) {
                Files.copy(inside.resolve(name), older.resolve(name));
            }
            store.put("count", 3);
        }
        for (Path each : list(older)) {
            Files.copy(each, inside.resolve(each.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.writeString(file, "{");
        try (Store store = options.repair().open(file)) {
            assertThat(store.get("count")).isEqualTo(3L);
        }
    }

    /** Nobody can tell whether the edit came before the crash or after it; so no commit is lost for good. */
    @Test
    void whatWasCommittedLastIsKeptAsAGenerationWhereACrashedSmallFileWasEdited() throws IOException {
        Path crashed = crashed(options);
        Path inside = crashed.resolveSibling("state.json.d");
        Files.writeString(crashed, "{\"edited\": true}");
        try (Store store = options.open(crashed)) {
            assertThat(store.toMap()).isEqualTo(Map.of("edited", true));
        }
        assertThat(told()).contains("the state as it was committed is kept in " + inside + "/generation-");
        Path kept = notices.stream()
                .map(Notice::kept)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
        assertThat(kept).hasContent("{\n  \"count\": 5\n}\n");
        notices.clear();
        Files.writeString(crashed, "{\"edited\": 2}");
        options.open(crashed).close();
        assertThat(notices).extracting(Notice::kept).containsOnlyNulls();
    }

    /** Nobody can tell whether a text that the file had some commits ago is meant as an edit. */
    @Test
    void aTextOfTheProgramThatIsPutBackAfterACrashTakesNoCommitBackWhereEditsAreMerged() throws IOException {
        Path crashed = crashed(options);
        Path copy = Files.createDirectory(directory.resolve("copy"));
        Files.writeString(crashed, "{\n  \"count\": 4\n}\n");
        Files.copy(crashed, copy.resolve("state.json"));
        Files.createDirectory(copy.resolve("state.json.d"));
        for (Path inside : list(crashed.resolveSibling("state.json.d"))) {
            Files.copy(inside, copy.resolve("state.json.d").resolve(inside.getFileName()));
        }
        assertThat(JsonFile.check(crashed))
                .singleElement()
                .asString()
                .contains("a text that a later commit had replaced", "mergeEdits()");
        notices.clear();
        try (Store store = options.mergeEdits().open(crashed)) {
            assertThat(store.get("count")).isEqualTo(5L);
        }
        assertThat(notices)
                .singleElement()
                .satisfies(notice -> assertThat(notice.kept()).hasContent("{\n  \"count\": 4\n}\n"));
        // Without that option the file counts, and no commit is lost for good.
        try (Store store = options.open(copy.resolve("state.json"))) {
            assertThat(store.get("count")).isEqualTo(4L);
        }
        assertThat(told()).contains("the state as it was committed is kept in " + copy);
    }

    @Test
    void commitsThatNoFileHasAreToldWhereATextOfTheProgramIsPutBack() throws IOException {
        Path crashed = crashed(options.keepCommits(0));
        for (Path second : new StoreLayout(crashed).replaced()) {
            Files.deleteIfExists(second);
        }
        Files.writeString(crashed, "{\n  \"count\": 4\n}\n");
        assertThat(JsonFile.check(crashed)).singleElement().asString().contains("No other file has the commits since");
        notices.clear();
        try (Store store = options.mergeEdits().open(crashed)) {
            assertThat(store.get("count")).isEqualTo(4L);
        }
        assertThat(told()).contains("No other file has the commits since: restore them from a backup");
    }

    /** As where the mark could not be written any more. */
    @Test
    void aTextOfTheProgramThatItHasWrittenOnceMoreIsNotPutBack() throws IOException {
        Path crashed = crashed(options);
        Path durable = crashed.resolveSibling("state.json.d").resolve("durable");
        DurableMark mark = requireNonNull(DurableMark.parse(Files.readAllBytes(durable)));
        String before = "{\n  \"count\": 4\n}\n";
        ContentFingerprint content = ContentFingerprint.of(ContentDigest.of(before.getBytes(StandardCharsets.UTF_8)));
        Files.write(
                durable,
                new DurableMark(
                                mark.opening(),
                                mark.boot(),
                                mark.number(),
                                new DurableMark.FileState(content, null),
                                mark.texts())
                        .bytes());
        Files.writeString(new StoreLayout(crashed).replaced().get(0), before);
        assertThat(JsonFile.check(crashed)).isEmpty();
        try (Store store = options.mergeEdits().open(crashed)) {
            assertThat(store.get("count")).isEqualTo(5L);
        }
    }

    /** Nothing was committed since the generation that a journal without commits follows. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1 << 16})
    void aFileThatIsDeletedAfterACrashBeforeTheFirstCommitIsWrittenAgainWhereEditsAreMerged(long journalAbove)
            throws IOException {
        Files.writeString(file, "{\"n\": 1}");
        Path copy = Files.createDirectory(directory.resolve("crashed"));
        try (Store store = options.journalAbove(journalAbove).keepCommits(0).open(file)) {
            store.flush();
            copyAll(copy);
        }
        Path crashed = copy.resolve("state.json");
        Files.delete(crashed);
        assertThatThrownBy(() -> options.open(crashed)).hasMessageContaining("is missing");
        try (Store store = options.mergeEdits().open(crashed)) {
            assertThat(store.get("n")).isEqualTo(1L);
        }
    }

    /** After a power cut the file may be newer than the mark, which is not synced. */
    @Test
    void afterAPowerCutTheMarkDoesNotTellWhatWasCommittedLast() throws IOException {
        Path crashed = crashed(options);
        Path durable = crashed.resolveSibling("state.json.d").resolve("durable");
        DurableMark mark = DurableMark.parse(Files.readAllBytes(durable));
        String earlier = "00000000-0000-4000-8000-000000000000";
        Files.write(
                durable, new DurableMark(mark.opening(), earlier, mark.number(), mark.state(), mark.texts()).bytes());
        Files.writeString(crashed, "{\"count\": 6}");
        options.open(crashed).close();
        assertThat(notices).extracting(Notice::kept).containsOnlyNulls();
    }

    /** Its mark says what was committed; so does the text before the rename. */
    @Test
    void ofACrashedSmallFileThatNobodyEditedNothingIsKept() throws IOException {
        Path crashed = crashed(options);
        options.open(crashed).close();
        assertThat(notices).extracting(Notice::kept).containsOnlyNulls();
    }

    @Test
    void repairFindsTheLastCommitWhateverDecimalsTheStoreWasWrittenWith() throws IOException {
        JsonFileOptions exact = options.decimals(Decimals.EXACT);
        Path copy = Files.createDirectory(directory.resolve("crashed"));
        try (Store store = exact.open(file)) {
            store.put("price", new BigDecimal("2.50"));
            store.flush();
            copyAll(copy);
        }
        Path crashed = copy.resolve("state.json");
        Files.writeString(crashed, "");
        try (Store store = options.repair().open(crashed)) {
            assertThat(store.get("price")).isEqualTo(2.5);
        }
    }

    /** A store in a small file, as a crash leaves it after five commits; the file is damaged. */
    private Path crashedSmall(JsonFileOptions small, boolean missing) throws IOException {
        Path crashed = crashed(small);
        Files.writeString(crashed, "");
        if (missing) {
            Files.delete(crashed);
        }
        return crashed;
    }

    /** A store in a small file, as a crash leaves it after five commits. */
    private Path crashed(JsonFileOptions small) throws IOException {
        Path copy = Files.createDirectory(directory.resolve("crashed"));
        try (Store store = small.open(file)) {
            for (int i = 1; i <= 5; i++) {
                store.put("count", i);
            }
            store.flush(); // the writer rests
            copyAll(copy);
        }
        return copy.resolve("state.json");
    }

    private String told() {
        return notices.stream().map(Notice::message).collect(Collectors.joining("\n"));
    }

    @Test
    void repairReplaysTheJournalOnTheGenerationWhereTheFileIsDamaged() throws IOException {
        Path crashed = crashedJournal();
        Files.write(crashed, new byte[100]);
        try (Store store = options.repair().open(crashed)) {
            assertThat(store.get("count")).isEqualTo(2L);
        }
    }

    @Test
    void aMissingFileIsRefusedWhereThereWasOneAndRepaired() throws IOException {
        Path crashed = crashedJournal();
        Files.delete(crashed);
        assertThatThrownBy(() -> options.open(crashed))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll("is missing", "repair()", "empty tree");
        try (Store store = options.repair().open(crashed)) {
            assertThat(store.get("count")).isEqualTo(2L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"journal-", "generation-"})
    void aMissingFileIsRefusedAlsoWhereOnlyOneOfItsCompanionsIsLeft(String left) throws IOException {
        Path crashed = crashedJournal();
        Files.delete(crashed);
        for (Path inside : list(crashed.resolveSibling("state.json.d"))) {
            if (!inside.getFileName().toString().startsWith(left)) {
                Files.delete(inside);
            }
        }
        Map<String, String> before = all(crashed.getParent());
        assertThatThrownBy(() -> options.open(crashed))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("is missing");
        assertThat(all(crashed.getParent())).isEqualTo(before);
    }

    @Test
    void aDirectoryWithNothingButALockIsAFreshStore() throws IOException {
        Files.createDirectory(directory.resolve("state.json.d"));
        Files.createFile(directory.resolve("state.json.d/lock"));
        try (Store store = options.open(file)) {
            assertThat(store.size()).isZero();
        }
    }

    @Test
    void aJournalThatIsDamagedInTheMiddleIsRefusedAndRepairedUpToThere() throws IOException {
        Path crashed = crashedJournal();
        Path log = only(crashed.resolveSibling("state.json.d"), "journal-");
        String lines = Files.readString(log);
        Files.writeString(log, lines.replaceFirst("\"value\":1([,}])", "\"value\":9$1"));
        Map<String, String> before = all(crashed.getParent());
        assertThatThrownBy(() -> options.open(crashed))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll("journal-", "is damaged", "after commit 0", "up to 1 had been acknowledged");
        assertThat(all(crashed.getParent())).isEqualTo(before);
        try (Store store = options.repair().open(crashed)) {
            assertThat(store.size()).isZero();
        }
        assertThat(crashed.resolveSibling("state.json.corrupt-1")).exists();
    }

    /** The journal follows the file itself, of which there is no copy any more. */
    @Test
    void repairGoesBackToTheFileAndKeepsTheJournalThatIsDamaged() throws IOException {
        Path crashed = crashedJournal();
        Path log = only(crashed.resolveSibling("state.json.d"), "journal-");
        Files.writeString(log, Files.readString(log).replaceFirst("\"value\":1([,}])", "\"value\":9$1"));
        String damaged = Files.readString(log);
        Files.delete(only(crashed.resolveSibling("state.json.d"), "generation-"));
        try (Store store = options.repair().open(crashed)) {
            assertThat(store.size()).isZero();
        }
        assertThat(crashed.resolveSibling("state.json.corrupt-1")).hasContent(damaged);
    }

    @Test
    void repairGoesBackToAnOlderJournalAndKeepsANewerOneThatFollowsNothing() throws IOException {
        Path crashed = crashedJournal();
        Path other = only(withoutBase("other").resolveSibling("state.json.d"), "journal-");
        Path newer = crashed.resolveSibling("state.json.d").resolve("journal-100.jsonl");
        Files.copy(other, newer);
        String commits = Files.readString(newer);
        Files.writeString(crashed, "{\"by\": \"editor\"}");
        try (Store store = journal.repair().open(crashed)) {
            assertThat(store.get("count")).isEqualTo(2L);
        }
        assertThat(crashed.resolveSibling("state.json.corrupt-2")).hasContent(commits);
    }

    @Test
    void repairPassesOverACopyThatCannotBeReadEither() throws IOException {
        for (int i = 1; i <= 2; i++) {
            try (Store store = options.open(file)) {
                store.put("i", i);
            }
        }
        Files.writeString(file, "{");
        Files.writeString(newestGeneration(), "{");
        try (Store store = options.repair().open(file)) {
            assertThat(store.get("i")).isEqualTo(1L);
        }
    }

    /** Its later commits show that it has been in use, though it follows another file than this. */
    @Test
    void aJournalWhoseFirstCommitIsDamagedIsRefusedAlsoWhereTheFileWasEdited() throws IOException {
        Path crashed = crashedJournal();
        Path log = only(crashed.resolveSibling("state.json.d"), "journal-");
        Files.writeString(log, Files.readString(log).replaceFirst("\"value\":1([,}])", "\"value\":9$1"));
        Files.writeString(crashed, "{\"edited\": true}");
        assertThatThrownBy(() -> options.open(crashed))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll("journal-", "is damaged", "up to 1 had been acknowledged");
    }

    /** Each line that is left is whole; the one that is gone had been acknowledged. */
    @Test
    void aJournalThatLacksAWholeLineIsRefused() throws IOException {
        Path crashed = crashedJournal();
        Path lines = only(crashed.resolveSibling("state.json.d"), "journal-");
        List<String> all = Files.readAllLines(lines);
        Files.write(lines, List.of(all.get(0), all.get(2)));
        assertThatThrownBy(() -> journal.open(crashed))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("had been acknowledged");
    }

    @Test
    void aTornTailIsDroppedAndKeptAside() throws IOException {
        Path crashed = crashedJournal();
        Path log = only(crashed.resolveSibling("state.json.d"), "journal-");
        String lines = Files.readString(log);
        Files.writeString(log, lines.substring(0, lines.length() - 5));
        try (Store store = options.open(crashed)) {
            assertThat(store.get("count")).isEqualTo(1L);
        }
        assertThat(Files.readString(only(crashed.resolveSibling("state.json.d"), "torn-")))
                .contains("\"put\":\"/count\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "journal", "merge", "repair"})
    void aTornTailIsKeptHoweverTheStoreIsOpened(String choice) throws IOException {
        Path crashed = crashedJournal();
        Path log = only(crashed.resolveSibling("state.json.d"), "journal-");
        String lines = Files.readString(log);
        Files.writeString(log, lines.substring(0, lines.length() - 5));
        Files.writeString(crashed, choice.equals("repair") ? "{" : "{\"by\":\"editor\"}");
        JsonFileOptions way = switch (choice) {
            case "file" -> journal.takeFile();
            case "journal" -> journal.takeJournal();
            case "merge" -> journal.mergeEdits();
            default -> journal.repair();
        };
        way.open(crashed).close();
        assertThat(Files.readString(only(crashed.resolveSibling("state.json.d"), "torn-")))
                .isEqualTo(lines.substring(lines.lastIndexOf('\n', lines.length() - 2) + 1, lines.length() - 5));
    }

    /** The first write to a new journal was cut off, and then the file was edited. */
    @Test
    void aTornTailIsKeptAlsoWhereNothingElseStandsInTheJournal() throws IOException {
        Path crashed = crashedJournal();
        Path log = only(crashed.resolveSibling("state.json.d"), "journal-");
        List<String> lines = Files.readAllLines(log);
        String torn = lines.get(1).substring(0, 20);
        Files.writeString(log, lines.get(0) + "\n" + torn);
        Files.writeString(crashed, "{\"by\": \"editor\"}");
        try (Store store = journal.open(crashed)) {
            assertThat(store.get("by")).isEqualTo("editor");
        }
        assertThat(only(crashed.resolveSibling("state.json.d"), "torn-")).hasContent(torn);
    }

    @Test
    void aJournalOfANewerVersionIsRefusedAlsoUnderRepair() throws IOException {
        Path crashed = crashedJournal();
        Path log = only(crashed.resolveSibling("state.json.d"), "journal-");
        String header = " 0 0 {\"journal\":2,\"id\":\"new\",\"kind\":[1]}";
        CRC32C crc = new CRC32C();
        crc.update(bytes(header));
        Files.writeString(log, String.format("%08x", crc.getValue()) + header + "\nwhatever comes after that\n");
        Map<String, String> before = all(crashed.getParent());
        for (JsonFileOptions choice : List.of(options, options.repair(), options.takeFile())) {
            assertThatThrownBy(() -> choice.open(crashed))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContainingAll(
                            log.toString(), "a newer version of the library wrote it", "No file was changed");
            assertThat(all(crashed.getParent())).isEqualTo(before);
        }
    }

    @Test
    void aJournalThatRequiresWhatThisVersionDoesNotKnowIsRefusedAlsoUnderRepair() throws IOException {
        Path crashed = crashedJournal();
        Path log = only(crashed.resolveSibling("state.json.d"), "journal-");
        String header = " 0 0 {\"journal\":1,\"id\":\"0123456789abcdef\",\"base\":\"sha256:" + "0".repeat(64)
                + "\",\"bytes\":3,\"requires\":[\"packed\"]}";
        CRC32C crc = new CRC32C();
        crc.update(bytes(header));
        Files.writeString(log, String.format("%08x", crc.getValue()) + header + "\nwhatever comes after that\n");
        Map<String, String> before = all(crashed.getParent());
        for (JsonFileOptions choice : List.of(options, options.repair(), options.takeFile())) {
            assertThatThrownBy(() -> choice.open(crashed))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContainingAll(
                            log.toString(), "requires features", "does not know: \"packed\"", "No file was changed");
            assertThat(all(crashed.getParent())).isEqualTo(before);
        }
    }

    @Test
    void anEditThatLeavesTheSizeOfTheFileIsNoticed() throws IOException {
        Files.writeString(file, "{\"by\": \"us\"}");
        Path crashed = crashedJournal();
        assertThat(crashed).hasContent("{\"by\": \"us\"}");
        Files.writeString(crashed, "{\"by\": \"me\"}");
        assertThatThrownBy(() -> options.open(crashed))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("was edited while it was not open");
        assertThatThrownBy(() -> options.readOnly().open(crashed)).hasMessageContaining("was edited");
    }

    @Test
    void aJournalWhoseFirstLineIsDamagedIsRefusedWhateverIsChosen() throws IOException {
        Path crashed = crashedJournal();
        Path log = only(crashed.resolveSibling("state.json.d"), "journal-");
        Files.writeString(log, "x" + Files.readString(log).substring(1));
        for (JsonFileOptions choice : List.of(options, options.takeFile(), options.takeJournal())) {
            assertThatThrownBy(() -> choice.open(crashed))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("is damaged");
        }
    }

    @Test
    void whereTheTreeThatAJournalFollowsIsGoneEveryAdviceLeadsOn() throws IOException {
        Path crashed = withoutBase("plain");
        Map<String, String> before = all(crashed.getParent());
        for (JsonFileOptions choice : List.of(journal, journal.takeJournal())) {
            assertThatThrownBy(() -> choice.open(crashed))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContainingAll("missing or damaged", "takeFile()", "repair()", "No file was changed");
            assertThat(all(crashed.getParent())).isEqualTo(before);
        }
    }

    @Test
    void takingTheFileKeepsAJournalThatCannotBeReplayed() throws IOException {
        Path crashed = withoutBase("taken");
        Path log = only(crashed.resolveSibling("state.json.d"), "journal-");
        String commits = Files.readString(log);
        try (Store store = journal.takeFile().open(crashed)) {
            assertThat(store.get("count")).isEqualTo("hand");
        }
        assertThat(crashed.resolveSibling("state.json.committed-1")).hasContent(commits);
        assertThat(notices)
                .anySatisfy(notice ->
                        assertThat(notice.message()).contains("cannot be replayed", "state.json.committed-1"));
    }

    @Test
    void repairGoesBackToAnOlderGenerationAndKeepsAJournalThatCannotBeReplayed() throws IOException {
        for (JsonFileOptions choice :
                List.of(journal.repair(), journal.takeJournal().repair())) {
            Path crashed = withoutBase("repaired" + choice.hashCode());
            Path log = only(crashed.resolveSibling("state.json.d"), "journal-");
            String commits = Files.readString(log);
            Files.writeString(crashed.resolveSibling("state.json.d").resolve("generation-0.json"), "{\"count\": 0}");
            try (Store store = choice.open(crashed)) {
                assertThat(store.get("count")).isEqualTo(0L);
            }
            assertThat(crashed.resolveSibling("state.json.corrupt-1")).hasContent("{\"count\": \"hand\"}");
            assertThat(crashed.resolveSibling("state.json.corrupt-2")).hasContent(commits);
        }
    }

    /** A journal with commits; the file was edited, and the generation is gone. */
    private Path withoutBase(String name) throws IOException {
        Path copy = Files.createDirectory(directory.resolve(name));
        Path origin = copy.resolve("origin.json");
        try (Store store = journal.open(origin)) {
            store.put("count", 1);
            store.put("count", 2);
            Files.createDirectory(copy.resolve("state.json.d"));
            Path log = only(copy.resolve("origin.json.d"), "journal-");
            Files.copy(log, copy.resolve("state.json.d").resolve(log.getFileName()));
        }
        Path crashed = Files.writeString(copy.resolve("state.json"), "{\"count\": \"hand\"}");
        notices.clear();
        return crashed;
    }

    @Test
    void theDeepestTreeComesThroughTheJournal() throws IOException {
        Object deepest = 1L;
        for (int i = 0; i < 999; i++) {
            deepest = i % 2 == 0 ? List.of(deepest) : Map.of("k", deepest);
        }
        Path copy = Files.createDirectory(directory.resolve("copy"));
        try (Store store = journal.open(file)) {
            store.restore(Store.of(Map.of("deep", deepest)).snapshot());
            copyAll(copy);
        }
        try (Store store = journal.open(copy.resolve("state.json"))) {
            assertThat(store.snapshot()
                            .sameTree(Store.of(Map.of("deep", deepest)).snapshot()))
                    .isTrue();
        }
    }

    /** An opening that finds nothing to do gives the newest generation the next number; but not one that is damaged. */
    @ParameterizedTest
    @ValueSource(strings = {"", "{\"a", "{\n  \"a\": 7\n}\n", "{\n  \"a\": 10\n}\n"})
    void theNewestGenerationIsACopyOfTheFileAlsoWhereTheOneThatWasFoundIsNot(String damaged) throws IOException {
        try (Store store = journal.open(file)) {
            store.put("a", 1);
        }
        assertThat(text()).isEqualTo("{\n  \"a\": 1\n}\n");
        Files.writeString(newestGeneration(), damaged);
        journal.open(file).close();
        assertThat(newestGeneration()).hasContent(text());
        Files.delete(newestGeneration());
        journal.open(file).close();
        assertThat(newestGeneration()).hasContent(text());
    }

    @Test
    void ofTheCopiesTheNewestThatCanBeReadIsTaken() throws IOException {
        for (int i = 1; i <= 2; i++) {
            try (Store store = options.open(file)) {
                store.put("i", i);
            }
        }
        byte[] old = bytes("{\"i\": 0}");
        Files.write(file, old);
        Files.writeString(
                directory.resolve("state.json.d/superseded"),
                ContentDigest.of(old).sha256());
        Files.writeString(newestGeneration(), "{\"i\"");
        try (Store store = options.takeJournal().open(file)) {
            assertThat(store.get("i")).isEqualTo(1L);
        }
        assertThat(directory.resolve("state.json.external-1")).hasBinaryContent(old);
    }

    @Test
    void whereNoCopyCanBeReadAnOlderFileIsRefusedWhateverIsChosen() throws IOException {
        try (Store store = options.open(file)) {
            store.put("i", 1);
        }
        byte[] old = bytes("{\"i\": 0}");
        Files.write(file, old);
        Files.writeString(
                directory.resolve("state.json.d/superseded"),
                ContentDigest.of(old).sha256());
        for (Path inside : list(directory.resolve("state.json.d"))) {
            if (StoreLayout.generationNumber(inside.getFileName().toString()) >= 0) {
                Files.writeString(inside, "{");
            }
        }
        Map<String, String> before = all(directory);
        for (JsonFileOptions choice : List.of(options.takeJournal(), options.takeFile())) {
            assertThatThrownBy(() -> choice.open(file))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("is older than");
            assertThat(all(directory)).isEqualTo(before);
        }
    }

    private Path newestGeneration() throws IOException {
        return list(directory.resolve("state.json.d")).stream()
                .filter(path -> StoreLayout.generationNumber(path.getFileName().toString()) >= 0)
                .max(Comparator.comparingLong(
                        path -> StoreLayout.generationNumber(path.getFileName().toString())))
                .orElseThrow();
    }

    @Test
    void soManyGenerationsAreKeptAndNoMore() throws IOException {
        for (int i = 0; i < 8; i++) {
            try (Store store = options.generations(2).open(file)) {
                store.put("i", i);
            }
        }
        assertThat(generations()).hasSize(2).contains("{\n  \"i\": 7\n}\n");
    }
}
