package dev.heartwood;

import dev.heartwood.tree.TreeEquality;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One watcher. A thread that commits compares the two references at the path, and where they differ adds a change to those
 * that wait; the listener runs on its executor.
 */
final class Watch implements Follower {
    /** How many updates a round tells at most. */
    private static final int ROUND = 64;

    /** What a watcher reaches until it is over, and lets go of then. */
    private record Ties(Timeline timeline, Delivery delivery, Consumer<? super Update> listener) {}

    private final KeyPath path;
    private final PendingChanges changes;
    private final DeliveryLoop loop = new DeliveryLoop(this);
    /** Null once this is over. Whoever takes it out ends it. */
    private final AtomicReference<@Nullable Ties> ties;

    /**
     * Whether the next commit is to look whether a round is needed: something was handed in since somebody last looked, or
     * that look, or a round, ended in an error.
     */
    volatile boolean asked;

    private volatile long startVersion;
    private volatile boolean cancelled;
    private volatile boolean timeEnded;

    private Watch(Timeline timeline, KeyPath path, Delivery delivery, Consumer<? super Update> listener) {
        this.path = path;
        this.changes = delivery.isEvery() ? new ChangeQueue(path, delivery.backlog()) : new NewestChange(path);
        this.ties = new AtomicReference<>(new Ties(timeline, delivery, listener));
    }

    static Subscription start(Timeline timeline, KeyPath path, Delivery delivery, Consumer<? super Update> listener) {
        Watch watch = new Watch(timeline, path, delivery, listener);
        Snapshot base = timeline.follow(watch);
        try {
            Subscription registration = new Registration(watch, base);
            watch.begin();
            return registration;
        } catch (Throwable e) {
            watch.close(); // or it would go on, and nobody could close it
            throw e;
        }
    }

    private void begin() {
        loop.begin();
        asked = true;
        ring();
    }

    // ---- on the threads that commit

    @Override
    public void startFrom(Snapshot base) {
        startVersion = base.version();
        changes.startFrom(base);
    }

    @Override
    public void handIn(Snapshot before, Snapshot after) {
        if (ties.get() != null && differsAtAGlance(before, after)) {
            changes.add(before, after);
            // After the change is there: a thread that finds this set finds the change.
            asked = true;
        }
    }

    /** Whether the value at the path is another reference, or an unequal leaf. */
    private boolean differsAtAGlance(Snapshot before, Snapshot after) {
        try {
            return !TreeEquality.atAGlance(PathCopy.look(before.tree(), path), PathCopy.look(after.tree(), path));
        } catch (Throwable e) {
            // The equals of an opaque leaf is somebody else's code, and its failure no business of the writer's. The
            // handler hears of it when the round compares the values: it may itself use the store, and the followers
            // behind this one do not have the step yet.
            return true;
        }
    }

    @Override
    public void ring() {
        if (!asked || loop.isHeld()) {
            return;
        }
        // Cleared before the look: whoever hands something in after the look sets it again.
        asked = false;
        boolean done = false;
        try {
            if (changes.isOverflown()) {
                end(overflow());
            } else if (!hasNothing()) {
                loop.ask();
            }
            done = true;
        } finally {
            if (!done) {
                asked = true; // the next commit looks, whatever it changes
            }
        }
    }

    private StoreException overflow() {
        Ties mine = ties.get();
        int backlog = mine == null ? 0 : mine.delivery.backlog();
        return new StoreException(
                "the listener is more than " + backlog + " updates behind, the limit of its backlog: the"
                        + " subscription is closed; the store has all commits, so watch again and start from base()");
    }

    @Override
    public void ended() {
        timeEnded = true;
        asked = true;
        ring();
        letGoAtTheEnd();
    }

    @Override
    public void missedSteps(long upTo) {
        if (startVersion >= upTo) {
            return;
        }
        end(new StoreException(
                "commits were made whose threads could not tell of them, for want of memory or stack: the"
                        + " subscription is closed; the store has all commits, so watch again and start from base()"));
    }

    @Override
    public void failed(Throwable failure) {
        fail(ties.get(), failure);
    }

    private static void fail(@Nullable Ties ties, Throwable failure) {
        if (ties != null) {
            ties.delivery.fail(failure);
        } else {
            FailureHandlers.tell(FailureHandlers::log, failure);
        }
    }

    // ---- for the loop

    boolean hasNothing() {
        return changes.isEmpty();
    }

    /** Tells what waits, up to the length of a round. One thread at a time. */
    void tellRound() {
        Ties mine = ties.get();
        for (int i = 0; mine != null && i < ROUND && !cancelled; i++) {
            Update update = changes.poll();
            if (update == null) {
                break;
            }
            tell(mine, update);
        }
        letGoAtTheEnd();
    }

    /** Tells the listener, if the value really differs: an equal container in the place of another is no news. */
    private void tell(Ties mine, Update update) {
        try {
            if (differs(mine, update)) {
                call(mine.listener, update);
            }
        } catch (Throwable e) {
            fail(mine, e);
        }
    }

    /** Whether the values differ. Values that cannot be compared do: a call too many does less harm than one too few. */
    private static boolean differs(Ties mine, Update update) {
        try {
            return !TreeEquality.trees(update.nodeBefore(), update.nodeAfter());
        } catch (Throwable e) {
            fail(mine, e);
            return true;
        }
    }

    private void call(Consumer<? super Update> listener, Update update) {
        SlowListenerEvent event = new SlowListenerEvent();
        event.begin();
        try {
            listener.accept(update);
        } finally {
            event.end(path, update);
        }
    }

    void execute(Runnable task) {
        Ties mine = ties.get();
        if (mine != null) {
            mine.delivery.executor().execute(task);
        }
    }

    void refused(Throwable failure) {
        Ties mine = ties.get();
        // Errors come from this virtual machine. An executor that rejects is asked again at the next change only: the
        // handler would hear of it at every commit.
        if (failure instanceof Error) {
            asked = true;
        }
        fail(mine, failure);
        if (mine != null && mine.delivery.executor() instanceof ExecutorService service && service.isShutdown()) {
            close(); // It will refuse all that follow.
        }
    }

    /** Whether the executor can have no task left that it has not run. */
    boolean isExecutorTerminated() {
        Ties mine = ties.get();
        return mine != null && mine.delivery.executor() instanceof ExecutorService service && service.isTerminated();
    }

    long patience() {
        Ties mine = ties.get();
        return mine == null ? Long.MAX_VALUE : mine.delivery.patience();
    }

    // ---- the end

    boolean isOver() {
        Ties mine = ties.get();
        return mine == null || mine.timeline.isClosed();
    }

    /** What is pending is not told any more. Idempotent. */
    void close() {
        end(null);
    }

    /** Closes it, and tells its handler why, if it is not over. */
    void end(@Nullable Throwable why) {
        cancelled = true;
        Ties mine = ties.getAndSet(null);
        if (mine != null) {
            changes.close();
            mine.timeline.unfollow(this);
            if (why != null) {
                fail(mine, why);
            }
        }
    }

    /** Once time has ended and all is told, nothing is left to do. */
    private void letGoAtTheEnd() {
        if (timeEnded && hasNothing()) {
            ties.set(null);
        }
    }

    /** What the owner holds: he keeps the state that the watcher started from, which the watcher itself does not. */
    record Registration(Watch watch, Snapshot base) implements Subscription {
        @Override
        public boolean isClosed() {
            return watch.isOver();
        }

        @Override
        public void close() {
            watch.close();
        }
    }
}
