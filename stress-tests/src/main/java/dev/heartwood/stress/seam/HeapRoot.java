package dev.heartwood.stress.seam;

import dev.heartwood.Dialect;
import dev.heartwood.Edit;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The tree in memory, for the stores of this package and for whoever wraps a root. */
public final class HeapRoot implements Root {
    private final Timeline timeline;

    /** A root that starts with a tree. */
    public HeapRoot(Map<String, ?> tree) {
        this.timeline = new Timeline(0, tree, Dialect.ANYTHING);
    }

    @Override
    public Timeline timeline() {
        return timeline;
    }

    @Override
    public Snapshot head() {
        return timeline.newest();
    }

    @Override
    public boolean compareAndSet(Snapshot before, Snapshot after, Supplier<List<Edit>> edits) {
        return timeline.advance(before, after);
    }

    @Override
    public boolean settle(Snapshot state) {
        return true;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        timeline.close();
    }
}
