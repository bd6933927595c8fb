package dev.heartwood;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Ownership of places of the tree by a running program. The places are given back when the program ends or is killed.
 * Opened by {@link Store#session}.
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
 * <p><b>The end.</b> A session ends by {@link #close}, when its store is closed, or when it falls silent. At its end
 * each place that it {@linkplain #own owns} is removed, or given to a function, in the same commit. On a root that
 * processes share, the process commits a heartbeat four times in each time to live. Every process that has opened a
 * session, or registered a function with {@link Store#onSessionEnd}, watches the sessions of other processes, and ends
 * a session without a heartbeat for its time to live. It measures that time on its own clock, from the moment at which
 * it saw the last heartbeat; the clocks of two machines are never compared, and the time of day plays no part. If the
 * watching process itself was suspended, the suspension counts as half a time to live at most. On all other roots (in
 * memory, a JSON file) there are no heartbeats: a session ends with its process, and the next process that opens a
 * session on the file ends the sessions that it finds.
 *
 * <p><b>Fencing.</b> A session may end while its process still works: the process was suspended for longer than the
 * time to live, or was cut off from the storage. The process cannot detect that in time. So a commit that depends on
 * the session calls {@link Transaction#require}: it commits only while the session is open. The {@link #fence} of each
 * session is larger than those of all earlier sessions, so a service outside of the store can refuse requests of an
 * earlier owner.
 *
 * <p><b>In the tree.</b> The records of sessions are at {@link #RECORDS}. They can be read like any other value; only
 * the library should write there.
 *
 * <p>Thread-safe. A session belongs to the store that opened it, and that store keeps it open until it ends.
 */
public final class Session implements AutoCloseable {
    /** The place of the session records in a tree: the top-level key {@code $sessions}. */
    public static final KeyPath RECORDS = KeyPath.of("$sessions");

    private final Store store;
    private final Sessions sessions;
    private final String name;
    private final long fence;
    private final Duration ttl;
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private volatile boolean over;
    /** Whether {@link #ended} has been called. Guarded by the lock of the future. */
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
     * The fencing number: larger than that of every session that any process opened before on the same tree. Like
     * versions, it goes back when a backup is restored over the storage.
     */
    public long fence() {
        return fence;
    }

    /**
     * Whether the newest state has the session. It may end right after this answer: a commit that depends on it must
     * call {@link Transaction#require}.
     *
     * @throws StoreClosedException if the store is closed
     */
    public boolean isOpen() {
        return !over && SessionRecords.isOpen(store.snapshot(), fence);
    }

    /**
     * Completes when this process learns that the session has ended, for any reason: the sign to stop the work that
     * depends on it. A process that is suspended, or cut off from the storage, learns this late. Completed on the
     * common pool.
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
     * Ties a place to the session: at the end of the session the place is removed, if it has a value. The place need
     * not exist yet. This is a commit of its own; {@link #own(Transaction, KeyPath)} joins a batch.
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
     * Ties a place to the session: at the end of the session the place is given to a function, if it has a value.
     *
     * @param handler the name of a function that was registered with {@link Store#onSessionEnd}, also in this process
     * @throws IllegalArgumentException if there is no such function, or the place is the root
     * @throws SessionEndedException if the session has ended
     * @throws ConflictException if another open session owns the place
     */
    public void own(KeyPath place, String handler) {
        requireNonNull(place, "place must not be null");
        requireNonNull(handler, "handler must not be null");
        store.atomically(tx -> own(tx, place, handler));
    }

    /** {@link #own(KeyPath)} in a batch; the path is relative to the same place as those of {@code tx}. */
    public void own(Transaction tx, KeyPath place) {
        tie(tx, place, null);
    }

    /** {@link #own(KeyPath, String)} in a batch; the path is relative to the same place as those of {@code tx}. */
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
     * Gives up the ownership of a place; the place keeps its value.
     *
     * @return false if the session does not own it
     */
    public boolean release(KeyPath place) {
        requireNonNull(place, "place must not be null");
        return store.<Boolean>transact(tx -> release(tx, place));
    }

    /** {@link #release(KeyPath)} in a batch; the path is relative to the same place as those of {@code tx}. */
    public boolean release(Transaction tx, KeyPath place) {
        requireNonNull(tx, "tx must not be null");
        requireNonNull(place, "place must not be null");
        requireOf(tx.whole());
        return SessionRecords.release(tx.whole(), fence, tx.absolute(place));
    }

    /**
     * Ends the session now: its places are removed, or given to their functions. Idempotent. If that cannot be
     * committed, the heartbeats stop, and the session ends like that of a killed process.
     */
    @Override
    public void close() {
        sessions.close(this);
    }

    /** For people: the name, the fencing number, and whether this process knows that the session has ended. */
    @Override
    public String toString() {
        return "Session[" + name + ", fence " + fence + (over ? ", ended]" : "]");
    }

    Duration ttl() {
        return ttl;
    }

    /** This process has learned that the session has ended. */
    void hasEnded() {
        over = true;
        synchronized (ended) {
            if (!awaited) {
                ended.complete(null); // runs no action: later callers find it complete
                return;
            }
        }
        // On another thread: a slow action must not delay the heartbeats of other sessions.
        CompletableFuture<@Nullable Void> ignored = ended.completeAsync(() -> null);
    }

    /** Refuses a commit unless the session is open in the state that it is committed on. */
    void require(Transaction tx) {
        requireOf(tx);
        // An ended session stays ended: a restored older tree may still have its record.
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
