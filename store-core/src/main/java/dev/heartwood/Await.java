package dev.heartwood;

import dev.heartwood.tree.DurationText;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits for a condition, and looks again when something that the condition has read has changed; or for a
 * token, and looks again after each step: whether it is reached is a matter of versions, which a step without changes has, too.
 */
final class Await {
    private final Root root;
    private final Predicate<? super TreeView> condition;
    private final @Nullable Token token;

    private @Nullable Snapshot found;

    private Await(Root root, Predicate<? super TreeView> condition, @Nullable Token token) {
        this.root = root;
        this.condition = condition;
        this.token = token;
    }

    static Snapshot on(Root root, Predicate<? super TreeView> condition, Duration timeout)
            throws InterruptedException, TimeoutException {
        return new Await(root, condition, null).until(timeout);
    }

    static Snapshot on(Root root, Token token, Duration timeout) throws InterruptedException, TimeoutException {
        return new Await(root, view -> false, token).until(timeout);
    }

    private Snapshot until(Duration timeout) throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + Durations.of(timeout);
        for (Waiter waiter = look(); waiter != null; waiter = look()) {
            try {
                if (!waiter.sleep(deadline) || deadline - System.nanoTime() <= 0) {
                    throw timedOut(timeout, waiter);
                }
            } finally {
                waiter.close();
            }
        }
        return java.util.Objects.requireNonNull(found);
    }

    private TimeoutException timedOut(Duration timeout, Waiter waiter) {
        String within = " within " + DurationText.of(timeout) + "; ";
        return new TimeoutException((token == null
                        ? "the condition did not hold" + within + waiter.waitedFor()
                        : "the state of the token " + token + " did not arrive" + within
                                + "ask again later, or check whether the process that sent the token uses the"
                                + " same storage")
                + "; the newest state is " + root.timeline().newest());
    }

    /**
     * Looks at the newest state. Null if the condition holds there; otherwise this thread is registered at its reads.
     */
    private @Nullable Waiter look() {
        // Before the question: a step that comes after it wakes this thread.
        Snapshot now = root.visible();
        if (token != null) {
            return lookFor(token, now);
        }
        TrackedView view = new TrackedView(now);
        if (condition.test(view)) {
            found = now;
            return null;
        }
        return Waiter.register(root, view.finish(), now.tree());
    }

    private @Nullable Waiter lookFor(Token reached, Snapshot now) {
        if (!root.hasReached(reached)) {
            return Waiter.registerAtEveryStep(root, now);
        }
        // Read after the answer, which is about the state that readers saw then. The state from before the question may
        // be one that lacks the commit of the token.
        found = root.timeline().newest();
        return null;
    }
}
