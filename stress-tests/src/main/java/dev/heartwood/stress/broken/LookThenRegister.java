package dev.heartwood.stress.broken;

import dev.heartwood.Snapshot;
import dev.heartwood.Transaction;
import java.util.Map;
import java.util.function.Consumer;

/** Takes the state that a watcher starts from, and only then lets it be seen by those who commit. */
public final class LookThenRegister extends ListeningStore {
    /** A store in memory. */
    public LookThenRegister(Map<String, ?> tree) {
        super(tree);
    }

    /** Means to tell the listener of every state after the one that it gives. */
    public Snapshot watch(Consumer<Snapshot> listener) {
        Snapshot base = root.visible();
        root.flush();
        add(listener);
        return base;
    }

    @Override
    public void batch(Consumer<Transaction> body) {
        super.batch(body);
        tell(root.head());
    }
}
