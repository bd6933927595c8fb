package dev.heartwood;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber of a {@link Publisher}. Changes are merged while it requests none; a round signals the requested ones.
 * All signals come from rounds, and so one at a time; where the executor runs no more rounds, the last one comes from the
 * thread that notices.
 */
final class UpdateSubscription extends ScheduledFollower<Flow.Subscriber<? super Update>> implements Flow.Subscription {
    private final NewestChange changes;
    private final AtomicLong requested = new AtomicLong();
    private volatile boolean greeted;
    private volatile boolean askedForNothing;

    private UpdateSubscription(
            Timeline timeline, KeyPath path, Delivery delivery, Flow.Subscriber<? super Update> subscriber) {
        super(timeline, delivery, subscriber);
        this.changes = new NewestChange(path);
    }

    static void start(Timeline timeline, KeyPath path, Delivery delivery, Flow.Subscriber<? super Update> subscriber) {
        UpdateSubscription subscription = new UpdateSubscription(timeline, path, delivery, subscriber);
        Registration registration = new Registration(subscription).at(path, ReadSet.Kind.VALUE.bit());
        try {
            Snapshot ignored = subscription.start(timeline, registration);
        } catch (StoreClosedException e) {
            subscription.startAtTheEnd();
        }
    }

    // ---- for the subscriber, on any thread

    @Override
    public void request(long n) {
        if (n <= 0) {
            askedForNothing = true;
        } else {
            // As much as fits: Long.MAX_VALUE means without limit.
            requested.accumulateAndGet(n, (old, more) -> old + more < 0 ? Long.MAX_VALUE : old + more);
        }
        ring();
    }

    @Override
    public void cancel() {
        close();
    }

    // ---- for the loop

    @Override
    void forget(Snapshot base) {
        changes.startFrom(base);
    }

    @Override
    void add(Snapshot before, Snapshot after, boolean differs) {
        changes.add(before, after, differs);
    }

    /** Nothing that could be signalled now. */
    @Override
    boolean hasNothing() {
        return greeted
                && !askedForNothing
                && (changes.isEmpty() ? !isAtTheEnd() || ties() == null : requested.get() == 0);
    }

    /** Nothing comes any more, but for the change that waits. */
    private boolean isAtTheEnd() {
        return hasTimeEnded() || failure() != null;
    }

    private @Nullable StoreException failure() {
        Ties<?> mine = ties();
        return mine == null ? null : mine.timeline().failure();
    }

    @Override
    public void storageFailed() {
        ring();
    }

    /** The last signal ends it; until then it stays, also while nothing is requested. */
    @Override
    boolean isDrained() {
        return false;
    }

    @Override
    boolean tellNext(Ties<Flow.Subscriber<? super Update>> mine) {
        try {
            return signal(mine);
        } catch (Throwable e) {
            // The subscriber has violated its contract: it is treated as cancelled, and the failure handler gets the
            // exception.
            end(e);
            return false;
        }
    }

    private boolean signal(Ties<Flow.Subscriber<? super Update>> mine) {
        Flow.Subscriber<? super Update> subscriber = mine.listener();
        if (!greeted) {
            greeted = true;
            subscriber.onSubscribe(this);
            return true;
        }
        if (askedForNothing) {
            close();
            subscriber.onError(
                    new IllegalArgumentException("expected a request for 1 or more (reactive streams, 3.9)"));
            return false;
        }
        // Volatile reads, in this order: the end, the failure, the changes. A store fails before it is closed, and
        // hands in its last changes before either. So a thread that sees the end sees the failure before it, and one
        // that sees either sees all changes. If the failure came first, it and the close could both come between the
        // two looks, and the stream would be complete. If the changes came first, the last one and the end could, and
        // that change would be lost.
        boolean ended = hasTimeEnded();
        StoreException failure = failure();
        if (!changes.isEmpty()) {
            return requested.get() > 0 && next(mine);
        }
        if ((failure != null || ended) && !isCancelled()) {
            close();
            signalEnd(subscriber, failure);
        }
        return false;
    }

    /** No round comes any more, so the last signal comes from no round. */
    @Override
    void withoutExecutor(Ties<Flow.Subscriber<? super Update>> mine, Throwable why) {
        super.withoutExecutor(mine, why);
        try {
            if (!greeted) {
                greeted = true;
                mine.listener().onSubscribe(this);
            }
            mine.listener().onError(why);
        } catch (Throwable e) {
            mine.delivery().fail(e);
        }
    }

    private static void signalEnd(Flow.Subscriber<?> subscriber, @Nullable StoreException failure) {
        if (failure != null) {
            subscriber.onError(failure);
        } else {
            subscriber.onComplete();
        }
    }

    private boolean next(Ties<Flow.Subscriber<? super Update>> mine) {
        Update update = changes.poll();
        if (update != null && Watch.differs(mine, update)) {
            requested.accumulateAndGet(1, (left, one) -> left == Long.MAX_VALUE ? left : left - one);
            mine.listener().onNext(update);
        }
        return true;
    }

    @Override
    void drop() {
        changes.close();
    }

    /** The changes at a path, as a reactive stream. Immutable: everything that changes belongs to a subscription. */
    static final class Publisher implements Flow.Publisher<Update> {
        private final Timeline timeline;
        private final KeyPath path;
        private final Delivery delivery;

        Publisher(Timeline timeline, KeyPath path, Delivery delivery) {
            this.timeline = timeline;
            this.path = path;
            this.delivery = delivery;
        }

        @Override
        public void subscribe(Flow.Subscriber<? super Update> subscriber) {
            UpdateSubscription.start(
                    timeline, path, delivery, requireNonNull(subscriber, "subscriber must not be null"));
        }
    }
}
