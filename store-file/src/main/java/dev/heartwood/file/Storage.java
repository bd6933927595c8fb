package dev.heartwood.file;

import dev.heartwood.file.Reporter.Kind;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.EditCodec;
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
final class Storage implements AutoCloseable {
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
    private final EditCodec edits;
    private final IncrementalPrinter speller;
    private @Nullable Journal journal;
    private @Nullable BackgroundCheckpoint running;

    /**
     * The files of a store, once it is clear what they say.
     *
     * @param current what stands in the file; null if there is none
     * @param model whose the file is, and who may read it; null if there was never one
     * @param number the largest number that a journal or a generation has
     */
    Storage(
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
        this.edits = new EditCodec(format);
        this.speller = new IncrementalPrinter(format, Math.min(settings.journalAbove(), LONGEST_SPELLED));
    }

    /** Begins with a file that was not there: an empty tree. */
    void create() throws IOException {
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
    void write(List<CommitEdits> commits, HashMap<String, @Nullable Object> tree) throws IOException {
        try {
            if (journal().isBroken()) {
                checkpoint(tree);
            } else if (isJournaling()) {
                journal().append(encode(commits));
            } else if (journal().commits() > 0) {
                // A checkpoint beside commits has left a small file, or has failed. A journal that has commits must not
                // outlive the file that it follows.
                checkpoint(tree);
            } else {
                replaceFile(tree);
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
                lines.add(edits.write(commit.edits(), commit.origin()));
            }
            return lines;
        } catch (IOException | RuntimeException | Error e) {
            throw new NotWrittenException(e);
        }
    }

    private void replaceFile(HashMap<String, @Nullable Object> tree) throws IOException {
        ContentDigest next = prepareSmall(tree);
        if (next == null) {
            checkpoint(tree);
        } else {
            file.install(next);
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
    void secure(HashMap<String, @Nullable Object> tree) throws IOException {
        boolean journalGone = !journal().isBroken() && !journal().isInPlace();
        if (journalGone) {
            breakJournal();
        }
        if (journalGone || (isJournaling() ? !hasItsSize() : isFileChanged())) {
            checkpoint(tree);
        }
    }

    private boolean hasItsSize() throws IOException {
        Disk.Attributes found = disk.attributes(place.file());
        return found != null && found.size() == file.current().size();
    }

    /** Whether commits go to the journal: the file is large, or about to be replaced. */
    private boolean isJournaling() {
        return running != null || file.current().size() > settings.journalAbove();
    }

    /** Whether the journal has grown so long that the file should follow. */
    boolean isJournalLong() {
        return journal().bytes() > settings.journalLimit(file.current().size());
    }

    /** Whether the file is behind the journal. */
    boolean isFileBehind() {
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
    void beginCheckpoint(HashMap<String, @Nullable Object> tree, Runnable ready) {
        speller.forget();
        BackgroundCheckpoint begun = new BackgroundCheckpoint(
                disk, place, format, file, generations, journal(), generations.reserve(), tree, ready);
        running = begun;
        begun.start();
    }

    /** Whether a checkpoint runs beside commits. */
    boolean isCheckpointing() {
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
    Stage continueCheckpoint() throws IOException {
        BackgroundCheckpoint checkpoint = running;
        if (checkpoint == null) {
            return Stage.OVER;
        }
        if (checkpoint.isOver()) {
            file.takeBack();
            running = null;
            Throwable failure = checkpoint.failure();
            if (failure != null) {
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
            file.install(checkpoint.content(), checkpoint.seen());
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
    void checkpoint(HashMap<String, @Nullable Object> tree) throws IOException {
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
            file.install(content);
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
        adopt(next, content);
    }

    /** Keeps the file as it is as a generation, and begins an empty journal after it. The journal must be empty. */
    void keepGeneration() throws IOException {
        endCheckpoint();
        ContentDigest content = file.current();
        adopt(begun(() -> generations.begin(place.file(), content)), content);
    }

    /**
     * Goes on with a file and an empty journal that follows it, as an opening found them. Under another number:
     * versions start from it, and those that were seen at the opening before this must not be used again.
     */
    void goOn(JournalScan scan) throws IOException {
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
    long firstVersion() {
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
    void finished() throws IOException {
        generations.closed();
    }

    /** Closes the files, and writes nothing. */
    @Override
    public void close() throws IOException {
        endCheckpoint();
        try {
            place.sweep(disk);
            file.keepLateWrites();
        } finally {
            if (journal != null) {
                journal.close();
            }
        }
    }

    private interface Beginning {
        Journal begin() throws IOException;
    }
}
