package dev.heartwood.file.checkpoint;

import dev.heartwood.file.disk.NotWrittenException;
import dev.heartwood.file.edits.UnmergedEditException;
import dev.heartwood.file.journal.CommitEdits;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.IncrementalPrinter;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Replaces the file at each batch of commits, while the tree is small. */
final class SmallFileWriter {
    private final OpenFiles files;
    private final Checkpoints checkpoints;
    private final IncrementalPrinter printer;

    SmallFileWriter(OpenFiles files, Checkpoints checkpoints, IncrementalPrinter printer) {
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
            files.append(commits);
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
}
