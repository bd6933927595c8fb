package dev.heartwood.file.commit;

import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import dev.heartwood.file.checkpoint.Maintenance;
import dev.heartwood.file.checkpoint.Storage;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.HeldLock;
import dev.heartwood.file.disk.HolderLostException;
import dev.heartwood.file.disk.HolderToken;
import dev.heartwood.file.disk.NotWrittenException;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.disk.StorePermissions;
import dev.heartwood.file.edits.HandEdits;
import dev.heartwood.file.journal.CommitEdits;
import dev.heartwood.file.journal.CommitLog;
import dev.heartwood.file.journal.CommitWeight;
import dev.heartwood.file.recovery.Recovery;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.FlushEvent;
import dev.heartwood.storage.IoErrors;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that touches the files of a store, from opening to closing. It writes what has come together while it
 * wrote, with one sync for all; when nothing comes, it sees to the {@link Maintenance}.
 */
final class WriterThread implements Runnable {
    private static final long RETRY_NANOS = Duration.ofMillis(200).toNanos();

    /** Where commits of fewer bytes together find no room, none of them would alone: disks give room in blocks. */
    private static final int BLOCK = 4_096;

    private final Disk disk;
    private final StoreLayout place;
    private final HeldLock.Taker locks;
    private final TreeFormat format;
    private final Settings settings;
    private final Reporter reporter;
    private final @Nullable HandEdits edits;
    private final Thread thread;
    private final CompletableFuture<CommitPipeline> opened = new CompletableFuture<>();

    private final WriterRest idle = new WriterRest();

    private volatile boolean hurried;
    private volatile boolean editSettled;
    private volatile boolean abandoned;

    private final AtomicLong looksAsked = new AtomicLong();
    private volatile @Nullable Throwable closeTrouble;
    // The fields that follow belong to the thread alone.
    private @Nullable Snapshot durable;
    /** How many bytes the file has with what is durable, at most. */
    private long durableBytes;

    private @Nullable HolderToken token;
    private @Nullable CommitLog log;
    private final GroupCommit companions = new GroupCommit();
    private long pendingSince;
    private boolean failing;
    private long lastWrite;

    private WriterThread(
            Disk disk,
            StoreLayout place,
            TreeFormat format,
            Settings settings,
            Reporter reporter,
            HeldLock.Taker locks,
            @Nullable HandEdits edits) {
        this.edits = edits;
        this.disk = disk;
        this.place = place;
        this.locks = locks;
        this.format = format;
        this.settings = settings;
        this.reporter = reporter;
        this.thread = new Thread(this, "heartwood " + place.file().getFileName());
        thread.setDaemon(true);
    }

    /** Starts the thread, which opens the files; {@code edits} by hand are merged unless it is null. */
    static WriterThread start(
            Disk disk,
            StoreLayout place,
            TreeFormat format,
            Settings settings,
            Reporter reporter,
            HeldLock.Taker locks,
            @Nullable HandEdits edits) {
        WriterThread writer = new WriterThread(disk, place, format, settings, reporter, locks, edits);
        writer.thread.start();
        return writer;
    }

    /** Waits until the files are open. Its exception is what stood in the way. */
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
            // It was thrown on another thread; this is where the caller was.
            unchecked.addSuppressed(new IllegalStateException("opened by this call"));
            throw unchecked;
        } else if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof IOException io ? io : new IOException(cause);
    }

    /** Refuses what would wait for this thread on this thread. */
    void requireCaller() {
        if (isCurrent()) {
            throw new IllegalStateException(
                    "what is told of the file's troubles runs on the thread that writes it, and must not wait for it");
        }
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** There is a commit. */
    void wake() {
        idle.wake();
    }

    /** There is a commit that must not wait any longer. */
    void hurry() {
        if (!hurried) {
            hurried = true;
            LockSupport.unpark(thread);
        }
    }

    /**
     * Nothing refers to the store any more, so there will be no more commits, and nobody waits for one. If it was not
     * closed, the thread ends as it does at closing.
     */
    void abandon(CommitPipeline commits) {
        if (!commits.chain.isClosed()) {
            // Before the chain is closed: the thread looks at it after that.
            abandoned = true;
            commits.chain.close();
            end();
        }
    }

    /** It is known what becomes of an edit by hand: the file may be written again. */
    void editSettled() {
        editSettled = true;
        LockSupport.unpark(thread);
    }

    /** There will be no more commits. */
    void end() {
        LockSupport.unpark(thread);
    }

    /** The failure that kept the last commits from being written at the end; null if nothing did. */
    @Nullable
    Throwable closeTrouble() {
        return closeTrouble;
    }

    @Override
    public void run() {
        CommitPipeline commits = null;
        // The token before anything is read: so this opening reads what an earlier holder acknowledged, or that holder
        // sees the token and acknowledges nothing.
        try (HeldLock lock = locks.take(disk, place);
                HolderToken mine = HolderToken.take(disk, place)) {
            token = mine;
            StorePermissions.requireReplaceable(mine.disk(), mine.place());
            Recovery.Recovered recovered = Recovery.open(mine.disk(), mine.place(), format, settings, reporter);
            lock.keep();
            mine.keep();
            Storage storage = recovered.storage();
            storage.tellFollowers();
            if (edits != null) {
                storage.mergeEdits(edits, recovered.tree());
            }
            Timeline timeline = new Timeline(storage.firstVersion(), recovered.tree(), format.dialect());
            durable = timeline.newest();
            durableBytes = format.size(recovered.tree());
            log = new CommitLog(mine.disk(), mine.place(), format, settings, reporter);
            commits = new CommitPipeline(timeline, durableBytes, settings.mode() == Settings.Mode.SYNC);
            opened.complete(commits);
            serve(commits, storage);
        } catch (Throwable e) {
            opened.completeExceptionally(e);
        }
        if (commits != null) {
            commits.progress.ended();
            if (abandoned) {
                commits.timeline.close();
            }
        }
    }

    private void serve(CommitPipeline commits, Storage storage) {
        try (storage) {
            Maintenance upkeep = new Maintenance(place, storage, settings, reporter, () -> LockSupport.unpark(thread));
            lastWrite = System.nanoTime();
            try {
                while (!commits.chain.isClosed() && closeTrouble == null) {
                    if (!(hurried && commits.chain.hasPending(1))) {
                        answerLook(commits, storage, looksAsked.get());
                    }
                    turn(commits, storage, upkeep);
                    stopIfLost(commits);
                }
                if (closeTrouble == null) {
                    finish(commits, storage, upkeep);
                }
                Objects.requireNonNull(log).close();
                awaitClosed(commits);
            } catch (Throwable e) {
                // Nobody may wait for an answer that never comes, whatever it was: an error of ours, or of the machine.
                closeTrouble = e;
                commits.died(durable(), e);
                awaitClosed(commits);
            }
        } catch (IOException e) {
            if (HolderLostException.in(e) != null) {
                // Told when it was found; the files are others' now.
                return;
            }
            reporter.tell(Kind.TROUBLE, "closing the files of " + place + " failed: " + IoErrors.inWords(e), null, e);
        }
    }

    private void awaitClosed(CommitPipeline commits) {
        while (!commits.chain.isClosed()) {
            LockSupport.park(this);
        }
    }

    /** By whichever way it was found, nothing more is written, and nothing is acknowledged. */
    private void stopIfLost(CommitPipeline commits) {
        HolderLostException lost = token().lost();
        if (lost != null && closeTrouble == null) {
            stop(commits, lost, false);
        }
    }

    /**
     * The part of a failure that the loss of the store explains, though it may not say so: a directory that is not
     * there.
     */
    private @Nullable HolderLostException lostBehind(Throwable failure) {
        HolderLostException lost = HolderLostException.in(failure);
        if (lost == null) {
            try {
                token().requireHeld();
            } catch (IOException e) {
                lost = HolderLostException.in(e);
            }
        }
        return lost;
    }

    private void stop(CommitPipeline commits, HolderLostException lost, boolean indeterminate) {
        closeTrouble = lost;
        reporter.tell(
                Kind.TROUBLE,
                place + " takes no more commits: " + lost.getMessage()
                        + ". What was durable by then is in the files as they were then. Reads go on: save what you"
                        + " need from memory, close the store, see that one program has the right files, and open them"
                        + " anew",
                null,
                lost);
        commits.stop(durable(), lost, indeterminate);
    }

    /** Writes if it is time to; else sees to the upkeep if it is time to; else waits until it is. */
    private void turn(CommitPipeline commits, Storage storage, Maintenance upkeep) {
        upkeep.proceed();
        if (editSettled) {
            // Before the edit is looked at: one that is settled from here on is looked at in the next turn.
            editSettled = false;
            upkeep.editSettled(durableTree());
        }
        long now = System.nanoTime();
        if (!commits.chain.hasPending(1)) {
            pendingSince = 0;
            calmDown(commits);
            rest(commits, upkeep, now);
            return;
        }
        if (pendingSince == 0) {
            pendingSince = now;
        }
        long due = due(now);
        if (due > 0) {
            LockSupport.parkNanos(this, due);
        } else {
            if (settings.mode() == Settings.Mode.SYNC) {
                companions.await(commits.chain);
            }
            // Before the pending commits are taken: so the write has all that was accepted before these looks were
            // asked for.
            long asked = looksAsked.get();
            write(commits, storage);
            if (!failing) {
                upkeep.afterWrite(durableTree());
                answerLook(commits, storage, asked);
            }
        }
    }

    /** Forgets a hurry for which there was nothing to do; but not one that came with a commit just now. */
    private void calmDown(CommitPipeline commits) {
        if (hurried) {
            hurried = false;
            if (commits.chain.hasPending(1)) {
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

    private void rest(CommitPipeline commits, Maintenance upkeep, long now) {
        long rest = upkeep.restNanos(now, now - lastWrite);
        if (rest <= 0) {
            upkeep.checkpoint(durableTree());
            return;
        }
        idle.rest(() -> commits.chain.hasPending(1) || commits.chain.isClosed(), rest);
    }

    private void write(CommitPipeline commits, Storage storage) {
        hurried = false;
        long started = System.nanoTime();
        FlushEvent flush = FlushEvent.begun();
        CommitChain.Pending pending = commits.chain.pending();
        List<ChainLink> nodes = pending.nodes();
        List<CommitEdits> edits = edits(nodes);
        try {
            storage.write(edits, Timeline.tree(pending.state()));
        } catch (IOException e) {
            if (e instanceof NotWrittenException
                    && Objects.requireNonNull(log).giveWay(e, nodes.get(nodes.size() - 1).fileBytes)) {
                write(commits, storage); // once more, in the room that the log had
            } else if (e instanceof NotWrittenException && nodes.size() > 1 && isSync() && isLarge(nodes)) {
                writeOneByOne(commits, storage, nodes);
            } else {
                failed(commits, nodes, e);
            }
            return;
        }
        flush.end(place.file(), nodes.size());
        companions.wrote(commits.chain, System.nanoTime() - started);
        written(commits, storage, nodes, edits, pending.state());
    }

    private static List<CommitEdits> edits(List<ChainLink> nodes) {
        List<CommitEdits> edits = new ArrayList<>(nodes.size());
        for (ChainLink node : nodes) {
            edits.add(new CommitEdits(node.version, node.edits, node.origin));
        }
        return edits;
    }

    private void written(
            CommitPipeline commits, Storage storage, List<ChainLink> nodes, List<CommitEdits> edits, Snapshot state) {
        failing = false;
        pendingSince = 0;
        Snapshot before = durable();
        long bytesBefore = durableBytes;
        durable = state;
        durableBytes = nodes.get(nodes.size() - 1).fileBytes;
        commits.durable(nodes);
        // After that: nobody waits for the log.
        Objects.requireNonNull(log).add(before, bytesBefore, storage.fileSize(), edits);
        lastWrite = System.nanoTime();
    }

    private boolean isSync() {
        return settings.mode() == Settings.Mode.SYNC;
    }

    /** Whether some of them may fit where all of them do not. */
    private boolean isLarge(List<ChainLink> nodes) {
        long weight = 0;
        for (ChainLink node : nodes) {
            weight += CommitWeight.of(node.edits);
        }
        return weight > BLOCK;
    }

    /** Together they could not be written: so that one commit alone, the one that is too large, fails. */
    private void writeOneByOne(CommitPipeline commits, Storage storage, List<ChainLink> nodes) {
        for (ChainLink node : nodes) {
            List<ChainLink> one = List.of(node);
            // There while it is not durable: in SYNC only what has been published is forgotten.
            Snapshot state = Objects.requireNonNull(node.state);
            List<CommitEdits> edits = edits(one);
            try {
                storage.write(edits, Timeline.tree(state));
            } catch (IOException e) {
                failed(commits, one, e);
                return;
            }
            written(commits, storage, one, edits, state);
        }
    }

    private void failed(CommitPipeline commits, List<ChainLink> nodes, IOException cause) {
        lastWrite = System.nanoTime();
        failing = true;
        HolderLostException lost = lostBehind(cause);
        if (lost != null) {
            stop(commits, lost, !(cause instanceof NotWrittenException));
            return;
        }
        if (settings.mode() == Settings.Mode.SYNC) {
            long last = nodes.get(nodes.size() - 1).version;
            commits.takeBack(durable(), durableBytes, last, cause, !(cause instanceof NotWrittenException));
            return;
        }
        reporter.tell(
                Kind.TROUBLE,
                "commits could not be written to " + place + ", and wait in memory: " + IoErrors.inWords(cause)
                        + ". It is tried again",
                null,
                cause);
        commits.progress.troubled(cause);
    }

    /** All accepted commits are written, and the file has all of them. */
    private void finish(CommitPipeline commits, Storage storage, Maintenance upkeep) {
        if (abandoned) {
            reporter.tell(
                    Kind.TROUBLE,
                    place
                            + " was not closed, and nothing in the program uses it any more. What was committed is written,"
                            + " and it is closed now. Close stores when they are not needed: until now nobody else could"
                            + " open it");
        }
        if (commits.chain.hasPending(1)) {
            write(commits, storage);
        }
        if (closeTrouble != null) {
            return;
        }
        if (commits.chain.hasPending(1)) {
            closeTrouble = commits.progress.trouble();
        } else {
            upkeep.atTheEnd(durableTree());
            answerLook(commits, storage, looksAsked.incrementAndGet());
            IOException trouble = commits.progress.look().trouble();
            closeTrouble = closeTrouble == null ? trouble : closeTrouble;
        }
    }

    /**
     * Asks for a look whether what is durable is still where the next opening finds it, after all that was accepted
     * before. Answers the number to wait for.
     */
    long askForLook() {
        long number = looksAsked.incrementAndGet();
        LockSupport.unpark(thread);
        return number;
    }

    /**
     * Writes what is pending now, and looks after that whether it is where the next opening finds it. Answers the number of
     * the look.
     */
    long hurryAndLook() {
        // First: a look that the thread finds asked for, with this not set, is one for which there is nothing to write.
        hurried = true;
        return askForLook();
    }

    private void answerLook(CommitPipeline commits, Storage storage, long number) {
        if (number <= commits.progress.look().number()) {
            return;
        }
        IOException trouble = null;
        try {
            token().requireHeld();
            storage.secure(durableTree());
            if (commits.chain.isClosed() && !commits.chain.hasPending(1) && !storage.isFileBehind()) {
                storage.finished();
            }
        } catch (IOException e) {
            trouble = e;
        }
        stopIfLost(commits);
        commits.progress.looked(new DurabilityTracker.Look(number, trouble));
    }

    private HolderToken token() {
        return Objects.requireNonNull(token);
    }

    private HashMap<String, @Nullable Object> durableTree() {
        return Timeline.tree(durable());
    }

    private Snapshot durable() {
        return Objects.requireNonNull(durable);
    }
}
