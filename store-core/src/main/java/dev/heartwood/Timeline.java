package dev.heartwood;

import io.vavr.collection.HashMap;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The states that readers see: the newest one at hand, and each step from one to the next, for those who follow.
 *
 * <p>A {@link Root} publishes its states here. The newest state stands in an {@code AtomicReference}, and that is all:
 * a state nobody holds is garbage as soon as there is a newer one.
 *
 * <p><b>Every step reaches every follower, in order.</b> The thread that publishes a state hands the step in to the
 * followers. It may be suspended before it does, or die. So until a step has reached all followers, its state is marked
 * with the state before it ({@link Snapshot#stepFrom}); and each thread that publishes a state hands in all marked
 * steps that lead to it, oldest first. A follower may be handed one step by several threads, and takes it once.
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
    /** By this the {@link ReentrancyGuard} knows it. */
    private final long number = ReentrancyGuard.number();

    private final StoreIdentity identity;
    /** Of states that lack parts of the tree. */
    private final StoreIdentity parts;
    /** How many keep the times of commits. */
    private final AtomicInteger stampers = new AtomicInteger();

    /** How many commits have failed to hand in since one last did; a race makes it too small, by a few. */
    private int failures;

    /** The state up to which steps were given up, until the followers are told of that. */
    private volatile @Nullable Snapshot givenUp;

    /** Why the store takes no more commits; null while it does. */
    private final AtomicReference<@Nullable StoreException> failure = new AtomicReference<>();

    private volatile Runnable whenFollowed = () -> {};
    private volatile @Nullable RightOfWay rightOfWay;

    /**
     * A timeline that starts with a tree.
     *
     * @param version the version of the first state
     * @param tree what stands in it: anything that {@link Store#of} takes
     * @param dialect what the root can hold
     */
    public Timeline(long version, java.util.Map<String, ? extends @Nullable Object> tree, Dialect dialect) {
        this(version, Freeze.root(tree, dialect), dialect);
    }

    /**
     * A timeline that starts with a tree as Vavr holds it.
     *
     * @param version the version of the first state
     * @param tree what stands in it
     * @param dialect what the root can hold
     */
    public Timeline(long version, io.vavr.collection.Map<String, ? extends @Nullable Object> tree, Dialect dialect) {
        this.identity = new StoreIdentity(dialect);
        this.parts = identity.ofParts();
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

    /** A state that could be next, of unknown origin; it is seen by nobody until {@link #advance} publishes it. */
    public Snapshot state(long version, HashMap<String, @Nullable Object> tree) {
        return new Snapshot(identity.unrecorded(), version, tree);
    }

    /** A state that could be next, with the origin of its commit as a storage has it. */
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
     * A state of which a part is left out, for histories that do not record all: nothing is committed on it, and no store
     * takes it for its whole tree ({@link Store#restore}, {@link Store#compareAndSet}).
     */
    public Snapshot partialState(long version, HashMap<String, @Nullable Object> tree, Origin origin) {
        return new Snapshot(origin.in(parts), version, tree);
    }

    /**
     * Asks for the time of each commit in its {@link Origin}, for as long as this timeline lasts: for roots that keep
     * commits. To call before the first commit.
     */
    public void stampCommits() {
        stampers.incrementAndGet();
    }

    /** Takes one {@link #stampCommits} back. */
    void stampNoMore() {
        stampers.decrementAndGet();
    }

    /** Whether the times of commits are kept by somebody. */
    boolean isStamping() {
        return stampers.get() > 0;
    }

    /**
     * Publishes {@code after}, if {@code before} is the newest state: same reference, not merely equal.
     *
     * <p>Watchers whose executor runs tasks on the calling thread are told here, and may write to the store. So a root
     * calls this while it holds no lock that a commit needs, and not on a thread that {@link Root#settle} waits for:
     * best on the threads that settle, each of which publishes all that is durable up to its own state.
     *
     * @return whether it did; if not, nothing happened
     * @throws StoreClosedException at the end of time
     */
    public boolean advance(Snapshot before, Snapshot after) {
        return advance(before, after, null);
    }

    /**
     * {@link #advance(Snapshot, Snapshot)} of a step whose edits are known: then those whom it concerns are found along the
     * paths of the edits, and not by the differences of the two states.
     *
     * @param edits what leads from {@code before} to {@code after}; asked for on the calling thread, during this call, and
     *     only if somebody watches or awaits; null if not known
     * @return whether it did; if not, nothing happened
     * @throws StoreClosedException at the end of time
     */
    public boolean advance(Snapshot before, Snapshot after, @Nullable Supplier<List<Edit>> edits) {
        // Looked at first, so that one who is late does not take the place from the caches of those who are not.
        if (newest() != before) {
            return false;
        }
        // Compare-and-set: several threads may offer this step. A thread that looked and then wrote could be suspended
        // in between, and set the mark again after all followers have the step: then the state would keep the one
        // before it alive for as long as anybody holds it.
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
        // After the CAS, so that nobody is told of a state that never was.
        boolean done = false;
        try {
            done = handOver(after, edits);
        } catch (Throwable e) {
            // An exhausted stack or heap. The commit stands, and this must not become its answer. The step keeps its
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
     * Hands in each step up to {@code state} that has not reached all followers, and lets them deliver.
     *
     * @param edits those of the last step, or null
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
        // All have the steps before the first follower delivers, which may hold this thread up: then another thread
        // rings those behind it.
        boolean done = handInUpTo(state, edits);
        followers.ring();
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
            // Release: a thread that reads that this step is done, and so hands in only what comes after it, finds it
            // in the followers. Weaker, a follower could take a later step first, and then this one for a step that
            // it had.
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

    /** Ends time: nothing can be published after it, and followers are told. Idempotent. */
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
     * Tells that the root takes no more commits, though reads go on: reactive streams end with {@code why}, once they have told
     * what is left. The first call counts. A subscriber may run on the calling thread: a root calls this where it may call
     * {@link #advance}.
     */
    public void fail(StoreException why) {
        // Set first, then told: a subscriber that registers meanwhile finds it, or is told.
        if (failure.compareAndSet(null, why)) {
            followers.storageFailed();
        }
    }

    /** Why the store takes no more commits; null while it does. */
    @Nullable
    StoreException failure() {
        return failure.get();
    }

    /** Whether time has ended. */
    public boolean isClosed() {
        return newest.get() == null;
    }

    /** Whether anybody watches or awaits: a root that learns of states by asking may leave it otherwise. */
    public boolean isFollowed() {
        return !isClosed() && !followers.isEmpty();
    }

    /** How many places are watched. */
    int followers() {
        return isClosed() ? 0 : followers.size();
    }

    /**
     * Calls {@code action} each time that somebody begins to watch or to await, on their thread and before their first
     * look, so that a root can begin to ask its storage for the commits of others. It must be quick, and must not
     * throw.
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

    /** Nobody waits for a claim while listeners run: its race is won. */
    private void releaseWinner(Snapshot state) {
        RightOfWay claims = rightOfWay;
        if (claims != null) {
            claims.won(state);
        }
    }

    /**
     * Adds a follower.
     *
     * @return the state from which it follows: it is handed every step after it that concerns it
     */
    Snapshot follow(Registration registration) {
        followers.add(registration);
        try {
            for (; ; ) {
                Snapshot base = newest();
                registration.follower().startFrom(base);
                // Look again, after it stands in the index and has forgotten all that led to the base. If the base is
                // still the newest state, each later step is handed in from here on. Without this look, a commit
                // between the base and startFrom would be handed in and forgotten: neither in the base nor told.
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
