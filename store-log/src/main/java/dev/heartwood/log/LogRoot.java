package dev.heartwood.log;

import dev.heartwood.CommitOutcome;
import dev.heartwood.Edit;
import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.StoreClosedException;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.Timeline;
import dev.heartwood.Token;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Listening;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.storage.CommitQueue;
import dev.heartwood.storage.SafeLog;
import dev.heartwood.storage.SharedLook;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The tree of a shared log: a {@link Replica} in memory, which local reads use without a request, and the
 * {@link CommitAppender}, which writes.
 *
 * <p>Commits build on the head of this process without a request to the log: the append that decides them compares the
 * position, and so checks that the head is current. An answer that commits nothing has no append, and asks the log
 * before it is released: see {@link #confirm}.
 *
 * <p>Locks are taken in this order: that of {@link SharedLook}, then {@link #deciding}, then that of
 * {@link CommitQueue}. None is held while watchers are called.
 */
final class LogRoot implements Root {
    private static final Logger LOGGER = System.getLogger("dev.heartwood.log");

    private final SharedLog log;
    private final LogOptions options;
    private final Wiring wiring;
    private final LogRequests requests;
    private final Timeline timeline;
    private final CommitQueue<String> queue;
    private final Replica replica;
    private final CommitAppender appender;
    private final Checkpointer checkpointer;
    /** Held by a thread that applies entries of the log, or appends one. */
    private final ReentrantLock deciding = new ReentrantLock();

    private final SharedLook looking = new SharedLook();
    private final Wiring.Background follower;
    private final Wiring.Background checkpoints;
    /** The follower calls no listener: a slow listener would delay the following wake-ups. */
    private final ExecutorService listeners;

    private final Listening listening;
    /** The largest number from a wake-up. */
    private final AtomicLong hint = new AtomicLong();

    /** Whether the last look has failed; guarded by {@link #looking}. */
    private boolean lookFailed;

    private volatile boolean askSoon;
    private volatile long wokenAt;
    private volatile boolean opened;
    private volatile boolean closed;
    // Only the follower uses the following fields.
    private long polledAt;
    private boolean failing;
    /** Whether streams were ended because nothing can be committed any more. */
    private boolean toldBroken;

    private LogRoot(SharedLog log, LogOptions options, Wiring wiring) {
        this.log = log;
        this.options = options;
        this.wiring = wiring;
        this.requests = new LogRequests(wiring.clock(), wiring.random(), options.deadline(), this::isClosed);
        this.follower = wiring.threads().background("heartwood-log follows", this::follow);
        this.checkpoints = wiring.threads().background("heartwood-log checkpoints", this::writeCheckpoint);
        this.listeners = wiring.threads().listeners("heartwood-log tells");
        this.wokenAt = wiring.clock().nanoTime();
        // Subscribe first, then read: then an entry between the two causes a wake-up. In the other order it would stay
        // unknown until the next poll.
        this.listening = log.listen(this::wake);
        LogRequests.Retries again = requests.checkpointRetries();
        Checkpoint start = requests.ask(() -> Replica.load(log, requests.parts(log), again));
        this.timeline = new Timeline(start.version(), start.tree(), LogFormat.TREES.dialect());
        timeline.stampCommits();
        this.queue = new CommitQueue<>(timeline, wiring.clock());
        ClaimGate claims = new ClaimGate(wiring.clock(), wiring.writer());
        this.replica = new Replica(log, requests, start, timeline, queue, claims::heard);
        this.appender = new CommitAppender(log, requests, wiring, queue, replica, deciding, claims);
        this.checkpointer = new Checkpointer(log, requests, options, replica, deciding, this::isClosed);
    }

    /**
     * Opens the tree in a log; closes the connection if that is not possible.
     *
     * @throws StoreIOException if the log does not answer before the deadline, or refuses
     * @throws dev.heartwood.StoreException if the log holds no tree, or one of a newer version of the library
     */
    static LogRoot open(SharedLog log, LogOptions options, Wiring wiring) {
        try {
            LogRoot root = new LogRoot(log, options, wiring);
            root.begin();
            root.polledAt = wiring.clock().nanoTime();
            root.opened = true;
            root.follower.wake();
            return root;
        } catch (Throwable e) {
            try {
                log.close();
            } catch (RuntimeException | Error again) {
                // The virtual machine has one error for all whom it has no memory for.
                if (again != e) {
                    e.addSuppressed(again);
                }
            }
            throw e;
        }
    }

    @Override
    public Timeline timeline() {
        return timeline;
    }

    @Override
    public Snapshot visible() {
        return options.reads() == Reads.FRESH ? fresh() : local();
    }

    private Snapshot local() {
        queue.publish();
        return timeline.newest();
    }

    @Override
    public Snapshot fresh() {
        look();
        return local();
    }

    @Override
    public Snapshot head() {
        requireOpen();
        return queue.head();
    }

    @Override
    public boolean compareAndSet(Snapshot before, Snapshot after, Supplier<List<Edit>> edits) {
        requireOpen();
        replica.requireSound();
        // Writing the edits may take a while: so it is not done under the lock, nor for a race that is already lost.
        return queue.head() == before && queue.accept(before, after, LogFormat.line(edits.get(), after.origin()));
    }

    @Override
    public boolean settle(Snapshot state) {
        return queue.settle(state, this::decide);
    }

    /**
     * An answer that commits nothing is released if its state was the newest at a moment of the call. The state is
     * compared with the present end of the log. If it is behind, the call runs again on a later head, and then needs no
     * further request: a state at or after the newest state at the time of this request was itself the newest later in
     * the call.
     */
    @Override
    public @Nullable Snapshot confirm(Snapshot state, @Nullable Snapshot newest) {
        if (!settle(state)) {
            return null;
        }
        if (newest != null && state.version() >= newest.version()) {
            return state;
        }
        look();
        queue.publish();
        return queue.durable();
    }

    @Override
    public @Nullable Token token(Snapshot state) {
        Position entry = replica.entryOf(state);
        return new Token(replica.identity(), state.version(), entry == null ? "" : entry.toString());
    }

    @Override
    public boolean hasReached(Token token) {
        requireOpen();
        if (!token.log().equals(replica.identity())) {
            throw new IllegalArgumentException("the token is of log \"" + token.log()
                    + "\", and this store is over log \"" + replica.identity() + "\"");
        }
        Snapshot known = local();
        if (known.version() < token.version()) {
            return false;
        }
        Position entry = position(token.entry());
        // Without the lock first: a thread may hold that while it waits for the log, longer than this caller has time.
        if (entry != null && !replica.canFollow(entry)) {
            requireEntry(entry, token);
        }
        return true;
    }

    private void requireEntry(Position entry, Token token) {
        deciding.lock();
        try {
            if (!replica.canFollow(entry)) {
                throw new LogReplacedException("the log lacks entry " + entry + " of the token " + token
                        + ", though it is long enough: the log was restored or replaced after the token was issued");
            }
        } finally {
            deciding.unlock();
        }
    }

    @Override
    public CommitOutcome outcomeOf(IndeterminateCommitException failure) {
        String[] id = failure.commitId().orElse("").split(" ", -1);
        // A commit of another log, or of a root without one. An id that names no log is taken for one of this log.
        if (id.length < 2 || (id.length > 2 && !id[2].equals(replica.identity()))) {
            return CommitOutcome.UNKNOWN;
        }
        Position entry = new Position(Long.parseLong(id[0]), id[1]);
        try {
            look();
        } catch (LogReplacedException e) {
            // What stands at this number now belongs to another past.
            return CommitOutcome.UNKNOWN;
        }
        // While the number is not filled, the request may still arrive. An entry without commits fills it.
        appender.fill(entry.number());
        deciding.lock();
        try {
            Boolean held = replica.holds(entry);
            if (held == null) {
                // The entry of another opening, or one from long ago.
                List<Entry> still = requests.ask(() -> log.read(entry.number())).entries();
                boolean isFilled = !still.isEmpty() && still.get(0).at().number() == entry.number();
                held = isFilled ? still.get(0).at().equals(entry) : null;
            }
            return held == null ? CommitOutcome.UNKNOWN : outcome(held);
        } finally {
            deciding.unlock();
            queue.publish();
        }
    }

    private static CommitOutcome outcome(boolean committed) {
        return committed ? CommitOutcome.COMMITTED : CommitOutcome.NOT_COMMITTED;
    }

    private static @Nullable Position position(String text) {
        int space = text.indexOf(' ');
        return space < 0 ? null : new Position(Long.parseLong(text.substring(0, space)), text.substring(space + 1));
    }

    @Override
    public void flush() {
        requireOpen();
        finish();
    }

    @Override
    public void close() {
        if (!queue.close()) {
            return;
        }
        try {
            finish();
            // Processes that live for one commit only would otherwise each begin a checkpoint and end before it is
            // written, and the log would grow for ever.
            writeCheckpoint();
        } finally {
            closed = true;
            follower.stop();
            checkpoints.stop();
            failStreams();
            timeline.close();
            listeners.shutdown();
            listening.close();
            log.close();
        }
    }

    /** Before the end of the timeline: a stream of a log that was replaced or damaged ends with that, even if the follower comes too late. */
    private void failStreams() {
        StoreException broken = replica.broken();
        if (broken != null) {
            queue.fail(broken);
        }
    }

    private void finish() {
        try {
            queue.lead(() -> {
                while (queue.undecidedHead() != null) {
                    decide();
                }
            });
        } finally {
            queue.publish();
        }
    }

    /** The position up to which the log is applied. */
    Replica replica() {
        return replica;
    }

    private boolean isClosed() {
        return closed;
    }

    private void requireOpen() {
        if (timeline.isClosed()) {
            throw new StoreClosedException();
        }
    }

    private void decide() {
        appender.decide();
        // A wake-up that came meanwhile was left to this thread. Checkpoints are started by the follower.
        if (hint.get() > replica.position().number() || checkpointer.isDue(wiring.writer())) {
            follower.wake();
        }
    }

    /**
     * Applies every commit that was acknowledged before this call, one answer of the log after the other. Each is published at once, since
     * nobody watches yet: together, the states of a long log may not fit into the heap.
     */
    private void begin() {
        // The end at the first answer: others may append faster than this process reads.
        long end = Long.MAX_VALUE;
        while (replica.position().number() < end) {
            deciding.lock();
            try {
                end = Math.min(end, replica.readOn());
            } finally {
                deciding.unlock();
            }
            queue.publish();
        }
    }

    /** Applies every commit that was acknowledged before this call. */
    private void look() {
        long called = wiring.clock().nanoTime();
        looking.take(() -> {
            requireOpen();
            replica.requireSound();
            if (lookFailed && requests.hasWaited(called)) {
                // Else each of many would wait for the deadlines of all before it.
                throw new StoreIOException(
                        requests.silence()
                                + " to other threads, for which this one has waited. Nothing was changed; try"
                                + " again when the log can be reached",
                        null);
            }
            lookFailed = true;
            // Known before the question: an own commit may come between the question and its answer.
            Position known = replica.position();
            Position last = requests.ask(log::last);
            replica.requireFollows(last, known);
            catchUp(last.number());
            lookFailed = false;
        });
    }

    private void catchUp(long number) {
        if (replica.position().number() < number) {
            deciding.lock();
            try {
                replica.catchUp(number);
            } finally {
                deciding.unlock();
            }
        }
    }

    private void hear() {
        // Cleared before the log is read: then a wake-up that arrives meanwhile is handled by the next run. If it were
        // cleared after, that wake-up would be lost. If it were never cleared, a number that the log does not have
        // would be requested again and again.
        long told = hint.getAndSet(0);
        if (replica.position().number() < told) {
            deciding.lock();
            try {
                replica.hear(told);
            } finally {
                deciding.unlock();
            }
        }
    }

    /** A wake-up of the log: only a hint. */
    private void wake(long number) {
        wokenAt = wiring.clock().nanoTime();
        if (number < 0) {
            askSoon = true;
        } else {
            hint.accumulateAndGet(number, Math::max);
        }
        // A wake-up may arrive before the root is complete.
        if (opened && !isKnownSoon(number)) {
            follower.wake();
        }
    }

    /**
     * Whether the thread that appends will know the number without the follower: as a rule it is its own append that is heard,
     * and waking the follower for that would cost every commit.
     *
     * <p>The hint is written before the append under way is read, and {@link #decide} reads the hint after the append is under
     * way no more. So one of the two sees the other: if neither did, an entry of another process would be heard of at the next
     * poll.
     */
    private boolean isKnownSoon(long number) {
        return number >= 0 && number <= Math.max(replica.position().number(), appender.underWay());
    }

    /**
     * The follower's task: applies the entries of other processes, at wake-ups, and by polling once in a poll interval.
     */
    long follow() {
        long poll = options.pollInterval().toNanos();
        if (closed) {
            return Long.MAX_VALUE;
        }
        try {
            long now = wiring.clock().nanoTime();
            if (askSoon || now - polledAt >= poll) {
                askSoon = false;
                polledAt = now;
                long before = replica.position().number();
                look();
                if (replica.position().number() > before && now - wokenAt > 2 * poll) {
                    // New entries without a wake-up: the listening connection may be dead without an error.
                    listening.kick();
                }
            } else {
                hear();
            }
            failing = false;
        } catch (StoreClosedException e) {
            return Long.MAX_VALUE;
        } catch (RuntimeException e) {
            // The end of the store ends the connection, even in the middle of a request.
            if (!failing && !closed) {
                SafeLog.log(
                        LOGGER,
                        Level.WARNING,
                        replica.broken() == null
                                ? "cannot follow the log (" + e.getMessage()
                                        + "); the store keeps trying, and plain reads show the last known state"
                                : "the log is not followed any more: " + e.getMessage(),
                        e);
            }
            failing = true;
        }
        StoreException broken = replica.broken();
        if (broken != null && !toldBroken) {
            toldBroken = true;
            listeners.execute(() -> queue.fail(broken));
        }
        if (queue.hasNews()) {
            listeners.execute(queue::publish);
        }
        if (checkpointer.isDue(wiring.writer())) {
            checkpoints.wake();
        }
        return poll;
    }

    /** The task of the checkpoints: writes one if it is due. */
    long writeCheckpoint() {
        if (!closed) {
            checkpointer.writeIfDue(wiring.writer());
        }
        return Long.MAX_VALUE;
    }
}
