package dev.heartwood.file.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.file.checkpoint.PreservedCopies;
import dev.heartwood.file.checkpoint.Storage;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.FileImage;
import dev.heartwood.file.disk.HolderToken;
import dev.heartwood.file.disk.MemoryDisk;
import dev.heartwood.file.disk.Op;
import dev.heartwood.file.journal.CommitEdits;
import dev.heartwood.file.text.ContentDigest;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No power cut costs a person a byte: an edit that was saved is in the file, or whole in a copy beside it. */
class KeptCopyCrashTest {
    private static final byte[] EDIT = bytes("{\"by\": \"" + "a person ".repeat(150) + "\"}");
    private static final byte[] DAMAGED = bytes("{\"by\": \"" + "a person, who forgot the end ".repeat(40));

    private final MemoryDisk disk = new MemoryDisk(new FileImage(CrashHarness.TOP));
    private HashMap<String, Object> tree = HashMap.empty();

    @ParameterizedTest
    @ValueSource(longs = {0, 4_096})
    void anEditOfAnOpenStoreIsKeptBeforeItIsReplaced(long journalAbove) throws IOException {
        Storage storage = opened(CrashHarness.settings(journalAbove));
        commit(storage);
        save(EDIT);
        commit(storage);
        storage.checkpoint(tree);
        requireNowhereLost(EDIT);
    }

    /** A repair that was killed has copied the damaged file, and not forced the copy. */
    @Test
    void aCopyOfARepairThatWasKilledIsDurableBeforeTheNextOneReplacesTheFile() throws IOException {
        save(DAMAGED);
        try (Disk.Output copy = disk.create(CrashHarness.PLACE.kept("corrupt", 1), Disk.USUAL)) {
            copy.write(DAMAGED, DAMAGED.length, 0);
        }
        Path kept = PreservedCopies.keepOnce(disk, CrashHarness.PLACE, "corrupt", CrashHarness.PLACE.file());
        assertThat(kept).isEqualTo(CrashHarness.PLACE.kept("corrupt", 1));
        save(EDIT);
        requireNowhereLost(DAMAGED);
    }

    /** As most editors do: what they have saved is safe only with the copy. */
    @Test
    void anEditThatItsEditorNeverSyncedIsDurableOnceItIsReplaced() throws IOException {
        Storage storage = opened(CrashHarness.settings(4_096));
        commit(storage);
        try (Disk.Output editor = disk.open(CrashHarness.PLACE.file())) {
            editor.write(EDIT, EDIT.length, 0);
        }
        commit(storage);
        disk.record(new Op.Note(1, 1, 1));
        commit(storage);
        requireNowhereLost(EDIT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEditThatIsSavedIntoTheReplacedFileAndNeverSyncedIsDurableOnceItIsKept(boolean anotherCommit)
            throws IOException {
        Storage storage = opened(CrashHarness.settings(4_096));
        commit(storage);
        try (Disk.Output editor = disk.open(CrashHarness.PLACE.file())) {
            commit(storage);
            editor.write(EDIT, EDIT.length, 0);
        }
        if (anotherCommit) {
            commit(storage);
        }
        storage.close();
        disk.record(new Op.Note(1, 1, 1));
        commit(opened(CrashHarness.settings(4_096)));
        requireNowhereLost(EDIT);
    }

    @Test
    void anEditOfAClosedStoreIsKeptWhereTheJournalIsTaken() throws IOException {
        Storage storage = opened(CrashHarness.settings(0));
        commit(storage);
        commit(storage);
        storage.close();
        save(EDIT);
        opened(CrashHarness.settings(0, Settings.Conflict.TAKE_JOURNAL, false));
        requireNowhereLost(EDIT);
    }

    @Test
    void anOlderFileIsKeptWhereTheNewestCopyIsTaken() throws IOException {
        Storage storage = opened(CrashHarness.settings(4_096));
        commit(storage);
        storage.close();
        save(EDIT);
        byte[] hash = bytes(ContentDigest.of(EDIT).sha256());
        try (Disk.Output out = disk.create(CrashHarness.PLACE.superseded(), Disk.OWNER_ONLY)) {
            out.write(hash, hash.length, 0);
            out.force();
        }
        disk.forceDirectory(CrashHarness.PLACE.directory());
        opened(CrashHarness.settings(0, Settings.Conflict.TAKE_JOURNAL, false));
        requireNowhereLost(EDIT);
    }

    @Test
    void aDamagedFileIsKeptWhereItIsRepaired() throws IOException {
        Storage storage = opened(CrashHarness.settings(4_096));
        commit(storage);
        storage.close();
        save(DAMAGED);
        opened(CrashHarness.settings(0, Settings.Conflict.REFUSE, true));
        requireNowhereLost(DAMAGED);
    }

    private Storage opened(Settings settings) throws IOException {
        CrashHarness.PLACE.prepare(disk);
        HolderToken token = HolderToken.take(disk, CrashHarness.PLACE);
        return CrashHarness.recovery(token.disk(), token.place(), settings)
                .recover()
                .storage();
    }

    private void commit(Storage storage) throws IOException {
        Edit edit = new Edit.Put(KeyPath.of("count"), disk.trace().size() + "x".repeat(600));
        tree = edit.applyTo(tree);
        storage.write(List.of(CommitEdits.of(edit)), tree);
    }

    /** As an editor saves: into a new file, which takes the name of the old one; durable, as a note in the trace says. */
    private void save(byte[] text) throws IOException {
        Path fresh = CrashHarness.TOP.resolve("state.json~");
        try (Disk.Output out = disk.create(fresh, Disk.OWNER_ONLY)) {
            out.write(text, text.length, 0);
            out.force();
        }
        disk.rename(fresh, CrashHarness.PLACE.file());
        disk.forceDirectory(CrashHarness.TOP);
        disk.record(new Op.Note(1, 1, 1));
    }

    private void requireNowhereLost(byte[] text) {
        int[] after = new int[1];
        int states = new Crash(disk).forEach(new Random(1), 50, state -> {
            if (state.promised().acknowledged() == 1) {
                after[0]++;
                assertThat(isSomewhere(text, state.image())).as(state.name()).isTrue();
            }
        });
        System.out.println("crashes beside a kept copy: " + after[0] + " of " + states + " states after it was saved");
        assertThat(after[0]).isGreaterThan(20);
    }

    private static boolean isSomewhere(byte[] text, FileImage image) {
        return image.names(image.directory(CrashHarness.TOP)).stream()
                .map(name -> image.find(CrashHarness.TOP.resolve(name)))
                .anyMatch(inode -> !image.isDirectory(inode) && Arrays.equals(image.bytes(inode), text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
