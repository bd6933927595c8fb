package dev.heartwood;

import io.vavr.collection.HashMap;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets an attempt that others keep invalidating through: for a bounded time, writers whose commit would change what it
 * read wait.
 *
 * <p>One claim stands at a time, first come first served, each until its deadline at the latest. Those who give way
 * hold nothing meanwhile and go on as soon as the claim is released or has lapsed; writers elsewhere, and all readers,
 * are not concerned. While no claim stands this costs one volatile read a commit.
 *
 * <p>A claim lapses at its deadline, the cap. It lapses earlier, after twice the time that a run takes, if its holder
 * waits for something then, such as a lock that a rival holds. A holder that is at work, or that the scheduler does not
 * let work, keeps its claim up to the deadline: on a busy machine its time passes without a step of its own.
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
     * Waits for its turn, and claims. The caller must look at the head only after this: what commits before the claim
     * stands is then in it.
     *
     * @param reads what must not change
     * @param runNanos how long a run takes: for twice as long, up to the cap, the claim stands whatever its holder does
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
            // Those who gave way to a lapsed claim, and the next in the queue, ask again whichever stands now.
            changed.signalAll();
            lock.unlock();
            restoreInterrupt(interrupted);
        }
    }

    /** Gives the claim up. Harmless when its deadline has passed and another stands. */
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
     * Gives the claim up whose holder has just made {@code state} the newest, if there is one: its race is won, and
     * what its holder does next, such as telling listeners, is nothing to wait for.
     */
    void won(Snapshot state) {
        Claim claim = standing;
        if (claim != null && claim.next == state) {
            release(claim);
        }
    }

    /** Whether no claim stands or waits. */
    boolean isFree() {
        lock.lock();
        try {
            return standing == null && queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Waits, just before a commit from {@code before} to {@code next}, while it would undo a standing claim. */
    void giveWay(HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> next) {
        // A volatile read, and no more, on the way of every commit. A writer that reads null here just before a claim
        // stands slips through once; its thread sees the claim before its next commit.
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
                // A thread that is released asks again whichever claim stands now: one that had only been renewed
                // meanwhile would otherwise be undone by its rivals, one after the other, for ever.
                if (standing == claim) {
                    interrupted |= !await(claim.left());
                }
            } finally {
                lock.unlock();
            }
        }
        restoreInterrupt(interrupted);
    }

    /** How long a claim in the queue must wait at most before it looks again; 0 when it is its turn. */
    private long waitFor(Claim claim) {
        Claim holder = standing;
        // A thread does not wait for a claim of its own.
        long left = holder == null || holder.holder == Thread.currentThread() ? 0 : holder.left();
        return queue.peekFirst() == claim ? left : Math.max(left, capNanos);
    }

    /** Waits; false if the thread was interrupted meanwhile, which must not undo a commit. */
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

    /** One standing or waiting claim. */
    static final class Claim {
        /** How often those who give way look whether a holder past its own time is still at work. */
        private static final long LOOK_AGAIN_NANOS = 1_000_000;

        private final Thread holder = Thread.currentThread();
        private volatile ReadSet reads;
        /** The state that the holder is about to make the newest. */
        private volatile @Nullable Snapshot next;
        /** Until then the claim stands whatever its holder does. */
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

        /** From now on this is what must not change. */
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

        /** How long others wait for the claim before they ask again; 0 when it has lapsed. */
        private long left() {
            long now = System.nanoTime();
            if (ownEnd - now > 0) {
                return ownEnd - now;
            }
            return isAtWork() ? Math.max(0, Math.min(deadline - now, LOOK_AGAIN_NANOS)) : 0;
        }

        /** Whether the holder waits for nothing but, at most, a processor. */
        private boolean isAtWork() {
            return holder == Thread.currentThread() || holder.getState() == Thread.State.RUNNABLE;
        }

        private boolean isHinderedBy(
                HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> after) {
            return holder != Thread.currentThread() && !hasLapsed() && !reads.same(before, after);
        }
    }
}
