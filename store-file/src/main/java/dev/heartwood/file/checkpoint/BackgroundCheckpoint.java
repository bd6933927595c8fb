package dev.heartwood.file.checkpoint;

import dev.heartwood.file.checkpoint.CheckpointHandOver.Decision;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.Journal;
import dev.heartwood.file.journal.JournalTail;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.FileOutput;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.FileStamp;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint that is written while commits go on in the journal. A thread of its own writes the next file, a
 * generation, and a journal with a copy of the commits that came meanwhile, in slices of {@link FileOutput#SLICE}
 * bytes, each synced before the next: so a sync of another file waits for one slice at most. The writer thread copies
 * one slice of the journal at most, and renames.
 *
 * <p>The steps, in order, and the thread that takes each:
 *
 * <ol>
 *   <li>checkpoint: the next file, beside the old one; a generation, which is a copy of it
 *   <li>checkpoint: a new journal that follows the next file, without its name yet; into it, copies of the commits that
 *       were made since, until less than a slice is missing; and a look at the file for texts that other programs wrote
 *       into it
 *   <li>writer, between two commits: the last copies, the journal's name, the rename of the file. From here on commits go
 *       to the new journal
 *   <li>checkpoint: deletes old journals and generations
 * </ol>
 *
 * <p>Where commits come faster than they are copied the second step would never end. After some rounds the writer
 * thread therefore waits after each write until as many bytes were copied as it has written, and a slice more.
 */
final class BackgroundCheckpoint implements Runnable {
    /**
     * The number of rounds of copying that may leave more to copy than they found. Each later round slows commits down.
     */
    private static final int FREE_ROUNDS = 4;

    private final Disk disk;
    private final StoreLayout place;
    private final TreeFormat format;
    private final TreeFile file;
    private final Generations generations;
    private final long number;
    private final Runnable ready;
    private final Thread thread;
    private final Journal old;
    private final JournalTail tail;
    private final CheckpointHandOver<Prepared> handOver = new CheckpointHandOver<>();

    private @Nullable HashMap<String, @Nullable Object> tree;
    private boolean generationNamed;
    /** For the writer thread alone: the length of the journal at the last {@link #keepPace}. */
    private long paced;
    /**
     * Written by the writer thread: the checkpoint is no longer wanted, and its thread deletes the files that it has
     * made.
     */
    private volatile boolean cancelled;
    /** Written by the checkpoint's thread: commits come faster than they are copied. */
    private volatile boolean outrun;

    /**
     * The files that are ready to be installed.
     *
     * @param content the content of the next file
     * @param seen the result of {@link TreeFile#look}
     */
    private record Prepared(ContentDigest content, @Nullable FileStamp seen) {}

    /**
     * A checkpoint of a tree, which is the state that the journal leads to so far.
     *
     * @param number of the new journal and its generation
     * @param ready told, on the checkpoint's thread, when the writer thread has something to do
     */
    BackgroundCheckpoint(
            StoreContext context,
            TreeFile file,
            Generations generations,
            Journal old,
            long number,
            HashMap<String, @Nullable Object> tree,
            Runnable ready) {
        this.disk = context.disk();
        this.place = context.place();
        this.format = context.format();
        this.file = file;
        this.generations = generations;
        this.number = number;
        this.tree = tree;
        // Here, between two commits: later commits are not in the tree.
        this.tail = new JournalTail(disk, place, old, this::slicePassed);
        this.old = old;
        this.paced = old.bytes();
        this.ready = ready;
        this.thread = new Thread(this, "heartwood checkpoint " + place.file().getFileName());
        thread.setDaemon(true);
    }

    /** Starts the thread. Where the machine has none to give, the checkpoint has failed before it made a file. */
    void start(Consumer<Thread> starting) {
        file.lendTo(thread);
        try {
            starting.accept(thread);
        } catch (Throwable e) {
            handOver.over(e);
            ready.run();
        }
    }

    @Override
    public void run() {
        Throwable failure = null;
        try {
            Prepared files = prepare();
            handOver.prepared(files);
            ready.run();
            Decision decision = handOver.awaitDecision();
            if (decision.installed()) {
                generations.tidyUpLater(number, decision.large());
            } else {
                failure = decision.failure();
                discard(failure);
            }
        } catch (Throwable e) {
            failure = e;
            discard(e);
        }
        handOver.over(failure);
        ready.run();
    }

    private Prepared prepare() throws IOException {
        HashMap<String, @Nullable Object> written = tree;
        if (written == null) {
            throw new AssertionError("a checkpoint is run once");
        }
        ContentDigest next = file.prepare(format, written, this::requireWanted);
        // Not needed any more, and large.
        tree = null;
        generations.copy(place.next(), next, number, this::requireWanted);
        generationNamed = true;
        disk.forceDirectory(place.directory());
        tail.begin(next);
        // Both read whole files. The rename reads them if that was not done here.
        file.keepLateWrites();
        FileStamp seen = file.look(this::requireWanted);
        for (int round = 1; tail.missing() > FileOutput.SLICE; round++) {
            outrun = round > FREE_ROUNDS;
            tail.copy();
        }
        outrun = false;
        return new Prepared(next, seen);
    }

    /** A slice of commits was copied. */
    private void slicePassed() throws IOException {
        requireWanted();
        if (outrun) {
            ready.run();
        }
    }

    private void requireWanted() throws IOException {
        if (cancelled) {
            throw new IOException("the checkpoint was given up, since the store is closed or writes all anew");
        }
    }

    /** Called by the writer thread after each write: waits if commits come faster than they are copied. */
    void keepPace() {
        long end = old.bytes();
        long target = Math.min(end, tail.copiedTo() + (end - paced) + FileOutput.SLICE);
        paced = end;
        // The checkpoint's thread clears the flag before it gives the files away, is over when it fails, and wakes this
        // thread after both and after each slice: so this wait ends.
        while (outrun && !handOver.isOver() && tail.copiedTo() < target) {
            LockSupport.park(this);
        }
    }

    /** Whether the writer thread can finish it. */
    boolean isPrepared() {
        return handOver.files() != null && !handOver.isOver();
    }

    /** Whether the writer thread has done its part, or has given up. */
    boolean isDecided() {
        return handOver.isDecided();
    }

    /** Whether the checkpoint is finished, or its files are deleted. */
    boolean isOver() {
        return handOver.isOver();
    }

    /** The failure, or null. */
    @Nullable
    Throwable failure() {
        return handOver.failure();
    }

    /**
     * Copies the missing commits, and gives the new journal its name, durably; commits must wait. The new journal
     * follows {@link #content}, and has all commits.
     */
    Journal finishJournal() throws IOException {
        tail.copy();
        Journal journal = tail.named(number);
        try {
            disk.forceDirectory(place.directory());
        } catch (IOException | RuntimeException | Error e) {
            journal.close();
            throw e;
        }
        return journal;
    }

    ContentDigest content() {
        return prepared().content;
    }

    /** The result of {@link TreeFile#look}. */
    @Nullable
    FileStamp seen() {
        return prepared().seen;
    }

    private Prepared prepared() {
        Prepared files = handOver.files();
        if (files == null) {
            throw new AssertionError("only a prepared checkpoint is installed");
        }
        return files;
    }

    /**
     * The file has been replaced; only the old files are still to be deleted.
     *
     * @param nowLarge whether it is only written at checkpoints
     */
    void finished(boolean nowLarge) {
        handOver.decide(new Decision(true, nowLarge, null));
    }

    /**
     * The checkpoint could not be finished. Its own thread deletes the files that it has made, unless the writer has
     * done so.
     */
    void failed(Throwable cause) {
        handOver.decide(new Decision(false, false, cause));
    }

    /**
     * Ends the checkpoint, and waits until its thread has deleted the files that it made. That takes one slice at most.
     */
    void cancel() {
        cancelled = true;
        handOver.decide(new Decision(false, false, null));
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void discard(@Nullable Throwable failure) {
        Throwable cause = failure != null ? failure : new IOException("given up");
        tail.close();
        disk.discard(place.next(), cause);
        disk.discard(place.nextInside(), cause);
        if (generationNamed) {
            // Otherwise it may belong to another opening, which came after this one lost the store.
            disk.discard(place.generation(number), cause);
        }
    }
}
