package dev.heartwood;

import dev.heartwood.tree.Same;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One watcher. A thread that commits only compares the two references at the path, and asks for a delivery where they
 * differ; the listener runs on its executor, one call at a time.
 */
abstract sealed class Watch implements Subscription, Timeline.Follower {
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
    private volatile boolean ended;
    private @Nullable Snapshot base;

    private Watch(Timeline timeline, KeyPath path, Delivery delivery, Consumer<? super Update> listener) {
        this.timeline = timeline;
        this.path = path;
        this.delivery = delivery;
        this.listener = listener;
    }

    static Watch start(Timeline timeline, KeyPath path, Delivery delivery, Consumer<? super Update> listener) {
        Watch watch = delivery.isEvery()
                ? new Every(timeline, path, delivery, listener)
                : new Latest(timeline, path, delivery, listener);
        watch.begin();
        return watch;
    }

    /** Starts from {@code node}; may find that there is more already. */
    abstract void startFrom(Timeline.Node node, Snapshot state);

    /** Calls the listener with what there is; never twice at once. */
    abstract void deliver();

    private void begin() {
        Timeline.Node node = timeline.follow(this);
        base = node.requireState();
        startFrom(node, base);
        if (asked.decrementAndGet() != 0) {
            dispatch();
        }
    }

    @Override
    public Snapshot base() {
        if (base == null) {
            throw new AssertionError("not begun");
        }
        return base;
    }

    @Override
    public boolean isClosed() {
        return closed || ended;
    }

    @Override
    public void close() {
        closed = true;
        timeline.unfollow(this);
    }

    @Override
    public void ended() {
        ended = true;
        timeline.unfollow(this);
    }

    /** Whether the value at the path is another reference, or an unequal leaf. */
    final boolean differsAtAGlance(Snapshot before, Snapshot after) {
        return !Same.atAGlance(PathCopy.look(before.tree(), path), PathCopy.look(after.tree(), path));
    }

    final void ask() {
        if (asked.getAndIncrement() == 0) {
            dispatch();
        }
    }

    final void fail(Throwable failure) {
        delivery.fail(failure);
    }

    /** Tells the listener, if the value really differs: an equal container in the place of another is no news. */
    final void tell(Snapshot before, Snapshot after) {
        boolean news = !closed && !Same.trees(PathCopy.look(before.tree(), path), PathCopy.look(after.tree(), path));
        if (news) {
            Update update = new Update(path, before, after);
            SlowListenerEvent event = new SlowListenerEvent();
            event.begin();
            try {
                listener.accept(update);
            } catch (Throwable e) {
                fail(e);
            }
            event.end(path, update);
        }
    }

    private void dispatch() {
        try {
            delivery.executor().execute(this::run);
        } catch (Throwable e) {
            asked.set(0);
            fail(e);
        }
    }

    private void run() {
        int seen;
        do {
            seen = asked.get();
            deliver();
        } while (asked.addAndGet(-seen) != 0);
    }

    /** The newest state, whenever the listener is ready: holds the one it was told last, and none between. */
    private static final class Latest extends Watch {
        private final Timeline timeline;
        private @Nullable Snapshot last;

        Latest(Timeline timeline, KeyPath path, Delivery delivery, Consumer<? super Update> listener) {
            super(timeline, path, delivery, listener);
            this.timeline = timeline;
        }

        @Override
        void startFrom(Timeline.Node node, Snapshot state) {
            last = state;
        }

        @Override
        public void advanced(Snapshot before, Snapshot after) {
            if (differsAtAGlance(before, after)) {
                ask();
            }
        }

        @Override
        void deliver() {
            Snapshot before = last;
            Snapshot now = timeline.last();
            last = now;
            if (before != null) {
                tell(before, now);
            }
        }
    }

    /**
     * Every state with another value. The threads that commit walk the timeline, in order, one at a time, and queue what
     * concerns the path; so a slow listener keeps only that.
     */
    private static final class Every extends Watch {
        private final int backlog;
        private final Queue<Snapshot[]> queue = new ConcurrentLinkedQueue<>();
        private final AtomicInteger queued = new AtomicInteger();

        /** Steps of the timeline that nobody has walked yet; as with deliveries, who takes it from 0 walks. */
        private final AtomicInteger steps = new AtomicInteger(1);

        private Timeline.@Nullable Node cursor;

        Every(Timeline timeline, KeyPath path, Delivery delivery, Consumer<? super Update> listener) {
            super(timeline, path, delivery, listener);
            this.backlog = delivery.backlog();
        }

        @Override
        void startFrom(Timeline.Node node, Snapshot state) {
            cursor = node;
            walkAll();
        }

        @Override
        public void advanced(Snapshot before, Snapshot after) {
            // Also when this commit does not concern the path: it may close a gap before one that does.
            if (steps.getAndIncrement() == 0) {
                walkAll();
            }
        }

        private void walkAll() {
            int seen;
            do {
                seen = steps.get();
                walk();
            } while (steps.addAndGet(-seen) != 0);
        }

        private void walk() {
            Timeline.Node here = cursor;
            for (Timeline.Node next = here == null ? null : here.next();
                    here != null && next != null && next.state != null;
                    here = next, next = next.next()) {
                cursor = next;
                if (here.state != null && !isClosed() && differsAtAGlance(here.state, next.state)) {
                    enqueue(here.state, next.state);
                }
            }
        }

        private void enqueue(Snapshot before, Snapshot after) {
            if (queued.incrementAndGet() > backlog) {
                close();
                fail(new StoreException("the listener is " + backlog
                        + " updates behind, the backlog's limit: the subscription is closed"));
                return;
            }
            queue.add(new Snapshot[] {before, after});
            ask();
        }

        @Override
        public void close() {
            super.close();
            queue.clear();
        }

        @Override
        void deliver() {
            for (Snapshot[] step = queue.poll(); step != null; step = queue.poll()) {
                queued.decrementAndGet();
                tell(step[0], step[1]);
            }
        }
    }
}
