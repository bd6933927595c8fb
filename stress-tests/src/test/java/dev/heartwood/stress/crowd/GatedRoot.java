package dev.heartwood.stress.crowd;

import dev.heartwood.Edit;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A root that can hold the thread that is to commit next, at a place where it has looked at everything before. */
final class GatedRoot implements Root {
    private final Root root;
    private volatile @Nullable Thread held;
    private volatile CountDownLatch arrived = new CountDownLatch(1);
    private volatile CountDownLatch gate = new CountDownLatch(0);

    GatedRoot(Root root) {
        this.root = root;
    }

    /** Holds the thread at its next compare-and-set. */
    void hold(Thread thread) {
        arrived = new CountDownLatch(1);
        gate = new CountDownLatch(1);
        held = thread;
    }

    /** Waits until the held thread has come to the gate. */
    void awaitArrival() {
        Waiting.forLatch(arrived);
    }

    /** Lets it go on. */
    void open() {
        held = null;
        gate.countDown();
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
        if (held == Thread.currentThread()) {
            arrived.countDown();
            Waiting.forLatch(gate);
        }
        return root.compareAndSet(before, after, edits);
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
