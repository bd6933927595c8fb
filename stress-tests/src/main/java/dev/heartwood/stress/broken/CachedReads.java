package dev.heartwood.stress.broken;

import dev.heartwood.Snapshot;
import dev.heartwood.Transaction;
import java.util.Map;
import java.util.function.Consumer;

/** Reads from a copy that is brought up to date by whoever commits, in a step of its own. */
public final class CachedReads extends SmallStore {
    private volatile Snapshot copy;

    /** A store in memory. */
    public CachedReads(Map<String, ?> tree) {
        super(tree);
        this.copy = root.visible();
    }

    /** Means to read the newest state. */
    public int read(String key) {
        root.visible(); // one more step of the reader, for the scheduler
        return copy.get(key, Integer.class);
    }

    @Override
    public void batch(Consumer<Transaction> body) {
        super.batch(body);
        Snapshot mine = root.visible();
        root.settle(mine);
        copy = mine;
    }
}
