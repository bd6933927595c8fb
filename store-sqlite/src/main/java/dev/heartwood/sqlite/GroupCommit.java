package dev.heartwood.sqlite;

import dev.heartwood.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who decides the commits that wait, while the others sleep: one thread at a time, one of those that wait.
 *
 * <p>Whoever was told of a commit comes back with the next one in a moment, if it is a busy writer. A transaction that
 * began before that would be shared by half of the writers, and the other half would wait for a second sync. So the next
 * leader is the one who comes last: until as many wait as did at the end of the last transaction, none leads, but for no
 * longer than half of what that one took, and two milliseconds at most.
 */
final class GroupCommit {
    /** Sleeping takes so long at least: what is over by then is not worth waiting for. */
    private static final long SHORTEST_NANOS = 50_000;
    /** A transaction may have taken long because another process had the lock: that says nothing about the next. */
    private static final long LONGEST_NANOS = 2_000_000;

    // All fields are guarded by the lock, which is that of the Ahead. Invariants:
    //   While nobody leads and somebody waits for a commit, one of them watches the clock, or is on its way to: it is
    //   told so by whoever gives up leading or watching.
    //   Whoever decides commits, as leader or not, wakes those who sleep for them.
    //   Each sleeper is woken by itself and after the lock is free: on a condition of the lock each would wake only
    //   after the one before it, and eight of them take twice as long.
    private final ReentrantLock lock;
    private final Map<Snapshot, PendingCommit> waiting;
    private final Map<Thread, Snapshot> sleepers = new LinkedHashMap<>();
    private @Nullable Thread watch;
    private boolean led;
    private long since;
    private int expected;
    private long until;

    /** Of the commits in {@code waiting}, which is guarded by the lock. */
    GroupCommit(ReentrantLock lock, Map<Snapshot, PendingCommit> waiting) {
        this.lock = lock;
        this.waiting = waiting;
    }

    /** Waits until a state does not wait any more (true), or it is this thread's turn to lead (false). */
    boolean isDecided(Snapshot state) {
        Thread me = Thread.currentThread();
        for (; ; ) {
            long nanos = Long.MAX_VALUE;
            lock.lock();
            try {
                sleepers.remove(me);
                if (!waiting.containsKey(state)) {
                    break;
                }
                long left = waiting.size() >= expected ? 0 : until - System.nanoTime();
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
            BusyBackoff.pause(nanos);
        }
        wake(); // it may have been the one that watches
        return true;
    }

    /** Waits for this thread's turn to lead. */
    void take(Snapshot durable) {
        while (!tryTake(durable)) {
            BusyBackoff.pause(Long.MAX_VALUE);
        }
    }

    private boolean tryTake(Snapshot durable) {
        lock.lock();
        try {
            sleepers.remove(Thread.currentThread());
            if (!led) {
                begin();
                return true;
            }
            // It waits for no commit, so it is woken as soon as nobody leads.
            sleepers.put(Thread.currentThread(), durable);
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Has this thread lead if nobody does or wants to; never waits for that. */
    boolean tryTake() {
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
        since = System.nanoTime();
    }

    /** So many commits were in a transaction that is over, or waited at its end; under the lock. */
    void decided(int commits) {
        long now = System.nanoTime();
        long patience = Math.min((now - since) / 2, LONGEST_NANOS);
        expected = patience < SHORTEST_NANOS ? 0 : commits;
        until = now + patience;
    }

    /** Leads no more, and wakes whom that concerns. */
    void resign() {
        wake(true);
    }

    /** Wakes those whose commits were decided by somebody who does not lead. */
    void wake() {
        wake(false);
    }

    private void wake(boolean resigning) {
        List<Thread> woken = new ArrayList<>();
        lock.lock();
        try {
            led &= !resigning;
            sleepers.forEach((sleeper, state) -> {
                if (!waiting.containsKey(state)) {
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
