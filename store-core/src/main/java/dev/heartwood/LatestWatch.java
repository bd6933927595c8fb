package dev.heartwood;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The newest state, whenever the listener is ready: holds the one it looked at last, and none between. */
final class LatestWatch extends Watch {
    /** What it looked at last; null before it starts, and once it is closed. */
    private volatile @Nullable Snapshot looked;

    private volatile @Nullable Snapshot end;

    LatestWatch(Timeline timeline, KeyPath path, Delivery delivery, Consumer<? super Update> listener) {
        super(timeline, path, delivery, listener);
    }

    @Override
    void startFrom(Snapshot base) {
        looked = base;
    }

    @Override
    public void advanced(Snapshot before, Snapshot after) {
        if (differsAtAGlance(before, after)) {
            ask();
        }
    }

    @Override
    public void ended(Snapshot last) {
        unfollow();
        end = last;
        // The thread of the last commit may come too late to tell of it.
        Snapshot before = looked;
        if (before == null || differsAtAGlance(before, last)) {
            ask();
        }
    }

    @Override
    void close() {
        super.close();
        looked = null;
        end = null;
    }

    @Override
    void deliver() {
        Snapshot before = looked;
        Snapshot now = timeline().newestIfAny();
        // Once time has ended, the last state is told soon, if it has not been.
        now = now != null ? now : end;
        if (before == null || now == null) {
            return;
        }
        looked = now;
        if (isCancelled()) {
            looked = null; // closed since the look at it
        }
        if (end != null && end != now) {
            ask(); // ended since: the last state was compared with the one before this
        }
        tell(before, now);
    }
}
