package dev.heartwood.stress.broken;

import dev.heartwood.Change;
import dev.heartwood.Diff;
import dev.heartwood.Snapshot;
import dev.heartwood.Transaction;
import java.util.Map;
import java.util.function.Consumer;

/** Applies commuted functions once, to what the body found; after a lost race it puts what they made onto the new state. */
public final class CommuteInBody extends SmallStore {
    /** A store in memory. */
    public CommuteInBody(Map<String, ?> tree) {
        super(tree);
    }

    @Override
    public void batch(Consumer<Transaction> body) {
        Snapshot base = root.head();
        Snapshot draft = base.edit(body);
        Diff made = base.diff(draft);
        while (!put(base, draft)) {
            base = root.head();
            draft = base.edit(tx -> {
                for (Change change : made) {
                    tx.set(change.path(), ((Change.Replaced) change).after());
                }
            });
        }
    }
}
