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
 * <p>One claim stands at a time, first come first served, each until its deadline at the latest. Those who give way hold
 * nothing meanwhile and go on as soon as the claim is released or its deadline has passed; writers elsewhere, and all
 * readers, are not concerned. While no claim stands this costs one volatile read a commit.
 */
final class RightOfWay {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Claim> queue = new ArrayDeque<>();
    private final long capNanos;
    private volatile @Nullable Claim standing;

    RightOfWay(Duration cap) {
        this.capNanos = Nanos.of(cap);
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
     * @param runNanos how long a run takes; the claim lasts twice as long, up to the cap
     */
    Claim claim(Reads reads, long runNanos) {
        Claim claim = new Claim(reads);
        boolean interrupted = false;
        lock.lock();
        try {
            queue.addLast(claim);
            for (long left = waitFor(claim); left > 0; left = waitFor(claim)) {
                interrupted |= !await(left);
            }
            claim.deadline = System.nanoTime() + Math.min(2 * runNanos, capNanos);
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
                // Whoever is released asks again whichever claim stands now: one that had only been renewed meanwhile
                // would otherwise be undone by its rivals, one after the other, for ever.
                if (standing == claim) {
                    interrupted |= !await(claim.deadline - System.nanoTime());
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
        long left = holder == null ? 0 : Math.max(0, holder.deadline - System.nanoTime());
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
        private final Thread holder = Thread.currentThread();
        private volatile Reads reads;
        /** Never extended: a renewal is not a new claim. */
        private volatile long deadline;

        Claim(Reads reads) {
            this.reads = reads;
        }

        /** From now on this is what must not change. */
        void renew(Reads now) {
            reads = now;
        }

        boolean hasLapsed() {
            return deadline - System.nanoTime() <= 0;
        }

        private boolean isHinderedBy(HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> next) {
            return holder != Thread.currentThread() && !hasLapsed() && !reads.same(before, next);
        }
    }
}
