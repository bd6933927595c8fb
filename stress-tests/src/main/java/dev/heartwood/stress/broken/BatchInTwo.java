package dev.heartwood.stress.broken;

import dev.heartwood.Root;
import dev.heartwood.Transaction;
import java.util.Map;
import java.util.function.Consumer;

/** Commits the two halves of a batch one after the other. */
public final class BatchInTwo extends SmallStore {
    /** A store in memory. */
    public BatchInTwo(Map<String, ?> tree) {
        super(tree);
    }

    /** The store over a root. */
    public BatchInTwo(Root root) {
        super(root);
    }

    /** Means to commit both as one. */
    public void batch(Consumer<Transaction> first, Consumer<Transaction> second) {
        batch(first);
        batch(second);
    }
}
