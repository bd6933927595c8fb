package dev.heartwood;

import dev.heartwood.tree.Steps;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The followers that have been handed something since they were last rung. Any thread that commits adds to it, and
 * rings all of it; so a follower whose thread dies, or is held up by a listener, is rung by another thread. Lock-free.
 */
final class RingList {
    private final AtomicReference<@Nullable Link> first = new AtomicReference<>();

    /** One follower to ring; a follower may have several. */
    private static final class Link {
        /** Null once it has been rung: a plain write, since to ring twice is harmless. */
        @Nullable
        Follower follower;

        @Nullable
        Link next;

        Link(Follower follower) {
            this.follower = follower;
        }

        /** Whether nobody is to be rung from here on. */
        boolean isDone() {
            return follower == null && next == null;
        }
    }

    /** Adds a follower, after its step was handed in: the thread that finds it here finds the step. */
    void add(Follower follower) {
        Link link = new Link(follower);
        Link newest;
        do {
            newest = first.get();
            link.next = newest == null || newest.isDone() ? null : newest;
        } while (!first.compareAndSet(newest, link));
    }

    /** Rings all. A follower that throws stays, for the next commit. */
    void ringAll() {
        Link newest = first.get();
        if (newest == null || newest.isDone()) {
            return;
        }
        boolean all = true;
        for (Link link = newest; link != null; link = link.next) {
            Steps.count();
            Follower follower = link.follower;
            all &= follower == null || ring(link, follower);
        }
        if (all) {
            // Those behind the newest have been rung, so nobody need walk there again. The newest stays, and holds
            // nobody: the next to be added takes its place with the compare-and-set that it needs anyway.
            newest.next = null;
        }
    }

    private static boolean ring(Link link, Follower follower) {
        try {
            follower.ring();
            link.follower = null;
            return true;
        } catch (Throwable e) {
            FollowerIndex.fail(follower, e);
            return false;
        }
    }

    /**
     * Says that the next commit is to ring all followers, whomever it concerns: a round of one has ended in an error. To
     * set it is an assignment, which needs neither stack nor heap. It is an object of its own, so that a follower that is
     * over holds no timeline.
     */
    static final class Reminder {
        volatile boolean set;
    }
}
