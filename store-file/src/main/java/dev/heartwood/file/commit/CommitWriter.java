package dev.heartwood.file.commit;

import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import dev.heartwood.file.checkpoint.Storage;
import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.HolderLostException;
import dev.heartwood.file.disk.HolderToken;
import dev.heartwood.file.disk.NotWrittenException;
import dev.heartwood.file.journal.CommitEdits;
import dev.heartwood.file.journal.CommitLog;
import dev.heartwood.file.journal.CommitWeight;
import dev.heartwood.storage.FlushEvent;
import dev.heartwood.storage.IoErrors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes pending commits durable, with one sync for all of them. Commits that cannot be written are rolled back if
 * callers wait for them, and tried again if none does. For the writer thread alone.
 */
final class CommitWriter {
    /** If commits of fewer bytes together find no room, none of them would alone: disks allocate blocks. */
    private static final int BLOCK = 4_096;

    private final StoreContext context;
    private final HolderToken token;
    private final Storage storage;
    private final CommitPipeline commits;
    private final boolean sync;
    private final CommitLog log;
    private final GroupCommit companions = new GroupCommit();
    private Snapshot durable;
    /** An upper bound of the size of the file with every durable commit, in bytes. */
    private long durableBytes;

    private boolean failing;
    private long lastWrite = System.nanoTime();

    /**
     * Writes the commits after the newest state of the timeline. With that state the file has so many bytes at most.
     */
    CommitWriter(StoreContext held, HolderToken token, Storage storage, CommitPipeline commits, long fileBytes) {
        this.context = held;
        this.token = token;
        this.storage = storage;
        this.commits = commits;
        this.sync = held.settings().mode() == Settings.Mode.SYNC;
        this.log = new CommitLog(held);
        this.durable = commits.timeline.newest();
        this.durableBytes = fileBytes;
    }

    /** The newest durable state. */
    Snapshot durable() {
        return durable;
    }

    /** Whether the last write has failed. */
    boolean isFailing() {
        return failing;
    }

    /** The time of the last write or attempt, as {@link System#nanoTime}. */
    long lastWrite() {
        return lastWrite;
    }

    /** Waits for a moment for commits that are likely to come, so that they share the sync. */
    void awaitCompanions() {
        if (sync) {
            companions.await(commits.chain);
        }
    }

    /** Writes all pending commits. */
    void write() {
        long started = System.nanoTime();
        FlushEvent flush = FlushEvent.begun();
        CommitChain.Pending pending = commits.chain.pending();
        List<ChainLink> nodes = pending.nodes();
        List<CommitEdits> edits = edits(nodes);
        try {
            storage.write(edits, Timeline.tree(pending.state()));
        } catch (IOException e) {
            notWritten(nodes, e);
            return;
        }
        flush.end(context.place().file(), nodes.size());
        companions.wrote(commits.chain, System.nanoTime() - started);
        written(nodes, edits, pending.state());
    }

    private static List<CommitEdits> edits(List<ChainLink> nodes) {
        List<CommitEdits> edits = new ArrayList<>(nodes.size());
        for (ChainLink node : nodes) {
            edits.add(new CommitEdits(node.version, node.edits, node.origin));
        }
        return edits;
    }

    private void notWritten(List<ChainLink> nodes, IOException cause) {
        if (cause instanceof NotWrittenException && log.giveWay(cause, nodes.get(nodes.size() - 1).fileBytes)) {
            write(); // once more, in the space that the deleted log had
        } else if (cause instanceof NotWrittenException && nodes.size() > 1 && sync && isLarge(nodes)) {
            writeOneByOne(nodes);
        } else {
            failed(nodes, cause);
        }
    }

    /** Whether some of them may fit although all of them do not. */
    private static boolean isLarge(List<ChainLink> nodes) {
        long weight = 0;
        for (ChainLink node : nodes) {
            weight += CommitWeight.of(node.edits);
        }
        return weight > BLOCK;
    }

    /** Writes the commits one by one after they failed together, so that only the one that is too large fails. */
    private void writeOneByOne(List<ChainLink> nodes) {
        for (ChainLink node : nodes) {
            List<ChainLink> one = List.of(node);
            // Present while it is not durable: in SYNC only published commits are forgotten.
            Snapshot state = Objects.requireNonNull(node.state);
            List<CommitEdits> edits = edits(one);
            try {
                storage.write(edits, Timeline.tree(state));
            } catch (IOException e) {
                failed(one, e);
                return;
            }
            written(one, edits, state);
        }
    }

    private void written(List<ChainLink> nodes, List<CommitEdits> edits, Snapshot state) {
        failing = false;
        Snapshot before = durable;
        long bytesBefore = durableBytes;
        durable = state;
        durableBytes = nodes.get(nodes.size() - 1).fileBytes;
        commits.durable(nodes);
        // After the acknowledgement: no caller waits for the log, and none for the file that was replaced.
        log.add(before, bytesBefore, storage.fileSize(), edits);
        storage.tidyUp();
        lastWrite = System.nanoTime();
    }

    private void failed(List<ChainLink> nodes, IOException cause) {
        lastWrite = System.nanoTime();
        failing = true;
        boolean indeterminate = !(cause instanceof NotWrittenException);
        HolderLostException lost = lostBehind(cause);
        if (lost != null) {
            stop(lost, indeterminate);
        } else if (sync) {
            commits.takeBack(durable, durableBytes, nodes.get(nodes.size() - 1).version, cause, indeterminate);
        } else {
            context.reporter()
                    .tell(
                            Kind.TROUBLE,
                            "commits could not be written to " + context.place() + ", and wait in memory: "
                                    + IoErrors.inWords(cause) + ". It is tried again",
                            null,
                            cause);
            commits.progress.troubled(cause);
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
                token.requireHeld();
            } catch (IOException e) {
                lost = HolderLostException.in(e);
            }
        }
        return lost;
    }

    /** Once any check finds the store lost, nothing more is written, and nothing is acknowledged. */
    void stopIfLost() {
        HolderLostException lost = token.lost();
        if (lost != null && !isStopped()) {
            stop(lost, false);
        }
    }

    private void stop(HolderLostException lost, boolean indeterminate) {
        commits.progress.closesWith(lost);
        context.reporter()
                .tell(
                        Kind.TROUBLE,
                        context.place() + " takes no more commits: " + lost.getMessage()
                                + ". What was durable by then is in the files as they were then. Reads go on: save what"
                                + " you need from memory, close the store, see that one program has the right files,"
                                + " and open them anew",
                        null,
                        lost);
        commits.stop(durable, lost, indeterminate);
    }

    /** Whether nothing more is written: the store is lost, or the last commits could not be written. */
    boolean isStopped() {
        return commits.progress.closeTrouble() != null;
    }

    /** Nothing more is written. */
    void close() {
        log.close();
    }
}
