package dev.heartwood.stress.broken;

import dev.heartwood.TreeView;
import java.util.Map;
import java.util.function.Supplier;

/** Gives out as a snapshot what is a window onto the newest state. */
public final class LiveView extends SmallStore {
    /** A store in memory. */
    public LiveView(Map<String, ?> tree) {
        super(tree);
    }

    /** Means to be the state of now. */
    public Supplier<TreeView> hold() {
        return this::snapshot;
    }
}
