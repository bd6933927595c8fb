package dev.heartwood;

import dev.heartwood.tree.Same;
import java.util.function.Consumer;

/**
 * One watcher. A thread that commits only compares the two references at the path, and asks for a delivery where they
 * differ; the listener runs on its executor, one call at a time.
 */
abstract sealed class Watch implements Timeline.Follower permits LatestWatch, EveryWatch {
    private final Timeline timeline;
    private final KeyPath path;
    private final Delivery delivery;
    private final Consumer<? super Update> listener;
    private final Rounds rounds;
    private volatile boolean closed;

    Watch(Timeline timeline, KeyPath path, Delivery delivery, Consumer<? super Update> listener) {
        this.timeline = timeline;
        this.path = path;
        this.delivery = delivery;
        this.listener = listener;
        this.rounds = new Rounds(delivery.executor(), this);
    }

    static Subscription start(Timeline timeline, KeyPath path, Delivery delivery, Consumer<? super Update> listener) {
        Watch watch = delivery.isEvery()
                ? new EveryWatch(timeline, path, delivery, listener)
                : new LatestWatch(timeline, path, delivery, listener);
        return new Watched(watch, watch.begin());
    }

    /** Begins to follow, and gives the state from which it does. */
    final Snapshot begin() {
        Snapshot base = timeline.follow(this);
        startFrom(base);
        rounds.begin();
        return base;
    }

    /** Starts from {@code base}; may have been told of steps already. */
    abstract void startFrom(Snapshot base);

    /** Calls the listener with what there is, or asks for another round when that is much; never twice at once. */
    abstract void deliver();

    final boolean isOver() {
        return closed || timeline.isClosed();
    }

    /** What is pending is not told any more. Idempotent. */
    void close() {
        closed = true;
        unfollow();
    }

    /** Whether it was closed, not with its store: then what is pending is not told any more. */
    final boolean isCancelled() {
        return closed;
    }

    final void unfollow() {
        timeline.unfollow(this);
    }

    final Timeline timeline() {
        return timeline;
    }

    /** Whether the value at the path is another reference, or an unequal leaf. On the thread that commits. */
    final boolean differsAtAGlance(Snapshot before, Snapshot after) {
        try {
            return !Same.atAGlance(PathCopy.look(before.tree(), path), PathCopy.look(after.tree(), path));
        } catch (Throwable e) {
            // The equals of an opaque leaf is somebody else's code, and its failure no business of the writer's.
            fail(e);
            return true;
        }
    }

    final void ask() {
        rounds.ask();
    }

    final void fail(Throwable failure) {
        delivery.fail(failure);
    }

    private void call(Update update) {
        SlowListenerEvent event = new SlowListenerEvent();
        event.begin();
        try {
            listener.accept(update);
        } finally {
            event.end(path, update);
        }
    }

    /** Tells the listener, if the value really differs: an equal container in the place of another is no news. */
    final void tell(Snapshot before, Snapshot after) {
        try {
            if (!closed && !Same.trees(PathCopy.look(before.tree(), path), PathCopy.look(after.tree(), path))) {
                call(new Update(path, before, after));
            }
        } catch (Throwable e) {
            fail(e);
        }
    }
}
