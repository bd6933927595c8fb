package dev.heartwood;

import io.vavr.collection.HashMap;
import org.jspecify.annotations.Nullable;

/** A state that notes how it is looked at. For one thread at a time. */
final class RecordingView extends TreeView {
    private final Snapshot state;
    private final AccessLog accessLog = new AccessLog();

    RecordingView(Snapshot state) {
        this.state = state;
    }

    /** What was looked at so far. */
    ReadSet reads() {
        return accessLog.footprint();
    }

    @Override
    public TreeView under(KeyPath place) {
        return new ScopedView(this, place);
    }

    @Override
    HashMap<String, @Nullable Object> tree(KeyPath path, ReadKind how) {
        accessLog.read(path, path.size(), how);
        return state.tree();
    }

    @Override
    Dialect dialect() {
        return state.dialect();
    }

    @Override
    public String toString() {
        return state.toString();
    }
}
