package dev.heartwood.sqlite;

import dev.heartwood.Snapshot;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * A commit that was accepted and is not decided yet.
 *
 * @param before the state that it was made on
 * @param after the state that it makes
 * @param keys the keys of the top level under which something changes
 * @param owner the thread that waits to hear of its own commit
 * @param since when it was accepted, as {@code System.nanoTime} has it
 * @param bell wakes those who wait for it
 */
record Accepted(Snapshot before, Snapshot after, Set<String> keys, Thread owner, long since, Bell bell) {

    /**
     * Wakes all who wait, each by itself: with one lock for all of them, each would wake only after the one before it,
     * and the last of many much later than the first.
     */
    static final class Bell {
        private volatile CountDownLatch next = new CountDownLatch(1);

        /** What opens when the bell rings next. */
        CountDownLatch next() {
            return next;
        }

        synchronized void ring() {
            CountDownLatch rung = next;
            next = new CountDownLatch(1);
            rung.countDown();
        }
    }
}
