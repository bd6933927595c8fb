package dev.heartwood.stress.broken;

import dev.heartwood.Root;
import dev.heartwood.Transaction;
import java.util.Map;
import java.util.function.Consumer;

/** Reads, builds the next state, and puts it in place without asking whether the state that it read still stands. */
public final class ReadThenPut extends SmallStore {
    /** A store in memory. */
    public ReadThenPut(Map<String, ?> tree) {
        super(tree);
    }

    /** The store over a root. */
    public ReadThenPut(Root root) {
        super(root);
    }

    @Override
    public void batch(Consumer<Transaction> body) {
        force(root.head().edit(body));
    }
}
