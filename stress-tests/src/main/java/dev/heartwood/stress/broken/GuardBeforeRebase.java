package dev.heartwood.stress.broken;

import dev.heartwood.Diff;
import dev.heartwood.Snapshot;
import dev.heartwood.Transaction;
import dev.heartwood.TreeView;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Asks its guard about what the body made, and not about what a rebase makes of it. A refused batch does nothing. */
public final class GuardBeforeRebase extends SmallStore {
    private final Predicate<TreeView> guard;

    /** A store in memory. */
    public GuardBeforeRebase(Map<String, ?> tree, Predicate<TreeView> guard) {
        super(tree);
        this.guard = guard;
    }

    @Override
    public void batch(Consumer<Transaction> body) {
        Snapshot base = root.head();
        Snapshot draft = base.edit(body);
        if (!guard.test(draft)) {
            return;
        }
        Diff changes = base.diff(draft);
        while (!put(base, draft)) {
            base = root.head();
            draft = base.edit(tx -> tx.apply(changes));
        }
    }
}
