package dev.heartwood.stress.broken;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** States that are published in order by whoever comes: takes each out of the queue before it can be seen. */
public final class TakeThenPublish {
    private final Queue<Integer> steps = new ConcurrentLinkedQueue<>();
    private final AtomicInteger newest = new AtomicInteger();

    /** So many states, the numbers from 1 on. */
    public TakeThenPublish(int states) {
        for (int i = 1; i <= states; i++) {
            steps.add(i);
        }
    }

    /** Publishes all there is. */
    public void publish() {
        for (Integer step = steps.poll(); step != null; step = steps.poll()) {
            newest.accumulateAndGet(step, Math::max);
        }
    }

    /** The newest state that was published. */
    public int newest() {
        return newest.get();
    }
}
