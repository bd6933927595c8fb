package dev.heartwood;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A thread that waits for a condition. It looks again when something that the condition has read has changed. */
final class Await {
    private final Root root;
    private final Predicate<? super TreeView> condition;
    /** Whether it looks again after every step: what the condition depends on is no place of the tree. */
    private final boolean everyStep;

    private @Nullable Snapshot found;

    private Await(Root root, Predicate<? super TreeView> condition, boolean everyStep) {
        this.root = root;
        this.condition = condition;
        this.everyStep = everyStep;
    }

    static Snapshot on(Root root, Predicate<? super TreeView> condition, Duration timeout)
            throws InterruptedException, TimeoutException {
        return new Await(root, condition, false).until(timeout);
    }

    /** Waits until the root has reached a token: that is a matter of versions, which a step without changes has, too. */
    static Snapshot on(Root root, Token token, Duration timeout) throws InterruptedException, TimeoutException {
        return new Await(root, view -> root.hasReached(token), true).until(timeout);
    }

    private Snapshot until(Duration timeout) throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + Durations.of(timeout);
        for (Waiter waiter = look(); waiter != null; waiter = look()) {
            try {
                if (!waiter.sleep(deadline) || deadline - System.nanoTime() <= 0) {
                    throw new TimeoutException("the condition did not hold within " + timeout + "; the newest state is "
                            + root.timeline().newest());
                }
            } finally {
                waiter.close();
            }
        }
        return java.util.Objects.requireNonNull(found);
    }

    /** Looks at the newest state. Null if the condition holds there; else this thread is registered at what it read. */
    private @Nullable Waiter look() {
        Snapshot now = root.visible();
        TrackedView view = new TrackedView(now);
        if (condition.test(view)) {
            found = now;
            return null;
        }
        return everyStep ? Waiter.registerAtEveryStep(root, now) : Waiter.register(root, view.finish(), now.tree());
    }
}
