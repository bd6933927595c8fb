package dev.heartwood.file.checkpoint;

import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.HolderLostException;
import dev.heartwood.file.disk.NotWrittenException;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.CommitEdits;
import dev.heartwood.file.journal.DurableMark;
import dev.heartwood.file.journal.DurableMarkFile;
import dev.heartwood.file.journal.Journal;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.ContentFingerprint;
import dev.heartwood.storage.EditCodec;
import dev.heartwood.storage.IoErrors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files that tell the state of an open store: the file that people read, the journal that commits go to, and the
 * generation that is a copy of the file that the journal follows. The mark tells followers of all three.
 */
final class OpenFiles {
    private final StoreContext context;
    private final StoreLayout place;
    private final TreeFile file;
    private final Generations generations;
    private final EditMerging edits;
    private final EditCodec codec;
    private final DurableMarkFile marks;
    private @Nullable Journal journal;
    /** Whether a checkpoint runs beside commits. */
    private boolean checkpointing;

    /**
     * The files as an opening found them; the journal does not exist yet.
     *
     * @param current the content of the file; null if there is none
     * @param model the owner and the permissions of the file; null if there was never one
     * @param number the largest number that a journal or a generation has
     */
    OpenFiles(StoreContext context, @Nullable ContentDigest current, Disk.@Nullable Attributes model, long number) {
        this.context = context;
        this.place = context.place();
        this.edits = new EditMerging(context.disk(), place);
        this.file = new TreeFile(context, edits, current, model);
        this.generations = new Generations(context, number);
        this.codec = new EditCodec(context.format());
        this.marks = new DurableMarkFile(context);
    }

    TreeFile file() {
        return file;
    }

    Generations generations() {
        return generations;
    }

    EditMerging edits() {
        return edits;
    }

    Journal journal() {
        Journal open = journal;
        if (open == null) {
            throw new AssertionError("recovery begins or goes on with a journal");
        }
        return open;
    }

    /** Whether commits go to the journal: the file is large, or about to be replaced, or somebody else writes into it. */
    boolean isJournaling() {
        return checkpointing
                || edits.isWaiting()
                || file.current().size() > context.settings().journalAbove();
    }

    void checkpointing(boolean runs) {
        checkpointing = runs;
    }

    /**
     * Appends commits to the journal, durably. One without commits may stand by since an earlier text of the file: then they go to one that
     * follows the text that we wrote last.
     *
     * @throws NotWrittenException if that failed, and none of them will ever be there
     * @throws IOException if that failed, and a crash may leave some of them; the journal is broken then
     */
    void append(List<CommitEdits> commits) throws IOException {
        journalOfWritten();
        journal().append(encode(commits));
    }

    /**
     * Makes the journal follow the text that we wrote last, which the file need not hold at the moment. The generation of the journal holds it. An
     * opening that finds the journal with commits, and an edit in the file, merges the two.
     */
    private void journalOfWritten() throws IOException {
        ContentDigest written = file.current();
        if (journal().commits() > 0 || journal().follows(written)) {
            return;
        }
        byte[] text = written.bytes();
        if (text == null) {
            throw new AssertionError("a small file is held as bytes once it was written without a journal");
        }
        Disk disk = context.disk();
        try {
            ContentDigest content = file.prepare(text);
            adopt(begin(place.next(), content), content);
            disk.delete(place.next());
        } catch (HolderLostException e) {
            throw e;
        } catch (IOException e) {
            disk.discard(place.next(), e);
            throw new NotWrittenException(e);
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

    /** Begins the next journal and its generation. */
    interface Beginning {
        Journal begin() throws IOException;
    }

    /** A generation that is a copy of {@code source}, and an empty journal after it. If that fails, neither is there. */
    Journal begin(Path source, ContentDigest content) throws IOException {
        return begin(() -> generations.begin(source, content));
    }

    /** A generation and a journal, however they are made. If that fails, neither is there. */
    Journal begin(Beginning beginning) throws IOException {
        try {
            return beginning.begin();
        } catch (IOException | RuntimeException | Error e) {
            discardNewest();
            throw e;
        }
    }

    /** Takes the newest generation and its journal back. */
    void discardNewest() {
        try {
            generations.discard();
        } catch (IOException e) {
            breakJournal();
        }
    }

    /** The next commits go to new files: it is not certain that the next opening would read the old journal. */
    void breakJournal() {
        if (journal != null) {
            journal.breakUp();
        }
    }

    /** From now on commits go to this journal, and older files are deleted. */
    void adopt(Journal next, ContentDigest base) {
        follow(next, base);
        generations.tidyUpLater(next.number(), isJournaling());
    }

    /** From now on commits go to this journal, which follows {@code base}. */
    void follow(Journal next, ContentDigest base) {
        Journal old = journal;
        journal = next;
        generations.began(base);
        // The file is durable, and so are the commits that the new journal has from the old one.
        mark();
        if (old != null) {
            try {
                old.close();
            } catch (IOException e) {
                context.reporter()
                        .tell(
                                Kind.TROUBLE,
                                "closing an old journal of " + place + " failed: " + IoErrors.inWords(e),
                                null,
                                e);
            }
        }
    }

    /** Keeps the file as it is as a generation, and begins an empty journal after it. The journal must be empty. */
    void keepGeneration() throws IOException {
        ContentDigest content = file.current();
        adopt(begin(place.file(), content), content);
    }

    /** From now on programs that follow the store are told how far it is durable. */
    void tellFollowers() {
        marks.begin(current(null));
    }

    /** Tells followers how far the store is durable. */
    void mark() {
        marks.write(current(null));
    }

    /** The same, where the file is about to get this content. */
    void markBefore(ContentDigest next) {
        marks.write(current(ContentFingerprint.of(next)));
    }

    private DurableMark current(@Nullable ContentFingerprint next) {
        Journal open = journal();
        DurableMark.State state = isJournaling() || open.commits() > 0
                ? new DurableMark.JournalState(open.id(), open.commits())
                : new DurableMark.FileState(ContentFingerprint.of(file.current()), next);
        return new DurableMark(place.opening(), DurableMark.BOOT, open.number(), state, file.texts());
    }

    /** Closes the files, and writes nothing. */
    void close() throws IOException {
        try {
            marks.end();
            place.sweep(context.disk());
            file.keepLateWrites();
        } finally {
            file.letGo();
            if (journal != null) {
                journal.close();
            }
        }
    }
}
