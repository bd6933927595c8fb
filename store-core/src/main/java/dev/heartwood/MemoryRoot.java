package dev.heartwood;

import java.util.List;
import java.util.function.Supplier;

/** The tree in memory: an {@code AtomicReference} to the newest state, and nothing to wait for. */
final class MemoryRoot implements Root {
    private final Timeline timeline;

    MemoryRoot(Timeline timeline) {
        this.timeline = timeline;
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
        return timeline.advanceAlone(before, after, edits);
    }

    @Override
    public boolean settle(Snapshot state) {
        return true;
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        timeline.close();
    }
}
