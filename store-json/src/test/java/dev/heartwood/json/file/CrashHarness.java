package dev.heartwood.json.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.tree.Same;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * A store on a {@link MemoryDisk}: commits go in, and every state that a crash may leave is opened and compared with
 * what had been promised.
 */
final class CrashHarness {
    static final Path TOP = Path.of("/data").toAbsolutePath();
    static final Place PLACE = new Place(TOP.resolve("state.json"));
    static final TreeFormat FORMAT = Formats.format();

    private final Settings settings;
    private final Function<FileImage, MemoryDisk> disks;
    private final Recoveries recoveries;
    /** The tree after so many commits; each is another tree. */
    private final List<HashMap<String, Object>> trees = new ArrayList<>();

    private final MemoryDisk disk;
    private Storage storage;
    private int begun;
    private int acknowledged;

    CrashHarness(long journalAbove, Function<FileImage, MemoryDisk> disks) throws IOException {
        this(journalAbove, disks, CrashHarness::recovery);
    }

    CrashHarness(long journalAbove, Function<FileImage, MemoryDisk> disks, Recoveries recoveries) throws IOException {
        this.recoveries = recoveries;
        this.settings = settings(journalAbove);
        this.disks = disks;
        this.disk = disks.apply(new FileImage(TOP));
        trees.add(HashMap.empty());
        storage = open(disk).storage();
        disk.note(0, 0);
    }

    static Settings settings(long journalAbove) {
        return new Settings(
                journalAbove,
                3,
                Settings.Conflict.REFUSE,
                false,
                false,
                Settings.Mode.SYNC,
                Duration.ZERO,
                Long.MAX_VALUE);
    }

    private Recovery.Recovered open(MemoryDisk on) throws IOException {
        PLACE.prepare(on);
        return recoveries.create(on, settings).recover();
    }

    /** Makes the recovery of a disk. */
    interface Recoveries {
        Recovery create(MemoryDisk disk, Settings settings);
    }

    static Recovery recovery(MemoryDisk disk, Settings settings) {
        return new Recovery(disk, PLACE, FORMAT, settings, (kind, message, kept, cause) -> {});
    }

    /** Commits a batch: so many commits share a sync. */
    void commit(int commits, int payload) throws IOException {
        List<Storage.Change> changes = new ArrayList<>();
        for (int i = 0; i < commits; i++) {
            changes.add(change(payload));
        }
        begun += commits;
        disk.note(begun, acknowledged);
        storage.write(changes);
        acknowledged = begun;
        disk.note(begun, acknowledged);
    }

    private Storage.Change change(int payload) {
        HashMap<String, Object> tree = trees.get(trees.size() - 1);
        long count = trees.size();
        List<Edit> edits = new ArrayList<>();
        edits.add(new Edit.Put(KeyPath.of("count"), count));
        Object log = tree.getOrElse("log", null);
        if (log == null || payload < 0) {
            edits.add(new Edit.Put(KeyPath.of("log"), Vector.of("x".repeat(Math.max(0, payload)))));
        } else {
            edits.add(new Edit.Append(KeyPath.of("log"), ((Vector<?>) log).size(), Vector.of("x".repeat(payload))));
        }
        for (Edit edit : edits) {
            tree = edit.applyTo(tree);
        }
        trees.add(tree);
        return new Storage.Change(tree, edits);
    }

    void checkpoint() throws IOException {
        storage.checkpoint(trees.get(acknowledged));
    }

    void keepGeneration() throws IOException {
        if (!storage.isFileBehind()) {
            storage.keepGeneration();
        }
    }

    /** As a restart does; what was opened must be what was committed. */
    void reopen() throws IOException {
        storage.close();
        Recovery.Recovered recovered = open(disk);
        storage = recovered.storage();
        assertThat(Same.trees(recovered.tree(), trees.get(acknowledged))).isTrue();
    }

    /** Tries crashes, and crashes inside the recoveries from them. Answers how many states it tried. */
    int crashEverywhere(Random random, int samplesAtAPoint, int crashesInsideEach) {
        int[] inside = {0};
        int states = new Crash(disk).forEach(random, samplesAtAPoint, state -> {
            inside[0] += check(state, random, crashesInsideEach);
        });
        return states + inside[0];
    }

    /** As {@link #crashEverywhere}, at points by chance. */
    int crashSomewhere(Random random, int count, int crashesInsideEach) {
        int[] inside = {0};
        return new Crash(disk).some(random, count, state -> {
                    inside[0] += check(state, random, crashesInsideEach);
                })
                + inside[0];
    }

    private int check(Crash.State state, Random random, int crashesInside) {
        requireParses(state);
        MemoryDisk after = disks.apply(state.image());
        HashMap<String, Object> tree = recover(after, state, "");
        requirePromised(tree, state);
        HashMap<String, Object> again = recover(new MemoryDisk(after.image()), state, "opened again: ");
        assertThat(Same.trees(tree, again))
                .as("recovered twice, %s", state.name())
                .isTrue();
        return new Crash(after).some(random, crashesInside, inside -> {
            requireParses(inside);
            HashMap<String, Object> second =
                    recover(disks.apply(inside.image()), state, "recovering, " + inside.name() + "; before that, ");
            assertThat(Same.trees(tree, second))
                    .as("%s; and in the recovery from that, %s", state.name(), inside.name())
                    .isTrue();
        });
    }

    private HashMap<String, Object> recover(MemoryDisk on, Crash.State state, String when) {
        try {
            Recovery.Recovered recovered = open(on);
            recovered.storage().close();
            return recovered.tree();
        } catch (Exception e) {
            throw new AssertionError(when + state.name() + ": " + e.getMessage(), e);
        }
    }

    private static void requireParses(Crash.State state) {
        int file = state.image().find(PLACE.file());
        if (file >= 0) {
            try {
                FORMAT.read(new ByteArrayInputStream(state.image().bytes(file)));
            } catch (Exception e) {
                throw new AssertionError("the file does not parse: " + state.name(), e);
            }
        } else {
            assertThat(state.acknowledged())
                    .as("commits of a file that is gone, %s", state.name())
                    .isZero();
        }
    }

    private void requirePromised(HashMap<String, Object> tree, Crash.State state) {
        for (int i = state.acknowledged(); i <= state.begun(); i++) {
            if (Same.trees(tree, trees.get(i))) {
                return;
            }
        }
        throw new AssertionError("expected commit " + state.acknowledged() + " to " + state.begun() + ", but found "
                + tree.getOrElse("count", "none") + ": " + state.name());
    }
}
