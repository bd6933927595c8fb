package dev.heartwood.stress.seam;

import dev.heartwood.Dialect;
import dev.heartwood.Edit;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import io.vavr.collection.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One tree behind several roots, as processes share a database: each root keeps the states that it has seen in a
 * timeline of its own, and a commit wins only if the tree is still at the version that it builds on.
 */
public final class SharedTree {
    private final AtomicReference<Published> newest;

    /** A shared tree that starts with a tree. */
    public SharedTree(Map<String, ?> tree) {
        Snapshot first = new Timeline(0, tree, Dialect.ANYTHING).newest();
        this.newest = new AtomicReference<>(new Published(0, first.root()));
    }

    /** One more root over the tree. */
    public Root root() {
        return Seam.wrap(new SharedRoot(Objects.requireNonNull(newest.get())));
    }

    private record Published(long version, HashMap<String, @Nullable Object> tree) {}

    private final class SharedRoot implements Root {
        private final Timeline timeline;

        SharedRoot(Published first) {
            this.timeline = new Timeline(first.version(), first.tree(), Dialect.ANYTHING);
        }

        @Override
        public Timeline timeline() {
            return timeline;
        }

        @Override
        public Snapshot visible() {
            return head();
        }

        @Override
        public synchronized Snapshot head() {
            Snapshot mine = timeline.newest();
            Published now = Objects.requireNonNull(newest.get());
            if (mine.version() < now.version()) {
                timeline.advance(mine, timeline.state(now.version(), now.tree()));
            }
            return timeline.newest();
        }

        @Override
        public synchronized boolean compareAndSet(Snapshot before, Snapshot after, Supplier<List<Edit>> edits) {
            timeline.newest(); // refuses where it is closed
            Published now = Objects.requireNonNull(newest.get());
            if (now.version() != before.version()
                    || !newest.compareAndSet(now, new Published(after.version(), after.root()))) {
                return false;
            }
            return timeline.advance(before, after);
        }

        @Override
        public boolean settle(Snapshot state) {
            return true;
        }

        @Override
        public void flush() {}

        @Override
        public synchronized void close() {
            timeline.close();
        }
    }
}
