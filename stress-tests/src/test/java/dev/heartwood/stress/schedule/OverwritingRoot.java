package dev.heartwood.stress.schedule;

import dev.heartwood.Edit;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import java.util.List;
import java.util.function.Supplier;

/** A root with a defect: its compare-and-set does not compare. */
final class OverwritingRoot implements Root {
    private final Root root;

    OverwritingRoot(Root root) {
        this.root = root;
    }

    @Override
    public Timeline timeline() {
        return root.timeline();
    }

    @Override
    public Snapshot head() {
        return root.head();
    }

    @Override
    public boolean compareAndSet(Snapshot before, Snapshot after, Supplier<List<Edit>> edits) {
        Snapshot newest = root.head();
        return root.compareAndSet(newest, timeline().state(nextVersion(newest), after.root()), edits);
    }

    @Override
    public boolean settle(Snapshot state) {
        return root.settle(state);
    }

    @Override
    public void flush() {
        root.flush();
    }

    @Override
    public void close() {
        root.close();
    }
}
