package dev.heartwood.stress.broken;

import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Takes a state out of the queue first, and publishes it then: another thread finds the queue empty in between. */
public final class PollThenPublish {
    private final Timeline timeline;
    private final ConcurrentLinkedQueue<Snapshot> durable = new ConcurrentLinkedQueue<>();

    /** Publishes on this timeline. */
    public PollThenPublish(Timeline timeline) {
        this.timeline = timeline;
    }

    /** Takes a state that may be shown, after those before it. */
    public void add(Snapshot state) {
        durable.add(state);
    }

    /** Means to publish all that was added. */
    public void publishAll() {
        for (Snapshot state = durable.poll(); state != null; state = durable.poll()) {
            boolean ignored = timeline.advance(timeline.newest(), state);
        }
    }
}
