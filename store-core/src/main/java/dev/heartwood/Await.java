package dev.heartwood;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** A thread that waits for a condition: a bell that commits ring. */
final class Await implements Follower {
    private final Semaphore bell = new Semaphore(0);

    private Await() {}

    static Snapshot on(Root root, Predicate<? super TreeView> condition, Duration timeout)
            throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + Durations.of(timeout);
        Await await = new Await();
        // First registered, then looked: a commit after the look rings.
        root.timeline().follow(await);
        try {
            for (; ; ) {
                await.bell.drainPermits();
                Snapshot now = root.visible();
                if (condition.test(now)) {
                    return now;
                }
                if (!await.bell.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    throw new TimeoutException(
                            "the condition did not hold within " + timeout + "; the newest state is " + now);
                }
            }
        } finally {
            root.timeline().unfollow(await);
        }
    }

    @Override
    public void startFrom(Snapshot base) {}

    /** Rings at once, and not with {@link #ring}: if that fails, the step comes again, and so the bell rings again. */
    @Override
    public void handIn(Snapshot before, Snapshot after) {
        // A rung bell need not be rung again: the waiter silences it before it looks.
        if (bell.availablePermits() == 0) {
            bell.release();
        }
    }

    @Override
    public void ring() {}

    @Override
    public void ended() {
        bell.release();
    }

    @Override
    public void missedSteps(long upTo) {
        bell.release();
    }

    /** Nothing to say: the waiting thread looks at the newest state, and asks for no step. */
    @Override
    public void failed(Throwable failure) {}
}
