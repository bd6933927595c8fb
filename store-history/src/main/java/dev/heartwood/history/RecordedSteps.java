package dev.heartwood.history;

import static java.util.Objects.requireNonNull;

import dev.heartwood.CommitRecorder;
import dev.heartwood.Snapshot;
import dev.heartwood.history.StateChain.Link;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The recorder of a history that records only some places. A committing thread links its whole state into a separate
 * chain. Each reader of the history, and a background task, moves the states from there into the chain for readers,
 * without the places that are not recorded.
 */
final class RecordedSteps implements CommitRecorder {
    /**
     * From this number of waiting states on, a committing thread moves them itself, unless another thread does: so
     * their number stays small.
     */
    private static final int MANY = 1_000;

    /** More states are not compared one by one: they become one step, which is marked as a gap. */
    private static final int MOST = 100_000;

    /** Whole states that wait; the oldest is the one that was moved last. */
    private final StateChain incoming = new StateChain(Long.MAX_VALUE, false);

    private final StateChain chain;
    private final RecordedPlaces places;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock; null until the start. */
    private @Nullable PartialChain recorded;

    private volatile boolean started;

    RecordedSteps(StateChain chain, RecordedPlaces places) {
        this.chain = chain;
        this.places = places;
    }

    @Override
    public void startFrom(Snapshot base) {
        incoming.start(base);
    }

    /** Called once, when the base stands. */
    void start() {
        lock.lock();
        try {
            recorded = new PartialChain(chain, places, incoming.oldest().state());
            started = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void record(Snapshot before, Snapshot after) {
        incoming.add(before, after);
        // No thread waits here: if another thread is moving the states, this one goes on.
        if (started && incoming.length() > MANY && lock.tryLock()) {
            try {
                move();
            } finally {
                lock.unlock();
            }
        }
    }

    @Override
    public void missed(long upTo) {
        // The chain detects the gap when the next step is linked.
    }

    /** Moves all states that wait. */
    void catchUp() {
        lock.lock();
        try {
            move();
        } finally {
            lock.unlock();
        }
    }

    /** All present records. */
    Records records(Instant start) {
        lock.lock();
        try {
            move();
            return requireNonNull(recorded).records(start);
        } finally {
            lock.unlock();
        }
    }

    private void move() {
        PartialChain to = requireNonNull(recorded);
        Link last = incoming.oldest();
        for (Link next = last.next(); next != null; next = last.next()) {
            boolean gap = next.gap;
            if (incoming.length() > MOST) {
                next = incoming.newest();
                gap = true;
            }
            to.add(next.state(), gap);
            // Only the thread that holds the lock moves the beginning.
            incoming.dropUpTo(last, next);
            last = next;
        }
    }
}
