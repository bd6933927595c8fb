package dev.heartwood;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The home of a tree: in memory, in a file, in a database. The commit loop of {@link Store} uses only this interface.
 *
 * <p>A root has two states. Commits build on the {@linkplain #head head}; readers see the {@linkplain #visible visible}
 * state. In memory they are one. In a durable root the head may be ahead: the root accepts a commit at once, and shows
 * it once it is durable, so that waiting commits can share one sync.
 *
 * <p>All methods are called by many threads at once. One root belongs to one store; sharing happens behind two roots.
 * The contract suite in {@code heartwood-testkit} checks an implementation.
 */
public interface Root extends AutoCloseable {
    /**
     * A root in memory, like that of {@link Store#of(Map)}: for roots that build on one, and for their tests.
     *
     * @param tree the initial tree: any argument of {@link Store#of(Map)}
     */
    static Root inMemory(Map<String, ? extends @Nullable Object> tree) {
        return new MemoryRoot(new Timeline(0, tree, Dialect.ANYTHING));
    }

    /**
     * The timeline on which this root publishes the states that readers see, those of other processes included, in
     * version order.
     */
    Timeline timeline();

    /**
     * The state that readers see: never one that could be rolled back.
     *
     * @throws StoreClosedException once closed
     * @throws StoreIOException if the root must look at its storage for it, and cannot
     */
    default Snapshot visible() {
        return timeline().newest();
    }

    /**
     * The state that commits build on; at or after {@link #visible}.
     *
     * @throws StoreClosedException once closed
     */
    Snapshot head();

    /**
     * A version for a commit on top of {@code before}: larger, and never used for another state, even one rolled back.
     */
    default long nextVersion(Snapshot before) {
        return before.version() + 1;
    }

    /**
     * Makes {@code after} the head, if {@code before} still is the head: same reference, not merely equal. True means accepted;
     * {@link #settle} waits until the state is durable. False means that the race is lost, and the commit definitely not applied.
     *
     * @param edits the edits that lead from {@code before} to {@code after}; computed on demand, during this call only
     * @throws StoreClosedException once closed, and definitely not applied
     * @throws StoreException if the state cannot be held, and definitely not applied
     * @throws IndeterminateCommitException if it may have been applied
     */
    boolean compareAndSet(Snapshot before, Snapshot after, Supplier<List<Edit>> edits);

    /**
     * Waits until {@code state}, a head of this root now or at any time before, is as durable as the root promises, and
     * so visible. Every answer that was derived from a state is released only after this.
     *
     * @return false if the state was rolled back: every answer that was derived from it must be derived anew
     * @throws IndeterminateCommitException if the root cannot tell
     * @throws StoreIOException if the state is definitely not durable, and the root refuses further commits
     */
    boolean settle(Snapshot state);

    /**
     * Settles an answer that commits nothing, and ensures that its state was the newest at a moment of the call. A root whose head
     * may be behind the commits of other processes overrides this and asks its storage; for all other roots the head is the
     * newest state, and this is {@link #settle}.
     *
     * @param state the state that the answer was derived from
     * @param newest the result of an earlier {@code confirm} of the same call, or null
     * @return {@code state} if the answer may be released; otherwise null, or a state that was the newest at a moment
     *     of the call: the answer must be derived anew
     */
    default @Nullable Snapshot confirm(Snapshot state, @Nullable Snapshot newest) {
        return settle(state) ? state : null;
    }

    /**
     * The newest state at a moment of this call: it contains every commit that was acknowledged before the call.
     *
     * @throws StoreClosedException once closed
     * @throws StoreIOException if the root must ask its storage for it, and cannot
     */
    default Snapshot fresh() {
        return visible();
    }

    /** A token of a committed state; null if the version alone identifies it. */
    default @Nullable Token token(Snapshot state) {
        return null;
    }

    /**
     * Whether readers of this root see the state of a token, or a later one.
     *
     * @throws IllegalArgumentException if the token is of another storage
     * @throws StoreException if the storage no longer has that state
     */
    default boolean hasReached(Token token) {
        if (!token.log().isEmpty()) {
            throw new IllegalArgumentException(
                    "the token is of log \"" + token.log() + "\", and this store has no log");
        }
        return visible().version() >= token.version();
    }

    /** The outcome of a commit of this root, or of another root over the same storage. May ask the storage. */
    default CommitOutcome outcomeOf(IndeterminateCommitException failure) {
        return CommitOutcome.UNKNOWN;
    }

    /**
     * Whether other processes, or other roots, may commit to the same storage. If not, a session ends with its process
     * and needs no heartbeats.
     */
    default boolean isShared() {
        return true;
    }

    /** Makes everything accepted so far durable. */
    void flush();

    /** Flushes, refuses further commits with {@link StoreClosedException}, and ends the timeline. Idempotent. */
    @Override
    void close();
}
