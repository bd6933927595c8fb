package dev.heartwood;

import io.vavr.collection.HashMap;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Protects an attempt that other commits keep invalidating: for a bounded time, writers whose commit would change one
 * of its reads wait.
 *
 * <p>One claim is active at a time, first come first served, each until its deadline at the latest. Writers that give
 * way hold nothing meanwhile, and go on as soon as the claim is released or has lapsed. Writers of other places, and
 * all readers, are not affected. While there is no claim, the cost is one volatile read a commit.
 *
 * <p>A claim lapses at its deadline. It lapses earlier, after twice the time of a run, if its holder is blocked then,
 * for example by a lock that a rival holds. A holder that is running or runnable keeps its claim up to the deadline: on
 * a busy machine time passes without a step of the holder.
 */
final class RightOfWay {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Claim> queue = new ArrayDeque<>();
    private final long capNanos;
    private volatile @Nullable Claim standing;

    RightOfWay(Duration cap) {
        this.capNanos = Durations.of(cap);
    }

    /** Whether claims are made at all. */
    boolean isOn() {
        return capNanos > 0;
    }

    /**
     * Waits for its turn, and claims. The caller must read the head only after this: then the head contains every
     * commit before the claim.
     *
     * @param reads the places that must not change
     * @param runNanos the duration of a run: for twice that time, up to the limit, the claim stands even if its holder blocks
     */
    Claim claim(ReadSet reads, long runNanos) {
        Claim claim = new Claim(reads);
        boolean interrupted = false;
        lock.lock();
        try {
            queue.addLast(claim);
            for (long left = waitFor(claim); left > 0; left = waitFor(claim)) {
                interrupted |= !await(left);
            }
            claim.begin(Math.min(2 * runNanos, capNanos), capNanos);
            standing = claim;
            return claim;
        } finally {
            queue.remove(claim);
            // Writers that gave way to a lapsed claim, and the next in the queue, check the current claim again.
            changed.signalAll();
            lock.unlock();
            restoreInterrupt(interrupted);
        }
    }

    /** Gives the claim up. Harmless if its deadline has passed and there is another claim. */
    void release(Claim claim) {
        lock.lock();
        try {
            if (standing == claim) {
                standing = null;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives up the claim, if any, whose holder has just made {@code state} the newest: its race is won, and other
     * writers must not wait while it calls listeners.
     */
    void won(Snapshot state) {
        Claim claim = standing;
        if (claim != null && claim.next == state) {
            release(claim);
        }
    }

    /** Whether there is neither an active nor a waiting claim. */
    boolean isFree() {
        lock.lock();
        try {
            return standing == null && queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits, just before a commit from {@code before} to {@code next}, while that commit would violate an active claim.
     */
    void giveWay(HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> next) {
        // The only cost for every commit: one volatile read. A writer that reads null here just before a claim becomes
        // active slips through once; its thread sees the claim before its next commit.
        Claim claim = standing;
        if (claim != null) {
            giveWay(claim, before, next);
        }
    }

    private void giveWay(
            Claim first, HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> next) {
        boolean interrupted = false;
        for (Claim claim = first; claim != null && claim.isHinderedBy(before, next); claim = standing) {
            lock.lock();
            try {
                // A released thread checks the current claim again: otherwise the rivals of a claim that was only
                // renewed meanwhile would violate it one after the other, for ever.
                if (standing == claim) {
                    interrupted |= !await(claim.left());
                }
            } finally {
                lock.unlock();
            }
        }
        restoreInterrupt(interrupted);
    }

    /** The maximum time that a claim in the queue waits before it checks again; 0 when it is its turn. */
    private long waitFor(Claim claim) {
        Claim holder = standing;
        // A thread does not wait for a claim of its own.
        long left = holder == null || holder.holder == Thread.currentThread() ? 0 : holder.left();
        return queue.peekFirst() == claim ? left : Math.max(left, capNanos);
    }

    /** Waits; false if the thread was interrupted meanwhile, which must not fail a commit. */
    @SuppressWarnings("WaitNotInLoop") // both callers ask again in a loop
    private boolean await(long nanos) {
        try {
            long ignored = changed.awaitNanos(nanos);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private static void restoreInterrupt(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One active or waiting claim. */
    static final class Claim {
        /** The interval at which waiting writers check whether a holder past its own time is still running. */
        private static final long LOOK_AGAIN_NANOS = 1_000_000;

        private final Thread holder = Thread.currentThread();
        private volatile ReadSet reads;
        /** The state that the holder is about to make the newest. */
        private volatile @Nullable Snapshot next;
        /** Until this time the claim is active even if its holder blocks. */
        private volatile long ownEnd;
        /** Never extended: a renewal is not a new claim. */
        private volatile long deadline;

        Claim(ReadSet reads) {
            this.reads = reads;
        }

        private void begin(long ownNanos, long capNanos) {
            long now = System.nanoTime();
            ownEnd = now + ownNanos;
            deadline = now + capNanos;
        }

        /** Replaces the set of places that must not change. */
        void renew(ReadSet now) {
            reads = now;
        }

        /** The holder is about to make this state the newest. */
        void tries(Snapshot state) {
            next = state;
        }

        boolean hasLapsed() {
            return left() == 0;
        }

        /** The time that other writers wait for the claim before they check again; 0 when it has lapsed. */
        private long left() {
            long now = System.nanoTime();
            if (ownEnd - now > 0) {
                return ownEnd - now;
            }
            return isAtWork() ? Math.max(0, Math.min(deadline - now, LOOK_AGAIN_NANOS)) : 0;
        }

        /** Whether the holder is running or runnable. */
        private boolean isAtWork() {
            return holder == Thread.currentThread() || holder.getState() == Thread.State.RUNNABLE;
        }

        private boolean isHinderedBy(
                HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> after) {
            return holder != Thread.currentThread() && !hasLapsed() && !reads.same(before, after);
        }
    }
}
