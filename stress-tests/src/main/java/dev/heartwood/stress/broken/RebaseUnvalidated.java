package dev.heartwood.stress.broken;

import dev.heartwood.Diff;
import dev.heartwood.Snapshot;
import dev.heartwood.Transaction;
import java.util.Map;
import java.util.function.Consumer;

/** After a lost race puts the changes onto the new state without asking whether what they rest on still holds. */
public final class RebaseUnvalidated extends SmallStore {
    /** A store in memory. */
    public RebaseUnvalidated(Map<String, ?> tree) {
        super(tree);
    }

    @Override
    public void batch(Consumer<Transaction> body) {
        Snapshot base = root.head();
        Snapshot draft = base.edit(body);
        Diff changes = base.diff(draft);
        while (!put(base, draft)) {
            base = root.head();
            draft = base.edit(tx -> tx.apply(changes));
        }
    }
}
