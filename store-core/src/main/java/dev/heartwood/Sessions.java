package dev.heartwood;

import dev.heartwood.tree.DurationText;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one store: its own, whose heartbeats it sends, and those of other processes, which it ends when they
 * have fallen silent.
 *
 * <p>On a shared root two threads do this, so that a slow function at the end of a foreign session does not delay the
 * store's own heartbeats. Nor does a slow listener: the thread that sends them runs none. On other roots there are no heartbeats, no foreign sessions and no threads.
 *
 * <p>A race between a heartbeat and an end is decided by the order of their commits. The end reads the number of heartbeats
 * that it has seen, so a heartbeat that comes first makes it look again; a heartbeat that comes second finds no session.
 */
final class Sessions {
    /** How many heartbeats, and how many looks, there are in one time to live. */
    private static final int PARTS = 4;

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LOOK_FOR_NEW_ONES = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    private final Store store;
    private final boolean shared;
    private final Consumer<? super Throwable> failureHandler;
    private final Map<Long, Session> mine = new ConcurrentSkipListMap<>();
    /** The numbers that are being given to sessions, each with how many calls try it: one of them gets it. */
    private final Map<Long, Integer> opening = new ConcurrentHashMap<>();

    private final Map<String, BiConsumer<? super Transaction, ? super KeyPath>> handlers = new ConcurrentHashMap<>();
    private final Set<String> unreadable = ConcurrentHashMap.newKeySet();
    private final SilenceClock silence = new SilenceClock();
    private final SessionChanges changes = new SessionChanges();
    /** Where there are no heartbeats: the sessions that are to be ended when their functions are known. */
    private final Set<Long> left = new HashSet<>();

    private @Nullable SessionThread heartbeats;
    private @Nullable SessionThread looks;
    private long lastBeat = System.nanoTime();
    private volatile boolean closed;

    Sessions(Store store, boolean shared, Consumer<? super Throwable> failureHandler) {
        this.store = store;
        this.shared = shared;
        this.failureHandler = failureHandler;
    }

    Session open(Store handle, String name, Duration ttl) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("expected a name, not a blank");
        }
        if (ttl.compareTo(SHORTEST) < 0 || ttl.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("expected a time to live of " + DurationText.of(SHORTEST) + " to "
                    + DurationText.of(LONGEST) + ", not " + DurationText.of(ttl));
        }
        endThoseOfEarlierProcesses();
        Set<Long> tried = new HashSet<>();
        try {
            long fence = handle.<Long>transact(tx -> {
                long next = SessionRecords.open(tx, name, ttl);
                // Before the commit: any thread that sees the session afterwards must know that it belongs to this
                // store.
                if (tried.add(next)) {
                    opening.merge(next, 1, Integer::sum);
                }
                return next;
            });
            Session session = new Session(handle, this, name, fence, ttl);
            mine.put(fence, session);
            begin();
            if (closed) {
                close(session);
            }
            return session;
        } catch (Throwable e) {
            // Perhaps it was opened all the same.
            tried.forEach(this::leave);
            throw e;
        } finally {
            tried.forEach(next -> opening.computeIfPresent(next, (same, calls) -> calls > 1 ? calls - 1 : null));
        }
    }

    void onEnd(String handler, BiConsumer<? super Transaction, ? super KeyPath> function) {
        know(handler, function);
        endThoseOfEarlierProcesses();
        begin();
    }

    /** Takes note of a function, and begins nothing. */
    void know(String handler, BiConsumer<? super Transaction, ? super KeyPath> function) {
        if (handler.isBlank()) {
            throw new IllegalArgumentException("expected a name, not a blank");
        }
        if (handlers.putIfAbsent(handler, function) != null) {
            throw new IllegalArgumentException(
                    "a function with the name " + TreePrinter.brief(handler) + " is already registered");
        }
    }

    void requireHandler(String handler) {
        if (!handlers.containsKey(handler)) {
            throw new IllegalArgumentException("no function with the name " + TreePrinter.brief(handler)
                    + " is registered in this process: register it with Store.onSessionEnd first");
        }
    }

    /** Ends a session of this store. */
    void close(Session session) {
        store.requireOutside();
        if (mine.remove(session.fence()) == null) {
            return;
        }
        try {
            store.batch(tx -> {
                boolean ignored = SessionRecords.end(tx, session.fence(), handlers);
            });
        } catch (Throwable e) {
            leave(session.fence());
            throw e;
        } finally {
            session.hasEnded();
        }
    }

    /** Ends all sessions of this store, before its root is closed. */
    void close() {
        closed = true;
        List<Session> open = List.copyOf(mine.values());
        if (!open.isEmpty() && !endTogether(open)) {
            open.forEach(this::closeOrTell);
        }
        wake();
    }

    /**
     * In one commit, so that closing takes the time of one. False if a function of a session has failed, so that the others are to be ended
     * without it. Where the root cannot commit at all, others find all of them silent later.
     */
    private boolean endTogether(List<Session> open) {
        boolean[] haveRun = {false};
        try {
            store.batch(tx -> {
                haveRun[0] = false;
                open.forEach(session -> {
                    boolean ignored = SessionRecords.end(tx, session.fence(), handlers);
                });
                haveRun[0] = true;
            });
        } catch (StoreIOException | IndeterminateCommitException e) {
            if (!haveRun[0]) {
                return false;
            }
            FailureHandlers.tell(failureHandler, e);
        } catch (RuntimeException e) {
            return false;
        }
        open.forEach(this::forget);
        return true;
    }

    private void closeOrTell(Session session) {
        try {
            close(session);
        } catch (StoreClosedException e) {
            // The root was closed meanwhile.
        } catch (RuntimeException e) {
            FailureHandlers.tell(failureHandler, e);
        }
    }

    private void forget(Session session) {
        mine.remove(session.fence(), session);
        session.hasEnded();
    }

    /** Sends a heartbeat of each session of this store, in one commit. */
    void beat() {
        Collection<Session> beating = List.copyOf(mine.values());
        if (beating.isEmpty()) {
            return;
        }
        List<Session> over = store.<List<Session>>transact(tx -> beating.stream()
                .filter(session -> !SessionRecords.beat(tx, session.fence()))
                .toList());
        over.forEach(this::forget);
    }

    /**
     * Looks at the sessions of others, and ends those that have fallen silent.
     *
     * @return the nanoseconds until the next look
     */
    long look(long now) {
        Snapshot state = store.snapshot();
        silence.look(now);
        changes.look(state, silence::see, silence::forget, this::tellOnce);
        for (SessionRecord session : silence.silent()) {
            if (!isOfThisStore(session.fence())) {
                end(session);
            }
        }
        return Math.min(LOOK_FOR_NEW_ONES.toNanos(), silence.shortest() / PARTS);
    }

    private boolean isOfThisStore(long fence) {
        // In this order: a number leaves the first when it is in the second.
        return opening.containsKey(fence) || mine.containsKey(fence);
    }

    /** Ends a session that has been silent, unless its heartbeat moves meanwhile. */
    void end(SessionRecord silent) {
        if (!handlers.keySet().containsAll(silent.handlers())) {
            return; // a process that knows its functions will end it
        }
        try {
            store.batch(tx -> {
                if (SessionRecords.isOpen(tx, silent.fence())
                        && SessionRecords.beats(tx, silent.fence()) == silent.beat()) {
                    boolean ignored = SessionRecords.end(tx, silent.fence(), handlers);
                }
            });
        } catch (StoreClosedException e) {
            throw e;
        } catch (RuntimeException e) {
            // Of a function, perhaps. The other sessions can be ended all the same; this one is tried again.
            FailureHandlers.tell(failureHandler, e);
        }
    }

    /** Where no other process can have a session, each that is not of this store was left by one that is gone. */
    private void endThoseOfEarlierProcesses() {
        if (!shared) {
            leftovers().forEach(this::end);
        }
    }

    private synchronized List<SessionRecord> leftovers() {
        Snapshot state = store.snapshot();
        changes.look(
                state,
                session -> {
                    if (!isOfThisStore(session.fence())) {
                        left.add(session.fence());
                    }
                },
                left::remove,
                this::tellOnce);
        left.removeIf(fence -> isOfThisStore(fence) || !SessionRecords.isOpen(state, fence));
        return left.stream()
                .map(fence -> SessionRecords.read(state, Long.toString(fence), this::tellOnce))
                .filter(Objects::nonNull)
                .toList();
    }

    /** A session is no longer of this store, though it may be open. */
    private synchronized void leave(long fence) {
        left.add(fence);
    }

    /**
     * Ends the session that owns a place, if no live process can own it: no other process can have a session, and a
     * restored older tree contains a session that this store has ended.
     */
    void endOwnerThatIsGone(Transaction tx, KeyPath place) {
        long owner = SessionRecords.ownerOf(tx, place);
        if (!shared && owner >= 0 && !isOfThisStore(owner)) {
            boolean ignored = SessionRecords.end(tx, owner, handlers);
        }
    }

    synchronized boolean hasThreads() {
        return heartbeats != null;
    }

    /** Begins to send heartbeats and to look, or adapts both to new sessions. */
    private void begin() {
        if (!shared) {
            return;
        }
        synchronized (this) {
            if (heartbeats == null) {
                heartbeats = SessionThread.start("heartwood sends heartbeats", true, this::beatAndRest, failureHandler);
                looks = SessionThread.start("heartwood watches sessions", false, this::lookAndRest, failureHandler);
            }
        }
        wake();
    }

    private synchronized void wake() {
        if (heartbeats != null && looks != null) {
            heartbeats.wake();
            looks.wake();
        }
    }

    /** Gives the nanoseconds until the next heartbeat is due; a negative number at the end. */
    private long beatAndRest() {
        if (closed) {
            return -1;
        }
        long interval = mine.values().stream()
                .mapToLong(session -> Durations.of(session.ttl()) / PARTS)
                .min()
                .orElse(TimeUnit.HOURS.toNanos(1));
        long now = System.nanoTime();
        long left = lastBeat + interval - now;
        if (left <= 0) {
            beat();
            lastBeat = now; // of its beginning, and only if it was committed: else the next try comes soon
        }
        return left <= 0 ? interval : left;
    }

    private long lookAndRest() {
        return closed ? -1 : Math.max(look(System.nanoTime()), SHORTEST.toNanos() / PARTS);
    }

    private void tellOnce(StoreException failure) {
        if (unreadable.add(String.valueOf(failure.getMessage()))) {
            FailureHandlers.tell(failureHandler, failure);
        }
    }
}
