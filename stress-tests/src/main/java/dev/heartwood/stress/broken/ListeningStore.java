package dev.heartwood.stress.broken;

import dev.heartwood.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A store that tells listeners of its states by itself: what the broken watchers have in common. */
abstract class ListeningStore extends SmallStore {
    private final List<Consumer<Snapshot>> listeners = new CopyOnWriteArrayList<>();

    ListeningStore(Map<String, ?> tree) {
        super(tree);
    }

    final void add(Consumer<Snapshot> listener) {
        listeners.add(listener);
    }

    final void tell(Snapshot state) {
        listeners.forEach(listener -> listener.accept(state));
    }
}
