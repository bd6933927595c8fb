package dev.heartwood.file;

import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.FileStamp;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint that is written beside commits, which go on in the journal. A thread of its own writes the next file, a
 * generation, and a journal with a copy of the commits that came meanwhile, in slices of {@link FileOutput#SLICE} bytes,
 * each synced before the next: so no sync of another file waits for more than one of them. The thread that commits
 * copies one slice of the journal at most, and renames.
 *
 * <p>The steps, in order, and the thread that takes each:
 *
 * <ol>
 *   <li>checkpoint: the next file, beside the old one; a generation, which is a copy of it
 *   <li>checkpoint: a new journal that follows the next file, without its name yet; into it, copies of the commits that
 *       were made since, until less than a slice is missing; and a look at the file for what others wrote into it
 *   <li>writer, between two commits: the last copies, the journal's name, the rename of the file. From here on commits go
 *       to the new journal
 *   <li>checkpoint: deletes old journals and generations
 * </ol>
 */
final class BackgroundCheckpoint implements Runnable {
    private final Disk disk;
    private final StoreLayout place;
    private final TreeFormat format;
    private final TreeFile file;
    private final Generations generations;
    private final long number;
    private final Runnable ready;
    private final Thread thread;
    private final CountDownLatch decided = new CountDownLatch(1);

    private @Nullable HashMap<String, @Nullable Object> tree;
    private final JournalTail tail;
    private @Nullable ContentDigest content;
    private @Nullable FileStamp seen;
    private boolean generationNamed;
    private boolean finished;
    private boolean large;
    /** Written by the writer thread: all that the checkpoint does is to be left, and taken away. */
    private volatile boolean cancelled;
    // Written by the checkpoint thread after all else, and read by the writer thread before all else: so the writer
    // sees
    // what was prepared, and finds nothing half done.
    private volatile boolean prepared;
    private volatile boolean over;
    private volatile @Nullable Throwable failure;

    /**
     * A checkpoint of a tree, which is what the journal comes to so far.
     *
     * @param number of the new journal and its generation
     * @param ready told, on the checkpoint's thread, when the writer thread has something to do
     */
    BackgroundCheckpoint(
            Disk disk,
            StoreLayout place,
            TreeFormat format,
            TreeFile file,
            Generations generations,
            Journal old,
            long number,
            HashMap<String, @Nullable Object> tree,
            Runnable ready) {
        this.disk = disk;
        this.place = place;
        this.format = format;
        this.file = file;
        this.generations = generations;
        this.number = number;
        this.tree = tree;
        // Here, between two commits: what comes after this is not in the tree.
        this.tail = new JournalTail(disk, place, old, this::requireWanted);
        this.ready = ready;
        this.thread = new Thread(this, "heartwood checkpoint " + place.file().getFileName());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        try {
            prepare();
            prepared = true;
            ready.run();
            decided.await();
            if (finished) {
                generations.tidyUpLater(number, large);
            } else {
                discard();
            }
        } catch (Throwable e) {
            failure = e;
            discard();
        }
        over = true;
        ready.run();
    }

    private void prepare() throws IOException {
        HashMap<String, @Nullable Object> written = tree;
        if (written == null) {
            throw new AssertionError("a checkpoint is run once");
        }
        ContentDigest next = file.prepare(format, written, this::requireWanted);
        content = next;
        // Not needed any more, and large.
        tree = null;
        generations.copy(place.next(), next, number, this::requireWanted);
        generationNamed = true;
        disk.forceDirectory(place.directory());
        tail.begin(next);
        // Both read whole files, and so does the rename for what is not done here.
        file.keepLateWrites();
        seen = file.look();
        while (tail.missing() > FileOutput.SLICE) {
            tail.copy();
        }
    }

    private void requireWanted() throws IOException {
        if (cancelled) {
            throw new IOException("the checkpoint was given up, since the store is closed or writes all anew");
        }
    }

    /** Whether the writer thread can finish it. */
    boolean isPrepared() {
        return prepared && !over;
    }

    /** Whether the writer thread has done its part, or given it up. */
    boolean isDecided() {
        return decided.getCount() == 0;
    }

    /** Whether all is done, or taken away. */
    boolean isOver() {
        return over;
    }

    /** What it failed with, or null. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /**
     * Copies what is missing, and gives the new journal its name, durably; commits must wait. The new journal
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
        ContentDigest next = content;
        if (next == null) {
            throw new AssertionError("only a prepared checkpoint has a content");
        }
        return next;
    }

    /** What {@link TreeFile#look} saw. */
    @Nullable
    FileStamp seen() {
        return seen;
    }

    /**
     * The file has been replaced: what is left is to tidy up.
     *
     * @param nowLarge whether it is only written at checkpoints
     */
    void finished(boolean nowLarge) {
        finished = true;
        large = nowLarge;
        // After what the journal was given: the checkpoint thread deletes the old one.
        decided.countDown();
    }

    /** It could not be finished: what it has made is taken away, by its own thread, unless the writer has done so. */
    void failed(Throwable cause) {
        failure = cause;
        decided.countDown();
    }

    /** Ends it, and waits until it has taken away what it made; that is after a slice. */
    void cancel() {
        cancelled = true;
        decided.countDown();
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

    private void discard() {
        Throwable cause = failure != null ? failure : new IOException("given up");
        tail.close();
        disk.discard(place.next(), cause);
        disk.discard(place.nextInside(), cause);
        if (generationNamed) {
            // Else it would be another opening's, which came after this one lost the store.
            disk.discard(place.generation(number), cause);
        }
    }
}
