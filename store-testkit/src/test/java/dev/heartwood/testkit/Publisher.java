package dev.heartwood.testkit;

import dev.heartwood.Snapshot;
import dev.heartwood.StoreClosedException;
import dev.heartwood.Timeline;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Durable states that are not yet published to the timeline. A thread that needs a state to be visible publishes all
 * states up to it, in order. No single thread is responsible for publishing, so a listener cannot wait in vain for the
 * thread that it runs on.
 */
final class Publisher {
    private final Timeline timeline;
    private final ConcurrentSkipListMap<Long, Snapshot> durable = new ConcurrentSkipListMap<>();

    Publisher(Timeline timeline) {
        this.timeline = timeline;
    }

    /** Takes a durable state, after all states before it. */
    void add(Snapshot state) {
        durable.put(state.version(), state);
    }

    /** Publishes up to a version that has been added. */
    void publish(long version) {
        try {
            for (Snapshot now = timeline.newest(); now.version() < version; now = timeline.newest()) {
                Map.Entry<Long, Snapshot> next = durable.higherEntry(now.version());
                // The entry is removed after its state became the newest, so a thread that misses it here looks at the
                // newest again.
                if (next != null && timeline.advance(now, next.getValue())) {
                    durable.remove(next.getKey());
                }
            }
        } catch (StoreClosedException closed) {
            // Every durable state is published before the timeline ends: the state has been seen.
        }
    }
}
