package dev.heartwood;

import io.vavr.collection.HashMap;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The states that readers see: the newest state, and for followers each step from one state to the next.
 *
 * <p>A {@link Root} publishes its states here. Only the newest state is referenced, by an {@code AtomicReference}: a
 * state that nobody holds is garbage as soon as there is a newer one.
 *
 * <p><b>Every step reaches every follower, in order.</b> The thread that publishes a state hands the step to the
 * followers. It may be suspended before that, or die. So until a step has reached all followers, its state is marked
 * with the state before it ({@link Snapshot#stepFrom}); and each thread that publishes a state hands over all marked
 * steps up to it, oldest first. Several threads may hand the same step to a follower, which takes it once.
 *
 * <p><b>Progress.</b> {@link #newest} is wait-free, {@link #advance} is one compare-and-set. <b>Memory effects.</b> A
 * thread that sees a state sees every write that made it.
 */
public final class Timeline {
    /** How many commits in a row may fail to hand in their steps before those steps are given up. */
    private static final int MOST_FAILURES = 1_000;

    private static final VarHandle STEP_FROM = stepFrom();

    /** Null at the end of time, and from then on. */
    private final AtomicReference<@Nullable Snapshot> newest;

    private final FollowerIndex followers = new FollowerIndex();
    private final AtomicBoolean claimed = new AtomicBoolean();
    /** Identifies this timeline for the {@link ReentrancyGuard}. */
    private final long number = ReentrancyGuard.number();

    private final StoreIdentity identity;
    /** The identity of states that lack parts of the tree. */
    private final StoreIdentity parts;
    /** The number of recorders that need the times of commits. */
    private final AtomicInteger stampers = new AtomicInteger();

    /**
     * The number of commits that have failed to hand in their steps since the last success; a race may make it too
     * small by a few.
     */
    private int failures;

    /** The state up to which steps were given up, until the followers have been ended for that. */
    private volatile @Nullable Snapshot givenUp;

    /** The reason why the store refuses further commits; null while it accepts them. */
    private final AtomicReference<@Nullable StoreException> failure = new AtomicReference<>();

    private volatile Runnable whenFollowed = () -> {};
    private volatile @Nullable RightOfWay rightOfWay;

    /**
     * A timeline that starts with a tree.
     *
     * @param version the version of the first state
     * @param tree its tree: any argument of {@link Store#of}
     * @param dialect the values that the root can hold
     */
    public Timeline(long version, java.util.Map<String, ? extends @Nullable Object> tree, Dialect dialect) {
        this(version, Freeze.root(tree, dialect), dialect);
    }

    /**
     * A timeline that starts with a tree in a Vavr map.
     *
     * @param version the version of the first state
     * @param tree its tree
     * @param dialect the values that the root can hold
     */
    public Timeline(long version, io.vavr.collection.Map<String, ? extends @Nullable Object> tree, Dialect dialect) {
        this.identity = new StoreIdentity(dialect);
        this.parts = StoreIdentity.ofParts();
        this.newest = new AtomicReference<>(state(version, Freeze.root(tree, dialect)));
    }

    /**
     * The newest state.
     *
     * @throws StoreClosedException at the end of time
     */
    public Snapshot newest() {
        Snapshot state = newest.get();
        if (state == null) {
            throw new StoreClosedException();
        }
        return state;
    }

    /** The newest state, or null at the end of time. */
    @Nullable
    Snapshot newestIfAny() {
        return newest.get();
    }

    /** A candidate for the next state, of unknown origin; no reader sees it until {@link #advance} publishes it. */
    public Snapshot state(long version, HashMap<String, @Nullable Object> tree) {
        return new Snapshot(identity.unrecorded(), version, tree);
    }

    /** A candidate for the next state, with the origin of its commit from a storage. */
    public Snapshot state(long version, HashMap<String, @Nullable Object> tree, Origin origin) {
        return new Snapshot(origin.in(identity), version, tree);
    }

    /**
     * The tree of a state, for the root that keeps it. {@link Snapshot#root} is for all others: it also notes the tree, so that it
     * comes back in without a walk, and that costs more than some commits do.
     */
    public static HashMap<String, @Nullable Object> tree(Snapshot state) {
        return state.tree();
    }

    /**
     * A state that lacks a part of its tree, for histories that record only some places: nothing is committed on it,
     * and no store accepts it as a whole tree ({@link Store#restore}, {@link Store#compareAndSet}).
     */
    public Snapshot partialState(long version, HashMap<String, @Nullable Object> tree, Origin origin) {
        return new Snapshot(origin.in(parts), version, tree);
    }

    /**
     * Records the time of each commit in its {@link Origin} from now on: for roots that keep commits. Must be called
     * before the first commit.
     */
    public void stampCommits() {
        stampers.incrementAndGet();
    }

    /** Undoes one call of {@link #stampCommits}. */
    void stampNoMore() {
        stampers.decrementAndGet();
    }

    /** Whether a recorder needs the times of commits. */
    boolean isStamping() {
        return stampers.get() > 0;
    }

    /**
     * Publishes {@code after}, if {@code before} is the newest state: same reference, not merely equal.
     *
     * <p>If the executor of a watcher runs tasks on the calling thread, its listener runs within this call, and may
     * write to the store. So a root must call this while it holds no lock that a commit needs, and not on a thread that
     * {@link Root#settle} waits for. The best place are the threads that settle: each publishes all durable states up
     * to its own.
     *
     * @return whether it did; if not, nothing happened
     * @throws StoreClosedException at the end of time
     */
    public boolean advance(Snapshot before, Snapshot after) {
        return advance(before, after, null);
    }

    /**
     * {@link #advance(Snapshot, Snapshot)} for a step with known edits: its followers are found along the paths of the
     * edits, and not by the differences of the two states.
     *
     * @param edits the edits that lead from {@code before} to {@code after}; called on the calling thread, during this
     *     call, and only if there is a watcher or a waiting thread; null if not known
     * @return whether it did; if not, nothing happened
     * @throws StoreClosedException at the end of time
     */
    public boolean advance(Snapshot before, Snapshot after, @Nullable Supplier<List<Edit>> edits) {
        // Read first, so that a late thread does not take the cache line from the others.
        if (newest() != before) {
            return false;
        }
        // Compare-and-set: several threads may offer this step. With a read and a plain write, a thread could be
        // suspended in between, and set the mark again after all followers have the step: then the state would keep the
        // previous state alive for as long as it is held itself.
        STEP_FROM.compareAndSet(after, null, before);
        return publish(before, after, edits);
    }

    /** {@link #advance} for a state that this thread alone offers: its mark needs no compare-and-set. */
    boolean advanceAlone(Snapshot before, Snapshot after, Supplier<List<Edit>> edits) {
        if (newest() != before) {
            return false;
        }
        after.stepFrom = before;
        return publish(before, after, edits);
    }

    private boolean publish(Snapshot before, Snapshot after, @Nullable Supplier<List<Edit>> edits) {
        // The CAS publishes `after`, and its mark: a thread whose newest() returns it sees every write that built it.
        // A mark set after the CAS would not be there for the thread that commits next, which would then hand in its
        // own step before this one.
        if (!newest.compareAndSet(before, after)) {
            return false;
        }
        // After the CAS, so that no follower gets a state that was never published.
        boolean done = false;
        try {
            done = handOver(after, edits);
        } catch (Throwable e) {
            // An exhausted stack or heap. The commit stands, and this must not become its result. The step keeps its
            // mark, so that the next commit hands it in.
        }
        // The number of steps that failing threads leave behind has a limit. Assignments alone, which need neither
        // stack nor heap; and only where it changes something, since readers read beside it.
        if (!done && ++failures > MOST_FAILURES) {
            givenUp = after;
            after.stepFrom = after;
            failures = 0;
        } else if (done && failures != 0) {
            failures = 0;
        }
        return true;
    }

    /**
     * Hands over each step up to {@code state} that has not reached all followers, and lets them deliver.
     *
     * @param edits the edits of the last step, or null
     * @return false if a follower has thrown, and steps are left to the next commit
     */
    private boolean handOver(Snapshot state, @Nullable Supplier<List<Edit>> edits) {
        if (followers.isEmpty()) {
            // A volatile read after the CAS; follow() adds to the index, and then looks at the newest state. So a
            // follower that is not seen here starts from this state or from a later one, and needs no step up to it.
            // Looked at before the CAS, the index could miss one that has started from the state before.
            state.stepFrom = state;
            return true;
        }
        Snapshot missed = givenUp;
        if (missed != null) {
            followers.missedSteps(missed.version());
            givenUp = null;
        }
        releaseWinner(state);
        // All followers get the steps before the first one delivers. A delivery may block this thread: then another
        // thread rings the remaining followers.
        boolean done = handInUpTo(state, edits);
        if (SessionThread.isPunctual()) {
            // A listener may take longer than a session has to live. If that task is late, the next commit rings.
            CompletableFuture<Void> ignored = CompletableFuture.runAsync(followers::ring);
        } else {
            followers.ring();
        }
        return done;
    }

    /** Hands in each step up to the newest state that has not reached all followers; rings nobody. */
    void handInVisible() {
        Snapshot state = newest.get();
        if (state != null) {
            handInUpTo(state, null);
        }
    }

    private boolean handInUpTo(Snapshot state, @Nullable Supplier<List<Edit>> edits) {
        for (Snapshot after = oldestMarked(state); after != null; after = oldestMarked(state)) {
            Snapshot before = markOf(after);
            if (before != null && !followers.handIn(before, after, after == state ? edits : null)) {
                return false;
            }
            // Release: a thread that reads that this step is done, and so hands over only later steps, finds this step
            // in the followers. With a weaker write, a follower could take a later step first, and then ignore this one
            // as a duplicate.
            STEP_FROM.setRelease(after, after);
        }
        return true;
    }

    /** The oldest state, up to this one, whose step has not reached all followers; null if there is none. */
    private static @Nullable Snapshot oldestMarked(Snapshot state) {
        Snapshot oldest = null;
        for (Snapshot next = state; next != null && markOf(next) != null; next = markOf(next)) {
            oldest = next;
        }
        return oldest;
    }

    /** The state before this one, if the step between them has not reached all followers. */
    private static @Nullable Snapshot markOf(Snapshot state) {
        // Acquire: pairs with the release in handInUpTo.
        Snapshot before = (Snapshot) STEP_FROM.getAcquire(state);
        return before == state ? null : before;
    }

    /** Ends the timeline: no state can be published after it, and followers are notified. Idempotent. */
    public void close() {
        Snapshot last = newest.getAndSet(null);
        if (last == null) {
            return;
        }
        // The threads of the last commits may come too late to hand in their steps.
        try {
            handOver(last, null);
        } finally {
            followers.end();
        }
    }

    /**
     * Declares that the root refuses further commits, though reads go on: reactive streams deliver their pending
     * changes and then end with {@code why}. Only the first call has an effect. A subscriber may run on the calling
     * thread: the rules of {@link #advance} for roots apply.
     */
    public void fail(StoreException why) {
        try {
            // First the steps, then the assignment: a stream that reads the reason has every change up to the newest
            // state. The threads of the last commits may come too late to hand in their steps.
            handInVisible();
        } finally {
            // First the assignment, then the notification: a subscriber that registers meanwhile reads the reason, or
            // is notified.
            if (failure.compareAndSet(null, why)) {
                followers.storageFailed();
            }
        }
    }

    /** The reason why the store refuses further commits; null while it accepts them. */
    @Nullable
    StoreException failure() {
        return failure.get();
    }

    /** Whether time has ended. */
    public boolean isClosed() {
        return newest.get() == null;
    }

    /** Whether there is a watcher or a waiting thread: otherwise a root that polls its storage may stop polling. */
    public boolean isFollowed() {
        return !isClosed() && !followers.isEmpty();
    }

    /** The number of watched places. */
    int followers() {
        return isClosed() ? 0 : followers.size();
    }

    /**
     * Calls {@code action} each time that a thread begins to watch or to await, on that thread and before its first
     * look, so that a root can begin to poll its storage for the commits of others. The action must be quick, and must
     * not throw.
     */
    public void whenFollowed(Runnable action) {
        whenFollowed = action;
    }

    Dialect dialect() {
        return identity.dialect();
    }

    /** Its number in the {@link ReentrancyGuard}. */
    long number() {
        return number;
    }

    /** The identity that the states of this timeline, and of no other, have. */
    StoreIdentity identity() {
        return identity;
    }

    /** Makes the one store over this timeline the only one. */
    void claim(RightOfWay ofStore) {
        if (!claimed.compareAndSet(false, true)) {
            throw new IllegalStateException("a root belongs to one store, and this one has a store already");
        }
        rightOfWay = ofStore;
    }

    /** Gives up the claim of the right of way, so that no writer waits for it while listeners run: its race is won. */
    private void releaseWinner(Snapshot state) {
        RightOfWay claims = rightOfWay;
        if (claims != null) {
            claims.won(state);
        }
    }

    /**
     * Adds a follower.
     *
     * @return the initial state: the follower gets every relevant step after it
     */
    Snapshot follow(Registration registration) {
        followers.add(registration);
        try {
            for (; ; ) {
                Snapshot base = newest();
                registration.follower().startFrom(base);
                // Look again, after the follower is in the index and has forgotten all steps up to the base. If the
                // base is still the newest state, each later step is handed over from here on. Without this look, a
                // commit between the base and startFrom would be handed over and forgotten: neither in the base nor
                // delivered.
                if (newest.get() == base) {
                    whenFollowed.run();
                    return base;
                }
            }
        } catch (Throwable e) {
            followers.remove(registration);
            throw e;
        }
    }

    /** Set by a follower whose round ended in an error: the next commit rings all. */
    RingList.Reminder reminder() {
        return followers.reminder();
    }

    void unfollow(Registration registration) {
        followers.remove(registration);
    }

    private static VarHandle stepFrom() {
        try {
            return MethodHandles.lookup().findVarHandle(Snapshot.class, "stepFrom", Snapshot.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
