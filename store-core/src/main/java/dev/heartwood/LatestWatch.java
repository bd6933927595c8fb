package dev.heartwood;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The newest state, whenever the listener is ready: holds the one it looked at last, and none between. */
final class LatestWatch extends Watch {
    private volatile @Nullable Snapshot last;

    LatestWatch(Timeline timeline, KeyPath path, Delivery delivery, Consumer<? super Update> listener) {
        super(timeline, path, delivery, listener);
    }

    @Override
    void startFrom(Timeline.Node node, Snapshot state) {
        last = state;
    }

    @Override
    public void advanced(Snapshot before, Snapshot after) {
        if (differsAtAGlance(before, after)) {
            ask();
        }
    }

    @Override
    public void ended() {
        unfollow();
        // The thread of the last commit may come too late to tell of it.
        Snapshot looked = last;
        if (looked == null || differsAtAGlance(looked, timeline().last())) {
            ask();
        }
    }

    @Override
    void deliver() {
        Snapshot before = last;
        Snapshot now = timeline().last();
        last = now;
        if (before != null) {
            tell(before, now);
        }
    }
}
