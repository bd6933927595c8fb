package dev.heartwood.file.commit;

import static java.util.Objects.requireNonNull;

import dev.heartwood.Edit;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.Timeline;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.HeldLock;
import dev.heartwood.file.disk.LocationChecks;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.disk.StoreLock;
import dev.heartwood.file.edits.EditMerger;
import dev.heartwood.file.edits.HandEdits;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.PublishQueue;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The tree that a file follows. Callers put their commits onto the {@link CommitChain} by one compare-and-set;
 * {@link WriterThread}, a thread of its own, takes the commits that have gathered since, and makes them durable with
 * one sync.
 *
 * <p>No caller touches a file: an interrupt would close it for everyone.
 */
public final class FileRoot implements Root {
    /** Closes stores that are dropped without {@link #close}. */
    private static final Cleaner CLEANER = Cleaner.create();

    private final StoreContext context;
    private final Settings settings;
    private final WriterThread writer;
    private final WriterSignals signals;
    private final Timeline timeline;
    private final CommitChain chain;
    private final DurabilityTracker progress;
    private final PublishQueue publisher;
    private final CommitErrors errors;
    private final WriteLimits limits;
    private final @Nullable HandEdits edits;
    private volatile @Nullable EditMerger merger;
    private final ThreadLocal<Long> accepted = ThreadLocal.withInitial(() -> -1L);

    private FileRoot(
            StoreContext context,
            WriteLimits limits,
            WriterThread writer,
            CommitPipeline commits,
            @Nullable HandEdits edits) {
        this.context = context;
        this.edits = edits;
        this.settings = context.settings();
        this.limits = limits;
        this.writer = writer;
        this.signals = writer.signals();
        this.timeline = commits.timeline;
        this.chain = commits.chain;
        this.progress = commits.progress;
        this.publisher = commits.publisher;
        this.errors = new CommitErrors(chain, progress);
    }

    /**
     * Opens a file.
     *
     * @throws dev.heartwood.StoreException if no store can live there, or the state of the files is unclear; nothing
     *     was changed
     * @throws IOException if reading or writing failed
     */
    public static FileRoot open(Path file, TreeFormat format, Settings settings, Reporter reporter) throws IOException {
        Disk disk = new RealDisk();
        StoreLayout place = LocationChecks.find(disk, file, settings.networkFileSystems());
        return open(new StoreContext(disk, place, format, settings, reporter));
    }

    /** Opens the file of a store, whose place was checked. */
    public static FileRoot open(StoreContext context) throws IOException {
        return open(context, StoreLock::take);
    }

    /** Opens a file as {@link #open}, with other locks than those of the file system. */
    public static FileRoot open(StoreContext context, HeldLock.Taker locks) throws IOException {
        HandEdits edits = context.settings().mergeEdits() == null ? null : new HandEdits();
        WriterThread writer = WriterThread.start(context, locks, edits);
        CommitPipeline commits = writer.opened();
        WriteLimits limits = new WriteLimits(context);
        FileRoot root = new FileRoot(context, limits, writer, commits, edits);
        // The action must not refer to the root, or the root would never be dropped.
        CLEANER.register(root, () -> writer.abandon(commits));
        // The journal keeps author, label and time.
        commits.timeline.stampCommits();
        return root;
    }

    /** From now on edits by hand become commits of the store over this root, if the settings say so. */
    public void mergeEdits(Store store) {
        if (edits == null) {
            return;
        }
        DurabilityTracker tracker = progress;
        boolean sync = isSync();
        WriterSignals told = signals;
        // None of its arguments may refer to this root, or a dropped store would never be closed.
        EditMerger live = new EditMerger(
                context,
                edits,
                store,
                version -> sync || tracker.isDurable(version),
                version -> tracker.awaitOrTrouble(() -> tracker.isDurable(version), told::hurry),
                told::editNoticed,
                told::editSettled);
        merger = live;
        live.start();
    }

    @Override
    public Timeline timeline() {
        return timeline;
    }

    @Override
    public Snapshot head() {
        for (; ; ) {
            ChainLink node = chain.newest();
            Snapshot state = node.state;
            // Null if another commit has followed it meanwhile.
            if (state != null) {
                if (!isSync()) {
                    // The committer of the head may not have published it yet, and a state that derives from it must
                    // not be seen before it.
                    publish(node);
                }
                return state;
            }
        }
    }

    @Override
    public long nextVersion(Snapshot before) {
        return Math.max(before.version(), chain.floor()) + 1;
    }

    @Override
    public boolean compareAndSet(Snapshot before, Snapshot after, Supplier<List<Edit>> edits) {
        if (isSync()) {
            // Before it is accepted: on the writer thread, the caller could not learn its outcome.
            writer.requireCaller();
        }
        ChainLink current = chain.newest();
        requireWorking();
        // A version may have been given out on this very state, and then rolled back together with an earlier commit on
        // it.
        if (current.state != before || after.version() <= chain.floor()) {
            return false;
        }
        awaitRoom();
        List<Edit> made = edits.get();
        long fileBytes;
        try {
            fileBytes = limits.check(current.fileBytes, Timeline.tree(before), Timeline.tree(after), made);
        } catch (UnsupportedValueException e) {
            // A refusal is an answer: it is given only if the state that it was derived from stays.
            if (settle(before)) {
                throw e;
            }
            return false;
        }
        ChainLink next = ChainLink.after(current, before, after, made, fileBytes);
        if (!chain.add(current, next)) {
            return false;
        }
        if (isSync()) {
            accepted.set(after.version());
        } else {
            publish(next);
            current.forget();
        }
        if (2 * chain.backlog() > settings.backlogBytes()) {
            signals.hurry();
        } else {
            signals.commit();
        }
        return true;
    }

    @Override
    public boolean settle(Snapshot state) {
        if (!isSync()) {
            return true;
        }
        long version = state.version();
        if (!progress.isDurable(version)) {
            writer.requireCaller();
            RolledBackVersions.Range lost = progress.await(version);
            if (lost != null) {
                return answer(lost, version);
            }
        }
        publisher.publish();
        return true;
    }

    /** The answer for a version that was rolled back: false if it was not this thread that made it. */
    private boolean answer(RolledBackVersions.Range lost, long version) {
        if (lost.indeterminate()) {
            endStreams();
            throw errors.indeterminate(lost.cause());
        }
        // A commit that was only built on the one that failed runs again: it may well be written without it.
        if (version <= lost.failed() && requireNonNull(accepted.get()) == version) {
            throw errors.notWritten(lost.cause());
        }
        return false;
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public void flush() {
        long version = chain.newest().version;
        writer.requireCaller();
        if (isSync()) {
            progress.await(version);
            publisher.publish();
        } else {
            Throwable trouble = progress.awaitOrTrouble(() -> progress.isDurable(version), signals::hurry);
            if (trouble != null) {
                endStreams();
                throw errors.notFlushed(trouble);
            }
        }
        requireInPlace();
    }

    /** The durable files may have been moved away or replaced since, and the next opening would not find it. */
    private void requireInPlace() {
        Throwable lost = progress.awaitLook(signals.askForLook());
        if (lost == null) {
            lost = progress.closeTrouble();
        }
        if (lost != null) {
            endStreams();
            throw errors.notInPlace(lost);
        }
    }

    @Override
    public void close() {
        EditMerger live = merger;
        if (live != null && !writer.isCurrent()) {
            live.finish();
        }
        boolean first = chain.close();
        signals.wake();
        if (writer.isCurrent()) {
            return;
        }
        progress.awaitEnd();
        publishAll();
        // Before the end of the timeline: the stream of a store that has failed ends with that.
        StoreIOException ignored = endStreams();
        timeline.close();
        Throwable trouble = progress.closeTrouble();
        if (first && trouble != null) {
            throw errors.closedTooEarly(trouble);
        }
    }

    /** Publishes every commit that readers may see. */
    private void publishAll() {
        if (isSync()) {
            publisher.publish();
        } else {
            // Its committer may not have published it yet.
            publish(chain.last());
        }
    }

    /** Publishes a commit whose predecessor is published. */
    private void publish(ChainLink node) {
        Snapshot before = node.before;
        Snapshot state = node.state;
        // Null if it was published, and another commit has followed it.
        if (before != null && state != null) {
            publisher.publish(before, state);
        }
    }

    private void requireWorking() {
        StoreIOException failure = endStreams();
        if (failure != null) {
            throw failure;
        }
    }

    /** The reason why no more commits are taken, which ends reactive streams; null while commits are taken. */
    private @Nullable StoreIOException endStreams() {
        Throwable cause = progress.failure();
        if (cause == null) {
            return null;
        }
        StoreIOException failure = errors.noMoreCommits(cause);
        // First, since a durable commit may still wait for its thread: a stream that has ended could not deliver it.
        publishAll();
        timeline.fail(failure);
        return failure;
    }

    /** Waits, before anything is accepted, while the backlog of the writer thread exceeds its limit. */
    private void awaitRoom() {
        while (chain.backlog() > settings.backlogBytes()) {
            writer.requireCaller();
            Throwable trouble = progress.awaitOrTrouble(
                    () -> chain.backlog() <= settings.backlogBytes() || chain.isClosed(), signals::hurry);
            requireWorking();
            if (trouble == null) {
                return;
            } else if (!isSync()) {
                throw errors.noRoom(trouble);
            }
        }
    }

    private boolean isSync() {
        return settings.mode() == Settings.Mode.SYNC;
    }
}
