package dev.heartwood;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A follower that evaluates a function anew on its executor when something that the function had read has changed: it reads the
 * newest state, and then registers at the reads of this evaluation.
 *
 * @param <L> the type of the listener
 */
abstract class Reevaluation<L> extends ScheduledFollower<L> {
    /** The newest state that was handed in since the last evaluation began; null for none. */
    private final AtomicReference<@Nullable Snapshot> pending = new AtomicReference<>();

    private volatile boolean atEnd;

    Reevaluation(Timeline timeline, Delivery delivery, L listener) {
        super(timeline, delivery, listener);
    }

    /** Evaluates in {@code state} or a newer one, and tells. */
    abstract void evaluate(Ties<L> mine, Snapshot state);

    /** Once, on the executor, when the timeline has ended. */
    void evaluateAtTheEnd(Ties<L> mine) {}

    /** Has it evaluated once more, for {@code state} or a newer one. */
    final void ask(Snapshot state) {
        pending.accumulateAndGet(state, Reevaluation::newer);
        if (ties() == null) {
            pending.set(null); // ended meanwhile, by a thread that may have dropped what was pending too early
        }
    }

    private static @Nullable Snapshot newer(@Nullable Snapshot old, @Nullable Snapshot now) {
        return old != null && now != null && old.version() > now.version() ? old : now;
    }

    /** Keeps the pending request: an unnecessary evaluation is harmless. */
    @Override
    final void forget(Snapshot base) {}

    @Override
    final void add(Snapshot before, Snapshot after, boolean differs) {
        ask(after);
    }

    @Override
    final boolean hasNothing() {
        return pending.get() == null && !atEnd;
    }

    @Override
    final boolean tellNext(Ties<L> mine) {
        // Taken before the evaluation: a change after this look asks for another one.
        Snapshot state = pending.getAndSet(null);
        if (state != null) {
            evaluateOrAsk(mine, state);
        } else if (atEnd) {
            atEnd = false;
            evaluateAtTheEnd(mine);
        }
        return !hasNothing();
    }

    /** An evaluation that ends in an error, for which there was no stack or heap, is asked for once more. */
    private void evaluateOrAsk(Ties<L> mine, Snapshot state) {
        boolean done = false;
        try {
            evaluate(mine, state);
            done = true;
        } finally {
            if (!done) {
                ask(state);
            }
        }
    }

    @Override
    final void atTheEnd() {
        atEnd = true;
    }

    @Override
    final void drop() {
        pending.set(null);
        atEnd = false;
    }
}
