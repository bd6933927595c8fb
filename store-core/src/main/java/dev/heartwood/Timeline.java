package dev.heartwood;

import static java.util.Objects.requireNonNull;

import io.vavr.collection.HashMap;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The states that readers see: the newest one at hand, and each step from one to the next, for those who follow.
 *
 * <p>A {@link Root} publishes its states here. The newest state stands in an {@code AtomicReference}, and that is all:
 * a state nobody holds is garbage as soon as there is a newer one.
 *
 * <p><b>Progress.</b> {@link #newest} is wait-free, {@link #advance} is one compare-and-set. <b>Memory effects.</b> A
 * thread that sees a state sees every write that made it.
 */
public final class Timeline {
    /** Null at the end of time, and from then on. */
    private final AtomicReference<@Nullable Snapshot> newest;

    private final AtomicReference<Follower[]> followers = new AtomicReference<>(new Follower[0]);
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final Dialect dialect;
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
        this.dialect = dialect;
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

    /** A state that could be next; it is seen by nobody until {@link #advance} publishes it. */
    public Snapshot state(long version, HashMap<String, @Nullable Object> tree) {
        return new Snapshot(this, version, tree, false);
    }

    /**
     * Publishes {@code after}, if {@code before} is the newest state: same reference, not merely equal.
     *
     * <p>Watchers whose executor runs tasks on the calling thread are told here, and may write to the store. So a root
     * calls this while it holds no lock that a commit needs, and not on a thread that {@link Root#settle} waits for: best
     * on the threads that settle, each of which publishes all that is durable up to its own state.
     *
     * @return whether it did; if not, nothing happened
     * @throws StoreClosedException at the end of time
     */
    public boolean advance(Snapshot before, Snapshot after) {
        // The CAS publishes `after`: a thread whose newest() returns it sees every write that built it. Looked at
        // first,
        // so that one who is late does not take the place from the caches of those who are not.
        if (newest() != before || !newest.compareAndSet(before, after)) {
            return false;
        }
        // After the CAS, so that nobody is told of a state that never was. By then others may have told of later steps:
        // a follower that wants them in order puts them in order. All have the step before the first is told, which may
        // hold this thread up: then another thread tells those behind it.
        Follower[] followers = followers();
        if (followers.length > 0) {
            releaseWinner(after);
        }
        for (Follower follower : followers) {
            follower.handIn(before, after);
        }
        for (Follower follower : followers) {
            follower.advanced(before, after);
        }
        return true;
    }

    /** Ends time: nothing can be published after it, and followers are told. Idempotent. */
    public void close() {
        Snapshot last = newest.getAndSet(null);
        if (last == null) {
            return;
        }
        for (Follower follower : followers()) {
            follower.ended(last);
        }
    }

    /** Whether time has ended. */
    public boolean isClosed() {
        return newest.get() == null;
    }

    /** Whether anybody watches or awaits: a root that learns of states by asking may leave it otherwise. */
    public boolean isFollowed() {
        return followers().length > 0;
    }

    /**
     * Calls {@code action} each time that somebody begins to watch or to await, on their thread and before their first
     * look, so that a root can begin to ask its storage for the commits of others. It must be quick, and must not throw.
     */
    public void whenFollowed(Runnable action) {
        whenFollowed = action;
    }

    Dialect dialect() {
        return dialect;
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
     * @return the state from which it follows: it is told of every step after it
     */
    Snapshot follow(Follower follower) {
        // First be seen, then look: a commit whose loop over the followers misses this one came before the look below,
        // and is in the base; in the other order it could be in neither.
        followers.updateAndGet(all -> {
            Follower[] more = Arrays.copyOf(all, all.length + 1);
            more[all.length] = follower;
            return more;
        });
        Snapshot base = newest.get();
        if (base == null) {
            unfollow(follower);
            throw new StoreClosedException();
        }
        whenFollowed.run();
        return base;
    }

    void unfollow(Follower follower) {
        followers.updateAndGet(
                all -> Arrays.stream(all).filter(other -> other != follower).toArray(Follower[]::new));
    }

    private Follower[] followers() {
        return requireNonNull(followers.get());
    }

    /** Told of new states, by the threads that commit them: concurrently and in any order. Must be quick. */
    interface Follower {
        /** A step, for a follower that needs each: it has come, or comes soon, to {@link #advanced}. Must call nobody. */
        default void handIn(Snapshot before, Snapshot after) {}

        /**
         * {@code after} has come after {@code before}. May also tell of steps before the one from which it follows. May run
         * a listener.
         */
        void advanced(Snapshot before, Snapshot after);

        /** Nothing comes after {@code last}; but a step before it may still have to be told. */
        void ended(Snapshot last);
    }
}
