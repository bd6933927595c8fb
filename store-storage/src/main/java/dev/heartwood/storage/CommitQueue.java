package dev.heartwood.storage;

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
 * Accepted commits that are not decided yet, and the {@linkplain GroupCommit group commit} that decides them, for roots
 * that share their storage with other processes. It is independent of the storage.
 *
 * <p>A commit is <em>accepted</em> once the head builds on it, <em>decided</em> once the storage has it,
 * <em>published</em> once readers see it, and <em>rolled back</em> if it was accepted and the storage will never have
 * it. One of the threads that wait for a commit becomes the leader and lets all waiting commits be decided together. So
 * a single writer hands nothing to another thread, and many writers share a write.
 *
 * <p>Thread-safe. The lock is held only briefly, never during I/O, and never while watchers are called.
 *
 * @param <C> the form in which the root writes a commit
 */
public final class CommitQueue<C> {
    // Invariants, under the lock:
    //   durable, then waiting in order, end in head; each waiting commit was made on the one before it.
    //   A state that was a head is durable (or was followed by durable ones), or in waiting, or in rolledBack.
    //   unpublished leads from the newest state of the timeline to durable.
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Snapshot, PendingCommit<C>> waiting = new LinkedHashMap<>();
    private final GroupCommit group;
    /** Since when those threads wait whose commits were rolled back while the storage took none: nearly always empty. */
    private final Map<Thread, Long> waitingSince = new WeakHashMap<>();
    /** Weak keys: a rolled-back state matters only while it is referenced, so that a thread may ask about it. */
    private final Map<Snapshot, RolledBack> rolledBack = new WeakHashMap<>();

    private final PublishQueue unpublished;
    private final NanoClock clock;
    private volatile Snapshot durable;
    private volatile Snapshot head;
    /** See {@link #headToBuildOn}; written only by the leader. */
    private volatile boolean committing;

    private boolean closed;

    /** A queue without commits, whose head is the newest state of the timeline. */
    public CommitQueue(Timeline timeline) {
        this(timeline, NanoClock.SYSTEM);
    }

    /** The same, with a clock by which threads wait for each other. */
    public CommitQueue(Timeline timeline, NanoClock clock) {
        this.clock = clock;
        this.group = new GroupCommit(lock, waiting.keySet(), clock);
        this.unpublished = new PublishQueue(timeline);
        this.durable = timeline.newest();
        this.head = durable;
    }

    /** The newest decided state. */
    public Snapshot durable() {
        return durable;
    }

    /** The newest accepted state. */
    public Snapshot head() {
        return head;
    }

    /** The newest accepted state, if it waits to be decided, or null. */
    public @Nullable Snapshot undecidedHead() {
        lock.lock();
        try {
            return waiting.isEmpty() ? null : head;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The head, if a call may build on it without a look at the storage: if commits wait to be decided, and are not being
     * made durable right now. Null otherwise.
     *
     * <p>For storages with a lock that the commit itself frees. It takes a moment until our thread records the outcome
     * of its commit. If another process commits in that moment, and its caller gets the answer, our transaction has not
     * seen that commit; an answer that a later call derived from the head would be released with our commit, and be
     * outdated. So the leader sets a flag before the commit and clears it once the outcome is recorded, and this method
     * reads the flag before the head. A call that began after the other process had its answer finds one of two cases:
     * <ul>
     *   <li>The flag is set. Then the call looks at the storage. If the storage is ahead of the recorded state, the
     *       look waits for the record, and then adds the other process's commit.
     *   <li>The flag is not set, and afterwards commits are waiting. Then our commit comes after the flag was read: if
     *       it had come before, the flag would be set until the outcome was recorded, after which these commits no
     *       longer wait. So the other process's commit, which was earlier, was there before our transaction began: no
     *       other process commits while our transaction has the lock. The look of our transaction finds it, and the
     *       waiting commits have lost the race.
     * </ul> If the head were read first, the outcome could be recorded and the flag cleared between the two reads, and
     * the stale head would be used. The flag is set before the system calls that free the lock, so a thread that is
     * called after a commit that needed the lock reads this value, or a later one. A commit that wins was never in
     * danger, since its own transaction looks; nor were reads, snapshots, {@code await} and watchers, which always
     * look, and see only recorded states.
     */
    public @Nullable Snapshot headToBuildOn() {
        return committing ? null : undecidedHead();
    }

    /** The waiting commits may be durable from now on; called by the leader before it commits. */
    public void beginCommit() {
        committing = true;
    }

    /** The outcome of the commit is recorded; called by the leader. */
    public void endCommit() {
        committing = false;
    }

    /**
     * Makes {@code after} the head, if {@code before} still is the head.
     *
     * @return false if there is another head; then nothing happened
     * @throws StoreClosedException once closed
     */
    public boolean accept(Snapshot before, Snapshot after, C change) {
        lock.lock();
        try {
            if (closed) {
                throw new StoreClosedException();
            }
            if (head != before) {
                return false;
            }
            Thread owner = Thread.currentThread();
            Long since = waitingSince.isEmpty() ? null : waitingSince.get(owner);
            waiting.put(
                    after, new PendingCommit<>(before, after, change, owner, since == null ? clock.nanoTime() : since));
            head = after;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until a state is decided and published.
     *
     * @param decide called without the lock, by one thread at a time, while commits wait: decides some of them
     * @return false if the state was rolled back
     * @throws StoreException if it is a commit of this thread, and failed
     */
    public boolean settle(Snapshot state, Runnable decide) {
        while (!group.isDecided(state)) {
            try {
                decide.run();
            } finally {
                resign();
            }
        }
        publish();
        RolledBack result;
        lock.lock();
        try {
            result = rolledBack.get(state);
            if (!waitingSince.isEmpty() && (result == null || result.failure != null)) {
                waitingSince.remove(Thread.currentThread());
            }
        } finally {
            lock.unlock();
        }
        if (result != null && result.failure != null && result.owner == Thread.currentThread()) {
            throw result.failure.get();
        }
        return result == null;
    }

    /** Runs {@code action} as the leader, once it is this thread's turn. */
    public void lead(Runnable action) {
        group.lead(durable);
        try {
            action.run();
        } finally {
            resign();
        }
    }

    /**
     * Makes this thread the leader, until it {@linkplain #resign resigns}, unless another thread is the leader or wants
     * to be.
     */
    public boolean tryLead() {
        return group.tryLead();
    }

    /** Ends the leadership of this thread. */
    public void resign() {
        group.resign();
    }

    /** The commits that were accepted after {@code last}, or all waiting commits. */
    public List<PendingCommit<C>> waitingAfter(@Nullable PendingCommit<C> last) {
        lock.lock();
        try {
            List<PendingCommit<C>> all = new ArrayList<>(waiting.values());
            return last == null ? all : all.subList(all.indexOf(last) + 1, all.size());
        } finally {
            lock.unlock();
        }
    }

    /**
     * All waiting commits up to {@code last} are durable.
     *
     * @return the number of these commits
     */
    public int decided(PendingCommit<C> last) {
        lock.lock();
        try {
            int before = waiting.size();
            for (PendingCommit<C> commit : List.copyOf(waiting.values())) {
                waiting.remove(commit.after());
                unpublished.add(commit.before(), commit.after());
                if (commit == last) {
                    break;
                }
            }
            durable = last.after();
            waitingSince.clear();
            group.decided(before);
            return before - waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** A foreign commit followed the durable state: all waiting commits have lost the race, and are rolled back. */
    public void joined(Snapshot foreign) {
        lock.lock();
        try {
            rollBack(commit -> null);
            // The storage has answered: whoever tries again begins to wait anew.
            waitingSince.clear();
            unpublished.add(durable, foreign);
            durable = foreign;
            head = foreign;
        } finally {
            lock.unlock();
        }
        group.wake(); // a thread that looks for foreign commits need not be the leader
    }

    /**
     * Rolls back all waiting commits: the storage does not have them, and never will. If a thread makes its commit again, that one
     * waits {@linkplain PendingCommit#since since} the time of the first.
     *
     * @param failures the exception for the owner of each; null if it lost a race and may try again
     */
    public void rollBack(Function<PendingCommit<C>, @Nullable Supplier<? extends StoreException>> failures) {
        lock.lock();
        try {
            for (PendingCommit<C> commit : waiting.values()) {
                Supplier<? extends StoreException> failure = failures.apply(commit);
                rolledBack.put(commit.after(), new RolledBack(commit.owner(), failure));
                if (failure == null) {
                    waitingSince.put(commit.owner(), commit.since());
                }
            }
            waiting.clear();
            head = durable;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Rolls back all waiting commits: those up to {@code last} with a failure, the later ones as if they had lost a race. This is
     * one step under the lock: a commit that was accepted since the caller listed the waiting ones is a later one.
     */
    public void rollBackUpTo(PendingCommit<C> last, Supplier<? extends StoreException> failure) {
        lock.lock();
        try {
            List<PendingCommit<C>> all = List.copyOf(waiting.values());
            Set<PendingCommit<C>> failed = Set.copyOf(all.subList(0, all.indexOf(last) + 1));
            rollBack(commit -> failed.contains(commit) ? failure : null);
        } finally {
            lock.unlock();
        }
    }

    /** Whether some decided state may not be published yet. */
    public boolean hasNews() {
        return !unpublished.isEmpty();
    }

    /** Publishes the decided states. Calls watchers, so the caller may hold no lock. */
    public void publish() {
        unpublished.publish();
    }

    /**
     * Declares that the root refuses further commits: reactive streams deliver every decided commit, and then end with {@code why}.
     * Calls watchers, so the caller may hold no lock.
     */
    public void fail(StoreException why) {
        unpublished.fail(why);
    }

    /** Accepts no more commits; false if it was closed already. */
    public boolean close() {
        lock.lock();
        try {
            boolean first = !closed;
            closed = true;
            return first;
        } finally {
            lock.unlock();
        }
    }

    private record RolledBack(Thread owner, @Nullable Supplier<? extends StoreException> failure) {}
}
