package dev.heartwood;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** A thread that waits for a condition: a bell that commits ring. */
final class Await implements Timeline.Follower {
    private final Semaphore bell = new Semaphore(0);

    private Await() {}

    static Snapshot on(Root root, Predicate<? super TreeView> condition, Duration timeout)
            throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + Nanos.of(timeout);
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
    public void advanced(Snapshot before, Snapshot after) {
        // A rung bell need not be rung again: the waiter silences it before it looks.
        if (bell.availablePermits() == 0) {
            bell.release();
        }
    }

    @Override
    public void ended(Snapshot last) {
        bell.release();
    }
}
