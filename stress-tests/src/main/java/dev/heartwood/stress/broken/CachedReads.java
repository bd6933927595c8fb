package dev.heartwood.stress.broken;

import dev.heartwood.Snapshot;
import dev.heartwood.Transaction;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Reads from a copy that one of those who have committed brings up to date; who comes meanwhile relies on that one, who
 * may have looked already.
 */
public final class CachedReads extends SmallStore {
    private final AtomicBoolean refreshing = new AtomicBoolean();
    private volatile Snapshot copy;

    /** A store in memory. */
    public CachedReads(Map<String, ?> tree) {
        super(tree);
        this.copy = root.visible();
    }

    /** Means to read the newest state. */
    public int read(String key) {
        return copy.get(key, Integer.class);
    }

    @Override
    public void batch(Consumer<Transaction> body) {
        super.batch(body);
        if (refreshing.compareAndSet(false, true)) {
            Snapshot newest = root.visible();
            for (int i = 0; i < 20; i++) {
                Thread.onSpinWait(); // as a copy takes time to make
            }
            root.settle(newest);
            copy = newest;
            refreshing.set(false);
        }
    }
}
