package dev.heartwood.file.checkpoint;

import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.NotWrittenException;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.edits.UnmergedEditException;
import dev.heartwood.file.journal.Journal;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.IncrementalPrinter;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lets the file follow its journal: at once, while commits wait, or beside commits, which go on in the journal meanwhile. */
public final class Checkpoints {
    private final StoreContext context;
    private final Disk disk;
    private final StoreLayout place;
    private final OpenFiles files;
    private final IncrementalPrinter printer;
    private @Nullable BackgroundCheckpoint running;
    /** The tree of the checkpoint that runs, where edits are merged. */
    private @Nullable HashMap<String, @Nullable Object> beside;

    /** For the thread that writes the files; {@code printer} drops its cached text at each checkpoint. */
    Checkpoints(StoreContext context, OpenFiles files, IncrementalPrinter printer) {
        this.context = context;
        this.disk = context.disk();
        this.place = context.place();
        this.files = files;
        this.printer = printer;
    }

    /**
     * Begins to let the file follow, beside commits that go on in the journal; the file must be behind it.
     *
     * @param tree the durable tree
     * @param ready told, on another thread, whenever {@link #proceed} has something to do
     */
    public void begin(HashMap<String, @Nullable Object> tree, Runnable ready) {
        begin(tree, ready, Thread::start);
    }

    /** {@link #begin(HashMap, Runnable)}; {@code starting} starts its thread. */
    void begin(HashMap<String, @Nullable Object> tree, Runnable ready, Consumer<Thread> starting) {
        printer.forget();
        BackgroundCheckpoint begun = new BackgroundCheckpoint(
                context,
                files.file(),
                files.generations(),
                files.journal(),
                files.generations().reserve(),
                tree,
                ready);
        running = begun;
        files.checkpointing(true);
        beside = files.edits().isOn() ? tree : null;
        begun.start(starting);
    }

    /** Whether a checkpoint runs beside commits. */
    public boolean isRunning() {
        return running != null;
    }

    /** Waits after a write if commits come faster than the checkpoint copies them; otherwise it would never end. */
    void keepPace() {
        BackgroundCheckpoint checkpoint = running;
        if (checkpoint != null) {
            checkpoint.keepPace();
        }
    }

    /** The progress of a checkpoint that runs beside commits. */
    public enum Stage {
        RUNNING,
        /** The file follows; only old files are still to be deleted. */
        INSTALLED,
        OVER
    }

    /**
     * Takes the step of the checkpoint that belongs between two commits, if one is due.
     *
     * @throws IOException if the checkpoint failed: the file is as it was, unless the journal is broken now
     */
    public Stage proceed() throws IOException {
        BackgroundCheckpoint checkpoint = running;
        if (checkpoint == null) {
            return Stage.OVER;
        } else if (checkpoint.isOver()) {
            over(checkpoint.failure());
            return Stage.OVER;
        } else if (!checkpoint.isPrepared() || checkpoint.isDecided()) {
            return Stage.RUNNING;
        }
        try {
            install(checkpoint);
            checkpoint.finished(
                    files.file().current().size() > context.settings().journalAbove());
            return Stage.INSTALLED;
        } catch (IOException | RuntimeException | Error e) {
            // Thrown after the checkpoint has deleted the files that it made.
            checkpoint.failed(e);
            return Stage.RUNNING;
        }
    }

    private void over(@Nullable Throwable failure) throws IOException {
        forgetRunning();
        if (failure instanceof UnmergedEditException) {
            files.edits().waitForEdit(true);
        } else if (failure != null) {
            throw failure instanceof IOException io ? io : new IOException(failure);
        }
    }

    private void forgetRunning() {
        files.file().takeBack();
        running = null;
        beside = null;
        files.checkpointing(false);
    }

    private void install(BackgroundCheckpoint checkpoint) throws IOException {
        files.file().takeBack();
        files.generations().begunBeside();
        Journal next = files.begin(checkpoint::finishJournal);
        try {
            files.file().install(checkpoint.content(), beside, checkpoint.seen(), false);
        } catch (IOException e) {
            notInstalled(next, e);
            throw e;
        }
        files.follow(next, checkpoint.content());
    }

    /** The rename is not certain, so the journal that follows the new file must not be read. */
    private void notInstalled(Journal next, IOException failure) throws IOException {
        next.close();
        if (failure instanceof NotWrittenException) {
            files.discardNewest();
        } else {
            files.breakJournal();
        }
    }

    /**
     * Ends a checkpoint that runs beside commits: everything is about to be written anew, or nothing is written any
     * more.
     */
    void end() {
        BackgroundCheckpoint checkpoint = running;
        if (checkpoint != null) {
            checkpoint.cancel();
            forgetRunning();
        }
    }

    /**
     * Lets the file follow at once: afterwards it holds {@code tree}, which has every acknowledged commit and perhaps
     * more, and the journal is empty.
     *
     * @param insisting whether an edit that is not settled yet is kept aside, and replaced
     * @throws UnmergedEditException if there is one, and not insisting
     * @throws NotWrittenException if it failed, and the unacknowledged commits in {@code tree} will never be there
     * @throws IOException if it failed, and a crash may leave that
     */
    void now(HashMap<String, @Nullable Object> tree, boolean insisting) throws IOException {
        Journal next;
        ContentDigest content;
        end();
        try {
            printer.forget();
            content = files.file().prepare(context.format(), tree);
            next = files.begin(place.next(), content);
        } catch (IOException | RuntimeException | Error e) {
            disk.discard(place.next(), e);
            throw new NotWrittenException(e);
        }
        try {
            files.file().install(content, tree, null, insisting);
        } catch (IOException e) {
            notInstalled(next, e);
            throw e;
        }
        // The new journal was made for this file, and the file is durable: from here on commits follow there.
        files.edits().waitForEdit(false);
        files.adopt(next, content);
    }
}
