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
import dev.heartwood.file.journal.DurableMark;
import dev.heartwood.file.journal.JournalScan;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.ContentFingerprint;
import dev.heartwood.file.text.FileOutput;
import dev.heartwood.file.text.LoadedTree;
import dev.heartwood.file.text.Utf8Check;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.EditCodec;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
        return follows(live, loaded.content()) ? replay(found, live, loaded) : settle(found, live, loaded);
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
        settings.check().require(loaded.tree());
        found.keepTornTails();
        keepCommitted(found, loaded);
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
    private void keepCommitted(RecoveryScan found, LoadedTree edited) throws IOException {
        DurableMark.FileState state = found.markedFile();
        if (state == null
                || state.content().is(edited.content())
                || (state.next() != null && state.next().is(edited.content()))) {
            return;
        }
        EarlierTexts.Found committed = new EarlierTexts(context, found).find(state.content());
        if (committed != null && !TreeEquality.trees(committed.tree(), edited.tree())) {
            ContentDigest ignored = written(committed.tree(), place.nextInside());
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

    private Recovered replay(RecoveryScan found, JournalScan live, LoadedTree base) throws IOException {
        if (live.commits() == 0 && !live.isTorn()) {
            settings.check().require(base.tree());
            Storage storage = found.storage(base.content());
            storage.goOn(live);
            return new Recovered(storage, base.tree());
        }
        HashMap<String, @Nullable Object> tree = found.replayed(live, base.tree());
        settings.check().require(tree);
        found.keepTornTails();
        Storage storage = found.storage(base.content());
        storage.checkpoint(tree);
        return new Recovered(storage, tree);
    }

    /** The journal has commits, and follows another file than this. */
    private Recovered settle(RecoveryScan found, JournalScan live, LoadedTree edited) throws IOException {
        LoadedTree base = found.baseOf(live, null);
        List<EditCodec.Line> merges = base == null ? List.of() : found.merges(live, base);
        boolean isMerged = RecoveryScan.hasMerged(merges, edited.content());
        if (settings.conflict() == Settings.Conflict.TAKE_FILE && !isMerged) {
            return takeFile(found, live, edited, base);
        } else if (base == null) {
            return repair(found, edited.content(), refusals.baseless(live));
        }
        HashMap<String, @Nullable Object> committed = found.replayed(live, base.tree());
        if (isMerged) {
            return goOnMerged(found, edited, committed, committed);
        } else if (settings.conflict() == Settings.Conflict.REFUSE) {
            if (found.isSuperseded(edited.content())) {
                throw refusals.stale();
            } else if (settings.mergeEdits() == null) {
                throw refusals.conflict(live);
            }
            HashMap<String, @Nullable Object> start = heldByFile(base.tree(), merges);
            HashMap<String, @Nullable Object> both = start == null || isEarlierText(found, edited.content())
                    ? null
                    : merged(start, committed, edited.tree());
            if (both != null) {
                return goOnMerged(found, edited, committed, both);
            }
        }
        settings.check().require(committed);
        found.keepTornTails();
        Storage storage = found.storage(edited.content());
        Path kept = PreservedCopies.keep(disk, place, "external", place.file()).file();
        storage.checkpoint(committed);
        found.told("went on with what was committed; the file as it was edited is kept in " + kept, kept);
        return new Recovered(storage, committed);
    }

    /** Merges the journal's commits and the edit of the file into one tree. */
    private Recovered goOnMerged(
            RecoveryScan found,
            LoadedTree edited,
            HashMap<String, @Nullable Object> committed,
            HashMap<String, @Nullable Object> both)
            throws IOException {
        settings.check().require(both);
        found.keepTornTails();
        Storage storage = found.storage(edited.content());
        storage.checkpoint(both);
        found.told(
                committed == both
                        ? "the edit in the file had been merged before a crash; went on with what was committed"
                        : "the edit in the file was merged with what was committed",
                null);
        return new Recovered(storage, both);
    }

    /**
     * The tree that the file held when its holder ended: that of the journal's base, or the last edit by hand that the journal has merged since,
     * which the file keeps until the next checkpoint. An edit that was made after the end starts from it. Null if it cannot be told.
     */
    private static @Nullable HashMap<String, @Nullable Object> heldByFile(
            HashMap<String, @Nullable Object> base, List<EditCodec.Line> merges) {
        try {
            HashMap<String, @Nullable Object> tree = base;
            for (EditCodec.Line merge : merges) {
                tree = merge.applyTo(tree);
            }
            return tree;
        } catch (StoreException e) {
            // The merge appended to a list to which the program had appended.
            return null;
        }
    }

    /** Whether an editor has saved what the file said some commits ago: nobody can tell whether that is meant as an edit. */
    private static boolean isEarlierText(RecoveryScan found, ContentDigest text) {
        DurableMark mark = found.mark();
        return mark != null && mark.named().contains(ContentFingerprint.of(text));
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

    private Recovered takeFile(RecoveryScan found, JournalScan live, LoadedTree edited, @Nullable LoadedTree base)
            throws IOException {
        settings.check().require(edited.tree());
        // Before anything is written: a journal that cannot be applied refuses the opening.
        HashMap<String, @Nullable Object> committed = base == null ? null : found.replayed(live, base.tree());
        found.keepTornTails();
        Storage storage = found.storage(edited.content());
        Path kept;
        String what;
        if (committed == null) {
            kept = PreservedCopies.keep(disk, place, "committed", live.file()).file();
            what = live.file() + ", which cannot be replayed without the tree that its commits follow,";
        } else {
            kept = PreservedCopies.keep(disk, place, "committed", to -> written(committed, to))
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
