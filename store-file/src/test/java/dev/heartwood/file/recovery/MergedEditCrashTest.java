package dev.heartwood.file.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.Origin;
import dev.heartwood.file.checkpoint.Checkpoints;
import dev.heartwood.file.checkpoint.Storage;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.HolderToken;
import dev.heartwood.file.disk.MemoryDisk;
import dev.heartwood.file.edits.EditMerger;
import dev.heartwood.file.edits.HandEdits;
import dev.heartwood.file.journal.CommitEdits;
import dev.heartwood.file.journal.DurableMark;
import dev.heartwood.file.reading.FileReader;
import dev.heartwood.file.text.ContentDigest;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A power cut at any moment of an edit by hand that is merged loses neither acknowledged commits nor the saved edit.
 */
class MergedEditCrashTest {
    private static final Path FILE = CrashHarness.PLACE.file();

    private MemoryDisk disk = new MemoryDisk(CrashHarness.TOP);
    private final List<Integer> acknowledgedAt = new ArrayList<>();
    private HashMap<String, Object> tree = HashMap.empty();
    private Settings settings;
    private Storage storage;

    private Recovery.Recovered open(MemoryDisk on) throws IOException {
        CrashHarness.PLACE.prepare(on);
        HolderToken token = HolderToken.take(on, CrashHarness.PLACE);
        return Recovery.open(
                new StoreContext(token.disk(), token.place(), CrashHarness.FORMAT, settings, Reporter.NOBODY));
    }

    private void commit(String key, Object value, Origin origin) throws IOException {
        Edit edit = value instanceof Vector<?> more
                ? new Edit.Append(
                        KeyPath.of(key), ((Vector<?>) tree.getOrElse(key, Vector.empty())).size(), Vector.narrow(more))
                : new Edit.Put(KeyPath.of(key), value);
        tree = edit.applyTo(tree);
        storage.write(List.of(new CommitEdits(0, List.of(edit), origin)), tree);
    }

    private void commit(String key, Object value) throws IOException {
        commit(key, value, Origin.of(null, null, null));
    }

    /** Acknowledged by now: {@code count} of the program's commits. */
    private void acknowledged(int count) {
        while (acknowledgedAt.size() <= count) {
            acknowledgedAt.add(disk.trace().size());
        }
    }

    /** As an editor saves: durable when this returns. */
    private void save(String text, boolean inPlace) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Path target = inPlace ? FILE : FILE.resolveSibling("saved");
        try (Disk.Output out = inPlace ? disk.open(FILE) : disk.create(target, Disk.USUAL)) {
            out.truncate(0);
            out.write(bytes, bytes.length, 0);
            out.force();
        }
        if (!inPlace) {
            disk.rename(target, FILE);
        }
        disk.forceDirectory(FILE.getParent());
    }

    @ParameterizedTest
    @CsvSource({"0, false", "4096, false", "0, true", "4096, true"})
    void neitherSideLosesAnythingWhereTheEditIsSavedByARename(long journalAbove, boolean flush) throws IOException {
        settings = CrashHarness.settings(journalAbove).withMergeEdits(Duration.ofSeconds(5));
        Recovery.Recovered opened = open(disk);
        storage = opened.storage();
        HandEdits edits = new HandEdits();
        storage.mergeEdits(edits, opened.tree());
        commit("list", "to be replaced");
        tree = tree.put("list", Vector.of("a"));
        storage.write(List.of(CommitEdits.of(new Edit.Put(KeyPath.of("list"), Vector.of("a")))), tree);
        storage.checkpoint(tree);
        acknowledged(1);
        String text = "{\"list\": [\"a\", \"theirs\"], \"hand\": 1}";
        save(text, false);
        int saved = disk.trace().size();
        if (flush) {
            storage.secure(tree);
        }
        commit("b", 2L);
        acknowledged(2);
        commit("list", Vector.of("ours"));
        acknowledged(3);
        ContentDigest content = ContentDigest.of(text.getBytes(StandardCharsets.UTF_8));
        Origin merge = Origin.of(EditMerger.AUTHOR, "edited by hand, sha256:" + content.sha256(), null);
        tree = tree.put("hand", 1L).put("list", Vector.of("a", "ours", "theirs"));
        storage.write(
                List.of(new CommitEdits(
                        0,
                        List.of(
                                new Edit.Put(KeyPath.of("hand"), 1L),
                                new Edit.Append(KeyPath.of("list"), 2, Vector.of("theirs"))),
                        merge)),
                tree);
        commit("c", 3L);
        acknowledged(4);
        edits.settle(new HandEdits.Verdict(content, disk.stamp(FILE), null));
        if (storage.editSettled(tree)) {
            storage.checkpoint(tree);
        }
        assertThat(storage.waitsForEdit()).isFalse();
        assertThat(new String(disk.bytes(FILE), StandardCharsets.UTF_8)).contains("\"c\": 3", "\"hand\": 1");
        commit("d", 4L);
        acknowledged(5);

        int states = new Crash(disk).forEach(new Random(journalAbove), 30, state -> {
            HashMap<String, Object> left;
            try {
                left = open(new MemoryDisk(state.image())).tree();
            } catch (Exception e) {
                throw new AssertionError(state.name() + ": " + e.getMessage(), e);
            }
            String what = state.name() + " left " + left;
            List<Object> list = left.getOrElse("list", null) instanceof Vector<?> found
                    ? new ArrayList<>(found.asJava())
                    : List.of();
            requireAfter(state, 1, list.contains("a"), what);
            requireAfter(state, 2, left.containsKey("b"), what);
            requireAfter(state, 3, list.contains("ours"), what);
            requireAfter(state, 4, left.containsKey("c"), what);
            requireAfter(state, 5, left.containsKey("d"), what);
            if (state.point() >= saved) {
                assertThat(left.containsKey("hand")).as(what).isTrue();
                assertThat(list).as(what).contains("theirs").doesNotHaveDuplicates();
            }
        });
        System.out.println(
                "a merged edit, journal above " + journalAbove + ": " + states + " states, neither side lost anything");
    }

    /** The first commit after it goes to the journal, which stood by since an earlier text until then. */
    @Test
    void aSecondSaveJustAsTheFirstOneWasSettledTakesNothingFromTheProgram() throws IOException {
        settings = CrashHarness.settings(4_096).withMergeEdits(Duration.ofSeconds(5));
        Recovery.Recovered opened = open(disk);
        storage = opened.storage();
        HandEdits edits = new HandEdits();
        storage.mergeEdits(edits, opened.tree());
        commit("map", HashMap.empty());
        commit("a", 1L);
        acknowledged(1);
        byte[] first = "{\"a\": 1, \"map\": {}, \"hand\": 1}".getBytes(StandardCharsets.UTF_8);
        save(new String(first, StandardCharsets.UTF_8), true);
        edits.settle(new HandEdits.Verdict(ContentDigest.of(first), disk.stamp(FILE), "it is refused"));
        save("{\"a\": 1, \"map\": {}, \"hand\": 22}", true);
        assertThat(storage.editSettled(tree)).isFalse();
        assertThat(storage.waitsForEdit()).isTrue();
        Edit inside = new Edit.Put(KeyPath.of("map", "b"), 2L);
        tree = inside.applyTo(tree);
        storage.write(List.of(CommitEdits.of(inside)), tree);
        acknowledged(2);
        new Crash(disk).forEach(new Random(1), 30, state -> {
            if (state.point() < acknowledgedAt.get(2)) {
                return;
            }
            HashMap<String, Object> left;
            try {
                left = open(new MemoryDisk(state.image())).tree();
            } catch (Exception e) {
                throw new AssertionError(state.name() + ": " + e.getMessage(), e);
            }
            assertThat(left.get("a").get()).as(state.name()).isEqualTo(1L);
            assertThat(left.get("map").get()).as(state.name()).isEqualTo(HashMap.of("b", 2L));
        });
    }

    /** The file holds the first edit until the next checkpoint; the second one, after the crash, takes a part of it back. */
    @Test
    void afterACrashAnEditOfAMergedEditStartsFromThat() throws IOException {
        settings = CrashHarness.settings(0).withMergeEdits(Duration.ofSeconds(5));
        Recovery.Recovered opened = open(disk);
        storage = opened.storage();
        storage.mergeEdits(new HandEdits(), opened.tree());
        commit("limit", 100L);
        commit("name", "ada");
        storage.checkpoint(tree);
        String first = "{\"limit\": 999, \"name\": \"ada\"}";
        save(first, true);
        ContentDigest content = ContentDigest.of(first.getBytes(StandardCharsets.UTF_8));
        commit("limit", 999L, Origin.of(EditMerger.AUTHOR, "edited by hand, sha256:" + content.sha256(), null));
        commit("n", 1L);
        int end = disk.trace().size();
        int[] states = {0};
        new Crash(disk).forEach(new Random(1), 30, state -> {
            if (state.point() < end) {
                return;
            }
            states[0]++;
            disk = new MemoryDisk(state.image());
            HashMap<String, Object> left;
            try {
                save(first.replace("999", "100").replace("ada", "bob"), true);
                left = open(disk).tree();
            } catch (IOException e) {
                throw new AssertionError(state.name() + ": " + e.getMessage(), e);
            }
            assertThat(left).isEqualTo(HashMap.of("limit", 100L, "name", "bob", "n", 1L));
        });
        assertThat(states[0]).isPositive();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Commits what an edit by hand has changed, as the merge of this text. */
    private void merge(String text, String key, Object value) throws IOException {
        ContentDigest content = ContentDigest.of(utf8(text));
        commit(key, value, Origin.of(EditMerger.AUTHOR, "edited by hand, sha256:" + content.sha256(), null));
    }

    private void begin(long journalAbove) throws IOException {
        settings = CrashHarness.settings(journalAbove).withMergeEdits(Duration.ofSeconds(5));
        Recovery.Recovered opened = open(disk);
        storage = opened.storage();
        tree = opened.tree();
        storage.mergeEdits(new HandEdits(), tree);
        storage.tellFollowers();
    }

    /** The program is killed: every byte that it has written is there. */
    private void kill() {
        disk = new MemoryDisk(new Crash(disk).running(disk.trace().size()));
    }

    /** As after a power cut: the mark is of the start of the machine before. */
    private void startAgain() throws IOException {
        Path file = CrashHarness.PLACE.durable();
        DurableMark mark = DurableMark.parse(disk.bytes(file));
        byte[] older = new DurableMark(
                        mark.opening(),
                        "00000000-0000-4000-8000-000000000000",
                        mark.number(),
                        mark.state(),
                        mark.texts())
                .bytes();
        try (Disk.Output out = disk.open(file)) {
            out.write(older, older.length, 0);
        }
    }

    private boolean isKept(String text) throws IOException {
        Path kept = CrashHarness.PLACE.kept("external", 1);
        return disk.attributes(kept) != null && new String(disk.bytes(kept), StandardCharsets.UTF_8).equals(text);
    }

    private HashMap<String, Object> read(Settings.Conflict conflict) throws IOException {
        return new FileReader(new StoreContext(
                        disk,
                        CrashHarness.PLACE,
                        CrashHarness.FORMAT,
                        CrashHarness.settings(0, conflict, false),
                        Reporter.NOBODY))
                .read()
                .tree();
    }

    /** The file holds the last of them; only a save brings another one back, unless the power was cut. */
    @ParameterizedTest
    @CsvSource({"BASE, false", "FIRST, false", "LAST, false", "BASE, true", "FIRST, true", "LAST, true"})
    void afterACrashOfTwoMergedEditsTheTextThatIsThereIsNotPassedOver(String found, boolean powerCut)
            throws IOException {
        String first = "{\"hand\": \"one\"}";
        String last = "{\"hand\": \"two\"}";
        begin(0);
        save(first, true);
        merge(first, "hand", "one");
        save(last, false);
        merge(last, "hand", "two");
        commit("n", 1L);
        kill();
        if (powerCut) {
            startAgain();
        }
        HashMap<String, Object> committed = HashMap.of("hand", "two", "n", 1L);
        String text = found.equals("BASE") ? "{}\n" : found.equals("FIRST") ? first : last;
        save(text, true);
        boolean saved = !found.equals("LAST") && !powerCut;
        assertThat(read(Settings.Conflict.TAKE_FILE))
                .isEqualTo(saved ? CrashHarness.FORMAT.read(utf8(text)) : committed);
        assertThat(open(disk).tree())
                .isEqualTo(saved && found.equals("FIRST") ? committed.put("hand", "one") : committed);
        assertThat(isKept(text)).isEqualTo(found.equals("BASE") || (found.equals("FIRST") && powerCut));
    }

    /** It is merged in a journal that follows a file which was written since. */
    @Test
    void afterACrashAnEditStartsFromTheFileThatACheckpointBesideTheMergeOfAnotherHasWritten() throws IOException {
        HandEdits edits = new HandEdits();
        begin(0);
        storage.mergeEdits(edits, tree);
        commit("limit", 100L);
        String first = "{\"hand\": 1}";
        storage.checkpoints().begin(tree, () -> {});
        save(first, true);
        merge(first, "hand", 1L);
        edits.settle(new HandEdits.Verdict(ContentDigest.of(utf8(first)), disk.stamp(FILE), null));
        while (storage.checkpoints().proceed() != Checkpoints.Stage.OVER) {
            Thread.onSpinWait();
        }
        String text = new String(disk.bytes(FILE), StandardCharsets.UTF_8);
        assertThat(text).contains("limit").doesNotContain("hand");
        HashMap<String, Object> committed = HashMap.of("limit", 100L, "hand", 1L);
        // The old journal is deleted by now.
        MemoryDisk finished = disk;
        for (boolean isEdited : new boolean[] {false, true}) {
            disk = finished;
            kill();
            if (isEdited) {
                save(text.replace("100", "200"), true);
                assertThat(read(Settings.Conflict.TAKE_JOURNAL)).isEqualTo(committed);
            }
            assertThat(open(disk).tree()).isEqualTo(isEdited ? committed.put("limit", 200L) : committed);
            assertThat(isKept(text)).isFalse();
        }
        disk = finished;
        commit("n", 1L);
        kill();
        save(text.replace("100", "200"), true);
        assertThat(open(disk).tree()).isEqualTo(committed.put("limit", 200L).put("n", 1L));
    }

    /** A text of the program that somebody has put back is none that commits are taken back for, wherever that opening crashes. */
    @Test
    void whatGoesOnWithoutATextThatWasPutBackGoesOnWithoutItAfterACrashOfThatToo() throws IOException {
        begin(4_096);
        commit("n", 1L);
        byte[] older = disk.bytes(FILE);
        commit("n", 2L);
        storage.keepGeneration();
        kill();
        MemoryDisk killed = disk;
        for (String text : List.of(new String(older, StandardCharsets.UTF_8), "{\"n\"")) {
            disk = new MemoryDisk(killed.image());
            save(text, false);
            MemoryDisk opening = new MemoryDisk(disk.image());
            assertThat(open(opening).tree()).isEqualTo(HashMap.of("n", 2L));
            int states = new Crash(opening)
                    .forEach(
                            new Random(1),
                            30,
                            state ->
                                    assertThat(reopened(state)).as(state.name()).isEqualTo(HashMap.of("n", 2L)));
            assertThat(states).isGreaterThan(20);
            disk = opening;
            assertThat(isKept(text)).isTrue();
        }
    }

    private HashMap<String, Object> reopened(Crash.State state) {
        try {
            return open(new MemoryDisk(state.image())).tree();
        } catch (Exception e) {
            throw new AssertionError(state.name() + ": " + e.getMessage(), e);
        }
    }

    private void requireAfter(Crash.State state, int commit, boolean there, String what) {
        if (state.point() >= acknowledgedAt.get(commit)) {
            assertThat(there).as("commit %s after %s", commit, what).isTrue();
        }
    }
}
