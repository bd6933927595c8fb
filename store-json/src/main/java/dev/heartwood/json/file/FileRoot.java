package dev.heartwood.json.file;

import static java.util.Objects.requireNonNull;

import dev.heartwood.Edit;
import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.StoreClosedException;
import dev.heartwood.StoreIOException;
import dev.heartwood.Timeline;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The tree that a file follows. Callers put their commits onto the head by one compare-and-set; {@link Writer}, a thread
 * of its own, takes what has come together since, and makes it durable with one sync.
 *
 * <p>No caller touches a file: an interrupt would close it for everyone.
 */
public final class FileRoot implements Root {
    // Invariants:
    //   head is the newest accepted commit; from it `previous` leads back to the last durable one, which has none.
    //   head is `closed` at the end, for ever.
    //   A version at or below durableVersion is durable, unless it was taken back.
    private final Timeline timeline;
    private final Settings settings;
    private final AtomicReference<Node> head;
    private final AtomicLong backlog = new AtomicLong();
    /** Durable, and not published yet; in order. */
    private final ConcurrentLinkedQueue<Node> unpublished = new ConcurrentLinkedQueue<>();

    private final ThreadLocal<Long> accepted = ThreadLocal.withInitial(() -> -1L);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progress = lock.newCondition();
    private final TakenBack takenBack = new TakenBack();
    private final Node closed;
    private volatile long durableVersion;
    /** Versions up to this one have been used. */
    private volatile long floor;

    private volatile boolean anyTakenBack;
    private volatile @Nullable Throwable failure;
    private @Nullable Throwable trouble;
    private long troubles;
    private boolean ended;
    private @Nullable Throwable closeTrouble;
    private final Writer writer;

    FileRoot(Timeline timeline, Settings settings, Writer writer) {
        this.writer = writer;
        this.timeline = timeline;
        this.settings = settings;
        Snapshot first = timeline.newest();
        this.head = new AtomicReference<>(Node.durable(first));
        this.closed = Node.durable(first);
        this.durableVersion = first.version();
        this.floor = first.version();
    }

    /**
     * Opens a file.
     *
     * @throws dev.heartwood.StoreException if it is not clear what the files say; nothing was changed
     * @throws IOException if reading or writing failed
     */
    public static FileRoot open(Place place, TreeFormat format, Settings settings, Reporter reporter)
            throws IOException {
        return Writer.open(new RealDisk(), place, format, settings, reporter);
    }

    @Override
    public Timeline timeline() {
        return timeline;
    }

    @Override
    public Snapshot head() {
        for (; ; ) {
            Node node = open();
            Snapshot state = node.state;
            if (state != null) {
                if (!isSync()) {
                    // The committer of the head may not have come to publish it, and what is derived from it must not
                    // be seen before it.
                    publish(node);
                }
                return state;
            }
        }
    }

    @Override
    public long nextVersion(Snapshot before) {
        return Math.max(before.version(), floor) + 1;
    }

    @Override
    public boolean compareAndSet(Snapshot before, Snapshot after, Supplier<List<Edit>> edits) {
        Node current = open();
        requireWorking();
        // A version may have been given out on this very state before a commit on it was taken back, and it along.
        if (current.state != before || after.version() <= floor) {
            return false;
        }
        awaitRoom();
        Node next = Node.after(current, before, after, edits.get());
        // Counted first, or the writer could take the weight off before it is on.
        long waiting = backlog.addAndGet(next.weight);
        // The CAS is the enqueue: the writer walks from the head back to what is durable.
        if (!head.compareAndSet(current, next)) {
            backlog.addAndGet(-next.weight);
            return false;
        }
        if (isSync()) {
            accepted.set(after.version());
        } else {
            publish(next);
            current.forget();
        }
        if (2 * waiting > settings.backlogBytes()) {
            writer.hurry();
        } else {
            writer.wake();
        }
        return true;
    }

    @Override
    public boolean settle(Snapshot state) {
        if (!isSync()) {
            return true;
        }
        long version = state.version();
        if (version > durableVersion || anyTakenBack) {
            if (!await(version)) {
                return false;
            }
        }
        publishDurable();
        return true;
    }

    /** Waits until the version is durable; false if it was taken back, and not by a failure to write it for us. */
    private boolean await(long version) {
        requireCaller();
        lock.lock();
        try {
            for (; ; ) {
                TakenBack.Range lost = takenBack.of(version);
                if (lost != null) {
                    return answer(lost, version);
                }
                if (version <= durableVersion) {
                    return true;
                }
                // An interrupt does not make the answer come sooner, and the commit is on its way.
                progress.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean answer(TakenBack.Range lost, long version) {
        if (lost.indeterminate()) {
            throw new IndeterminateCommitException(
                    "the commit may or may not be in the file: " + reason(lost.cause())
                            + ". Reads go on; to write again, close the store and open it anew",
                    lost.cause());
        }
        if (requireNonNull(accepted.get()) == version) {
            throw new StoreIOException(
                    "the commit was not written, and nothing of it will be there: " + reason(lost.cause())
                            + ". The store goes on with the state before it; try again when the cause is gone",
                    lost.cause());
        }
        return false;
    }

    @Override
    public void flush() {
        Node node = open();
        if (isSync()) {
            lock.lock();
            try {
                while (node.version > durableVersion && takenBack.of(node.version) == null) {
                    progress.awaitUninterruptibly();
                }
            } finally {
                lock.unlock();
            }
            publishDurable();
        } else {
            flush(node.version);
        }
    }

    private void flush(long version) {
        requireCaller();
        lock.lock();
        try {
            long before = troubles;
            writer.hurry();
            while (version > durableVersion) {
                if (troubles > before || failure != null) {
                    throw new StoreIOException(
                            "not written yet: " + reason(requireNonNull(failure != null ? failure : trouble))
                                    + ". What was committed is in memory, and is written again and again until it is"
                                    + " durable",
                            trouble);
                }
                progress.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        boolean first = refuseFromNowOn();
        writer.end();
        if (writer.isCurrent()) {
            return;
        }
        lock.lock();
        try {
            while (!ended) {
                progress.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        publishDurable();
        timeline.close();
        if (first && closeTrouble != null) {
            throw new StoreIOException(
                    "closed, but the last commits could not be written: " + reason(closeTrouble), closeTrouble);
        }
    }

    /** Puts the closed node in the place of the head: no compare-and-set can win after it. False if it is there. */
    private boolean refuseFromNowOn() {
        lock.lock();
        try {
            for (; ; ) {
                Node node = requireNonNull(head.get());
                if (node == closed) {
                    return false;
                }
                // The writer finds the last commit from here.
                closed.previous = node;
                if (head.compareAndSet(node, closed)) {
                    return true;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private Node open() {
        Node node = requireNonNull(head.get());
        if (node == closed) {
            throw new StoreClosedException();
        }
        return node;
    }

    private void requireWorking() {
        Throwable cause = failure;
        if (cause != null) {
            throw new StoreIOException(
                    "the store takes no more commits since writing failed: " + reason(cause)
                            + ". Reads go on; to write again, close the store and open it anew",
                    cause);
        }
    }

    /** Waits, before anything is accepted, while there is more work than the writer may be behind. */
    private void awaitRoom() {
        if (backlog.get() <= settings.backlogBytes()) {
            return;
        }
        requireCaller();
        lock.lock();
        try {
            long before = troubles;
            writer.hurry();
            while (backlog.get() > settings.backlogBytes() && failure == null && head.get() != closed) {
                if (troubles > before && !isSync()) {
                    throw new StoreIOException(
                            "too much is waiting to be written, and writing fails: " + reason(requireNonNull(trouble))
                                    + ". The commit was not accepted; reads go on",
                            trouble);
                }
                progress.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void requireCaller() {
        if (writer.isCurrent()) {
            throw new IllegalStateException(
                    "what is told of the file's troubles runs on the thread that writes it, and must not wait for it");
        }
    }

    private boolean isSync() {
        return settings.mode() == Settings.Mode.SYNC;
    }

    private void publish(Node node) {
        Snapshot before = node.before;
        Snapshot state = node.state;
        // Null where it was published, and has been followed by another. False where another thread published it; its
        // predecessor is published, or it could not have been built.
        if (before != null && state != null) {
            timeline.advance(before, state);
        }
    }

    /** Publishes what is durable, in order, on a caller's thread: a listener may write, and so wait for the writer. */
    private void publishDurable() {
        for (Node node = unpublished.peek(); node != null; node = unpublished.peek()) {
            if (timeline.isClosed()) {
                return;
            }
            publish(node);
            unpublished.remove(node);
        }
    }

    private static String reason(Throwable cause) {
        return cause instanceof IOException && cause.getMessage() != null ? cause.getMessage() : cause.toString();
    }

    // What follows is called by the writer alone.

    /** The commits that are accepted and not durable, in order, and the state of the last. */
    Pending pending() {
        for (; ; ) {
            Node newest = requireNonNull(head.get());
            Node last = newest == closed ? requireNonNull(closed.previous) : newest;
            Snapshot state = last.state;
            if (state != null) {
                Deque<Node> nodes = new ArrayDeque<>();
                for (Node node = last; node != null && node.previous != null; node = node.previous) {
                    nodes.push(node);
                }
                return new Pending(new ArrayList<>(nodes), state);
            }
        }
    }

    /** What is to be written. */
    record Pending(List<Node> nodes, Snapshot state) {}

    boolean hasPending() {
        Node newest = requireNonNull(head.get());
        Node node = newest == closed ? newest.previous : newest;
        return node != null && node.previous != null;
    }

    boolean isClosing() {
        return head.get() == closed;
    }

    /** These commits, the oldest of those pending, are durable. */
    void durable(List<Node> nodes) {
        long weight = 0;
        for (Node node : nodes) {
            weight += node.weight;
            if (isSync()) {
                unpublished.add(node);
            }
        }
        // From the oldest to the newest: a commit without a predecessor is durable.
        for (Node node : nodes) {
            node.previous = null;
        }
        backlog.addAndGet(-weight);
        lock.lock();
        try {
            // The queue is filled first: who sees the version publishes what is in it.
            durableVersion = nodes.get(nodes.size() - 1).version;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Writing failed, for now: what is pending stays so. */
    void troubled(Throwable cause) {
        lock.lock();
        try {
            trouble = cause;
            troubles++;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Writing the pending commits failed: all of them are taken back. {@code last} is the newest durable state. */
    void takeBack(Snapshot last, Throwable cause, boolean indeterminate) {
        lock.lock();
        try {
            if (indeterminate) {
                // Before the head is replaced: who builds on the new head sees it.
                failure = cause;
            }
            Node fresh = Node.durable(last);
            for (; ; ) {
                Node newest = requireNonNull(head.get());
                Node lost = newest == closed ? requireNonNull(closed.previous) : newest;
                // Before the head is replaced: who builds on the new head takes a new version.
                floor = Math.max(floor, lost.version);
                long weight = weight(lost);
                takenBack.add(new TakenBack.Range(last.version(), floor, cause, indeterminate));
                anyTakenBack = true;
                if (newest == closed) {
                    closed.previous = fresh;
                } else if (!head.compareAndSet(newest, fresh)) {
                    continue;
                }
                backlog.addAndGet(-weight);
                break;
            }
            trouble = cause;
            troubles++;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The writer died: what is pending is not known to be durable, and never will be. */
    void died(Snapshot last, Throwable cause) {
        if (isSync()) {
            takeBack(last, cause, true);
            return;
        }
        failure = cause;
        troubled(cause);
    }

    @Nullable
    Throwable trouble() {
        lock.lock();
        try {
            return trouble;
        } finally {
            lock.unlock();
        }
    }

    private static long weight(Node newest) {
        long weight = 0;
        for (Node node = newest; node != null && node.previous != null; node = node.previous) {
            weight += node.weight;
        }
        return weight;
    }

    /** All is written, or will never be. */
    void ended(@Nullable Throwable cause) {
        lock.lock();
        try {
            closeTrouble = cause;
            ended = true;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
