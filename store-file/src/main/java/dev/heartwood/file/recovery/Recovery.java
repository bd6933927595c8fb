package dev.heartwood.file.recovery;

import dev.heartwood.GuardException;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.checkpoint.PreservedCopies;
import dev.heartwood.file.checkpoint.Storage;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.disk.StorePermissions;
import dev.heartwood.file.edits.ThreeWayMerge;
import dev.heartwood.file.journal.JournalScan;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.FileOutput;
import dev.heartwood.file.text.LoadedTree;
import dev.heartwood.file.text.Utf8Check;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Determines the state of the files, and makes them ready for new commits. Looks at everything before it changes
 * anything: a refusal leaves every file as it was. Every change on the way is one of {@link Storage}'s own, so a crash
 * in here is a crash like any other.
 *
 * <p>Not final only so that a test can plant a fault in {@link #follows}, and see that the crash tests find it.
 */
public class Recovery {
    /** A file is read into one array. */
    private static final long LONGEST_READ = Integer.MAX_VALUE - 8L;

    private final StoreContext context;
    private final Disk disk;
    private final StoreLayout place;
    private final TreeFormat format;
    private final Settings settings;
    private final OpenErrors refusals;

    /** A store ready for commits, and the tree that it holds. */
    public record Recovered(Storage storage, HashMap<String, @Nullable Object> tree) {}

    Recovery(StoreContext context) {
        this.context = context;
        this.disk = context.disk();
        this.place = context.place();
        this.format = context.format();
        this.settings = context.settings();
        this.refusals = new OpenErrors(place);
    }

    /**
     * Opens the files of a store.
     *
     * @throws StoreException if their state is unclear, or not readable; no file was changed
     * @throws IOException if reading or writing failed
     */
    public static Recovered open(StoreContext context) throws IOException {
        return new Recovery(context).recover();
    }

    Recovered recover() throws IOException {
        place.sweep(disk);
        RecoveryScan found = RecoveryScan.in(context, this::follows);
        Disk.Attributes attributes = disk.attributes(place.file());
        if (attributes == null) {
            return found.isEmpty() ? begin(found) : goOnWithout(found, null, refusals.missing());
        }
        refusals.requirePlainFile(place.withoutOwnNames(disk, attributes));
        requireReadable(attributes);
        LoadedTree loaded;
        try {
            Utf8Check.require(disk, place.file());
            loaded = LoadedTree.from(disk, place.file(), format, settings.journalAbove());
        } catch (StoreException e) {
            return goOnWithout(
                    found, ContentDigest.in(disk, place.file()), refusals.unreadable(e, attributes, found.isEmpty()));
        } catch (OutOfMemoryError e) {
            throw refusals.tooLargeForTheHeap(attributes.size(), e);
        }
        JournalScan live = found.live(loaded.content());
        if (live == null) {
            return found.isSuperseded(loaded.content()) ? settleStale(found, loaded) : adopt(found, loaded);
        }
        if (live.isCorrupt()) {
            return repair(found, loaded.content(), refusals.corrupt(live));
        }
        found.tellIfCommitsAreLost(live);
        boolean isUnused = live.commits() == 0 && !live.isTorn();
        return isUnused && follows(live, loaded.content()) ? goOn(found, live, loaded) : settle(found, live, loaded);
    }

    private void requireReadable(Disk.Attributes file) {
        if (file.size() > LONGEST_READ) {
            throw refusals.tooLong(file.size(), LONGEST_READ);
        }
    }

    /** Whether the commits of the journal were made on this file. */
    boolean follows(JournalScan journal, ContentDigest content) {
        return journal.follows(content);
    }

    /** There are no files: an empty tree. */
    private Recovered begin(RecoveryScan found) throws IOException {
        settings.check().require(HashMap.empty());
        Storage storage = found.storage(null);
        storage.create();
        return new Recovered(storage, HashMap.empty());
    }

    /** The file alone holds the state; perhaps it was edited. */
    private Recovered adopt(RecoveryScan found, LoadedTree loaded) throws IOException {
        HashMap<String, @Nullable Object> committed = found.committedBefore(loaded.content());
        boolean isMerging = settings.mergeEdits() != null && settings.conflict() != Settings.Conflict.TAKE_FILE;
        if (committed != null && isMerging && found.isPutBack(loaded.content())) {
            return keepAside(found, loaded.content(), committed);
        }
        settings.check().require(loaded.tree());
        found.keepTornTails();
        if (committed != null) {
            keepCommitted(found, committed, loaded.tree());
        } else {
            found.tellIfPutBack(loaded.content());
        }
        found.tellUnlessNewest(loaded.content());
        found.tellIfJournalIsMissing();
        Storage storage = found.storage(loaded.content());
        storage.keepGeneration();
        return new Recovered(storage, loaded.tree());
    }

    /**
     * Keeps the state that was committed last as a generation, where a crash came, and the file was edited before it or since: the edited
     * text may lack commits.
     */
    private void keepCommitted(
            RecoveryScan found, HashMap<String, @Nullable Object> committed, HashMap<String, @Nullable Object> edited)
            throws IOException {
        LoadedTree newest = found.newest();
        boolean isKept = newest != null && TreeEquality.trees(committed, newest.tree());
        if (!isKept && !TreeEquality.trees(committed, edited)) {
            ContentDigest ignored = written(committed, place.nextInside());
            Path kept = found.nextGeneration();
            disk.rename(place.nextInside(), kept);
            disk.forceDirectory(place.directory());
            found.told(
                    "the file was edited after its last commit; the state as it was committed is kept in " + kept,
                    kept);
        }
    }

    /**
     * The file is no tree, or is missing. Where edits by hand are merged, that is an edit which a crash has cut off: it is kept aside, as an
     * open store does with it. Otherwise somebody has to choose.
     */
    private Recovered goOnWithout(RecoveryScan found, @Nullable ContentDigest file, StoreIOException refusal)
            throws IOException {
        HashMap<String, @Nullable Object> committed =
                settings.mergeEdits() == null ? null : found.committedWithoutTheFile();
        if (committed == null) {
            return repair(found, file, refusal);
        }
        settings.check().require(committed);
        found.keepTornTails();
        Storage storage = found.storage(file);
        Path kept = file == null
                ? null
                : PreservedCopies.keep(disk, place, "external", place.file()).file();
        storage.checkpoint(committed);
        found.told(
                kept == null
                        ? "the file was deleted; went on with what was committed"
                        : "the file is no JSON; went on with what was committed. The text is kept in " + kept,
                kept);
        return new Recovered(storage, committed);
    }

    /** The file is what the journal follows, which has no commits. */
    private Recovered goOn(RecoveryScan found, JournalScan live, LoadedTree base) throws IOException {
        settings.check().require(base.tree());
        Storage storage = found.storage(base.content());
        storage.goOn(live);
        return new Recovered(storage, base.tree());
    }

    /** The journal has commits. */
    private Recovered settle(RecoveryScan found, JournalScan live, LoadedTree loaded) throws IOException {
        JournaledState state = found.journaled(live, loaded);
        boolean isSaved = state == null || state.text() == JournaledState.Text.SAVED;
        if (isSaved && settings.conflict() == Settings.Conflict.TAKE_FILE) {
            return takeFile(found, live, loaded, state);
        } else if (state == null) {
            return repair(found, loaded.content(), refusals.baseless(live));
        } else if (state.text() == JournaledState.Text.LEFT) {
            return goOnWith(
                    found,
                    loaded.content(),
                    state.tree(),
                    state.merges().isEmpty()
                            ? null
                            : "the edit in the file had been merged before a crash; went on with what was committed");
        } else if (isSaved && settings.conflict() == Settings.Conflict.REFUSE) {
            if (found.isSuperseded(loaded.content())) {
                throw refusals.stale();
            } else if (settings.mergeEdits() == null) {
                throw refusals.conflict(live);
            }
            HashMap<String, @Nullable Object> both = merged(found, live, state, loaded);
            if (both != null) {
                return goOnWith(
                        found, loaded.content(), both, "the edit in the file was merged with what was committed");
            }
        }
        return keepAside(found, loaded.content(), state.tree());
    }

    /** Goes on with a tree that has everything: what is committed, and what the file says. */
    private Recovered goOnWith(
            RecoveryScan found, ContentDigest file, HashMap<String, @Nullable Object> tree, @Nullable String told)
            throws IOException {
        settings.check().require(tree);
        found.keepTornTails();
        Storage storage = found.storage(file);
        storage.checkpoint(tree);
        if (told != null) {
            found.told(told, null);
        }
        return new Recovered(storage, tree);
    }

    /** Goes on with what is committed; the text in the file is kept. */
    private Recovered keepAside(RecoveryScan found, ContentDigest file, HashMap<String, @Nullable Object> committed)
            throws IOException {
        settings.check().require(committed);
        found.keepTornTails();
        Storage storage = found.storage(file);
        Path kept = PreservedCopies.keep(disk, place, "external", place.file()).file();
        storage.checkpoint(committed);
        found.told("went on with what was committed; the file as it was edited is kept in " + kept, kept);
        return new Recovered(storage, committed);
    }

    /**
     * The tree with the journal's commits and the edit of the file. Null where both have changed the same place, or a guard refuses it; or where
     * an editor has saved what the file said some commits ago: nobody can tell whether that is meant as an edit.
     */
    private @Nullable HashMap<String, @Nullable Object> merged(
            RecoveryScan found, JournalScan live, JournaledState state, LoadedTree edited) {
        HashMap<String, @Nullable Object> start = state.heldByFile();
        return start == null || follows(live, edited.content()) || found.hadWritten(edited.content())
                ? null
                : merged(start, state.tree(), edited.tree());
    }

    /** Null where both have changed the same place, or a guard refuses the merged tree. */
    private @Nullable HashMap<String, @Nullable Object> merged(
            HashMap<String, @Nullable Object> base,
            HashMap<String, @Nullable Object> committed,
            HashMap<String, @Nullable Object> edited) {
        try (Store both = Store.of(committed)) {
            both.batch(tx -> new ThreeWayMerge(base, edited, true).into(tx));
            HashMap<String, @Nullable Object> tree = both.snapshot().root();
            settings.check().require(tree);
            return tree;
        } catch (ThreeWayMerge.Conflict | GuardException e) {
            return null;
        }
    }

    /** The file is older than the other files of the store, and the commits in between stand in no journal any more. */
    private Recovered settleStale(RecoveryScan found, LoadedTree stale) throws IOException {
        LoadedTree newest = found.newest();
        if (settings.conflict() == Settings.Conflict.REFUSE || newest == null) {
            throw refusals.stale();
        }
        settings.check().require(settings.conflict() == Settings.Conflict.TAKE_FILE ? stale.tree() : newest.tree());
        Storage storage = found.storage(stale.content());
        if (settings.conflict() == Settings.Conflict.TAKE_FILE) {
            Path kept = PreservedCopies.keep(disk, place, "committed", to -> written(newest.tree(), to))
                    .file();
            storage.keepGeneration();
            found.told("went on with the file, which is older; what was committed is kept in " + kept, kept);
            return new Recovered(storage, stale.tree());
        }
        Path kept = PreservedCopies.keep(disk, place, "external", place.file()).file();
        storage.checkpoint(newest.tree());
        found.told("went on with the newest generation; the file, which was older, is kept in " + kept, kept);
        return new Recovered(storage, newest.tree());
    }

    /** The journal cannot be replayed where {@code state} is null. */
    private Recovered takeFile(RecoveryScan found, JournalScan live, LoadedTree edited, @Nullable JournaledState state)
            throws IOException {
        settings.check().require(edited.tree());
        found.keepTornTails();
        Storage storage = found.storage(edited.content());
        Path kept;
        String what;
        if (state == null) {
            kept = PreservedCopies.keep(disk, place, "committed", live.file()).file();
            what = live.file() + ", which cannot be replayed without the tree that its commits follow,";
        } else {
            kept = PreservedCopies.keep(disk, place, "committed", to -> written(state.tree(), to))
                    .file();
            what = "what was committed";
        }
        storage.keepGeneration();
        found.told("went on with the file as it was edited; " + what + " is kept in " + kept, kept);
        return new Recovered(storage, edited.tree());
    }

    private ContentDigest written(HashMap<String, @Nullable Object> tree, Path to) throws IOException {
        try (FileOutput out = new FileOutput(to, StorePermissions.create(disk, place, to, place.file()))) {
            format.pretty(tree, out);
            StorePermissions.share(disk, to, place.file());
            return out.force();
        }
    }

    private Recovered repair(RecoveryScan found, @Nullable ContentDigest damaged, StoreIOException refusal)
            throws IOException {
        if (!settings.repair()) {
            throw refusal;
        }
        return new Repair(context, found).repair(damaged, refusal);
    }
}
