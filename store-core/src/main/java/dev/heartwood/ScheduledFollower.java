package dev.heartwood;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A follower that delivers on an executor, one call at a time. Committing threads hand over changes and request a round; a
 * {@link DeliveryLoop} runs the rounds.
 *
 * @param <L> the type of the listener
 */
abstract class ScheduledFollower<L> implements Follower {
    /** The maximum number of calls in a round. */
    private static final int ROUND = 64;

    /** All objects that it references until it ends, and releases then. */
    record Ties<L>(Timeline timeline, Delivery delivery, L listener) {}

    /** Also for the loop: if a round ends in an error, the next commit rings for its remaining changes. */
    final RingList.Reminder reminder;

    private final DeliveryLoop loop = new DeliveryLoop(this);
    /** Null once this is over. The thread that takes it out ends it. */
    private final AtomicReference<@Nullable Ties<L>> ties;

    /** Where it is registered. Replaced by one thread at a time, that of a round. */
    private volatile Registration registration = new Registration(this);

    private volatile long startVersion;
    private volatile boolean cancelled;
    private volatile boolean timeEnded;

    ScheduledFollower(Timeline timeline, Delivery delivery, L listener) {
        this.ties = new AtomicReference<>(new Ties<>(timeline, delivery, listener));
        this.reminder = timeline.reminder();
    }

    /** Follows the places of {@code first} from now on, and begins to deliver. Gives the state that it starts from. */
    final Snapshot start(Timeline timeline, Registration first) {
        registration = first;
        Snapshot base = timeline.follow(first);
        try {
            loop.begin();
            // Changes handed in before could ask for no round.
            ring();
        } catch (Throwable e) {
            close(); // or it would go on, and nobody could close it
            throw e;
        }
        return base;
    }

    /** Begins on a timeline that has ended: only the end remains to be delivered. */
    final void startAtTheEnd() {
        timeEnded = true;
        loop.begin();
        ring();
    }

    /** Follows other places, and then no longer those from before. For the thread of a round. */
    final void move(Registration next) {
        Registration old = registration;
        Ties<L> mine = ties.get();
        if (mine == null) {
            return; // who has ended it leaves the old places
        }
        try {
            mine.timeline.follow(next);
        } catch (StoreClosedException e) {
            return; // nothing is handed in any more, at no place
        }
        // First the assignment, then the look: a thread that ends this finds the new places, or is found here, where it
        // may have known the old places alone.
        registration = next;
        mine.timeline.unfollow(old);
        if (ties.get() == null) {
            mine.timeline.unfollow(next);
        }
    }

    // ---- for subclasses

    /** Starts from {@code base}: forgets everything that was handed in. */
    abstract void forget(Snapshot base);

    /** Adds a pending change; {@code differs} is that of {@link #handIn}. */
    abstract void add(Snapshot before, Snapshot after, boolean differs);

    /** Whether no change is pending. */
    abstract boolean hasNothing();

    /** Delivers the next change. One thread at a time. False: there is none. */
    abstract boolean tellNext(Ties<L> mine);

    /** Drops all pending changes, and all later ones. */
    abstract void drop();

    /** Whether nothing is left to deliver once the timeline has ended. */
    boolean isDrained() {
        return hasNothing();
    }

    /** The timeline has ended: nothing is handed in any more. On the thread that closes it. */
    void atTheEnd() {}

    /** The reason why it cannot continue; null if it can. */
    @Nullable
    StoreException unable() {
        return null;
    }

    // ---- on the threads that commit

    @Override
    public final void startFrom(Snapshot base) {
        startVersion = base.version();
        forget(base);
    }

    @Override
    public final boolean handIn(Snapshot before, Snapshot after, boolean differs) {
        if (ties.get() == null) {
            return false;
        }
        add(before, after, differs);
        return true;
    }

    @Override
    public final void ring() {
        if (loop.isHeld()) {
            return;
        }
        StoreException reason = unable();
        if (reason != null) {
            end(reason);
        } else if (!hasNothing()) {
            loop.ask();
        }
    }

    @Override
    public final void ended() {
        timeEnded = true;
        atTheEnd();
        ring();
        letGoAtTheEnd();
    }

    @Override
    public void missedSteps(long upTo) {
        if (startVersion < upTo) {
            end(
                    new StoreException(
                            "some commits could not be delivered, because their threads ran out of memory or stack. The"
                                    + " subscription is closed; the store has all commits, so watch again and start from base()"));
        }
    }

    @Override
    public final void failed(Throwable failure) {
        fail(ties.get(), failure);
    }

    private static void fail(@Nullable Ties<?> ties, Throwable failure) {
        if (ties != null) {
            ties.delivery.fail(failure);
        } else {
            FailureHandlers.tell(FailureHandlers::log, failure);
        }
    }

    // ---- for the loop

    /** Delivers pending changes, up to the length of a round. One thread at a time. */
    final void tellRound() {
        Ties<L> mine = ties.get();
        if (mine != null) {
            ReentrancyGuard here = ReentrancyGuard.here();
            here.beginDelivery(mine.timeline.number());
            try {
                boolean more = true;
                for (int i = 0; more && i < ROUND && !cancelled; i++) {
                    more = tellNext(mine);
                }
            } finally {
                here.endDelivery();
            }
        }
        letGoAtTheEnd();
    }

    /** Null once this is over. */
    final @Nullable Ties<L> ties() {
        return ties.get();
    }

    final void execute(Runnable task) {
        Ties<L> mine = ties.get();
        if (mine != null) {
            mine.delivery.executor().execute(task);
        }
    }

    void refused(Throwable failure) {
        Ties<L> mine = ties.get();
        // Errors come from the virtual machine. After a rejection the executor is used again only at the next change:
        // otherwise the handler would be called at every commit.
        if (failure instanceof Error) {
            reminder.set = true;
        }
        if (mine != null && mine.delivery.executor() instanceof ExecutorService service && service.isShutdown()) {
            executorEnded(failure); // It will refuse all that follow.
        } else {
            fail(mine, failure);
        }
    }

    /** Whether the executor can have no task left that it has not run. */
    final boolean isExecutorTerminated() {
        Ties<L> mine = ties.get();
        return mine != null && mine.delivery.executor() instanceof ExecutorService service && service.isTerminated();
    }

    final long patienceNanos() {
        Ties<L> mine = ties.get();
        return mine == null ? Long.MAX_VALUE : mine.delivery.patienceNanos();
    }

    // ---- the end

    final boolean isOver() {
        Ties<L> mine = ties.get();
        return mine == null || mine.timeline.isClosed();
    }

    /** Whether it was closed, or ended by itself: then nothing more is delivered. */
    final boolean isCancelled() {
        return cancelled;
    }

    /** Drops pending changes. Idempotent. */
    final void close() {
        end(null);
    }

    /** Closes it, if it has not ended, and passes the reason to its handler. */
    final void end(@Nullable Throwable why) {
        Ties<L> mine = release();
        if (mine != null && why != null) {
            gaveUp(mine, why);
        }
    }

    /** Closes it, if it has not ended, since its executor runs nothing more. */
    final void executorEnded(Throwable why) {
        Ties<L> mine = release();
        if (mine != null) {
            withoutExecutor(mine, why);
        }
    }

    /** Its ties, for the thread that ends it; null for all others. */
    private @Nullable Ties<L> release() {
        cancelled = true;
        Ties<L> mine = ties.getAndSet(null);
        if (mine != null) {
            drop();
            mine.timeline.unfollow(registration);
        }
        return mine;
    }

    /** It has ended, since its executor runs nothing more. On the thread that notices. */
    void withoutExecutor(Ties<L> mine, Throwable why) {
        gaveUp(mine, why);
    }

    /** It has ended by itself, for this reason. */
    void gaveUp(Ties<L> mine, Throwable why) {
        fail(mine, why);
    }

    /** Ends it once the timeline has ended and everything is delivered. */
    private void letGoAtTheEnd() {
        if (timeEnded && isDrained()) {
            ties.set(null);
        }
    }

    /** Whether the timeline has ended, so that nothing is handed in any more. */
    final boolean hasTimeEnded() {
        return timeEnded;
    }

    /** A subscription that retains the initial state, which this object itself does not. */
    final Subscription subscription(Snapshot base) {
        return new FollowerSubscription(this, base);
    }

    record FollowerSubscription(ScheduledFollower<?> follower, Snapshot base) implements Subscription {
        @Override
        public boolean isClosed() {
            return follower.isOver();
        }

        @Override
        public void close() {
            follower.close();
        }
    }
}
