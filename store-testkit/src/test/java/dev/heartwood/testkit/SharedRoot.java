package dev.heartwood.testkit;

import dev.heartwood.Dialect;
import dev.heartwood.Edit;
import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.StoreClosedException;
import dev.heartwood.Timeline;
import io.vavr.collection.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * One of several roots over a shared log. It looks for the commits of the others whenever it is asked, and from time to
 * time while it has followers. Their edits are applied to its own tree, so that unchanged nodes keep their identity.
 */
final class SharedRoot implements Root {
    private static final long POLL_NANOS = 1_000_000;

    private final SharedStorage storage;
    private final Timeline timeline;
    private final Publisher publisher;

    // Guarded by this.
    private Snapshot head;
    private boolean doubtNext;
    private boolean closing;

    SharedRoot(SharedStorage storage) {
        this.storage = storage;
        timeline = new Timeline(0, storage.start(), Dialect.ANYTHING);
        publisher = new Publisher(timeline);
        head = timeline.newest();
        visible();
        Thread poller = new Thread(this::poll, "shared root");
        poller.setDaemon(true);
        poller.start();
    }

    SharedStorage storage() {
        return storage;
    }

    /** The next commit is applied, and its committer receives an indeterminate outcome. */
    synchronized void doubtNext() {
        doubtNext = true;
    }

    @Override
    public Timeline timeline() {
        return timeline;
    }

    @Override
    public Snapshot visible() {
        publisher.publish(head().version());
        return timeline.newest();
    }

    @Override
    public synchronized Snapshot head() {
        if (closing) {
            throw new StoreClosedException();
        }
        for (SharedStorage.Entry entry : storage.since(head.version())) {
            become(timeline.state(entry.version(), replay(entry.edits(), head.root())));
        }
        return head;
    }

    @Override
    public synchronized boolean compareAndSet(Snapshot before, Snapshot after, Supplier<List<Edit>> edits) {
        if (head() != before
                || !storage.append(before.version(), new SharedStorage.Entry(after.version(), edits.get()))) {
            return false;
        }
        if (doubtNext) {
            doubtNext = false;
            throw new IndeterminateCommitException("no answer for version " + after.version(), null);
        }
        become(after);
        return true;
    }

    @Override
    public boolean settle(Snapshot state) {
        publisher.publish(state.version());
        return true;
    }

    @Override
    public void flush() {
        visible();
    }

    @Override
    public void close() {
        long last;
        synchronized (this) {
            closing = true;
            last = head.version();
        }
        publisher.publish(last);
        timeline.close();
    }

    private void become(Snapshot state) {
        head = state;
        publisher.add(state);
    }

    private static HashMap<String, Object> replay(List<Edit> edits, HashMap<String, Object> tree) {
        HashMap<String, Object> result = tree;
        for (Edit edit : edits) {
            result = Objects.requireNonNull(edit.applyTo(result), "an edit that was committed applies");
        }
        return result;
    }

    private void poll() {
        try {
            for (; ; ) {
                LockSupport.parkNanos(POLL_NANOS);
                if (timeline.isFollowed() || timeline.isClosed()) {
                    visible();
                }
            }
        } catch (StoreClosedException closed) {
            // Nothing more to look for.
        }
    }
}
