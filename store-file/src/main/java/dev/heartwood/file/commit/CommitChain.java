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
    //   head is `closed` at the end, for ever; `last` is the last commit then.
    private final AtomicReference<ChainLink> head;
    private final ChainLink closed;
    private volatile ChainLink last;
    /** The total of the newest commit that is durable, or was rolled back. */
    private volatile long settled;

    private volatile long floor;

    CommitChain(Snapshot first, long fileBytes) {
        this.head = new AtomicReference<>(ChainLink.durable(first, 0, fileBytes));
        this.closed = ChainLink.durable(first, 0, fileBytes);
        this.last = closed;
        this.floor = first.version();
    }

    /**
     * The newest commit.
     *
     * @throws StoreClosedException at the end
     */
    ChainLink newest() {
        ChainLink node = requireNonNull(head.get());
        if (node == closed) {
            throw new StoreClosedException();
        }
        return node;
    }

    /** The newest commit, or the one that was when the chain was closed. */
    ChainLink last() {
        ChainLink node = requireNonNull(head.get());
        return node == closed ? last : node;
    }

    boolean isClosed() {
        return head.get() == closed;
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
    synchronized boolean close() {
        for (; ; ) {
            ChainLink node = requireNonNull(head.get());
            if (node == closed) {
                return false;
            }
            // Before the CAS: a thread that sees the end finds the last commit.
            last = node;
            if (head.compareAndSet(node, closed)) {
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
     * Takes all pending commits off the chain.
     *
     * @param durable the newest durable state, on which the next commit builds
     * @param fileBytes an upper bound of the size of the file with that state, in bytes
     * @param told hears of the newest version that is lost, before anybody can build on {@code durable}; perhaps again
     *     of a newer one
     */
    synchronized void takeBack(Snapshot durable, long fileBytes, LongConsumer told) {
        for (; ; ) {
            ChainLink newest = requireNonNull(head.get());
            ChainLink lost = newest == closed ? last : newest;
            ChainLink fresh = ChainLink.durable(durable, lost.total, fileBytes);
            // Before the head is replaced: a commit that builds on the new head takes a new version.
            floor = Math.max(floor, lost.version);
            told.accept(floor);
            if (newest == closed) {
                last = fresh;
            } else if (!head.compareAndSet(newest, fresh)) {
                continue;
            }
            settled = lost.total;
            return;
        }
    }
}
