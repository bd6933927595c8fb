package dev.heartwood.file.checkpoint;

import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.HolderLostException;
import dev.heartwood.file.disk.NotWrittenException;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.edits.HandEdits;
import dev.heartwood.file.edits.UnmergedEditException;
import dev.heartwood.file.journal.CommitEdits;
import dev.heartwood.file.journal.JournalScan;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.IncrementalPrinter;
import dev.heartwood.storage.IoErrors;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of one store, and the operations of the one thread that changes them.
 *
 * <p>While the tree is small, each batch of commits replaces the file. When it is large, a batch is appended to the
 * journal, and the file follows at a <em>checkpoint</em>. There is always one journal; while the tree is small nothing
 * is appended to it.
 *
 * <p>A journal follows the file whose hash its header names, and a generation with its number holds a copy of that
 * file. The whole protocol rests on this order; each step is durable before the next:
 *
 * <ol>
 *   <li>the next file, beside the old one; a generation, which is a copy of it; an empty journal that follows it
 *   <li>the next file takes the name of the old one
 *   <li>the old journals are deleted
 *   <li>commits are appended to the new journal; or, while the tree is small, the file is replaced
 * </ol>
 *
 * <p>So after a crash the newest journal that has commits, or follows the file, tells the state; and where there is
 * none the file does.
 *
 * <p>Where the file is large the first step is taken by a {@link BackgroundCheckpoint}, beside commits that go on in
 * the old journal. Their copies in the new journal do not count as its commits until it has another one; so before the
 * second step is durable the old journal tells the state, with all of them, and from then on the new one does.
 */
public final class Storage implements AutoCloseable {
    // Invariants, between calls:
    //   An acknowledged commit is in the file and in the commits of the journal that follows it; or, when the
    //   journal is empty, in the file alone.
    //   If the journal does not follow the file, it is empty; so are all other journals, or they are deleted before
    //   the file is replaced again (tidy).

    /** A longer file is written as a stream, and not held in memory; nor could it be in one array, from 2 GB on. */
    private static final long LONGEST_SPELLED = 1 << 29;

    private final StoreContext context;
    private final Disk disk;
    private final StoreLayout place;
    private final OpenFiles files;
    private final TreeFile file;
    private final Generations generations;
    private final EditMerging edits;
    private final Checkpoints checkpoints;
    private final SmallFileWriter small;

    /**
     * The files of a store, once their state is clear.
     *
     * @param current the content of the file; null if there is none
     * @param model the owner and the permissions of the file; null if there was never one
     * @param number the largest number that a journal or a generation has
     */
    public Storage(
            StoreContext context, @Nullable ContentDigest current, Disk.@Nullable Attributes model, long number) {
        this.context = context;
        this.disk = context.disk();
        this.place = context.place();
        this.files = new OpenFiles(context, current, model, number);
        this.file = files.file();
        this.generations = files.generations();
        this.edits = files.edits();
        IncrementalPrinter printer = new IncrementalPrinter(
                context.format(), Math.min(context.settings().journalAbove(), LONGEST_SPELLED));
        this.checkpoints = new Checkpoints(context, files, printer);
        this.small = new SmallFileWriter(files, checkpoints, printer);
    }

    /** From now on programs that follow the store are told how far it is durable. */
    public void tellFollowers() {
        files.tellFollowers();
    }

    /** From now on the file keeps each foreign text until it is settled; {@code tree} is the content of the file. */
    public void mergeEdits(HandEdits live, HashMap<String, @Nullable Object> tree) throws IOException {
        edits.begin(live, file.current(), tree);
    }

    /** Whether the file is left alone for now, since somebody else is writing into it. */
    public boolean waitsForEdit() {
        return edits.isWaiting();
    }

    /**
     * The foreign text in the file is settled: writes the file again; a large one is written beside commits by the
     * caller.
     *
     * @param tree the durable tree
     * @return whether the caller is to begin a checkpoint
     */
    public boolean editSettled(HashMap<String, @Nullable Object> tree) throws IOException {
        edits.waitForEdit(false);
        if (checkpoints.isRunning() || files.journal().isBroken()) {
            return false;
        }
        boolean behind = files.journal().commits() > 0;
        if (files.isJournaling() && behind) {
            return true;
        }
        try {
            if (files.isJournaling() || behind) {
                checkpoints.now(tree, false);
            } else {
                small.replaceFile(tree);
                files.mark();
            }
        } catch (UnmergedEditException e) {
            // The other program has written once more.
            waitForEdit();
        }
        return false;
    }

    /**
     * Somebody else may have written into the file, or deleted it: if so, the next opening finds what was committed
     * last in a journal, and the file is left alone until the edit is settled.
     */
    public void editNoticed() throws IOException {
        if (!edits.isWaiting() && !checkpoints.isRunning() && !files.journal().isBroken() && isFileChanged()) {
            waitForEdit();
        }
    }

    /**
     * The file does not stand for the tree, and an opening takes the file alone unless a journal has a commit: so it
     * gets one, without changes.
     */
    private void waitForEdit() throws IOException {
        edits.waitForEdit(true);
        if (files.journal().commits() > 0) {
            return;
        }
        try {
            files.append(List.of(CommitEdits.of()));
        } catch (IOException e) {
            edits.waitForEdit(false);
            throw e;
        }
        files.mark();
    }

    /** Begins with a file that was not there: an empty tree. */
    public void create() throws IOException {
        // The file first: a generation without a file is refused, and a cut here must not make the store unusable.
        file.install(file.prepare(context.format(), HashMap.empty()));
        keepGeneration();
    }

    /**
     * Makes commits durable, in order: all of them when it returns.
     *
     * @param commits the changes of each commit
     * @param tree the state after them
     * @throws NotWrittenException if it failed, and none of them will ever be there
     * @throws IOException if it failed, and a crash may leave some of them
     */
    public void write(List<CommitEdits> commits, HashMap<String, @Nullable Object> tree) throws IOException {
        try {
            if (files.journal().isBroken()) {
                checkpoint(tree);
            } else if (files.isJournaling()) {
                files.append(commits);
            } else {
                small.write(commits, tree);
            }
        } catch (NotWrittenException | HolderLostException e) {
            throw e;
        } catch (IOException e) {
            writeAnew(tree, e);
        }
        // After the sync → before the return, on which callers are told. A mark before the sync would show followers
        // commits that a crash rolls back. A mark after the answers would let followers miss commits whose callers have
        // already been answered.
        files.mark();
    }

    /** The rest of a write, after callers have their answers. What fails here is done, and told, by the next write. */
    public void tidyUp() {
        if (checkpoints.isRunning()) {
            return;
        }
        try {
            file.tidyUp();
        } catch (IOException e) {
            // The next replacement of the file deletes it, or fails for the same reason.
        }
    }

    private void writeAnew(HashMap<String, @Nullable Object> tree, IOException first) throws IOException {
        context.reporter()
                .tell(
                        Kind.TROUBLE,
                        "writing to " + place + " failed: " + IoErrors.inWords(first)
                                + ". What was written there is not trusted any more; all is written anew into new files",
                        null,
                        first);
        try {
            checkpoint(tree);
        } catch (IOException | RuntimeException | Error again) {
            first.addSuppressed(again);
            throw first;
        }
    }

    /**
     * Ensures that the next opening will find {@code tree}, which is durable: a journal or a file that was moved away
     * or overwritten is written again. A change of a large file is detected by its size.
     */
    public void secure(HashMap<String, @Nullable Object> tree) throws IOException {
        boolean journalGone = !files.journal().isBroken() && !files.journal().isInPlace();
        if (journalGone) {
            files.breakJournal();
        }
        if (journalGone || (files.isJournaling() ? !hasItsSize() : isFileChanged())) {
            try {
                checkpoints.now(tree, journalGone);
            } catch (UnmergedEditException e) {
                waitForEdit();
            }
        }
    }

    private boolean hasItsSize() throws IOException {
        Disk.Attributes found = disk.attributes(place.file());
        return found != null && found.size() == file.current().size();
    }

    /** The size of the file when it was written last, in bytes. */
    public long fileSize() {
        return file.current().size();
    }

    /** Whether the journal has grown so long that the file should follow. */
    boolean isJournalLong() {
        return files.journal().bytes()
                > context.settings().journalLimit(file.current().size());
    }

    /** Whether the file is behind the journal. */
    public boolean isFileBehind() {
        return files.journal().commits() > 0 || files.journal().isBroken();
    }

    /** Whether the file differs from our last write, or is gone. */
    boolean isFileChanged() throws IOException {
        return !file.holds(file.current());
    }

    /** Whether the newest generation is not the file. */
    boolean isGenerationBehind() {
        return !generations.has(file.current());
    }

    /** How the file follows the journal. */
    public Checkpoints checkpoints() {
        return checkpoints;
    }

    /**
     * Lets the file follow at once: afterwards it holds {@code tree}, which has every acknowledged commit and perhaps
     * more, and the journal is empty. An edit that is not settled yet is kept aside.
     *
     * @throws NotWrittenException if it failed, and the unacknowledged commits in {@code tree} will never be there
     * @throws IOException if it failed, and a crash may leave that
     */
    public void checkpoint(HashMap<String, @Nullable Object> tree) throws IOException {
        checkpoints.now(tree, true);
    }

    /** Keeps the file as it is as a generation, and begins an empty journal after it. The journal must be empty. */
    public void keepGeneration() throws IOException {
        checkpoints.end();
        files.keepGeneration();
    }

    /**
     * Goes on with a file and an empty journal that follows it, as an opening found them. It gets another number:
     * versions start from it, and versions of the opening before must not be used again.
     */
    public void goOn(JournalScan scan) throws IOException {
        ContentDigest content = file.current();
        if (!generations.isCopy(scan.number(), content)) {
            keepGeneration();
        } else {
            files.adopt(generations.renumber(scan.number(), content), content);
        }
    }

    /** The first version of this opening: above every version used before, since each opening has its own number. */
    public long firstVersion() {
        return (generations.number() - 1) << Integer.SIZE;
    }

    /** Every durable commit is in the file, and nothing more will be written. */
    public void finished() throws IOException {
        generations.closed();
    }

    /** Closes the files, and writes nothing. */
    @Override
    public void close() throws IOException {
        checkpoints.end();
        files.close();
    }
}
