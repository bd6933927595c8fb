package dev.heartwood;

import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every state with another value. The threads that commit hand in their steps, put them in order, one thread at a time,
 * and queue what concerns the path; so a slow listener keeps only that.
 */
final class EveryWatch extends Watch {
    /** From one state to the next. */
    private record Step(Snapshot before, Snapshot after) {}

    /** How many updates a round tells at most. */
    private static final int ROUND = 64;

    private final int backlog;
    private final Queue<Step> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();

    /** Steps as they come in: a thread that commits may be overtaken before it hands in its own. */
    private final Queue<Step> arrived = new ConcurrentLinkedQueue<>();

    private final Turn walking = new Turn();

    /** Steps that came in before one that leads to them, by the state they start from. For who walks alone. */
    private final Map<Snapshot, Snapshot> early = new HashMap<>();

    /** The last state walked to; null when there is nothing more to walk. */
    private @Nullable Snapshot here;

    private volatile @Nullable Snapshot end;

    EveryWatch(Timeline timeline, KeyPath path, Delivery delivery, Consumer<? super Update> listener) {
        super(timeline, path, delivery, listener);
        this.backlog = delivery.backlog();
    }

    @Override
    void startFrom(Snapshot base) {
        here = base;
        walkInTurn();
    }

    @Override
    public void advanced(Snapshot before, Snapshot after) {
        // Also when this commit does not concern the path: it may close a gap before one that does.
        arrived.add(new Step(before, after));
        askToWalk();
    }

    @Override
    public void ended(Snapshot last) {
        // It follows on until it has walked there: the thread of a commit before it may be about to hand in its step.
        end = last;
        askToWalk();
    }

    @Override
    void close() {
        super.close();
        askToWalk();
    }

    private void askToWalk() {
        if (walking.ask()) {
            walkInTurn();
        }
    }

    private void walkInTurn() {
        boolean asked;
        do {
            walking.begin();
            boolean news = walk();
            asked = walking.leave();
            // Not before: it may run the listener here, and the others walk on meanwhile, up to the limit of the
            // backlog.
            if (news) {
                ask();
            }
        } while (asked && walking.ask());
    }

    /** Walks as far as the steps lead. True: there is something to deliver. */
    private boolean walk() {
        boolean news = false;
        for (Step step = arrived.poll(); step != null; step = arrived.poll()) {
            if (step.before == here) {
                news |= goOn(step.after);
            } else if (here != null && step.before.version() > here.version()) {
                early.put(step.before, step.after);
            } // else it leads to the state that this started from, or to one before that
        }
        if (isCancelled()) {
            here = null;
            end = null;
            queue.clear();
            early.clear();
        } else if (here != null && here == end) {
            here = null;
            end = null;
            unfollow();
        }
        return news;
    }

    private boolean goOn(Snapshot after) {
        boolean news = false;
        for (Snapshot next = after; here != null && next != null && !isCancelled(); ) {
            if (differsAtAGlance(here, next)) {
                enqueue(new Step(here, next));
                news = true;
            }
            here = next;
            next = early.isEmpty() ? null : early.remove(here);
        }
        return news;
    }

    private void enqueue(Step step) {
        if (queued.incrementAndGet() > backlog) {
            close();
            fail(new StoreException(
                    "the listener is " + backlog + " updates behind, the backlog's limit: the subscription is closed"));
            return;
        }
        queue.add(step);
    }

    @Override
    void deliver() {
        for (int i = 0; i < ROUND; i++) {
            Step step = queue.poll();
            if (step == null) {
                return;
            }
            queued.decrementAndGet();
            tell(step.before, step.after);
        }
        if (!queue.isEmpty()) {
            ask();
        }
    }
}
