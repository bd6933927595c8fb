package dev.heartwood.json.file;

import dev.heartwood.Edit;
import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import dev.heartwood.json.file.Reporter.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that touches the files of a store, from opening to closing. It writes what has come together while it
 * wrote, with one sync for all; when nothing comes, it lets the file follow the journal.
 */
final class Writer implements Runnable {
    private static final long IDLE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long GENERATION_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long RETRY_NANOS = Duration.ofMillis(200).toNanos();
    /** A checkpoint may take so much of the time at most: one part in so many. */
    private static final int CHECKPOINT_SHARE = 10;

    private final Disk disk;
    private final Place place;
    private final TreeFormat format;
    private final Settings settings;
    private final Reporter reporter;
    private final Thread thread;
    private final CompletableFuture<FileRoot> opened = new CompletableFuture<>();

    /** Whether the thread waits for a first commit: so commits need to wake it only then. */
    private volatile boolean waiting;

    private volatile boolean hurried;
    // What follows belongs to the thread alone.
    private @Nullable FileRoot root;
    private @Nullable Storage storage;
    private @Nullable Snapshot durable;
    private @Nullable Throwable trouble;
    private long pendingSince;
    private boolean failing;
    private long lastWrite;
    private long lastGeneration;
    private long idleNanos = IDLE_NANOS;

    private Writer(Disk disk, Place place, TreeFormat format, Settings settings, Reporter reporter) {
        this.disk = disk;
        this.place = place;
        this.format = format;
        this.settings = settings;
        this.reporter = reporter;
        this.thread = new Thread(this, "heartwood " + place.file().getFileName());
        thread.setDaemon(true);
    }

    /** Opens the files, and starts the thread that writes them. What it throws is what stood in the way. */
    static FileRoot open(Disk disk, Place place, TreeFormat format, Settings settings, Reporter reporter)
            throws IOException {
        Writer writer = new Writer(disk, place, format, settings, reporter);
        writer.thread.start();
        // An interrupt of the caller must not meet the files: join() waits on.
        try {
            return writer.opened.join();
        } catch (CompletionException e) {
            throw rethrown(Objects.requireNonNull(e.getCause()));
        }
    }

    private static IOException rethrown(Throwable cause) {
        if (cause instanceof RuntimeException unchecked) {
            // It was thrown on another thread; this is where the caller was.
            unchecked.addSuppressed(new IllegalStateException("opened by this call"));
            throw unchecked;
        } else if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof IOException io ? io : new IOException(cause);
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** There is a commit. */
    void wake() {
        if (waiting) {
            LockSupport.unpark(thread);
        }
    }

    /** There is a commit that must not wait any longer. */
    void hurry() {
        if (!hurried) {
            hurried = true;
            LockSupport.unpark(thread);
        }
    }

    /** There will be no more commits. */
    void end() {
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        try (StoreLock lock = StoreLock.take(disk, place)) {
            Recovery.Recovered recovered = Recovery.open(disk, place, format, settings, reporter);
            lock.keep();
            Timeline timeline = new Timeline(recovered.storage().firstVersion(), recovered.tree(), format.dialect());
            storage = recovered.storage();
            durable = timeline.newest();
            root = new FileRoot(timeline, settings, this);
            opened.complete(root);
            serve();
        } catch (Throwable e) {
            opened.completeExceptionally(e);
        }
        FileRoot served = root;
        if (served != null) {
            served.ended(trouble);
        }
    }

    private void serve() {
        try {
            lastGeneration = System.nanoTime();
            lastWrite = lastGeneration;
            while (!root().isClosing()) {
                turn();
            }
            finish();
        } catch (Throwable e) {
            // Nobody may wait for an answer that never comes, whatever it was: an error of ours, or of the machine.
            trouble = e;
            root().died(durable(), e);
            while (!root().isClosing()) {
                LockSupport.park(this);
            }
        }
        try {
            storage().close();
        } catch (IOException e) {
            reporter.tell(Kind.TROUBLE, "closing the files of " + place + " failed: " + e, null, e);
        }
    }

    /** Writes if it is time to; else tidies up if it is time to; else waits until it is. */
    private void turn() {
        boolean pending = root().hasPending();
        long now = System.nanoTime();
        if (!pending) {
            pendingSince = 0;
            calmDown();
            rest(now);
            return;
        }
        if (pendingSince == 0) {
            pendingSince = now;
        }
        long due = due(now);
        if (due > 0) {
            LockSupport.parkNanos(this, due);
        } else {
            write();
        }
    }

    /** Forgets a hurry for which there was nothing to do; but not one that came with a commit just now. */
    private void calmDown() {
        if (hurried) {
            hurried = false;
            if (root().hasPending()) {
                hurried = true;
            }
        }
    }

    /** How long what is pending may still wait, in nanoseconds. */
    private long due(long now) {
        if (hurried || settings.mode() == Settings.Mode.SYNC) {
            return 0;
        }
        // Half of the interval is for waiting, the other for writing.
        long wait = settings.mode() == Settings.Mode.MANUAL
                ? Long.MAX_VALUE
                : settings.interval().toNanos() / 2 - (now - pendingSince);
        return failing ? Math.max(wait, RETRY_NANOS - (now - lastWrite)) : wait;
    }

    private void rest(long now) {
        long idle = lastWrite + idleNanos - now;
        if (storage().isFileBehind() && idle <= 0) {
            checkpoint();
            return;
        }
        waiting = true;
        // Looked at again now that commits wake us.
        if (!root().hasPending() && !root().isClosing()) {
            if (storage().isFileBehind()) {
                LockSupport.parkNanos(this, idle);
            } else {
                LockSupport.park(this);
            }
        }
        waiting = false;
    }

    private void write() {
        hurried = false;
        FileRoot.Pending pending = root().pending();
        List<List<Edit>> edits = new ArrayList<>(pending.nodes().size());
        for (Node node : pending.nodes()) {
            edits.add(node.edits);
        }
        try {
            storage().write(edits, pending.state().root());
        } catch (NotWrittenException e) {
            failed(e, false);
            return;
        } catch (IOException e) {
            failed(e, true);
            return;
        }
        failing = false;
        pendingSince = 0;
        durable = pending.state();
        root().durable(pending.nodes());
        lastWrite = System.nanoTime();
        if (storage().isJournalLong()) {
            checkpoint();
        } else if (lastWrite - lastGeneration > GENERATION_NANOS) {
            keepGeneration();
        }
    }

    private void failed(IOException cause, boolean indeterminate) {
        if (settings.mode() == Settings.Mode.SYNC) {
            root().takeBack(durable(), cause, indeterminate);
            return;
        }
        reporter.tell(
                Kind.TROUBLE,
                "commits could not be written to " + place + ", and wait in memory: " + cause.getMessage()
                        + ". It is tried again",
                null,
                cause);
        failing = true;
        lastWrite = System.nanoTime();
        root().troubled(cause);
    }

    private void checkpoint() {
        long started = System.nanoTime();
        try {
            storage().checkpoint(durable().root());
            lastGeneration = started;
        } catch (IOException e) {
            reporter.tell(
                    Kind.TROUBLE,
                    place + " cannot follow its journal for now, which has all commits: " + e.getMessage(),
                    null,
                    e);
        }
        lastWrite = System.nanoTime();
        idleNanos = Math.max(IDLE_NANOS, CHECKPOINT_SHARE * (lastWrite - started));
    }

    private void keepGeneration() {
        lastGeneration = System.nanoTime();
        try {
            if (!storage().isFileBehind() && storage().isGenerationBehind()) {
                storage().keepGeneration();
            }
        } catch (IOException e) {
            reporter.tell(Kind.TROUBLE, "no generation of " + place + " could be kept: " + e.getMessage(), null, e);
        }
    }

    /** What is accepted is written, and the file says it all. */
    private void finish() {
        if (root().hasPending()) {
            write();
        }
        if (root().hasPending()) {
            trouble = root().trouble();
        } else if (storage().isFileBehind()) {
            checkpoint();
        } else {
            keepGeneration();
        }
    }

    private FileRoot root() {
        return Objects.requireNonNull(root);
    }

    private Storage storage() {
        return Objects.requireNonNull(storage);
    }

    private Snapshot durable() {
        return Objects.requireNonNull(durable);
    }
}
