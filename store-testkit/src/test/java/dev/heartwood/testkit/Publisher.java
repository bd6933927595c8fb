package dev.heartwood.testkit;

import dev.heartwood.Snapshot;
import dev.heartwood.StoreClosedException;
import dev.heartwood.Timeline;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Durable states on their way to the timeline. Whoever needs one to be seen publishes all up to it, in order: no thread
 * has the duty, so none can be waited for in vain by a listener that runs on it.
 */
final class Publisher {
    private final Timeline timeline;
    private final ConcurrentSkipListMap<Long, Snapshot> durable = new ConcurrentSkipListMap<>();

    Publisher(Timeline timeline) {
        this.timeline = timeline;
    }

    /** Takes a state that is durable, after all that came before it. */
    void add(Snapshot state) {
        durable.put(state.version(), state);
    }

    /** Publishes up to a version that has been added. */
    void publish(long version) {
        try {
            for (Snapshot now = timeline.newest(); now.version() < version; now = timeline.newest()) {
                Map.Entry<Long, Snapshot> next = durable.higherEntry(now.version());
                // The entry goes after the state is the newest, so whoever misses it here looks at the newest again.
                if (next != null && timeline.advance(now, next.getValue())) {
                    durable.remove(next.getKey());
                }
            }
        } catch (StoreClosedException closed) {
            // All that is durable is published before time ends: the state has been seen.
        }
    }
}
