package dev.heartwood.stress.broken;

import dev.heartwood.Snapshot;
import dev.heartwood.Transaction;
import java.util.Map;
import java.util.function.Consumer;

/** Lets each thread that has committed tell the listeners of its state, in whatever order they come. */
public final class NotifyUnordered extends ListeningStore {
    /** A store in memory. */
    public NotifyUnordered(Map<String, ?> tree) {
        super(tree);
    }

    /** Means to tell the listener of every state, in order. */
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
        } while (!put(base, draft));
        root.settle(base);
        tell(draft);
    }
}
