package dev.heartwood;

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
        final Follower follower;

        @Nullable
        Link next;

        /** Whether it has been rung: a plain mark, since to ring twice is harmless. */
        boolean rung;

        Link(Follower follower) {
            this.follower = follower;
        }
    }

    /** Adds a follower, after its step was handed in: the thread that finds it here finds the step. */
    void add(Follower follower) {
        Link link = new Link(follower);
        do {
            link.next = first.get();
        } while (!first.compareAndSet(link.next, link));
    }

    /** Rings all. A follower that throws stays, for the next commit. */
    void ringAll() {
        Link newest = first.get();
        if (newest == null) {
            return;
        }
        boolean all = true;
        for (Link link = newest; link != null; link = link.next) {
            if (!link.rung) {
                all &= ring(link);
            }
        }
        if (all) {
            // A follower that stands behind the newest has been rung, so nobody need walk there again.
            newest.next = null;
            first.compareAndSet(newest, null);
        }
    }

    private static boolean ring(Link link) {
        try {
            link.follower.ring();
            link.rung = true;
            return true;
        } catch (Throwable e) {
            FollowerIndex.fail(link.follower, e);
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
