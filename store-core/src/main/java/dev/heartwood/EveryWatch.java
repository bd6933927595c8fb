package dev.heartwood;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every state with another value. The threads that commit walk the timeline, in order, one at a time, and queue what
 * concerns the path; so a slow listener keeps only that.
 */
final class EveryWatch extends Watch {
    private final int backlog;
    private final Queue<Snapshot[]> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();

    /** Steps of the timeline that nobody has walked yet; as with deliveries, who takes it from 0 walks. */
    private final AtomicInteger steps = new AtomicInteger(1);

    /** The last node walked to; null when there is nothing more to walk. It would pin all later history. */
    private Timeline.@Nullable Node cursor;

    EveryWatch(Timeline timeline, KeyPath path, Delivery delivery, Consumer<? super Update> listener) {
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
        step();
    }

    @Override
    public void ended() {
        // It follows on until it has walked to the end: a commit before that may be about to close a gap.
        step();
    }

    @Override
    public void close() {
        super.close();
        step();
    }

    private void step() {
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
        Timeline.Node next = here == null ? null : here.next();
        while (here != null && next != null && next.state != null && !isCancelled()) {
            if (differsAtAGlance(here.requireState(), next.state)) {
                enqueue(here.requireState(), next.state);
            }
            here = next;
            next = here.next();
        }
        if (isCancelled()) {
            here = null;
            queue.clear();
        } else if (next != null && next.state == null) {
            here = null;
            unfollow();
        }
        cursor = here;
    }

    private void enqueue(Snapshot before, Snapshot after) {
        if (queued.incrementAndGet() > backlog) {
            close();
            fail(new StoreException(
                    "the listener is " + backlog + " updates behind, the backlog's limit: the subscription is closed"));
            return;
        }
        queue.add(new Snapshot[] {before, after});
        ask();
    }

    @Override
    void deliver() {
        for (Snapshot[] step = queue.poll(); step != null; step = queue.poll()) {
            queued.decrementAndGet();
            tell(step[0], step[1]);
        }
    }
}
