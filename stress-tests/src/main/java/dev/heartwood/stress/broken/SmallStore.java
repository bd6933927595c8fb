package dev.heartwood.stress.broken;

import dev.heartwood.KeyPath;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Transaction;
import dev.heartwood.stress.seam.Seam;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A store as small as it can be, and correct: read, build the next state, compare-and-set, again. Each of the broken ones
 * differs from it in one defect.
 */
public class SmallStore {
    final Root root;

    /** A store in memory. */
    public SmallStore(Map<String, ?> tree) {
        this(Seam.root(tree));
    }

    /** The store over a root. */
    public SmallStore(Root root) {
        this.root = root;
    }

    /** The newest state. */
    public final Snapshot snapshot() {
        return root.visible();
    }

    /** The whole number at the path, or -1 where nothing is. */
    public final int number(KeyPath path) {
        return snapshot().getOrDefault(path, Integer.class, -1);
    }

    /** {@link #number(KeyPath)} of the top level. */
    public final int number(String key) {
        return number(KeyPath.of(key));
    }

    /** Commits what {@code body} does. */
    public void batch(Consumer<Transaction> body) {
        Snapshot base;
        do {
            base = root.head();
        } while (!put(base, base.edit(body)));
    }

    /** Makes the tree of {@code draft} the newest state, if {@code base} is it. */
    final boolean put(Snapshot base, Snapshot draft) {
        Snapshot next = root.timeline().state(root.nextVersion(base), draft.root());
        return root.compareAndSet(base, next, List::of);
    }

    /** Makes the tree of {@code draft} the newest state, whatever was. */
    final void force(Snapshot draft) {
        Snapshot base;
        do {
            base = root.head();
        } while (!put(base, draft));
    }
}
