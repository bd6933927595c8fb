package dev.heartwood;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All followers of a timeline, by the places that concern them: a trie of path tokens, in the shape of the tree. A step
 * is handed to those alone whose place it changed, so a commit pays for its own changes and for them, not for the others.
 *
 * <p><b>Progress.</b> Threads that register and leave take a lock, for the time that their own paths take. Threads that
 * commit take none: {@link #handIn} and {@link #ring} never wait for another thread.
 */
final class FollowerIndex {
    private final ReentrantLock lock = new ReentrantLock();
    private final RingList ringing = new RingList();
    private volatile FollowerNode root = new FollowerNode();
    /** The followers that have read nothing: no step concerns them, but the end does. Replaced with the root. */
    private volatile FollowerNode nowhere = new FollowerNode();
    /** The followers that every step concerns. Replaced with the root. */
    private volatile FollowerNode everywhere = new FollowerNode();

    private final RingList.Reminder reminder = new RingList.Reminder();

    /** Whether the timeline has ended. Guarded by the lock. */
    private boolean over;

    /** How many entries there are. Written by threads that hold the lock. */
    private volatile int size;

    boolean isEmpty() {
        return size == 0;
    }

    /** How many places are watched: a registration counts for each of its own. */
    int size() {
        return size;
    }

    /** Adds a registration, unless it has been removed before. */
    void add(Registration registration) {
        lock.lock();
        try {
            if (!registration.removed && !over) {
                link(registration);
            }
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    private void link(Registration registration) {
        List<Registration.Place> places = registration.takePlaces();
        FollowerNode.Entry[] entries = new FollowerNode.Entry[Math.max(1, places.size())];
        for (int i = 0; i < entries.length; i++) {
            int kinds = places.isEmpty() ? 0 : places.get(i).kinds();
            entries[i] = new FollowerNode.Entry(registration.follower(), kinds);
        }
        registration.entries = List.of(entries);
        // A volatile write, and before the entries are linked: a thread that reads an empty index, and so hands its
        // step in to
        // nobody, has published its state before; the registering thread, which looks at the newest state after this,
        // finds it. With a plain write both could miss each other.
        size = size + entries.length;
        for (int i = 0; i < entries.length; i++) {
            FollowerNode node = registration.isAtEveryStep()
                    ? everywhere
                    : places.isEmpty() ? nowhere : places.get(i).in(root);
            node.add(entries[i]);
            entries[i].node = node;
        }
    }

    /** Removes a registration; harmless if it is not there. A step that is handed in meanwhile may still reach it. */
    void remove(Registration registration) {
        lock.lock();
        try {
            registration.removed = true;
            for (FollowerNode.Entry entry : registration.entries) {
                unlink(entry);
            }
            registration.entries = List.of();
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    private void unlink(FollowerNode.Entry entry) {
        if (over) {
            return; // all are forgotten
        }
        size = size - 1;
        FollowerNode node = entry.node;
        if (node != null) {
            node.remove(entry);
            node.prune();
        }
    }

    /**
     * Hands a step to the followers that it concerns.
     *
     * @param edits the edits that lead from one state to the other, or null if they must be computed
     * @return false if a follower has thrown, and does not have the step
     */
    boolean handIn(Snapshot before, Snapshot after, @Nullable Supplier<List<Edit>> edits) {
        return isEmpty() || new FollowerWalk(before, after, ringing).walk(everywhere, root, edits);
    }

    /** Lets the followers deliver the steps that they have received. */
    void ring() {
        // Looked at and reset before the first is rung: a follower whose round ends in an error from here on sets it
        // for
        // the next commit, and is not asked again by this one.
        boolean all = reminder.set;
        if (all) {
            reminder.set = false;
        }
        ringing.ringAll();
        if (all) {
            tellAll(root, Follower::ring);
            tellAll(nowhere, Follower::ring);
        }
    }

    RingList.Reminder reminder() {
        return reminder;
    }

    void missedSteps(long upTo) {
        tellAll(everywhere, follower -> follower.missedSteps(upTo));
        tellAll(root, follower -> follower.missedSteps(upTo));
        tellAll(nowhere, follower -> follower.missedSteps(upTo));
    }

    /** Notifies all followers that nothing can be committed any more. */
    void storageFailed() {
        tellAll(root, Follower::storageFailed);
        tellAll(nowhere, Follower::storageFailed);
    }

    /** Notifies all followers that the timeline has ended, and releases them. */
    void end() {
        FollowerNode recorders;
        FollowerNode all;
        FollowerNode others;
        lock.lock();
        try {
            recorders = everywhere;
            everywhere = new FollowerNode();
            all = root;
            others = nowhere;
            root = new FollowerNode();
            nowhere = new FollowerNode();
            over = true;
            size = 0;
        } finally {
            lock.unlock();
        }
        tellAll(recorders, Follower::ended);
        tellAll(all, Follower::ended);
        tellAll(others, Follower::ended);
    }

    /** A follower may be notified several times: once for each of its places. */
    private static void tellAll(FollowerNode root, Consumer<Follower> what) {
        Deque<FollowerNode> open = new ArrayDeque<>();
        open.push(root);
        while (!open.isEmpty()) {
            FollowerNode node = open.pop();
            for (FollowerNode.Entry entry = node.first(); entry != null; entry = entry.next) {
                tell(entry.follower, what);
            }
            node.children().forEach(open::push);
            FollowerNode any = node.anyStep();
            if (any != null) {
                open.push(any);
            }
        }
    }

    private static void tell(Follower follower, Consumer<Follower> what) {
        try {
            what.accept(follower);
        } catch (Throwable e) {
            fail(follower, e);
        }
    }

    static void fail(Follower follower, Throwable failure) {
        try {
            follower.failed(failure);
        } catch (Throwable e) {
            // On an exhausted stack or heap not even this can be reported. Nothing is lost: the next commit hands over
            // every missing step, and rings every follower that was not rung.
        }
    }
}
