package dev.heartwood;

import dev.heartwood.tree.Same;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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

    /**
     * Deliveries that were asked for and not looked at. Who takes it from 0 sends the task that brings it back to 0, so
     * one task at a time is under way, and each sees what the one before it left: every change of the counter is atomic,
     * and orders them. It starts at 1, so that none is sent before {@link #begin} is done.
     */
    private final AtomicInteger asked = new AtomicInteger(1);

    private volatile boolean closed;

    Watch(Timeline timeline, KeyPath path, Delivery delivery, Consumer<? super Update> listener) {
        this.timeline = timeline;
        this.path = path;
        this.delivery = delivery;
        this.listener = listener;
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
        if (asked.decrementAndGet() != 0) {
            dispatch();
        }
        return base;
    }

    /** Starts from {@code base}; may have been told of steps already. */
    abstract void startFrom(Snapshot base);

    /** Calls the listener with what there is; never twice at once. */
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
        if (asked.getAndIncrement() == 0) {
            dispatch();
        }
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

    private void dispatch() {
        int seen;
        do {
            seen = asked.get();
            // Who takes the task, runs it: the executor or, where that has refused it, nobody. An executor that fails
            // after it has run the task has not refused it.
            AtomicBoolean taken = new AtomicBoolean();
            try {
                delivery.executor().execute(() -> {
                    if (taken.compareAndSet(false, true)) {
                        run();
                    }
                });
                return;
            } catch (Throwable e) {
                fail(e);
                if (!taken.compareAndSet(false, true)) {
                    return;
                }
            }
            // Who asked meanwhile relied on the task that was refused.
        } while (asked.addAndGet(-seen) != 0);
    }

    private void run() {
        int seen;
        do {
            seen = asked.get();
            deliver();
        } while (asked.addAndGet(-seen) != 0);
    }
}
