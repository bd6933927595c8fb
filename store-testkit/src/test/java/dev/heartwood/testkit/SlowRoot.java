package dev.heartwood.testkit;

import dev.heartwood.Dialect;
import dev.heartwood.Edit;
import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.StoreClosedException;
import dev.heartwood.Timeline;
import io.vavr.collection.Map;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A root that behaves like a file's root. A commit is accepted at once, and becomes visible when a writer thread has
 * made it durable, a millisecond later, together with all waiting commits. The root can be held up, roll back, and
 * leave a commit indeterminate.
 */
final class SlowRoot implements Root {
    private static final long SYNC_NANOS = 1_000_000;

    private final Timeline timeline;
    private final Publisher publisher;
    private final Thread writer = new Thread(this::write, "slow root");

    // Guarded by this.
    private final Deque<Snapshot> accepted = new ArrayDeque<>();
    private final List<Snapshot[]> takenBack = new ArrayList<>();
    private final Set<Long> doubted = new HashSet<>();
    private Snapshot head;
    private Snapshot durable;
    private long lastVersion;
    private boolean held;
    private boolean doubtNext;
    private boolean closing;
    private int syncs;

    SlowRoot(long version, Map<String, ?> tree) {
        timeline = new Timeline(version, tree, Dialect.ANYTHING);
        publisher = new Publisher(timeline);
        head = timeline.newest();
        durable = head;
        lastVersion = version;
        writer.setDaemon(true);
        writer.start();
    }

    /** The storage as it was left, opened again. */
    synchronized SlowRoot reopen() {
        return new SlowRoot(lastVersion, durable.root());
    }

    synchronized void hold() {
        held = true;
    }

    synchronized void release() {
        held = false;
        notifyAll();
    }

    synchronized void takeBack() {
        takenBack.add(new Snapshot[] {durable, head});
        accepted.clear();
        head = durable;
        release();
    }

    /** The next commit is lost, and its committer receives an indeterminate outcome. */
    synchronized void doubtNext() {
        doubtNext = true;
    }

    synchronized int syncs() {
        return syncs;
    }

    @Override
    public Timeline timeline() {
        return timeline;
    }

    @Override
    public synchronized Snapshot head() {
        requireOpen();
        return head;
    }

    @Override
    public synchronized long nextVersion(Snapshot before) {
        return lastVersion + 1;
    }

    @Override
    public synchronized boolean compareAndSet(Snapshot before, Snapshot after, Supplier<List<Edit>> edits) {
        requireOpen();
        if (head != before) {
            return false;
        }
        if (edits.get().isEmpty() || after.version() <= lastVersion) {
            throw new AssertionError("a commit has edits, and a version of its own: " + after);
        }
        lastVersion = after.version();
        accepted.add(after);
        head = after;
        if (doubtNext) {
            doubtNext = false;
            doubted.add(after.version());
            takeBack();
        }
        notifyAll();
        return true;
    }

    @Override
    public boolean settle(Snapshot state) {
        boolean stays = awaitOutcome(state.version());
        if (stays) {
            publisher.publish(state.version());
        }
        return stays;
    }

    @Override
    public void flush() {
        publisher.publish(awaitAllDurable());
    }

    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        flush();
        timeline.close();
    }

    private synchronized boolean awaitOutcome(long version) {
        until(() -> doubted.contains(version) || isTakenBack(version) || version <= durable.version());
        if (doubted.remove(version)) {
            throw new IndeterminateCommitException("version " + version + " may have been written", null);
        }
        return !isTakenBack(version);
    }

    private boolean isTakenBack(long version) {
        return takenBack.stream().anyMatch(range -> version > range[0].version() && version <= range[1].version());
    }

    private synchronized long awaitAllDurable() {
        until(accepted::isEmpty);
        return durable.version();
    }

    private void write() {
        for (List<Snapshot> batch = nextBatch(); !batch.isEmpty(); batch = nextBatch()) {
            LockSupport.parkNanos(SYNC_NANOS);
            written(batch);
        }
    }

    private synchronized List<Snapshot> nextBatch() {
        until(() -> closing || !(held || accepted.isEmpty()));
        return new ArrayList<>(accepted);
    }

    private synchronized void written(List<Snapshot> batch) {
        syncs++;
        for (Snapshot state : batch) {
            if (accepted.peek() == state) {
                accepted.remove();
                durable = state;
                publisher.add(state);
            }
        }
        notifyAll();
    }

    private void requireOpen() {
        if (closing) {
            throw new StoreClosedException();
        }
    }

    /** Waits uninterruptibly: an interrupt must not undo a commit. */
    private synchronized void until(BooleanSupplier condition) {
        boolean interrupted = false;
        while (!condition.getAsBoolean()) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
