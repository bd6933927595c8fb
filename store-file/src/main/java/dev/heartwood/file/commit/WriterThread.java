package dev.heartwood.file.commit;

import dev.heartwood.Timeline;
import dev.heartwood.file.checkpoint.Storage;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.HeldLock;
import dev.heartwood.file.disk.HolderToken;
import dev.heartwood.file.disk.StorePermissions;
import dev.heartwood.file.edits.HandEdits;
import dev.heartwood.file.recovery.Recovery;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that touches the files of a store, from opening to closing. {@link WriterLoop} has its work while the
 * store is open.
 */
final class WriterThread implements Runnable {
    private final StoreContext context;
    private final HeldLock.Taker locks;
    private final @Nullable HandEdits edits;
    private final Thread thread;
    private final WriterSignals signals;
    private final CompletableFuture<CommitPipeline> opened = new CompletableFuture<>();

    private WriterThread(StoreContext context, HeldLock.Taker locks, @Nullable HandEdits edits) {
        this.context = context;
        this.locks = locks;
        this.edits = edits;
        this.thread = new Thread(this, "heartwood " + context.place().file().getFileName());
        this.signals = new WriterSignals(thread);
        thread.setDaemon(true);
    }

    /** Starts the thread, which opens the files; {@code edits} by hand are merged unless it is null. */
    static WriterThread start(StoreContext context, HeldLock.Taker locks, @Nullable HandEdits edits) {
        WriterThread writer = new WriterThread(context, locks, edits);
        writer.thread.start();
        return writer;
    }

    /** Waits until the files are open. Its exception is the reason why they could not be opened. */
    CommitPipeline opened() throws IOException {
        // An interrupt of the caller must not meet the files: join() waits on.
        try {
            return opened.join();
        } catch (CompletionException e) {
            throw rethrown(Objects.requireNonNull(e.getCause()));
        }
    }

    private static IOException rethrown(Throwable cause) {
        if (cause instanceof RuntimeException unchecked) {
            // It was thrown on another thread; this adds the stack trace of the caller.
            unchecked.addSuppressed(new IllegalStateException("opened by this call"));
            throw unchecked;
        } else if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof IOException io ? io : new IOException(cause);
    }

    /** Refuses a call on this thread that would wait for this thread. */
    void requireCaller() {
        if (isCurrent()) {
            throw new IllegalStateException(
                    "what is told of the file's troubles runs on the thread that writes it, and must not wait for it");
        }
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** The requests of other threads to this one. */
    WriterSignals signals() {
        return signals;
    }

    /**
     * Nothing refers to the store any more, so there will be no more commits, and nobody waits for one. If it was not
     * closed, the thread ends as it does at closing.
     */
    void abandon(CommitPipeline commits) {
        if (!commits.chain.isClosed()) {
            // Before the chain is closed: the thread reads this after that.
            signals.abandon();
            commits.chain.close();
            signals.wake();
        }
    }

    @Override
    public void run() {
        CommitPipeline commits = null;
        // The token before anything is read: so either this opening reads every commit that an earlier holder
        // acknowledged, or that holder sees the token and acknowledges nothing.
        try (HeldLock lock = locks.take(context.disk(), context.place());
                HolderToken token = HolderToken.take(context.disk(), context.place())) {
            StoreContext held = context.heldBy(token);
            StorePermissions.requireReplaceable(held.disk(), held.place());
            Recovery.Recovered recovered = Recovery.open(held);
            lock.keep();
            token.keep();
            Storage storage = recovered.storage();
            storage.tellFollowers();
            if (edits != null) {
                storage.mergeEdits(edits, recovered.tree());
            }
            Timeline timeline = new Timeline(
                    storage.firstVersion(), recovered.tree(), held.format().dialect());
            long fileBytes = held.format().size(recovered.tree());
            commits = new CommitPipeline(timeline, fileBytes, held.settings().mode() == Settings.Mode.SYNC);
            WriterLoop loop = new WriterLoop(held, token, storage, commits, fileBytes, signals);
            opened.complete(commits);
            loop.run();
        } catch (Throwable e) {
            opened.completeExceptionally(e);
            if (commits != null) {
                // Of the handling of an error: even that may be impossible, for want of memory, or of a descriptor to
                // load a class with.
                commits.progress.refuseMore(e);
            }
        }
        if (commits != null) {
            commits.progress.ended();
            if (signals.isAbandoned()) {
                commits.timeline.close();
            }
        }
    }
}
