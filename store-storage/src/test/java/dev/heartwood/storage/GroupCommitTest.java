package dev.heartwood.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Snapshot;
import dev.heartwood.StoreIOException;
import dev.heartwood.Timeline;
import dev.heartwood.json.Json;
import io.vavr.collection.HashMap;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Those who wait for commits are woken, and one of them decides. */
@Timeout(30)
class GroupCommitTest {
    private static final int ROUNDS = 50;

    private final Timeline timeline =
            new Timeline(0, HashMap.empty(), Json.options().dialect());
    private final CommitQueue<String> queue = new CommitQueue<>(timeline);

    @Test
    void whoDoesNotComeBackIsNotWaitedForLong() {
        accept();
        Snapshot second = accept();
        assertThat(queue.settle(second, () -> {
                    NanoClock.SYSTEM.pause(20_000_000);
                    decideAll();
                }))
                .isTrue();

        Snapshot alone = accept();
        assertThat(queue.settle(alone, this::decideAll)).isTrue();
        assertThat(timeline.newest()).isSameAs(alone);
    }

    @Test
    void whoSleepsWhileAnotherLeadsDecidesNext() throws InterruptedException {
        Snapshot first = accept();
        Thread[] sleeper = new Thread[1];
        queue.settle(first, () -> {
            List<PendingCommit<String>> mine = queue.waitingAfter(null);
            Snapshot second = accept();
            sleeper[0] = new Thread(() -> queue.settle(second, this::decideAll));
            sleeper[0].start();
            while (sleeper[0].getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            queue.decided(mine.get(0));
        });
        sleeper[0].join();
        assertThat(timeline.newest().version()).isEqualTo(2);
    }

    @Test
    void whoSleepsWhileNobodyLeadsLearnsOfACommitOfSomebodyElse() throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool();
        for (int round = 0; round < ROUNDS; round++) {
            accept();
            accept();
            // Three have shared a transaction, so two will wait for a third.
            queue.settle(accept(), () -> {
                NanoClock.SYSTEM.pause(5_000_000);
                decideAll();
            });
            Snapshot one = accept();
            Snapshot other = accept();
            Future<?> first = pool.submit(() -> queue.settle(one, this::decideAll));
            Future<?> second = pool.submit(() -> queue.settle(other, this::decideAll));
            NanoClock.SYSTEM.pause(500_000);
            joinForeign();
            first.get(10, TimeUnit.SECONDS);
            second.get(10, TimeUnit.SECONDS);
        }
        pool.shutdown();
    }

    /** Its pause is over just before somebody else decides its commit, so nobody else is told to watch. */
    @Test
    void whoWatchesTheClockAndLearnsOfItsCommitByItselfLeavesTheWatchToAnother() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        Set<Snapshot> waiting = new HashSet<>();
        StoppedClock clock = new StoppedClock();
        GroupCommit group = new GroupCommit(lock, waiting, clock);
        Snapshot first = timeline.state(1, HashMap.empty());
        Snapshot second = timeline.state(2, HashMap.empty());
        // Three have shared a write that took a while, so two wait for a third.
        assertThat(group.tryLead()).isTrue();
        clock.now = 4_000_000;
        group.decided(3);
        group.resign();
        waiting.add(first);
        waiting.add(second);
        FutureTask<Boolean> watching = new FutureTask<>(() -> group.isDecided(first));
        FutureTask<Boolean> sleeping = new FutureTask<>(() -> group.isDecided(second));
        new Thread(watching, "watches").start();
        assertThat(clock.pauses.poll(20, TimeUnit.SECONDS)).isEqualTo("watches up to a time");
        new Thread(sleeping, "sleeps").start();
        assertThat(clock.pauses.poll(20, TimeUnit.SECONDS)).isEqualTo("sleeps until it is woken");

        decide(lock, waiting, first);
        clock.ring();
        assertThat(watching.get(20, TimeUnit.SECONDS)).isTrue();

        assertThat(clock.pauses.poll(20, TimeUnit.SECONDS)).isEqualTo("sleeps up to a time");
        decide(lock, waiting, second);
        group.wake();
        clock.ring();
        assertThat(sleeping.get(20, TimeUnit.SECONDS)).isTrue();
    }

    /** It took long because another process had the lock: the next one need not. */
    @Test
    void afterAWriteOfASecondWhoWaitsForOthersWaitsTwoMilliseconds() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        Set<Snapshot> waiting = new HashSet<>();
        StoppedClock clock = new StoppedClock();
        GroupCommit group = new GroupCommit(lock, waiting, clock);
        assertThat(group.tryLead()).isTrue();
        clock.now = 1_000_000_000;
        group.decided(2);
        group.resign();
        Snapshot alone = timeline.state(1, HashMap.empty());
        waiting.add(alone);
        FutureTask<Boolean> watching = new FutureTask<>(() -> group.isDecided(alone));
        new Thread(watching, "watches").start();
        assertThat(clock.pauses.poll(20, TimeUnit.SECONDS)).isEqualTo("watches up to a time");

        clock.now = 1_002_000_000;
        clock.ring();

        assertThat(watching.get(20, TimeUnit.SECONDS)).isFalse();
    }

    /** The other thread leads to look at the storage or to give it up, and decides nothing. */
    @Test
    void whoWatchesTheClockLeadsAfterALeaderThatHasNotDecidedItsCommit() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        Snapshot commit = timeline.state(1, HashMap.empty());
        StoppedClock clock = new StoppedClock();
        GroupCommit group = new GroupCommit(lock, Set.of(commit), clock);
        // Two have shared a write that took a while, so one waits for a second.
        group.lead(timeline.newest());
        clock.now = 4_000_000;
        group.decided(2);
        group.resign();
        FutureTask<Boolean> watching = new FutureTask<>(() -> group.isDecided(commit));
        new Thread(watching, "watches").start();
        assertThat(clock.pauses.poll(20, TimeUnit.SECONDS)).isEqualTo("watches up to a time");

        group.lead(timeline.newest());
        clock.now = 8_000_000;
        clock.ring();
        assertThat(clock.pauses.poll(20, TimeUnit.SECONDS)).isEqualTo("watches until it is woken");
        group.resign();

        assertThat(watching.get(20, TimeUnit.SECONDS)).as("decided").isFalse();
    }

    @Test
    void whoWouldNotWaitToLeadGivesWayToACommitThatWaits() {
        Set<Snapshot> waiting = new HashSet<>(Set.of(timeline.newest()));
        GroupCommit group = new GroupCommit(new ReentrantLock(), waiting, new StoppedClock());
        assertThat(group.tryLead()).isFalse();
        waiting.clear();
        assertThat(group.tryLead()).isTrue();
        assertThat(group.tryLead()).isFalse();
    }

    private static void decide(ReentrantLock lock, Set<Snapshot> waiting, Snapshot state) {
        lock.lock();
        try {
            waiting.remove(state);
        } finally {
            lock.unlock();
        }
    }

    /** A clock on which a pause with an end lasts until it rings. */
    private static final class StoppedClock implements NanoClock {
        private final BlockingQueue<String> pauses = new LinkedBlockingQueue<>();
        private final Semaphore rings = new Semaphore(0);
        private volatile long now;

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void pause(long nanos) {
            boolean endless = nanos == Long.MAX_VALUE;
            pauses.add(Thread.currentThread().getName() + (endless ? " until it is woken" : " up to a time"));
            if (endless) {
                LockSupport.park(this);
            } else {
                rings.acquireUninterruptibly();
            }
        }

        void ring() {
            rings.release();
        }
    }

    @Test
    void aFailureIsToldToTheOwnerOfItsCommitAndOthersTryAgain() throws Exception {
        Snapshot failing = accept();
        queue.rollBack(commit -> () -> new StoreIOException("the disk is full", null));

        // An answer that another thread has derived from that state is not wrong because of the disk: it is given anew.
        FutureTask<Boolean> derived = new FutureTask<>(() -> queue.settle(failing, this::decideAll));
        new Thread(derived).start();
        assertThat(derived.get(20, TimeUnit.SECONDS)).isFalse();
        assertThatThrownBy(() -> queue.settle(failing, this::decideAll))
                .isInstanceOf(StoreIOException.class)
                .hasMessage("the disk is full");
    }

    @Test
    void whoCommitsOnTopOfThoseThatFailedTriesAgain() {
        Snapshot first = accept();
        Snapshot second = accept();
        List<PendingCommit<String>> written = queue.waitingAfter(null);
        Snapshot late = accept();

        queue.rollBackUpTo(written.get(1), () -> new StoreIOException("the disk is full", null));

        for (Snapshot failed : List.of(first, second)) {
            assertThatThrownBy(() -> queue.settle(failed, this::decideAll)).hasMessage("the disk is full");
        }
        assertThat(queue.settle(late, this::decideAll)).isFalse();
        assertThat(queue.head()).isSameAs(timeline.newest());
    }

    @Test
    void headIsNotReadWhileACommitIsBeingMadeDurable() {
        Snapshot commit = accept();
        assertThat(queue.headToBuildOn()).isSameAs(commit);
        queue.beginCommit();
        // The flag is read first: whoever reads the head first waits for the lock, which this thread has meanwhile.
        queue.rollBack(waiting -> {
            FutureTask<Snapshot> call = new FutureTask<>(queue::headToBuildOn);
            new Thread(call).start();
            assertThat(call).succeedsWithin(Duration.ofSeconds(20)).isNull();
            return null;
        });
        queue.endCommit();
        assertThat(queue.headToBuildOn()).isNull();
        Snapshot next = accept();
        assertThat(queue.headToBuildOn()).isSameAs(next);
    }

    private synchronized void joinForeign() {
        Snapshot head = queue.head();
        queue.joined(timeline.state(head.version() + 1, HashMap.of("n", head.version() + 1)));
    }

    private Snapshot accept() {
        Snapshot head = queue.head();
        Snapshot next = timeline.state(head.version() + 1, HashMap.of("n", head.version() + 1));
        assertThat(queue.accept(head, next, "n")).isTrue();
        return next;
    }

    private synchronized void decideAll() {
        List<PendingCommit<String>> all = queue.waitingAfter(null);
        if (!all.isEmpty()) {
            queue.decided(all.get(all.size() - 1));
        }
    }
}
