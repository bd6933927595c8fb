package dev.heartwood;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A thread that waits for a condition. It looks again when something that the condition has read has changed. */
final class Await {
    private final Root root;
    private final Predicate<? super TreeView> condition;
    private @Nullable Snapshot found;

    private Await(Root root, Predicate<? super TreeView> condition) {
        this.root = root;
        this.condition = condition;
    }

    static Snapshot on(Root root, Predicate<? super TreeView> condition, Duration timeout)
            throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + Durations.of(timeout);
        Await await = new Await(root, condition);
        for (Waiter waiter = await.look(); waiter != null; waiter = await.look()) {
            try {
                if (!waiter.sleep(deadline) || deadline - System.nanoTime() <= 0) {
                    throw new TimeoutException("the condition did not hold within " + timeout + "; the newest state is "
                            + root.timeline().newest());
                }
            } finally {
                waiter.close();
            }
        }
        return java.util.Objects.requireNonNull(await.found);
    }

    /** Looks at the newest state. Null if the condition holds there; else this thread is registered at what it read. */
    private @Nullable Waiter look() {
        Snapshot now = root.visible();
        TrackedView view = new TrackedView(now);
        if (condition.test(view)) {
            found = now;
            return null;
        }
        return Waiter.register(root, view.finish(), now.tree());
    }
}
