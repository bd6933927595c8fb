package dev.heartwood.file.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.Origin;
import dev.heartwood.StoreException;
import dev.heartwood.file.checkpoint.Storage;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.FileImage;
import dev.heartwood.file.disk.HolderToken;
import dev.heartwood.file.disk.MemoryDisk;
import dev.heartwood.file.disk.NotWrittenException;
import dev.heartwood.file.disk.Op;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.CommitEdits;
import dev.heartwood.file.reading.FileReader;
import dev.heartwood.file.reading.Follower;
import dev.heartwood.file.recovery.InvariantBroken.Invariant;
import dev.heartwood.file.text.Formats;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * A store on a {@link MemoryDisk}: commits go in, and every state that a crash may leave is opened and compared with
 * the promises of the store.
 */
public final class CrashHarness {
    public static final Path TOP = Path.of("/data").toAbsolutePath();
    public static final StoreLayout PLACE = new StoreLayout(TOP.resolve("state.json"));
    public static final TreeFormat FORMAT = Formats.format();

    private final Settings settings;
    private final Function<FileImage, MemoryDisk> disks;
    private final Recoveries recoveries;
    /** Every tree that was ever committed, or tried to be; each is another tree. */
    private final List<HashMap<String, Object>> trees = new ArrayList<>();

    private final MemoryDisk disk;
    private Storage storage;
    private int acknowledged;

    public CrashHarness(long journalAbove, Function<FileImage, MemoryDisk> disks) throws IOException {
        this(journalAbove, disks, CrashHarness::recovery);
    }

    CrashHarness(long journalAbove, Function<FileImage, MemoryDisk> disks, Recoveries recoveries) throws IOException {
        this.recoveries = recoveries;
        this.settings = settings(journalAbove);
        this.disks = disks;
        this.disk = disks.apply(new FileImage(TOP));
        trees.add(HashMap.empty());
        storage = open(disk).storage();
    }

    public static Settings settings(long journalAbove) {
        return settings(journalAbove, Settings.Conflict.REFUSE, false);
    }

    static Settings settings(long journalAbove, Settings.Conflict conflict, boolean repair) {
        return new Settings(
                journalAbove, 3, conflict, repair, false, Settings.Mode.SYNC, Duration.ZERO, Long.MAX_VALUE);
    }

    private Recovery.Recovered open(MemoryDisk on) throws IOException {
        PLACE.prepare(on);
        HolderToken token = HolderToken.take(on, PLACE);
        return recoveries.create(token.disk(), token.place(), settings).recover();
    }

    /** Makes the recovery of a disk. */
    interface Recoveries {
        Recovery create(Disk disk, StoreLayout place, Settings settings);
    }

    static Recovery recovery(Disk disk, StoreLayout place, Settings settings) {
        return new Recovery(new StoreContext(disk, place, FORMAT, settings, Reporter.NOBODY));
    }

    /** Commits a batch: so many commits share a sync. */
    public void commit(int commits, int payload) throws IOException {
        List<CommitEdits> changes = new ArrayList<>();
        int first = trees.size();
        HashMap<String, Object> tree = trees.get(acknowledged);
        for (int i = 0; i < commits; i++) {
            Change change = change(tree, payload);
            tree = change.tree();
            trees.add(tree);
            changes.add(new CommitEdits(0, change.edits(), Origin.of("crash test", null, null)));
        }
        disk.record(new Op.Note(acknowledged, first, trees.size() - 1));
        try {
            storage.write(changes, tree);
            acknowledged = trees.size() - 1;
        } catch (NotWrittenException e) {
            disk.record(new Op.Note(acknowledged, acknowledged, acknowledged));
            throw e;
        }
        disk.record(new Op.Note(acknowledged, acknowledged, acknowledged));
    }

    private void commitTree(HashMap<String, Object> tree) throws IOException {
        trees.add(tree);
        int index = trees.size() - 1;
        disk.record(new Op.Note(acknowledged, index, index));
        try {
            storage.write(List.of(CommitEdits.of(new Edit.Put(KeyPath.root(), tree))), tree);
            acknowledged = index;
        } finally {
            disk.record(new Op.Note(acknowledged, index, index));
        }
    }

    private Change change(HashMap<String, Object> before, int payload) {
        HashMap<String, Object> tree = before;
        List<Edit> edits = new ArrayList<>();
        edits.add(new Edit.Put(KeyPath.of("count"), (long) trees.size()));
        Object log = tree.getOrElse("log", null);
        if (log == null || payload < 0) {
            edits.add(new Edit.Put(KeyPath.of("log"), Vector.of("x".repeat(Math.max(0, payload)))));
        } else {
            edits.add(new Edit.Append(KeyPath.of("log"), ((Vector<?>) log).size(), Vector.of("x".repeat(payload))));
        }
        for (Edit edit : edits) {
            tree = edit.applyTo(tree);
        }
        return new Change(tree, edits);
    }

    /** As the writer does when it rests: a failure is no reason to stop. */
    public void checkpoint() throws IOException {
        tolerating(() -> storage.checkpoint(trees.get(acknowledged)));
    }

    /** A checkpoint beside commits, if the file is behind its journal: some before and after each of its steps. */
    public void checkpointBeside(Random random) throws IOException {
        if (!storage.isFileBehind()) {
            return;
        }
        storage.checkpoints().begin(trees.get(acknowledged), () -> {});
        IOException failure = null;
        int commits = 0;
        while (storage.checkpoints().isRunning()) {
            if (commits < 4 && random.nextInt(4) > 0) {
                commits++;
                try {
                    commit(1 + random.nextInt(2), random.nextInt(60));
                } catch (NotWrittenException e) {
                    failure = e;
                } catch (IOException e) {
                    stopped(e);
                    throw e;
                }
            } else {
                Thread.onSpinWait();
            }
            try {
                storage.checkpoints().proceed();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure instanceof NotWrittenException ? failure : new FailingDiskTest.Tolerable(failure);
        }
    }

    /** As the writer thread does after a failure that leaves it unclear which bytes were written. */
    private void stopped(IOException failure) {
        try {
            storage.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** A checkpoint that fails on its way, and whose file would have been the one that is there. */
    void checkpointSame() throws IOException {
        checkpoint();
        HashMap<String, Object> tree = trees.get(acknowledged);
        commit(1, 10);
        // Back to the tree before: another commit, with the very bytes of a file that was there.
        commitTree(tree);
        checkpoint();
        commit(1, 10);
    }

    public void keepGeneration() throws IOException {
        if (!storage.isFileBehind()) {
            tolerating(storage::keepGeneration);
        }
    }

    private static void tolerating(Upkeep upkeep) throws IOException {
        try {
            upkeep.run();
        } catch (IOException e) {
            throw new FailingDiskTest.Tolerable(e);
        }
    }

    /** The tree after one commit, and its edits. */
    private record Change(HashMap<String, Object> tree, List<Edit> edits) {}

    private interface Upkeep {
        void run() throws IOException;
    }

    /** The last acknowledged commit. */
    public HashMap<String, Object> acknowledged() {
        return trees.get(acknowledged);
    }

    /** The tree that a read-only opening of the files shows. */
    public HashMap<String, Object> read() throws IOException {
        return new FileReader(new StoreContext(disk, PLACE, FORMAT, settings, Reporter.NOBODY))
                .read()
                .tree();
    }

    /** From now on programs that follow the store are told how far it is durable. */
    public void tellFollowers() {
        storage.tellFollowers();
    }

    /**
     * Compares, at each point of the trace, the state that a follower shows with each state that a power cut at that
     * point may leave. Returns the number of compared states.
     */
    public int followEverywhere(Random random, int samplesAtAPoint) {
        Crash crash = new Crash(disk);
        List<Integer> shown = new ArrayList<>();
        for (int point = 0; point <= disk.trace().size(); point++) {
            int before = shown.isEmpty() ? 0 : shown.get(point - 1);
            // A follower that cannot read the state of the mark right now shows the one before.
            shown.add(Math.max(before, followed(crash.running(point), before)));
        }
        return crash.forEach(random, samplesAtAPoint, state -> {
            int followed = shown.get(state.point());
            if (followed < state.promised().acknowledged()) {
                throw new InvariantBroken(
                        Invariant.ACKNOWLEDGED, "a follower shows " + followed + " only, " + state.name(), null);
            }
            requireLeft(followed, state);
        });
    }

    /**
     * Follows the files that a killed program has left, until the last state that it has written is shown; from then on
     * no power cut takes that back. Returns the number of compared states.
     */
    public int followOnceKilled(Random random, int samples) throws IOException {
        Follower follower = new Follower(
                new StoreContext(disk, PLACE, FORMAT, settings, Reporter.NOBODY),
                Duration.ofMinutes(1).toNanos());
        int shown = index(follower.timeline().newest().root());
        assertThat(shown).as("the state that is shown").isEqualTo(trees.size() - 1);
        int[] compared = {0};
        int ignored = new Crash(disk).forEach(random, samples, state -> {
            if (state.point() == disk.trace().size()) {
                compared[0]++;
                requireLeft(shown, state);
            }
        });
        return compared[0];
    }

    private void requireLeft(int shown, Crash.State state) {
        int left = index(recover(new MemoryDisk(state.image()), state, ""));
        if (left < shown) {
            throw new InvariantBroken(
                    Invariant.ACKNOWLEDGED,
                    "a follower shows " + shown + ", but it is not durable: " + left + " is left by " + state.name(),
                    null);
        }
    }

    private int followed(FileImage running, int otherwise) {
        try {
            Follower follower = new Follower(
                    new StoreContext(new MemoryDisk(running), PLACE, FORMAT, settings, Reporter.NOBODY), 0);
            return index(follower.timeline().newest().root());
        } catch (StoreException | IOException e) {
            return otherwise;
        }
    }

    private int index(HashMap<String, Object> tree) {
        for (int i = trees.size() - 1; i >= 0; i--) {
            if (TreeEquality.trees(tree, trees.get(i))) {
                return i;
            }
        }
        throw new InvariantBroken(Invariant.PREFIX, "no committed state: " + tree.getOrElse("count", "none"), null);
    }

    /** As a restart does; the opened tree must be the committed one. */
    public void reopen() throws IOException {
        storage.close();
        Recovery.Recovered recovered = open(disk);
        storage = recovered.storage();
        assertThat(TreeEquality.trees(recovered.tree(), trees.get(acknowledged)))
                .isTrue();
    }

    /** Tries crashes, and crashes inside the recoveries from them. Answers how many states it tried. */
    public int crashEverywhere(Random random, int samplesAtAPoint, int crashesInsideEach) {
        int[] inside = {0};
        int states = new Crash(disk).forEach(random, samplesAtAPoint, state -> {
            inside[0] += check(state, random, crashesInsideEach);
        });
        return states + inside[0];
    }

    /** As {@link #crashEverywhere}, at points by chance. */
    public int crashSomewhere(Random random, int count, int crashesInsideEach) {
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
        requireSame(tree, again, "recovered twice, " + state.name());
        return new Crash(after).some(random, crashesInside, inside -> {
            requireParses(inside);
            HashMap<String, Object> second =
                    recover(disks.apply(inside.image()), state, "recovering, " + inside.name() + "; before that, ");
            requireSame(tree, second, state.name() + "; and in the recovery from that, " + inside.name());
        });
    }

    private static void requireSame(HashMap<String, Object> once, HashMap<String, Object> again, String how) {
        if (!TreeEquality.trees(once, again)) {
            throw new InvariantBroken(Invariant.REPEATABLE, how, null);
        }
    }

    private HashMap<String, Object> recover(MemoryDisk on, Crash.State state, String when) {
        try {
            Recovery.Recovered recovered = open(on);
            recovered.storage().close();
            return recovered.tree();
        } catch (Exception e) {
            throw new InvariantBroken(Invariant.OPENS, when + state.name() + ": " + e.getMessage(), e);
        }
    }

    private static void requireParses(Crash.State state) {
        int file = state.image().find(PLACE.file());
        if (file >= 0) {
            try {
                FORMAT.read(state.image().bytes(file));
            } catch (Exception e) {
                throw new InvariantBroken(Invariant.PARSES, state.name(), e);
            }
        } else if (state.promised().acknowledged() > 0) {
            throw new InvariantBroken(Invariant.ACKNOWLEDGED, "the file is gone, " + state.name(), null);
        }
    }

    private void requirePromised(HashMap<String, Object> tree, Crash.State state) {
        boolean committed = false;
        for (int i = 0; i < trees.size(); i++) {
            if (TreeEquality.trees(tree, trees.get(i))) {
                if (state.promised().allows(i)) {
                    return;
                }
                committed = true;
            }
        }
        throw new InvariantBroken(
                committed ? Invariant.ACKNOWLEDGED : Invariant.PREFIX,
                "expected a state of " + state.promised() + ", but found " + tree.getOrElse("count", "none") + ": "
                        + state.name(),
                null);
    }
}
