package dev.heartwood.stress.seam;

import dev.heartwood.Dialect;
import dev.heartwood.Edit;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A root in memory whose head is one commit ahead of what is visible, until somebody decides about that commit. */
public final class UndecidedRoot implements Root {
    private final Timeline timeline;
    private final Snapshot accepted;
    private volatile @Nullable Boolean stays;

    /**
     * A root with an accepted commit.
     *
     * @param visible the tree before it
     * @param accepted the tree after it
     */
    public UndecidedRoot(Map<String, ?> visible, Map<String, ?> accepted) {
        this.timeline = new Timeline(0, visible, Dialect.ANYTHING);
        this.accepted = timeline.state(
                1, new Timeline(0, accepted, Dialect.ANYTHING).newest().root());
    }

    /** Decides about the accepted commit, once. */
    public synchronized void decide(boolean commit) {
        if (commit && !timeline.advance(timeline.newest(), accepted)) {
            throw new AssertionError("somebody has committed before the decision");
        }
        stays = commit;
    }

    @Override
    public Timeline timeline() {
        return timeline;
    }

    @Override
    public Snapshot head() {
        return stays == null ? accepted : timeline.newest();
    }

    @Override
    public long nextVersion(Snapshot before) {
        return before.version() + 2; // never that of the accepted commit
    }

    @Override
    public boolean compareAndSet(Snapshot before, Snapshot after, Supplier<List<Edit>> edits) {
        return stays != null && timeline.advance(before, after);
    }

    @Override
    public boolean settle(Snapshot state) {
        Boolean decision = stays;
        for (; state == accepted && decision == null; decision = stays) {
            Thread.onSpinWait();
        }
        return state != accepted || Boolean.TRUE.equals(decision);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        timeline.close();
    }
}
