package dev.heartwood.sqlite;

import dev.heartwood.Snapshot;
import dev.heartwood.StoreClosedException;
import dev.heartwood.StoreException;
import dev.heartwood.Timeline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How far the head is ahead of what is durable: the commits that were accepted and are not decided yet, and who decides
 * them. Knows nothing of databases.
 *
 * <p>One of those who wait for a commit becomes the {@link GroupCommit}, and has all that are waiting decided in one
 * transaction; so a lone writer hands nothing to another thread, and many share a sync. Thread-safe; the lock is held
 * for moments only, never during I/O.
 */
final class CommitQueue {
    // Invariants, under the lock:
    //   durable, then waiting in order, end in head; each of waiting was made on the one before it.
    //   A state that was a head is durable (or was followed by durable ones), or in waiting, or in undone.
    //   unpublished leads from the newest state of the timeline to durable.
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Snapshot, PendingCommit> waiting = new LinkedHashMap<>();
    private final GroupCommit leader = new GroupCommit(lock, waiting);
    /** Weak keys: what was undone matters for as long as somebody may ask about it. */
    private final Map<Snapshot, Undone> undone = new WeakHashMap<>();

    private final PublishQueue unpublished;
    private volatile Snapshot durable;
    private volatile Snapshot head;
    /** See {@link #headToBuildOn}; written by the leader alone. */
    private volatile boolean committing;

    private boolean closed;

    CommitQueue(Timeline timeline) {
        this.unpublished = new PublishQueue(timeline);
        this.durable = timeline.newest();
        this.head = durable;
    }

    /** The newest state that was decided. */
    Snapshot durable() {
        return durable;
    }

    /** The newest state that was accepted. */
    Snapshot head() {
        return head;
    }

    /** The same, if it waits to be decided, or null. */
    @Nullable
    Snapshot undecidedHead() {
        lock.lock();
        try {
            return waiting.isEmpty() ? null : head;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The head, if a call may build on it without a look at the database: if commits wait to be decided, and are not being
     * made durable right now. Null otherwise.
     *
     * <p>COMMIT frees the database's lock, and it takes a moment until our thread notes what became of it. If a neighbour
     * commits in that moment, and is told, no look of our transaction knows of it; what a later call derived from the head
     * would be released with our commit, and be out of date. So the flag is set before COMMIT, and taken back once the outcome
     * is noted, and here the flag is read before the head. A call that was begun after the neighbour was told finds one of
     * two things:
     * <ul>
     *   <li>The flag is set. Then it looks. Where the database is past what is noted, the look waits for the note, and joins
     *       the neighbour's commit to it.
     *   <li>The flag is not set, and afterwards commits wait. Then COMMIT comes after the flag was read: had it come before,
     *       the flag would stand until the note, after which they wait no more. So the neighbour's commit, which was
     *       before that, was there before our transaction began: nobody else commits while that has the lock. Its look
     *       finds it, and what waits has lost the race.
     * </ul>
     * With the head read first, the note and the end of the flag could come between the two, and the stale head would be
     * used. The flag is set before the system calls that free the lock, so whoever is called after a commit that needed the
     * lock reads that, or what was written later. A commit that wins was never in danger, since its own transaction looks;
     * nor were reads, snapshots, {@code await} and watchers, which always look, and see only what is noted.
     */
    @Nullable
    Snapshot headToBuildOn() {
        return committing ? null : undecidedHead();
    }

    /** What waits may be durable from now on; called by the leader before COMMIT. */
    void beginCommit() {
        committing = true;
    }

    /** What became of that is noted; called by the leader. */
    void endCommit() {
        committing = false;
    }

    /** Makes {@code after} the head, if {@code before} still is. */
    boolean accept(Snapshot before, Snapshot after, Set<String> keys) {
        lock.lock();
        try {
            if (closed) {
                throw new StoreClosedException();
            }
            if (head != before) {
                return false;
            }
            waiting.put(after, new PendingCommit(before, after, keys, Thread.currentThread(), System.nanoTime()));
            head = after;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until a state is decided, and published.
     *
     * @param decide called without the lock, by one thread at a time, while commits wait: decides some of them
     * @return false if it was taken back
     * @throws StoreException if it is a commit of this thread, and failed
     */
    boolean settle(Snapshot state, Runnable decide) {
        while (!leader.isDecided(state)) {
            try {
                decide.run();
            } finally {
                resign();
            }
        }
        publish();
        Undone result;
        lock.lock();
        try {
            result = undone.get(state);
        } finally {
            lock.unlock();
        }
        if (result != null && result.failure != null && result.owner == Thread.currentThread()) {
            throw result.failure.get();
        }
        return result == null;
    }

    /** Runs {@code action} as the leader, once it is this thread's turn. */
    void lead(Runnable action) {
        leader.take(durable);
        try {
            action.run();
        } finally {
            resign();
        }
    }

    /** Has this thread lead, until it {@linkplain #resign resigns}, if nobody does or wants to; never waits for that. */
    boolean tryLead() {
        return leader.tryTake();
    }

    void resign() {
        leader.resign();
    }

    /** The commits that were accepted after {@code last}, or all that wait. */
    List<PendingCommit> waitingAfter(@Nullable PendingCommit last) {
        lock.lock();
        try {
            List<PendingCommit> all = new ArrayList<>(waiting.values());
            return last == null ? all : all.subList(all.indexOf(last) + 1, all.size());
        } finally {
            lock.unlock();
        }
    }

    /** All that waited, up to {@code last}, is durable: how many commits that was. */
    int decided(PendingCommit last) {
        lock.lock();
        try {
            int before = waiting.size();
            for (PendingCommit commit : List.copyOf(waiting.values())) {
                waiting.remove(commit.after());
                unpublished.add(commit.before(), commit.after());
                if (commit == last) {
                    break;
                }
            }
            durable = last.after();
            leader.decided(before);
            return before - waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** A commit of somebody else came after what is durable: all that waited has lost the race. */
    void joined(Snapshot foreign) {
        lock.lock();
        try {
            undo(commit -> null);
            unpublished.add(durable, foreign);
            durable = foreign;
            head = foreign;
        } finally {
            lock.unlock();
        }
        leader.wake(); // who looks for commits of others need not lead
    }

    /**
     * Nothing that waits is durable, nor will be.
     *
     * @param failures what the owner of each is to be told; null if it lost a race, and may try again
     */
    void undo(Function<PendingCommit, @Nullable Supplier<? extends StoreException>> failures) {
        lock.lock();
        try {
            for (PendingCommit commit : waiting.values()) {
                undone.put(commit.after(), new Undone(commit.owner(), failures.apply(commit)));
            }
            waiting.clear();
            head = durable;
        } finally {
            lock.unlock();
        }
    }

    /** Whether anything that was decided may not be published yet. */
    boolean hasNews() {
        return !unpublished.isEmpty();
    }

    /** Publishes what was decided. Calls watchers, so no lock may be held. */
    void publish() {
        unpublished.publish();
    }

    /** Accepts no more; false if that was so already. */
    boolean close() {
        lock.lock();
        try {
            boolean first = !closed;
            closed = true;
            return first;
        } finally {
            lock.unlock();
        }
    }

    private record Undone(Thread owner, @Nullable Supplier<? extends StoreException> failure) {}
}
