package dev.heartwood;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One watcher of a place, or of the places of a pattern: the pending changes for its listener, and their delivery. */
final class Watch extends ScheduledFollower<Consumer<? super Update>> {
    private final PendingChanges changes;
    /** Null for one place. */
    private final @Nullable PathPattern pattern;

    private final int backlog;

    private Watch(
            Timeline timeline,
            KeyPath path,
            @Nullable PathPattern pattern,
            Delivery delivery,
            Consumer<? super Update> listener) {
        super(timeline, delivery, listener);
        this.pattern = pattern;
        this.backlog = delivery.backlog();
        this.changes = delivery.isEvery() ? new ChangeQueue(path, backlog) : new NewestChange(path);
    }

    /** Watches one place. */
    static Subscription start(Timeline timeline, KeyPath path, Delivery delivery, Consumer<? super Update> listener) {
        Watch watch = new Watch(timeline, path, null, delivery, listener);
        Registration registration = new Registration(watch).at(path, ReadSet.Kind.VALUE.bit());
        return watch.subscription(watch.start(timeline, registration));
    }

    /** Watches the places of a pattern. */
    static Subscription start(
            Timeline timeline, PathPattern pattern, Delivery delivery, Consumer<? super Update> listener) {
        Watch watch = new Watch(timeline, KeyPath.root(), pattern, delivery, listener);
        Registration registration = new Registration(watch).at(pattern);
        return watch.subscription(watch.start(timeline, registration));
    }

    @Override
    void forget(Snapshot base) {
        changes.startFrom(base);
    }

    @Override
    void add(Snapshot before, Snapshot after, boolean differs) {
        changes.add(before, after, differs);
    }

    @Override
    boolean hasNothing() {
        return changes.isEmpty();
    }

    @Override
    @Nullable
    StoreException unable() {
        return !changes.isOverflown()
                ? null
                : new StoreException("the listener is more than " + backlog
                        + " updates behind, the limit of its backlog: the subscription is closed; the store has all"
                        + " commits, so watch again and start from base()");
    }

    @Override
    void drop() {
        changes.close();
    }

    @Override
    boolean tellNext(Ties<Consumer<? super Update>> mine) {
        Update update = changes.poll();
        if (update == null) {
            return false;
        }
        if (pattern != null) {
            tellPlaces(mine, pattern, update);
        } else {
            tell(mine, update);
        }
        return true;
    }

    /** Tells the listener, if the value really differs. */
    private void tell(Ties<Consumer<? super Update>> mine, Update update) {
        try {
            if (differs(mine, update)) {
                call(mine.listener(), update);
            }
        } catch (Throwable e) {
            mine.delivery().fail(e);
        }
    }

    /** Whether the values differ. Values that cannot be compared do: a call too many does less harm than one too few. */
    static boolean differs(Ties<?> mine, Update update) {
        try {
            return update.isNews();
        } catch (Throwable e) {
            mine.delivery().fail(e);
            return true;
        }
    }

    /** Tells of each place of the pattern that differs; one that cannot be told keeps none of the others. */
    private void tellPlaces(Ties<Consumer<? super Update>> mine, PathPattern places, Update update) {
        try {
            for (Update change : PatternDifferences.between(places, update.before(), update.after())) {
                if (!isCancelled()) {
                    tell(mine, change);
                }
            }
        } catch (Throwable e) {
            mine.delivery().fail(e);
        }
    }

    private static void call(Consumer<? super Update> listener, Update update) {
        FlightEvents.SlowListenerEvent event = FlightEvents.beginListener();
        try {
            listener.accept(update);
        } finally {
            if (event != null) {
                event.end(update.path(), update);
            }
        }
    }
}
