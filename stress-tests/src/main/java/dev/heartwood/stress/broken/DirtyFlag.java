package dev.heartwood.stress.broken;

import dev.heartwood.Store;
import dev.heartwood.TreeView;
import java.util.function.ToIntFunction;

/** A value that is computed while a flag is set; the flag is taken back after that, together with what has set it since. */
public final class DirtyFlag {
    private final Store store;
    private final ToIntFunction<TreeView> function;
    private volatile boolean dirty = true;
    private volatile int value;

    /** The value that a function makes of the newest state. */
    public DirtyFlag(Store store, ToIntFunction<TreeView> function) {
        this.store = store;
        this.function = function;
    }

    /** What the value is made of has changed. */
    public void changed() {
        dirty = true;
    }

    /** Means to be the value of the newest state. */
    public int get() {
        if (dirty) {
            value = function.applyAsInt(store.snapshot());
            store.flush();
            dirty = false;
        }
        return value;
    }
}
