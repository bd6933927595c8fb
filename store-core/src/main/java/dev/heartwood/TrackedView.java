package dev.heartwood;

import io.vavr.collection.HashMap;
import org.jspecify.annotations.Nullable;

/**
 * One state, and the reads of a function. The function may keep the view, and may read it on several threads: reads
 * after the function has returned do not count.
 */
final class TrackedView extends TreeView {
    private final Snapshot state;
    private @Nullable AccessLog log = new AccessLog();

    TrackedView(Snapshot state) {
        this.state = state;
    }

    /** The places read so far; from now on nothing is noted. */
    synchronized ReadWriteSet finish() {
        AccessLog finished = log;
        log = null;
        return finished == null ? new ReadWriteSet() : finished.readWriteSet();
    }

    @Override
    public TreeView under(KeyPath place) {
        return new ScopedView(this, place);
    }

    @Override
    synchronized HashMap<String, @Nullable Object> tree(KeyPath path, ReadSet.Kind how) {
        if (log != null) {
            log.read(path, path.size(), how);
        }
        return state.tree();
    }

    @Override
    Snapshot state() {
        return state;
    }

    @Override
    synchronized void noteRead(KeyPath path, int bits) {
        if (log != null) {
            log.readBits(path, path.size(), bits);
        }
    }

    @Override
    Dialect dialect() {
        return state.dialect();
    }

    /** For people; counts as no read. */
    @Override
    public String toString() {
        return "TreeView[" + state.summary() + "]";
    }
}
