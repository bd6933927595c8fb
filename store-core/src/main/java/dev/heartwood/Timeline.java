package dev.heartwood;

import static java.util.Objects.requireNonNull;

import io.vavr.collection.HashMap;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The states that readers see: the newest one at hand, and those after a given one in order, for as long as somebody
 * follows them.
 *
 * <p>A {@link Root} publishes its states here. The newest state stands in an {@code AtomicReference}; each state links
 * to the one after it, and nothing links back, so that a state nobody holds is garbage as soon as there is a newer one.
 *
 * <p><b>Progress.</b> {@link #newest} is wait-free, {@link #advance} is one compare-and-set. <b>Memory effects.</b> A
 * thread that sees a state sees every write that made it.
 */
public final class Timeline {
    // Invariants:
    //   newest.state is null only at the end of time, which is last and has no next.
    //   x.next is set once, by whoever replaced x as the newest; until then there may be a gap behind x.
    //   Only the newest reference and followers hold nodes; a snapshot holds none, or it would pin all later history.
    private final AtomicReference<Node> newest;
    private final AtomicReference<Follower[]> followers = new AtomicReference<>(new Follower[0]);
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final Dialect dialect;
    private volatile Runnable whenFollowed = () -> {};

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
        this.newest = new AtomicReference<>(new Node(state(version, Freeze.root(tree, dialect)), null));
    }

    /**
     * The newest state.
     *
     * @throws StoreClosedException at the end of time
     */
    public Snapshot newest() {
        Snapshot state = node().state;
        if (state == null) {
            throw new StoreClosedException();
        }
        return state;
    }

    /** The newest state, or the one that was when time ended. */
    Snapshot last() {
        Node node = node();
        return node.state != null ? node.state : requireNonNull(node.last);
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
        Node last = node();
        if (last.state != before) {
            if (last.state == null) {
                throw new StoreClosedException();
            }
            return false;
        }
        Node next = new Node(after, null);
        // The CAS publishes `after`: a thread whose newest() returns it sees every write that built it.
        if (!newest.compareAndSet(last, next)) {
            return false;
        }
        // The link is written after the CAS, so a follower may find a gap here; the call below, after the link, is what
        // brings it back. In the other order a loser's node could be followed. A release store is enough: who walks the
        // links has seen the counter that the follower's advanced() raises after it.
        last.link(next);
        for (Follower follower : followers()) {
            follower.advanced(before, after);
        }
        return true;
    }

    /** Ends time: nothing can be published after it, and followers are told. Idempotent. */
    public void close() {
        Node last = newest.getAndUpdate(node -> node.state == null ? node : new Node(null, node.state));
        if (last.state == null) {
            return;
        }
        last.link(node());
        for (Follower follower : followers()) {
            follower.ended();
        }
    }

    /** Whether time has ended. */
    public boolean isClosed() {
        return node().state == null;
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
    void claim() {
        if (!claimed.compareAndSet(false, true)) {
            throw new IllegalStateException("a root belongs to one store, and this one has a store already");
        }
    }

    /**
     * Adds a follower.
     *
     * @return the node from which it follows: it is told of every state after it
     */
    Node follow(Follower follower) {
        // First be seen, then look: a commit whose loop over the followers misses this one came before the look below,
        // and is in the base; in the other order it could be in neither.
        followers.updateAndGet(all -> {
            Follower[] more = Arrays.copyOf(all, all.length + 1);
            more[all.length] = follower;
            return more;
        });
        Node base = node();
        if (base.state == null) {
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

    private Node node() {
        return requireNonNull(newest.get());
    }

    private Follower[] followers() {
        return requireNonNull(followers.get());
    }

    /** Told of new states, by the threads that commit them: concurrently and in any order. Must be quick. */
    interface Follower {
        /** There is a state after {@code before}; {@link Node#next()} may still show a gap before it. */
        void advanced(Snapshot before, Snapshot after);

        /** There will be no more. */
        void ended();
    }

    /** A state in its place. */
    static final class Node {
        private static final VarHandle NEXT = nextHandle();

        /** Null at the end of time. */
        final @Nullable Snapshot state;

        /** At the end of time, the state before it. */
        final @Nullable Snapshot last;

        private volatile @Nullable Node next;

        Node(@Nullable Snapshot state, @Nullable Snapshot last) {
            this.state = state;
            this.last = last;
        }

        /** The state after it, or null where there is none yet. */
        @Nullable
        Node next() {
            return next;
        }

        private void link(Node after) {
            NEXT.setRelease(this, after);
        }

        Snapshot requireState() {
            return requireNonNull(state);
        }

        private static VarHandle nextHandle() {
            try {
                return MethodHandles.lookup().findVarHandle(Node.class, "next", Node.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }
}
