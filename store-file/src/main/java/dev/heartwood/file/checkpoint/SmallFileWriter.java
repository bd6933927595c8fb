package dev.heartwood.file.checkpoint;

import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.HolderLostException;
import dev.heartwood.file.disk.NotWrittenException;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.edits.UnmergedEditException;
import dev.heartwood.file.journal.CommitEdits;
import dev.heartwood.file.journal.Journal;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.IncrementalPrinter;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Replaces the file at each batch of commits, while the tree is small. */
final class SmallFileWriter {
    private final Disk disk;
    private final StoreLayout place;
    private final OpenFiles files;
    private final Checkpoints checkpoints;
    private final IncrementalPrinter printer;

    SmallFileWriter(
            Disk disk, StoreLayout place, OpenFiles files, Checkpoints checkpoints, IncrementalPrinter printer) {
        this.disk = disk;
        this.place = place;
        this.files = files;
        this.checkpoints = checkpoints;
        this.printer = printer;
    }

    /**
     * Makes commits durable. While the file holds an edit by hand that is not settled yet, the commits go to the
     * journal.
     *
     * @param tree the state after them
     */
    void write(List<CommitEdits> commits, HashMap<String, @Nullable Object> tree) throws IOException {
        try {
            if (files.journal().commits() > 0) {
                // A checkpoint beside commits has left a small file, or has failed, or an edit was waited for. A
                // journal that has commits must not outlive the file that it follows.
                checkpoints.now(tree, false);
            } else {
                replaceFile(tree);
            }
        } catch (UnmergedEditException e) {
            files.edits().waitForEdit(true);
            append(commits);
        }
    }

    /**
     * Appends commits to a journal that follows the text that we wrote last: one without commits may stand by since an earlier text.
     */
    void append(List<CommitEdits> commits) throws IOException {
        journalOfWritten();
        files.append(commits);
    }

    /**
     * Makes durable that an edit in the file does not stand for what was acknowledged: an opening that finds a commit in a journal does
     * not take the file alone.
     */
    void guardAgainstEdit() throws IOException {
        files.edits().waitForEdit(true);
        if (files.journal().commits() == 0) {
            append(List.of(CommitEdits.of()));
            files.mark();
        }
    }

    /**
     * Writes this tree to the file, unless it is no longer small: then it is the first commit of a journal.
     *
     * @throws UnmergedEditException if an edit stands in the file that is not settled yet
     */
    void replaceFile(HashMap<String, @Nullable Object> tree) throws IOException {
        ContentDigest next = prepared(tree);
        if (next == null) {
            checkpoints.now(tree, false);
            return;
        }
        // Before the rename: if this process is killed right after it, followers recognize the text as this holder's.
        files.markBefore(next);
        try {
            files.file().install(next, tree, null, false);
        } catch (NotWrittenException e) {
            files.mark();
            throw e;
        }
    }

    /** Null if the tree is not small. */
    private @Nullable ContentDigest prepared(HashMap<String, @Nullable Object> tree) throws NotWrittenException {
        try {
            if (!files.generations().isTidy()) {
                files.generations().tidyUp(files.journal().number(), files.isJournaling());
            }
            byte[] small = printer.spell(tree);
            return small == null ? null : files.file().prepare(small);
        } catch (IOException | RuntimeException | Error e) {
            throw new NotWrittenException(e);
        }
    }

    /**
     * Makes the journal follow the text that we wrote last, which the file does not hold at the moment. The generation
     * of the journal holds it. An opening that finds the journal with commits, and the edit in the file, merges the
     * two.
     */
    private void journalOfWritten() throws IOException {
        Journal open = files.journal();
        ContentDigest written = files.file().current();
        if (open.commits() > 0 || open.follows(written)) {
            return;
        }
        byte[] text = written.bytes();
        if (text == null) {
            throw new AssertionError("a small file is held as bytes once it was written without a journal");
        }
        try {
            ContentDigest content = files.file().prepare(text);
            files.adopt(files.begin(place.next(), content), content);
            disk.delete(place.next());
        } catch (HolderLostException e) {
            throw e;
        } catch (IOException e) {
            disk.discard(place.next(), e);
            throw new NotWrittenException(e);
        }
    }
}
