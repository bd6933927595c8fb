package dev.heartwood.storage;

import dev.heartwood.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the thread that decides the waiting commits: one leader at a time among the waiting threads, while the others
 * sleep.
 *
 * <p><b>The group commit delay.</b> A busy writer comes back with its next commit a moment after the last one is
 * acknowledged. A write that began before that would carry half of the writers, and the other half would wait for a
 * second write. So no thread leads until as many threads wait as at the end of the last write; the last of them becomes
 * the leader. This delay is at most half of the duration of that write, and at most two milliseconds.
 */
final class GroupCommit {
    /** A sleep takes about this long at least, so a shorter delay is not worth it. */
    private static final long SHORTEST_NANOS = 50_000;
    /** A write may have taken long because another process had the lock: that does not predict the next one. */
    private static final long LONGEST_NANOS = 2_000_000;

    // All fields are guarded by the lock, which is that of the CommitQueue. Invariants:
    //   While no thread leads and some thread waits for a commit, one of those that wait watches the clock, or is on
    // its
    //   way to: the thread that gives up leading or watching tells it so.
    //   A thread that decides commits, as leader or not, wakes the threads that sleep for them.
    //   Each sleeper is woken by itself and after the lock is free: on a condition of the lock each would wake only
    //   after the one before it, and eight of them take twice as long.
    private final ReentrantLock lock;
    private final Set<Snapshot> waiting;
    private final NanoClock clock;
    private final Map<Thread, Snapshot> sleepers = new LinkedHashMap<>();
    private @Nullable Thread watch;
    private boolean led;
    private long since;
    private int expected;
    private long until;

    /** The group commit of the states in {@code waiting}, which is guarded by the lock. */
    GroupCommit(ReentrantLock lock, Set<Snapshot> waiting, NanoClock clock) {
        this.lock = lock;
        this.waiting = waiting;
        this.clock = clock;
    }

    /** Waits until a state is no longer waiting (true), or it is this thread's turn to lead (false). */
    boolean isDecided(Snapshot state) {
        Thread me = Thread.currentThread();
        for (; ; ) {
            long nanos = Long.MAX_VALUE;
            lock.lock();
            try {
                sleepers.remove(me);
                if (!waiting.contains(state)) {
                    break;
                }
                long left = waiting.size() >= expected ? 0 : until - clock.nanoTime();
                if (!led && left <= 0) {
                    begin();
                    return false;
                }
                if (!led && (watch == null || watch == me)) {
                    watch = me;
                    nanos = left;
                }
                sleepers.put(me, state);
            } finally {
                lock.unlock();
            }
            clock.pause(nanos);
        }
        wake(); // this thread may have been the one that watches
        return true;
    }

    /** Waits for this thread's turn to lead. */
    void lead(Snapshot durable) {
        while (!tryLead(durable)) {
            clock.pause(Long.MAX_VALUE);
        }
    }

    private boolean tryLead(Snapshot durable) {
        lock.lock();
        try {
            sleepers.remove(Thread.currentThread());
            if (!led) {
                begin();
                return true;
            }
            // It waits for no commit, so it is woken as soon as no thread leads.
            sleepers.put(Thread.currentThread(), durable);
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Makes this thread the leader if no other thread leads or wants to; never waits for that. */
    boolean tryLead() {
        lock.lock();
        try {
            if (led || !waiting.isEmpty() || !sleepers.isEmpty()) {
                return false;
            }
            begin();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void begin() {
        led = true;
        watch = null;
        since = clock.nanoTime();
    }

    /** Records the number of commits that were in the last write, or waited at its end; under the lock. */
    void decided(int commits) {
        long now = clock.nanoTime();
        long patience = Math.min((now - since) / 2, LONGEST_NANOS);
        expected = patience < SHORTEST_NANOS ? 0 : commits;
        until = now + patience;
    }

    /** Ends the leadership of this thread, and wakes the threads that this concerns. */
    void resign() {
        wake(true);
    }

    /** Wakes the threads whose commits were decided by a thread that does not lead. */
    void wake() {
        wake(false);
    }

    private void wake(boolean resigning) {
        List<Thread> woken = new ArrayList<>();
        lock.lock();
        try {
            led &= !resigning;
            sleepers.forEach((sleeper, state) -> {
                if (!waiting.contains(state)) {
                    woken.add(sleeper);
                }
            });
            woken.forEach(sleepers::remove);
            if (!led && (watch == null || watch == Thread.currentThread() || woken.contains(watch))) {
                watch = sleepers.keySet().stream().findFirst().orElse(null);
                if (watch != null) {
                    woken.add(watch);
                }
            }
        } finally {
            lock.unlock();
        }
        woken.forEach(LockSupport::unpark);
    }
}
