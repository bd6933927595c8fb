package dev.heartwood.stress.broken;

import dev.heartwood.Snapshot;
import dev.heartwood.Transaction;
import java.util.Map;
import java.util.function.Consumer;

/** Tells its listeners of a state before it is there. */
public final class NotifyBeforePublish extends ListeningStore {
    /** A store in memory. */
    public NotifyBeforePublish(Map<String, ?> tree) {
        super(tree);
    }

    /** Tells the listener of every state from now on. */
    public void watch(Consumer<Snapshot> listener) {
        add(listener);
    }

    @Override
    public void batch(Consumer<Transaction> body) {
        Snapshot base;
        Snapshot draft;
        do {
            base = root.head();
            draft = base.edit(body);
            tell(draft);
        } while (!put(base, draft));
    }
}
