package dev.heartwood.storage;

import dev.heartwood.Snapshot;
import dev.heartwood.StoreClosedException;
import dev.heartwood.StoreException;
import dev.heartwood.Timeline;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Decided steps on their way to the readers: from the newest state of the timeline on, in order.
 *
 * <p>Publishing calls watchers, and a watcher may write to the store, wait for other writers, or close the store. So no
 * lock is held meanwhile, and no thread must publish for others: the first thread to arrive publishes a step, and the
 * timeline lets only one of them through.
 */
public final class PublishQueue {
    private final Queue<Step> steps = new ConcurrentLinkedQueue<>();
    private final Timeline timeline;

    /** A queue without steps. */
    public PublishQueue(Timeline timeline) {
        this.timeline = timeline;
    }

    /** Adds the step that follows the last one; called in that order, by one thread at a time. */
    public void add(Snapshot before, Snapshot after) {
        steps.add(new Step(before, after));
    }

    /** Whether every step that was added has been published. */
    public boolean isEmpty() {
        return steps.isEmpty();
    }

    /** Publishes all steps; when this returns, readers see everything that was added before the call. */
    public void publish() {
        for (Step step = steps.peek(); step != null; step = steps.peek()) {
            publish(step.before, step.after);
            // After it is published: a thread that does not find the step here finds it published. If the step left the
            // queue first, a second thread could answer its caller before the state is visible.
            steps.remove(step);
        }
    }

    /** Publishes a step whose predecessor is published; does nothing if another thread has published it. */
    public void publish(Snapshot before, Snapshot after) {
        try {
            timeline.advance(before, after);
        } catch (StoreClosedException e) {
            // A root publishes all of its commits before it ends the timeline: another thread was first with this step.
        }
    }

    /**
     * Declares that the root refuses further commits: reactive streams deliver every step that was added before this call, and then
     * end with {@code why}. Calls watchers, as {@link #publish} does.
     */
    public void fail(StoreException why) {
        // First, since a decided commit may still wait here for its thread: a stream that has ended could not deliver
        // it.
        publish();
        timeline.fail(why);
    }

    private record Step(Snapshot before, Snapshot after) {}
}
