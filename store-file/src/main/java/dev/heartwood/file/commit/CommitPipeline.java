package dev.heartwood.file.commit;

import static java.util.Objects.requireNonNull;

import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import dev.heartwood.storage.PublishQueue;
import java.util.List;

/** The accepted commits of an open store, between the committing threads and the writer thread. */
final class CommitPipeline {
    final Timeline timeline;
    final CommitChain chain;
    final DurabilityTracker progress;
    final PublishQueue publisher;
    private final boolean sync;

    CommitPipeline(Timeline timeline, long fileBytes, boolean sync) {
        this.timeline = timeline;
        this.chain = new CommitChain(timeline.newest(), fileBytes);
        this.progress = new DurabilityTracker(timeline.newest().version());
        this.publisher = new PublishQueue(timeline);
        this.sync = sync;
    }

    /** These commits, the oldest of those pending, are durable. */
    void durable(List<ChainLink> nodes) {
        if (sync) {
            // While a commit waits for its sync it keeps its states: only published ones are forgotten.
            nodes.forEach(node -> publisher.add(requireNonNull(node.before), requireNonNull(node.state)));
        }
        chain.settle(nodes);
        // The publisher has them first: a thread that sees the version publishes them.
        progress.durable(nodes.get(nodes.size() - 1).version);
    }

    /**
     * Writing the pending commits failed: all of them are rolled back.
     *
     * @param last the newest durable state, and {@code fileBytes} how large the file is with it at most
     * @param failed the version of the last commit that could not be written; those after it were built on it, and are
     *     run again
     */
    void takeBack(Snapshot last, long fileBytes, long failed, Throwable cause, boolean indeterminate) {
        chain.takeBack(
                last,
                fileBytes,
                newest -> progress.lost(
                        new RolledBackVersions.Range(last.version(), newest, failed, cause, indeterminate)));
        progress.troubled(cause);
    }

    /**
     * Nothing is written any more, since the files are no longer ours. The outcome of pending commits is
     * {@code indeterminate}.
     */
    void stop(Snapshot last, Throwable cause, boolean indeterminate) {
        progress.refuseMore(cause);
        if (sync) {
            takeBack(last, 0, Long.MAX_VALUE, cause, indeterminate);
        } else {
            progress.failed(cause);
        }
    }

    /** Writing has stopped for good: it is not known whether the pending commits are durable, and never will be. */
    void died(Snapshot last, Throwable cause) {
        if (sync) {
            // The limit of the file size no longer matters.
            takeBack(last, 0, Long.MAX_VALUE, cause, true);
        } else {
            progress.failed(cause);
        }
    }
}
