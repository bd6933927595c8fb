package dev.heartwood.stress.broken;

import dev.heartwood.Transaction;
import java.util.Map;
import java.util.function.Consumer;

/** Closes by a flag that a write asks for after it has committed. */
public final class CloseByFlag extends SmallStore {
    private volatile boolean closed;

    /** A store in memory. */
    public CloseByFlag(Map<String, ?> tree) {
        super(tree);
    }

    /** Means to commit or to refuse. */
    public boolean tryBatch(Consumer<Transaction> body) {
        if (closed) {
            return false;
        }
        batch(body);
        root.flush();
        return !closed;
    }

    /** Refuses writes from now on. */
    public void close() {
        root.flush();
        closed = true;
    }
}
