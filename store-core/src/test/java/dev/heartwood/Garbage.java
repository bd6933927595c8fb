package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Whether something can still be reached. */
final class Garbage {
    private Garbage() {}

    /** Fails if any of these is still there after many a collection. */
    static void assertAllCollected(List<? extends WeakReference<?>> references) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (left(references) > 0 && System.nanoTime() - deadline < 0) {
            System.gc();
            Thread.sleep(5);
        }
        assertThat(left(references))
                .as("still reachable of %d", references.size())
                .isZero();
    }

    private static long left(List<? extends WeakReference<?>> references) {
        return references.stream().filter(reference -> reference.get() != null).count();
    }
}
