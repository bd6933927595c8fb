package dev.heartwood.file.checkpoint;

import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.HolderLostException;
import dev.heartwood.file.disk.NotWrittenException;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.edits.HandEdits;
import dev.heartwood.file.edits.UnmergedEditException;
import dev.heartwood.file.journal.CommitEdits;
import dev.heartwood.file.journal.DurableMark;
import dev.heartwood.file.journal.DurableMarkFile;
import dev.heartwood.file.journal.Journal;
import dev.heartwood.file.journal.JournalScan;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.ContentFingerprint;
import dev.heartwood.file.text.IncrementalPrinter;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.EditCodec;
import dev.heartwood.storage.FileStamp;
import dev.heartwood.storage.IoErrors;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of one store, and what one thread does to them.
 *
 * <p>While the tree is small, each batch of commits replaces the file. When it is large, a batch is appended to the
 * journal, and the file follows at a <em>checkpoint</em>. There is always one journal; while the tree is small nothing
 * is appended to it.
 *
 * <p>A journal follows the file whose hash its header names, and a generation with its number holds a copy of that
 * file. The order that everything rests on, each step durable before the next:
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
    //   An acknowledged commit is in the file and in the commits of the journal that follows it; or, when the journal
    // is
    //   empty, in the file alone.
    //   If the journal does not follow the file, it is empty; so are all other journals, or they are deleted before
    //   the file is replaced again (tidy).
    /** A longer file is written as a stream, and not held in memory; nor could it be in one array, from 2 GB on. */
    private static final long LONGEST_SPELLED = 1 << 29;

    private final StoreLayout place;
    private final TreeFormat format;
    private final Settings settings;
    private final Reporter reporter;
    private final Disk disk;
    private final TreeFile file;
    private final Generations generations;
    private final EditCodec codec;
    private final IncrementalPrinter speller;
    private final DurableMarkFile marks;
    private @Nullable Journal journal;
    private @Nullable BackgroundCheckpoint running;
    /** Null if edits by hand are not merged. */
    private @Nullable HandEdits edits;
    /** A text of somebody else stands in the file, and it is not known yet what becomes of it: the file is left alone. */
    private boolean waitsForEdit;
    /** The tree of the checkpoint that runs, where edits are merged. */
    private @Nullable HashMap<String, @Nullable Object> beside;

    /**
     * The files of a store, once it is clear what they say.
     *
     * @param current what stands in the file; null if there is none
     * @param model whose the file is, and who may read it; null if there was never one
     * @param number the largest number that a journal or a generation has
     */
    public Storage(
            Disk disk,
            StoreLayout place,
            TreeFormat format,
            Settings settings,
            Reporter reporter,
            @Nullable ContentDigest current,
            Disk.@Nullable Attributes model,
            long number) {
        this.disk = disk;
        this.place = place;
        this.format = format;
        this.settings = settings;
        this.reporter = reporter;
        this.file = new TreeFile(disk, place, reporter, current, model);
        this.generations = new Generations(disk, place, settings.generations(), reporter, number);
        this.codec = new EditCodec(format);
        this.speller = new IncrementalPrinter(format, Math.min(settings.journalAbove(), LONGEST_SPELLED));
        this.marks = new DurableMarkFile(disk, place, reporter);
    }

    /** From now on programs that follow the store are told how far it is durable. */
    public void tellFollowers() {
        marks.begin(mark());
    }

    /** From now on texts of others that stand in the file are left there until they are settled; {@code tree} is what it says. */
    public void mergeEdits(HandEdits live, HashMap<String, @Nullable Object> tree) throws IOException {
        edits = live;
        file.merge(live);
        // Where somebody has written into it since it was read, the stamp is theirs. So the text is compared with it,
        // too.
        live.stands(new HandEdits.Text(file.current(), tree, disk.stamp(place.file())));
    }

    private void waitForEdit(boolean waiting) {
        waitsForEdit = waiting;
        HandEdits live = edits;
        if (live != null) {
            live.waiting(waiting);
        }
    }

    /** Whether the file is left alone for now, since somebody else is writing into it. */
    public boolean waitsForEdit() {
        return waitsForEdit;
    }

    /**
     * It is known what becomes of the text of somebody else in the file: writes the file again; a large one is written beside commits by
     * the caller.
     *
     * @param tree what is durable
     * @return whether the caller is to begin a checkpoint
     */
    public boolean editSettled(HashMap<String, @Nullable Object> tree) throws IOException {
        waitForEdit(false);
        if (running != null || journal().isBroken()) {
            return false;
        }
        if (isJournaling() && journal().commits() > 0) {
            return true;
        }
        try {
            if (isJournaling() || journal().commits() > 0) {
                checkpoint(tree, false);
            } else {
                replaceFile(tree);
                marks.write(mark());
            }
        } catch (UnmergedEditException e) {
            // They have written once more.
            waitForEdit(true);
        }
        return false;
    }

    private void install(
            ContentDigest next, HashMap<String, @Nullable Object> tree, @Nullable FileStamp seen, boolean insisting)
            throws IOException {
        HandEdits live = edits;
        if (live == null) {
            file.install(next, seen, true);
            return;
        }
        // Before the rename: a look of the merging thread right after it must find that the text is ours.
        HandEdits.Text text = new HandEdits.Text(next, tree, disk.stamp(place.next()));
        live.stands(text);
        try {
            file.install(next, seen, insisting);
        } catch (NotWrittenException e) {
            live.withdraw(text);
            throw e;
        }
    }

    private DurableMark mark() {
        return mark(null);
    }

    private DurableMark mark(@Nullable ContentFingerprint next) {
        Journal open = journal();
        DurableMark.State state = isJournaling() || open.commits() > 0
                ? new DurableMark.JournalState(open.id(), open.commits())
                : new DurableMark.FileState(ContentFingerprint.of(file.current()), next);
        return new DurableMark(place.opening(), DurableMark.BOOT, open.number(), state);
    }

    /** Begins with a file that was not there: an empty tree. */
    public void create() throws IOException {
        // The file first: a generation without a file is refused, and a cut here must not make the store unusable.
        file.install(file.prepare(format, HashMap.empty()));
        keepGeneration();
    }

    /**
     * Makes commits durable, in order: all of them when it returns.
     *
     * @param commits what each of them changed
     * @param tree what they lead to
     * @throws NotWrittenException if it failed, and none of them will ever be there
     * @throws IOException if it failed, and a crash may leave some of them
     */
    public void write(List<CommitEdits> commits, HashMap<String, @Nullable Object> tree) throws IOException {
        try {
            if (journal().isBroken()) {
                checkpoint(tree);
            } else if (isJournaling()) {
                journal().append(encode(commits));
            } else {
                writeSmall(commits, tree);
            }
        } catch (NotWrittenException | HolderLostException e) {
            throw e;
        } catch (IOException e) {
            reporter.tell(
                    Kind.TROUBLE,
                    "writing to " + place + " failed: " + IoErrors.inWords(e)
                            + ". What was written there is not trusted any more; all is written anew into new files",
                    null,
                    e);
            writeAnew(tree, e);
        }
        // After the sync → before the return, on which callers are told. A mark before the sync would show followers
        // what a crash takes back; one after the answers would let them miss what an answered caller tells them of.
        marks.write(mark());
    }

    private void writeSmall(List<CommitEdits> commits, HashMap<String, @Nullable Object> tree) throws IOException {
        try {
            if (journal().commits() > 0) {
                // A checkpoint beside commits has left a small file, or has failed, or an edit was waited for. A
                // journal that
                // has commits must not outlive the file that it follows.
                checkpoint(tree, edits == null);
            } else {
                replaceFile(tree);
            }
        } catch (UnmergedEditException e) {
            waitForEdit(true);
            journalBesideEdit();
            journal().append(encode(commits));
        }
    }

    /**
     * Sees to it that the journal follows what we wrote last, which does not stand in the file at the moment. Its generation has that; an
     * opening that finds the journal with commits, and the edit in the file, merges the two.
     */
    private void journalBesideEdit() throws IOException {
        Journal open = journal();
        if (open.commits() > 0 || open.follows(file.current())) {
            return;
        }
        byte[] text = file.current().bytes();
        if (text == null) {
            throw new AssertionError("a small file is held as bytes once it was written without a journal");
        }
        try {
            ContentDigest content = file.prepare(text);
            adopt(begun(() -> generations.begin(place.next(), content)), content);
            disk.delete(place.next());
        } catch (HolderLostException e) {
            throw e;
        } catch (IOException e) {
            disk.discard(place.next(), e);
            throw new NotWrittenException(e);
        }
    }

    private void writeAnew(HashMap<String, @Nullable Object> tree, IOException first) throws IOException {
        try {
            checkpoint(tree);
        } catch (IOException | RuntimeException | Error again) {
            first.addSuppressed(again);
            throw first;
        }
    }

    private List<byte[]> encode(List<CommitEdits> commits) throws NotWrittenException {
        try {
            List<byte[]> lines = new ArrayList<>(commits.size());
            for (CommitEdits commit : commits) {
                lines.add(commit.encoded(codec));
            }
            return lines;
        } catch (IOException | RuntimeException | Error e) {
            throw new NotWrittenException(e);
        }
    }

    private void replaceFile(HashMap<String, @Nullable Object> tree) throws IOException {
        ContentDigest next = prepareSmall(tree);
        if (next == null) {
            checkpoint(tree, edits == null);
        } else {
            // Before the rename: if this process is killed right after it, followers know the text for one of this
            // holder's.
            marks.write(mark(ContentFingerprint.of(next)));
            try {
                install(next, tree, null, false);
            } catch (NotWrittenException e) {
                marks.write(mark());
                throw e;
            }
        }
    }

    /** Null if the tree is not small. */
    private @Nullable ContentDigest prepareSmall(HashMap<String, @Nullable Object> tree) throws NotWrittenException {
        try {
            if (!generations.isTidy()) {
                generations.tidyUp(journal().number(), isJournaling());
            }
            byte[] small = speller.spell(tree);
            return small == null ? null : file.prepare(small);
        } catch (IOException | RuntimeException | Error e) {
            throw new NotWrittenException(e);
        }
    }

    /**
     * Sees to it that {@code tree}, which is durable, is where the next opening finds it: a journal or a file that
     * somebody moved away or wrote into is written again. A large file is told by its size.
     */
    public void secure(HashMap<String, @Nullable Object> tree) throws IOException {
        boolean journalGone = !journal().isBroken() && !journal().isInPlace();
        if (journalGone) {
            breakJournal();
        }
        if (journalGone || (isJournaling() ? !hasItsSize() : isFileChanged())) {
            try {
                checkpoint(tree, edits == null || journalGone);
            } catch (UnmergedEditException e) {
                // An edit of the tree as it was acknowledged, or of an earlier one that the journal follows.
                waitForEdit(true);
            }
        }
    }

    private boolean hasItsSize() throws IOException {
        Disk.Attributes found = disk.attributes(place.file());
        return found != null && found.size() == file.current().size();
    }

    /** Whether commits go to the journal: the file is large, or about to be replaced. */
    private boolean isJournaling() {
        return running != null || waitsForEdit || file.current().size() > settings.journalAbove();
    }

    /** How many bytes the file had when it was written last. */
    public long fileSize() {
        return file.current().size();
    }

    /** Whether the journal has grown so long that the file should follow. */
    boolean isJournalLong() {
        return journal().bytes() > settings.journalLimit(file.current().size());
    }

    /** Whether the file is behind the journal. */
    public boolean isFileBehind() {
        return journal().commits() > 0 || journal().isBroken();
    }

    /** Whether something else stands in the file than we wrote, or nothing. */
    boolean isFileChanged() throws IOException {
        return !file.holds(file.current());
    }

    /** Whether the newest generation is not the file. */
    boolean isGenerationBehind() {
        return !generations.has(file.current());
    }

    /**
     * Begins to let the file follow, beside commits that go on in the journal; the file must be behind it.
     *
     * @param tree what is durable
     * @param ready told, on another thread, whenever {@link #continueCheckpoint} has something to do
     */
    public void beginCheckpoint(HashMap<String, @Nullable Object> tree, Runnable ready) {
        speller.forget();
        BackgroundCheckpoint begun = new BackgroundCheckpoint(
                disk, place, format, file, generations, journal(), generations.reserve(), tree, ready);
        running = begun;
        beside = edits == null ? null : tree;
        begun.start();
    }

    /** Whether a checkpoint runs beside commits. */
    public boolean isCheckpointing() {
        return running != null;
    }

    /** Waits after a write, for a checkpoint that commits outrun: otherwise it would never end. */
    void keepPace() {
        BackgroundCheckpoint checkpoint = running;
        if (checkpoint != null) {
            checkpoint.keepPace();
        }
    }

    /** How a checkpoint that ran beside commits stands. */
    enum Stage {
        RUNNING,
        /** The file follows; what is left is to delete old files. */
        INSTALLED,
        OVER
    }

    /**
     * Does what is to be done for the checkpoint between two commits, if there is anything.
     *
     * @throws IOException if the checkpoint failed: the file is as it was, unless the journal is broken now
     */
    public Stage continueCheckpoint() throws IOException {
        BackgroundCheckpoint checkpoint = running;
        if (checkpoint == null) {
            return Stage.OVER;
        }
        if (checkpoint.isOver()) {
            file.takeBack();
            running = null;
            Throwable failure = checkpoint.failure();
            beside = null;
            if (failure instanceof UnmergedEditException) {
                waitForEdit(true);
                return Stage.OVER;
            } else if (failure != null) {
                throw failure instanceof IOException io ? io : new IOException(failure);
            }
            return Stage.OVER;
        }
        if (!checkpoint.isPrepared() || checkpoint.isDecided()) {
            return Stage.RUNNING;
        }
        try {
            install(checkpoint);
            checkpoint.finished(file.current().size() > settings.journalAbove());
            return Stage.INSTALLED;
        } catch (IOException | RuntimeException | Error e) {
            // Thrown when it has taken away what it made.
            checkpoint.failed(e);
            return Stage.RUNNING;
        }
    }

    private void install(BackgroundCheckpoint checkpoint) throws IOException {
        file.takeBack();
        generations.begunBeside();
        Journal next = begun(checkpoint::finishJournal);
        try {
            HashMap<String, @Nullable Object> written = beside;
            if (written == null) {
                file.install(checkpoint.content(), checkpoint.seen(), true);
            } else {
                install(checkpoint.content(), written, checkpoint.seen(), false);
            }
        } catch (IOException e) {
            next.close();
            if (e instanceof NotWrittenException) {
                discardGeneration();
            } else {
                breakJournal();
            }
            throw e;
        }
        follow(next, checkpoint.content());
    }

    /** Ends a checkpoint that runs beside commits, since all is written anew, or nothing any more. */
    private void endCheckpoint() {
        BackgroundCheckpoint checkpoint = running;
        if (checkpoint != null) {
            checkpoint.cancel();
            file.takeBack();
            running = null;
        }
    }

    /**
     * Lets the file follow: it holds {@code tree}, which is what was acknowledged, or more, and the journal is empty.
     *
     * @throws NotWrittenException if it failed, and nothing of what {@code tree} has more will ever be there
     * @throws IOException if it failed, and a crash may leave that
     */
    public void checkpoint(HashMap<String, @Nullable Object> tree) throws IOException {
        checkpoint(tree, true);
    }

    /** {@link #checkpoint}; an edit that is not settled yet is kept aside only when insisting. */
    private void checkpoint(HashMap<String, @Nullable Object> tree, boolean insisting) throws IOException {
        Journal next;
        ContentDigest content;
        endCheckpoint();
        try {
            speller.forget();
            content = file.prepare(format, tree);
            next = begun(() -> generations.begin(place.next(), content));
        } catch (IOException | RuntimeException | Error e) {
            disk.discard(place.next(), e);
            throw new NotWrittenException(e);
        }
        try {
            install(content, tree, null, insisting);
        } catch (NotWrittenException e) {
            next.close();
            discardGeneration();
            throw e;
        } catch (IOException e) {
            next.close();
            breakJournal();
            throw e;
        }
        // The new journal was made for this file, and the file is durable: from here on commits follow there.
        waitForEdit(false);
        adopt(next, content);
    }

    /** Keeps the file as it is as a generation, and begins an empty journal after it. The journal must be empty. */
    public void keepGeneration() throws IOException {
        endCheckpoint();
        ContentDigest content = file.current();
        adopt(begun(() -> generations.begin(place.file(), content)), content);
    }

    /**
     * Goes on with a file and an empty journal that follows it, as an opening found them. Under another number:
     * versions start from it, and those that were seen at the opening before this must not be used again.
     */
    public void goOn(JournalScan scan) throws IOException {
        ContentDigest content = file.current();
        if (!isCopy(place.generation(scan.number()), content)) {
            keepGeneration();
        } else {
            adopt(generations.renumber(scan.number(), content), content);
        }
    }

    /** Whether a generation has the very bytes of a file: it may have been damaged since it was written. */
    private boolean isCopy(Path generation, ContentDigest content) throws IOException {
        Disk.Attributes copy = disk.attributes(generation);
        return copy != null && copy.size() == content.size() && content.standsIn(disk, generation);
    }

    private Journal begun(Beginning beginning) throws IOException {
        try {
            return beginning.begin();
        } catch (IOException | RuntimeException | Error e) {
            discardGeneration();
            throw e;
        }
    }

    private void discardGeneration() {
        try {
            generations.discard();
        } catch (IOException e) {
            breakJournal();
        }
    }

    /** The next commits go to new files: it is not certain that a journal of ours would be read. */
    private void breakJournal() {
        if (journal != null) {
            journal.breakUp();
        }
    }

    private void adopt(Journal next, ContentDigest base) {
        follow(next, base);
        generations.tidyUpLater(next.number(), isJournaling());
    }

    private void follow(Journal next, ContentDigest base) {
        Journal old = journal;
        journal = next;
        generations.began(base);
        // The file is durable, and so are the commits that the new journal has from the old one.
        marks.write(mark());
        if (old != null) {
            try {
                old.close();
            } catch (IOException e) {
                reporter.tell(
                        Kind.TROUBLE,
                        "closing an old journal of " + place + " failed: " + IoErrors.inWords(e),
                        null,
                        e);
            }
        }
    }

    /** Where versions start: above all that were used before, since each opening has a number of its own. */
    public long firstVersion() {
        return (generations.number() - 1) << Integer.SIZE;
    }

    private Journal journal() {
        Journal open = journal;
        if (open == null) {
            throw new AssertionError("recovery begins or goes on with a journal");
        }
        return open;
    }

    /** All that is durable is in the file, and nothing more will be written. */
    public void finished() throws IOException {
        generations.closed();
    }

    /** Closes the files, and writes nothing. */
    @Override
    public void close() throws IOException {
        endCheckpoint();
        try {
            marks.end();
            place.sweep(disk);
            file.keepLateWrites();
        } finally {
            file.letGo();
            if (journal != null) {
                journal.close();
            }
        }
    }

    private interface Beginning {
        Journal begin() throws IOException;
    }
}
