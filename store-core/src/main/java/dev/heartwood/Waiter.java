package dev.heartwood;

import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A thread that sleeps until something that it has read changes. It holds the places that it has read, and neither a state
 * nor a transaction.
 */
final class Waiter implements Follower {
    /** How many places a message names. */
    private static final int PLACES_TOLD = 5;

    private final Thread thread = Thread.currentThread();
    private final Timeline timeline;
    private final Registration registration = new Registration(this);
    private final List<KeyPath> places = new ArrayList<>(1);
    private int placesRead;
    private volatile boolean rung;

    private Waiter(Timeline timeline) {
        this.timeline = timeline;
    }

    /**
     * Registers the calling thread at every place that was read. The caller must {@link #close} the result.
     *
     * @param reads the places that were read
     * @param base the tree on which it was read; not kept
     */
    static Waiter register(Root root, ReadWriteSet reads, HashMap<String, @Nullable Object> base) {
        Waiter waiter = new Waiter(root.timeline());
        reads.forEachRead(waiter::at);
        root.timeline().follow(waiter.registration);
        try {
            // Registered first, then compared. A commit before this look is in the newest state, and the comparison
            // finds it; a commit after it rings. In the other order a commit between the two would be neither, and
            // the thread would sleep through it.
            if (!reads.same(base, root.visible().tree())) {
                // Only ever set: a plain "or" would write back a false that it read before a commit woke this thread.
                waiter.rung = true;
            }
            return waiter;
        } catch (Throwable e) {
            waiter.close();
            throw e;
        }
    }

    private void at(KeyPath path, int kinds) {
        registration.at(path, kinds);
        placesRead++;
        if (places.size() < PLACES_TOLD) {
            places.add(path);
        }
    }

    /**
     * Registers the calling thread for every step. The caller must {@link #close} the result.
     *
     * @param seen the state that the thread has looked at
     */
    static Waiter registerAtEveryStep(Root root, Snapshot seen) {
        Waiter waiter = new Waiter(root.timeline());
        waiter.registration.atEveryStep();
        // The newest state is looked at after the registration, for the reason that register has.
        if (root.timeline().follow(waiter.registration) != seen) {
            waiter.rung = true;
        }
        return waiter;
    }

    /**
     * Sleeps until something that was read has changed, or the timeline has ended. Returns at once if it has since the
     * registration.
     *
     * @param deadline in terms of {@link System#nanoTime}
     * @return false if the deadline passed first
     */
    boolean sleep(long deadline) throws InterruptedException {
        while (!rung) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            LockSupport.parkNanos(this, left);
        }
        return true;
    }

    /** For a message that the waiting was in vain: the first few places at which this thread waits. */
    String waitedFor() {
        if (places.isEmpty()) {
            return "it has read nothing, so no change could wake it";
        }
        int more = placesRead - places.size();
        return "it waited for a change of "
                + places.stream().map(KeyPath::forPeople).collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + (more == 1 ? " more place" : " more places") : "");
    }

    void close() {
        timeline.unfollow(registration);
    }

    // ---- on threads that commit

    @Override
    public void startFrom(Snapshot base) {}

    /** Wakes the thread at once, and not with {@link #ring}: if that fails, the step comes again. */
    @Override
    public boolean handIn(Snapshot before, Snapshot after, boolean differs) {
        wake();
        return false;
    }

    private void wake() {
        // In this order: a thread that is woken finds the mark.
        rung = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void ring() {}

    @Override
    public void ended() {
        wake();
    }

    @Override
    public void missedSteps(long upTo) {
        wake();
    }

    /** Nothing to say: the waiting thread looks at the newest state, and asks for no step. */
    @Override
    public void failed(Throwable failure) {}
}
