package dev.heartwood;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** All followers of a timeline: each is told of each step. A follower that throws keeps nothing from the others. */
final class FollowerList {
    private static final Follower[] NONE = new Follower[0];

    private final AtomicReference<Follower[]> all = new AtomicReference<>(NONE);

    boolean isEmpty() {
        return all().length == 0;
    }

    void add(Follower follower) {
        all.updateAndGet(old -> {
            Follower[] more = Arrays.copyOf(old, old.length + 1);
            more[old.length] = follower;
            return more;
        });
    }

    void remove(Follower follower) {
        all.updateAndGet(
                old -> Arrays.stream(old).filter(other -> other != follower).toArray(Follower[]::new));
    }

    /** Hands a step in to all. False: one of them has thrown, and does not have it. */
    boolean handIn(Snapshot before, Snapshot after) {
        boolean done = true;
        for (Follower follower : all()) {
            try {
                follower.handIn(before, after);
            } catch (Throwable e) {
                done = false;
                fail(follower, e);
            }
        }
        return done;
    }

    void ring() {
        for (Follower follower : all()) {
            try {
                follower.ring();
            } catch (Throwable e) {
                fail(follower, e);
            }
        }
    }

    void missedSteps(long upTo) {
        tell(all(), follower -> follower.missedSteps(upTo));
    }

    /** Tells all that the timeline has ended, and lets go of them. */
    void end() {
        tell(requireNonNull(all.getAndSet(NONE)), Follower::ended);
    }

    private static void tell(Follower[] followers, Consumer<Follower> what) {
        for (Follower follower : followers) {
            try {
                what.accept(follower);
            } catch (Throwable e) {
                fail(follower, e);
            }
        }
    }

    private static void fail(Follower follower, Throwable failure) {
        try {
            follower.failed(failure);
        } catch (Throwable e) {
            // On an exhausted stack or heap not even this can be told. Nothing is lost by it: what was not handed in
            // is handed in, and what was not rung is rung, by the next commit.
        }
    }

    private Follower[] all() {
        return requireNonNull(all.get());
    }
}
