package dev.heartwood.stress.broken;

import dev.heartwood.Snapshot;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Hands out its states in a box whose field is neither final nor filled before the box is published. */
public final class LateSnapshot extends SmallStore {
    private @Nullable Box newest;

    /** A store in memory. */
    public LateSnapshot(Map<String, ?> tree) {
        super(tree);
    }

    /** Publishes the newest state by a data race. */
    public void handOver() {
        Box box = new Box();
        newest = box;
        box.state = root.visible();
    }

    /** What was handed over: the number under the key, -1 if nothing was yet, and 0 for a box that is not filled. */
    public int received(String key) {
        root.visible(); // one more step of the receiver, for the scheduler
        Box box = newest;
        if (box == null) {
            return -1;
        }
        Snapshot state = box.state;
        return state == null ? 0 : state.get(key, Integer.class);
    }

    private static final class Box {
        private @Nullable Snapshot state;
    }
}
