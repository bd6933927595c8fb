package dev.heartwood.stress.broken;

import dev.heartwood.Snapshot;
import java.util.Map;

/** Takes a state for the expected one if it looks the same. */
public final class AbaByValue extends SmallStore {
    /** A store in memory. */
    public AbaByValue(Map<String, ?> tree) {
        super(tree);
    }

    /** Means to commit only on {@code expected} itself. */
    public boolean compareAndSet(Snapshot expected, Snapshot next) {
        for (; ; ) {
            Snapshot base = root.head();
            if (!base.sameTree(expected)) {
                return false;
            }
            if (put(base, next)) {
                return true;
            }
        }
    }
}
