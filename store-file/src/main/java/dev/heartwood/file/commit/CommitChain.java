package dev.heartwood.file.commit;

import static java.util.Objects.requireNonNull;

import dev.heartwood.Snapshot;
import dev.heartwood.StoreClosedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;

/**
 * The accepted commits, from the newest back to the last durable one. The compare-and-set here is the one of the
 * store's loop, and it is the enqueue, too: the writer thread walks from the head back to the newest durable commit.
 */
final class CommitChain {
    // Invariants:
    //   head is the newest accepted commit; from it `previous` leads back to the last durable one, which has none.
    //   Once head is an End, it is one for ever. It holds the last commit, so one compare-and-set changes both.
    private final AtomicReference<ChainLink> head;
    /** The total of the newest commit that is durable, or was rolled back. */
    private volatile long settled;

    private volatile long floor;

    CommitChain(Snapshot first, long fileBytes) {
        this.head = new AtomicReference<>(ChainLink.durable(first, 0, fileBytes));
        this.floor = first.version();
    }

    /**
     * The newest commit.
     *
     * @throws StoreClosedException at the end
     */
    ChainLink newest() {
        ChainLink node = requireNonNull(head.get());
        if (node instanceof ChainLink.End) {
            throw new StoreClosedException();
        }
        return node;
    }

    /** The newest commit, or the one that was when the chain was closed. */
    ChainLink last() {
        return lastOf(requireNonNull(head.get()));
    }

    boolean isClosed() {
        return head.get() instanceof ChainLink.End;
    }

    /** The largest version that has been used, by rolled back commits, too. */
    long floor() {
        return floor;
    }

    /** About how many bytes of memory the commits keep that are not durable. */
    long backlog() {
        return last().total - settled;
    }

    /** Makes {@code next} the newest, if {@code current} still is. */
    boolean add(ChainLink current, ChainLink next) {
        return head.compareAndSet(current, next);
    }

    /** Closes the chain: nothing can be added any more. False if it was closed already. */
    boolean close() {
        for (; ; ) {
            ChainLink node = requireNonNull(head.get());
            if (node instanceof ChainLink.End) {
                return false;
            }
            if (head.compareAndSet(node, new ChainLink.End(node))) {
                return true;
            }
        }
    }

    /** Whether so many commits, or more, are not durable. */
    boolean hasPending(int count) {
        ChainLink node = last();
        for (int i = 0; i < count; i++) {
            node = node.previous;
            if (node == null) {
                return false;
            }
        }
        return true;
    }

    /** How many commits are not durable. */
    int pendingCount() {
        int count = 0;
        for (ChainLink node = last().previous; node != null; node = node.previous) {
            count++;
        }
        return count;
    }

    /** The commits to be written. */
    record Pending(List<ChainLink> nodes, Snapshot state) {}

    /** The commits that are accepted and not durable, in order, and the state of the last. */
    Pending pending() {
        for (; ; ) {
            ChainLink last = last();
            Snapshot state = last.state;
            // Null if another commit has followed it meanwhile.
            if (state != null) {
                List<ChainLink> nodes = new ArrayList<>();
                for (ChainLink node = last; node.previous != null; node = requireNonNull(node.previous)) {
                    nodes.add(node);
                }
                Collections.reverse(nodes);
                return new Pending(nodes, state);
            }
        }
    }

    /** These commits, the oldest of those pending, are durable. */
    void settle(List<ChainLink> nodes) {
        for (ChainLink node : nodes) {
            // A commit without a predecessor is durable.
            node.previous = null;
        }
        settled = nodes.get(nodes.size() - 1).total;
    }

    /**
     * Takes all pending commits off the chain. Only the writer thread does that.
     *
     * @param durable the newest durable state, on which the next commit builds
     * @param fileBytes an upper bound of the size of the file with that state, in bytes
     * @param told hears of the newest version that is lost, before anybody can build on {@code durable}; perhaps again
     *     of a newer one
     */
    void takeBack(Snapshot durable, long fileBytes, LongConsumer told) {
        for (; ; ) {
            ChainLink newest = requireNonNull(head.get());
            ChainLink lost = lastOf(newest);
            ChainLink fresh = ChainLink.durable(durable, lost.total, fileBytes);
            // Before the head is replaced: a commit that builds on the new head takes a new version.
            floor = Math.max(floor, lost.version);
            told.accept(floor);
            if (head.compareAndSet(newest, newest instanceof ChainLink.End ? new ChainLink.End(fresh) : fresh)) {
                settled = lost.total;
                return;
            }
        }
    }

    private static ChainLink lastOf(ChainLink head) {
        return head instanceof ChainLink.End end ? end.last : head;
    }
}
