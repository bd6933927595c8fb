package dev.heartwood;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Ownership that ends: places of the tree that belong to a running program, and come back when it is killed. Opened by
 * {@link Store#session}.
 *
 * <pre>{@code
 * store.onSessionEnd("give back", (tx, place) -> tx.move(place, KeyPath.of("queue", "-")));
 * Session session = store.session("ann", Duration.ofSeconds(10));
 * KeyPath taken = KeyPath.of("taken", Long.toString(session.fence()));
 * session.own(taken, "give back");
 * store.batch(tx -> tx.move(KeyPath.of("queue", 0), taken));      // take a job ...
 * store.batch(tx -> {                                             // ... and report it: refused if the session has ended
 *     tx.require(session);
 *     tx.put(KeyPath.of("done", (String) tx.remove(taken)), true);
 * });
 * }</pre>
 *
 * <p><b>The end.</b> A session ends by {@link #close}, when its store is closed, or when it falls silent. At its end each
 * place that it {@linkplain #own owns} is removed, or handed to a function, in the same commit. On a root that processes
 * share, the process sends a heartbeat four times in each time to live, as a commit. Every process that has opened a session
 * or named a function by {@link Store#onSessionEnd} watches the others' sessions, and ends one whose heartbeats have not
 * moved for its time to live. It measures that on its own clock, from the moment at which it saw the last one; the clocks of
 * two machines are never compared, and the time of day plays no part. Time for which the watching process was itself
 * suspended counts as half a time to live at most. On all other roots (in memory, a JSON file) there are no heartbeats: a
 * session ends with its process, and the next process that opens a session on the file ends those that it finds.
 *
 * <p><b>Fencing.</b> A session may end while its process is still at work: suspended for longer than the time to live, or cut
 * off from the storage. The process cannot notice that in time. So a commit that depends on the session says
 * {@link Transaction#require}: it commits only while the session is open. {@link #fence} is larger than that of every
 * session before it, so that a service outside of the store can refuse requests of an earlier owner.
 *
 * <p><b>In the tree.</b> The sessions stand at {@link #RECORDS}, and can be looked at, like all else; only the library should
 * write there.
 *
 * <p>Thread-safe. A session belongs to the store that has opened it, and is kept open until then by that store.
 */
public final class Session implements AutoCloseable {
    /** Where the sessions of a tree stand: under the key {@code $sessions} of the top level. */
    public static final KeyPath RECORDS = KeyPath.of("$sessions");

    private final Store store;
    private final Sessions sessions;
    private final String name;
    private final long fence;
    private final Duration ttl;
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private volatile boolean over;
    /** Whether anybody has asked for the end. Guarded by the lock of the future. */
    private boolean awaited;

    Session(Store store, Sessions sessions, String name, long fence, Duration ttl) {
        this.store = store;
        this.sessions = sessions;
        this.name = name;
        this.fence = fence;
        this.ttl = ttl;
    }

    /** The name that it was opened with. */
    public String name() {
        return name;
    }

    /**
     * The fencing number: larger than that of every session that was opened before on the same tree, in whichever process.
     * Like versions, it goes back when a backup is restored over the storage.
     */
    public long fence() {
        return fence;
    }

    /**
     * Whether the newest state has the session. It may end right after this answer: a commit that depends on it says
     * {@link Transaction#require}.
     *
     * @throws StoreClosedException if the store is closed
     */
    public boolean isOpen() {
        return !over && SessionRecords.isOpen(store.snapshot(), fence);
    }

    /**
     * Completes when this process learns that the session has ended, by whichever way: the sign to stop the work that depends
     * on it. A process that is suspended, or cut off from the storage, learns that late. Completed on the common pool.
     *
     * @return a future of this call alone
     */
    public CompletableFuture<@Nullable Void> ended() {
        synchronized (ended) {
            awaited = true;
            return ended.copy();
        }
    }

    /**
     * Ties a place to the session: at its end the place is removed, if anything is there. The place need not exist yet. An own
     * commit; {@link #own(Transaction, KeyPath)} joins a batch.
     *
     * @throws SessionEndedException if the session has ended
     * @throws ConflictException if another open session owns the place
     * @throws IllegalArgumentException if it is the root
     */
    public void own(KeyPath place) {
        requireNonNull(place, "place must not be null");
        store.atomically(tx -> own(tx, place));
    }

    /**
     * Ties a place to the session: at its end the place is handed to a function, if anything is there.
     *
     * @param handler the name that {@link Store#onSessionEnd} has given the function, in this process too
     * @throws IllegalArgumentException if there is no such function, or the place is the root
     * @throws SessionEndedException if the session has ended
     * @throws ConflictException if another open session owns the place
     */
    public void own(KeyPath place, String handler) {
        requireNonNull(place, "place must not be null");
        requireNonNull(handler, "handler must not be null");
        store.atomically(tx -> own(tx, place, handler));
    }

    /** {@link #own(KeyPath)} in a batch; the path begins where those of {@code tx} begin. */
    public void own(Transaction tx, KeyPath place) {
        tie(tx, place, null);
    }

    /** {@link #own(KeyPath, String)} in a batch; the path begins where those of {@code tx} begin. */
    public void own(Transaction tx, KeyPath place, String handler) {
        requireNonNull(tx, "tx must not be null");
        requireNonNull(handler, "handler must not be null");
        sessions.requireHandler(handler);
        tie(tx, place, handler);
    }

    private void tie(Transaction tx, KeyPath place, @Nullable String handler) {
        requireNonNull(tx, "tx must not be null");
        requireNonNull(place, "place must not be null");
        tx.require(this);
        sessions.endOwnerThatIsGone(tx.whole(), tx.absolute(place));
        SessionRecords.own(tx.whole(), fence, tx.absolute(place), handler);
    }

    /**
     * Frees a place, which stays as it is.
     *
     * @return false if the session does not own it
     */
    public boolean release(KeyPath place) {
        requireNonNull(place, "place must not be null");
        return store.<Boolean>transact(tx -> release(tx, place));
    }

    /** {@link #release(KeyPath)} in a batch; the path begins where those of {@code tx} begin. */
    public boolean release(Transaction tx, KeyPath place) {
        requireNonNull(tx, "tx must not be null");
        requireNonNull(place, "place must not be null");
        requireOf(tx.whole());
        return SessionRecords.release(tx.whole(), fence, tx.absolute(place));
    }

    /**
     * Ends the session now: its places are removed, or handed to their functions. Idempotent. If that cannot be committed, the
     * session falls silent, and ends as that of a killed process does.
     */
    @Override
    public void close() {
        sessions.close(this);
    }

    /** For people: the name, the fencing number, and whether this process knows it to be over. */
    @Override
    public String toString() {
        return "Session[" + name + ", fence " + fence + (over ? ", ended]" : "]");
    }

    Duration ttl() {
        return ttl;
    }

    /** This process knows that it is over. */
    void hasEnded() {
        over = true;
        synchronized (ended) {
            if (!awaited) {
                ended.complete(null); // runs no action: whoever asks from here on finds it complete
                return;
            }
        }
        // Elsewhere: an action that takes long must not hold up the heartbeats of other sessions.
        CompletableFuture<@Nullable Void> ignored = ended.completeAsync(() -> null);
    }

    /** Refuses a commit unless the session is open in the state that it is committed on. */
    void require(Transaction tx) {
        requireOf(tx);
        // Known to be over, it stays so: a restored older tree may have its record.
        if (over || !SessionRecords.isOpen(tx, fence)) {
            throw new SessionEndedException(name, fence);
        }
    }

    private void requireOf(Transaction tx) {
        if (!store.isOf(tx.before())) {
            throw new IllegalArgumentException(this + " is of another store than the transaction");
        }
    }
}
