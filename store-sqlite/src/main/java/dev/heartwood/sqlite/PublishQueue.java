package dev.heartwood.sqlite;

import dev.heartwood.Snapshot;
import dev.heartwood.StoreClosedException;
import dev.heartwood.Timeline;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What was decided and is on its way to the readers: steps from the newest state of the timeline on, in order.
 *
 * <p>Publishing calls watchers, which may commit, and then must publish what comes after. So no lock is held meanwhile,
 * and each step is taken by whichever thread comes first: the timeline lets one of them through.
 */
final class PublishQueue {
    private final Queue<Step> steps = new ConcurrentLinkedQueue<>();
    private final Timeline timeline;

    PublishQueue(Timeline timeline) {
        this.timeline = timeline;
    }

    /** Adds the step that follows the last one; called in that order, by one thread at a time. */
    void add(Snapshot before, Snapshot after) {
        steps.add(new Step(before, after));
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    /** Publishes all there is; when this returns, everything that was added before the call can be seen. */
    void publish() {
        for (Step step = steps.peek(); step != null; step = steps.peek()) {
            try {
                timeline.advance(step.before, step.after);
            } catch (StoreClosedException e) {
                // Commits of ours are all published before time ends: another thread was first with this step.
                return;
            }
            // Whoever is second here finds that the step is gone already.
            steps.remove(step);
        }
    }

    private record Step(Snapshot before, Snapshot after) {}
}
