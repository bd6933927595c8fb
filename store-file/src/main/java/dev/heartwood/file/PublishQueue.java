package dev.heartwood.file;

import dev.heartwood.Snapshot;
import dev.heartwood.StoreClosedException;
import dev.heartwood.Timeline;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Shows commits to readers and watchers, in order, on the threads that need them to be seen. A watcher may run in here,
 * on the very thread, and write to the store, wait for others who do, or close it: so no lock is held, and no thread has
 * the duty to publish for others.
 */
final class PublishQueue {
    private final Timeline timeline;
    /** Durable, and perhaps not published yet; in order. */
    private final ConcurrentLinkedQueue<ChainLink> durable = new ConcurrentLinkedQueue<>();

    PublishQueue(Timeline timeline) {
        this.timeline = timeline;
    }

    /** Takes a commit that may be shown once somebody waits for it, after those before it. */
    void add(ChainLink node) {
        durable.add(node);
    }

    /** Publishes all that was added. */
    void publishAll() {
        for (ChainLink node = durable.peek(); node != null; node = durable.peek()) {
            publish(node);
            // After it is published: who misses it here finds it seen.
            durable.remove(node);
        }
    }

    /** Publishes a commit whose predecessor is published. */
    void publish(ChainLink node) {
        Snapshot before = node.before;
        Snapshot state = node.state;
        // Null where it was published, and has been followed by another.
        if (before == null || state == null) {
            return;
        }
        try {
            // False where another thread published it.
            timeline.advance(before, state);
        } catch (StoreClosedException closed) {
            // Time ends after all that was accepted has been published: this was, by another thread.
        }
    }
}
