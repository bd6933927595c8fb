package dev.heartwood;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a tree lives: in memory, in a file, in a database. The one loop of {@link Store} runs against this and nothing
 * else.
 *
 * <p>A root has two states at hand. The {@linkplain #head head} is what commits build on; the {@linkplain #visible
 * visible} state is what readers see. In memory they are one. A durable root lets the head run ahead: it accepts a
 * commit at once, and shows it once it is durable, so that waiting commits can share one sync.
 *
 * <p>All methods are called by many threads at once. One root belongs to one store; sharing happens behind two roots.
 * The contract suite in {@code heartwood-testkit} checks an implementation.
 */
public interface Root extends AutoCloseable {
    /**
     * A root in memory, as {@link Store#of(Map)} has it: for roots that build on one, and for tests of them.
     *
     * @param tree what it starts with: anything that {@link Store#of(Map)} takes
     */
    static Root inMemory(Map<String, ? extends @Nullable Object> tree) {
        return new MemoryRoot(new Timeline(0, tree, Dialect.ANYTHING));
    }

    /** Where this root publishes the states that readers see, those of other processes included, in version order. */
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
     * Makes {@code after} the head, if {@code before} still is: same reference, not merely equal. True means accepted:
     * {@link #settle} tells when it is durable. False means lost the race, and definitely not applied.
     *
     * @param edits what leads from {@code before} to {@code after}; computed when asked for, during this call only
     * @throws StoreClosedException once closed, and definitely not applied
     * @throws StoreException if the state cannot be held, and definitely not applied
     * @throws IndeterminateCommitException if it may have been applied
     */
    boolean compareAndSet(Snapshot before, Snapshot after, Supplier<List<Edit>> edits);

    /**
     * Waits until {@code state}, a head of this root now or at any time before, is as durable as the root promises, and
     * so visible. Every answer that was derived from a state is released only after this.
     *
     * @return false if the state was rolled back, so that what was derived from it must be derived anew
     * @throws IndeterminateCommitException if the root cannot tell
     * @throws StoreIOException if the state is definitely not durable, and the root takes no more commits
     */
    boolean settle(Snapshot state);

    /**
     * Settles an answer that commits nothing, and sees to it that its state was the newest at a moment of the call. A
     * root whose head may be behind commits of other processes until it asks its storage overrides this; for all others
     * the head is the newest state, and this is {@link #settle}.
     *
     * @param state the state that the answer was derived from
     * @param newest what an earlier {@code confirm} of the same call has returned, or null
     * @return {@code state} if the answer may be released; otherwise null, or a state that was the newest at a moment
     *     of the call: the answer must be derived anew
     */
    default @Nullable Snapshot confirm(Snapshot state, @Nullable Snapshot newest) {
        return settle(state) ? state : null;
    }

    /**
     * The newest state at a moment of this call: it knows every commit that anybody was told of before the call.
     *
     * @throws StoreClosedException once closed
     * @throws StoreIOException if the root must ask its storage for it, and cannot
     */
    default Snapshot fresh() {
        return visible();
    }

    /** A token of a committed state; null where the version alone says it all. */
    default @Nullable Token token(Snapshot state) {
        return null;
    }

    /**
     * Whether readers of this root see the state of a token, or a later one.
     *
     * @throws IllegalArgumentException if the token is of another storage
     * @throws StoreException if the storage does not hold that state any more
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
     * Whether others may commit to the same storage: other processes, or other roots. If not, a session ends with its
     * process and needs no heartbeats.
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
