package dev.heartwood.stress.schedule;

import dev.heartwood.Edit;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import java.util.List;
import java.util.function.Supplier;

/** A root before each of whose steps a scheduled thread waits for its turn. */
final class ScheduledRoot implements Root {
    private final Root root;
    private final boolean settling;

    private ScheduledRoot(Root root, boolean settling) {
        this.root = root;
        this.settling = settling;
    }

    /** Every step. */
    static Root everyStep(Root root) {
        return new ScheduledRoot(root, true);
    }

    /** Every step but {@code settle}, which in memory does nothing: for three actors, which have many orders. */
    static Root readsAndSwaps(Root root) {
        return new ScheduledRoot(root, false);
    }

    @Override
    public Timeline timeline() {
        return root.timeline();
    }

    @Override
    public Snapshot visible() {
        Actors.pause();
        return root.visible();
    }

    @Override
    public Snapshot head() {
        Actors.pause();
        return root.head();
    }

    @Override
    public long nextVersion(Snapshot before) {
        return root.nextVersion(before);
    }

    @Override
    public boolean compareAndSet(Snapshot before, Snapshot after, Supplier<List<Edit>> edits) {
        Actors.pause();
        return root.compareAndSet(before, after, edits);
    }

    @Override
    public boolean settle(Snapshot state) {
        if (settling) {
            Actors.pause();
        }
        return root.settle(state);
    }

    @Override
    public void flush() {
        Actors.pause();
        root.flush();
    }

    @Override
    public void close() {
        Actors.pause();
        root.close();
    }
}
