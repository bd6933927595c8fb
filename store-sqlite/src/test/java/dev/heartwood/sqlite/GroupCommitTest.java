package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import dev.heartwood.json.Json;
import io.vavr.collection.HashMap;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Those who wait for commits are woken, and one of them decides. */
@Timeout(30)
class GroupCommitTest {
    private static final int ROUNDS = 50;

    private final Timeline timeline =
            new Timeline(0, HashMap.empty(), Json.options().dialect());
    private final CommitQueue ahead = new CommitQueue(timeline);

    @Test
    void whoDoesNotComeBackIsNotWaitedForLong() {
        accept();
        Snapshot second = accept();
        assertThat(ahead.settle(second, () -> {
                    BusyBackoff.pause(20_000_000);
                    decideAll();
                }))
                .isTrue();

        Snapshot alone = accept();
        assertThat(ahead.settle(alone, this::decideAll)).isTrue();
        assertThat(timeline.newest()).isSameAs(alone);
    }

    @Test
    void whoSleepsWhileAnotherLeadsDecidesNext() throws InterruptedException {
        Snapshot first = accept();
        Thread[] sleeper = new Thread[1];
        ahead.settle(first, () -> {
            List<PendingCommit> mine = ahead.waitingAfter(null);
            Snapshot second = accept();
            sleeper[0] = new Thread(() -> ahead.settle(second, this::decideAll));
            sleeper[0].start();
            while (sleeper[0].getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            ahead.decided(mine.get(0));
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
            ahead.settle(accept(), () -> {
                BusyBackoff.pause(5_000_000);
                decideAll();
            });
            Snapshot one = accept();
            Snapshot other = accept();
            Future<?> first = pool.submit(() -> ahead.settle(one, this::decideAll));
            Future<?> second = pool.submit(() -> ahead.settle(other, this::decideAll));
            BusyBackoff.pause(500_000);
            joinForeign();
            first.get(10, TimeUnit.SECONDS);
            second.get(10, TimeUnit.SECONDS);
        }
        pool.shutdown();
    }

    @Test
    void headIsNotReadWhileACommitIsBeingMadeDurable() {
        Snapshot commit = accept();
        assertThat(ahead.headToBuildOn()).isSameAs(commit);
        ahead.beginCommit();
        // The flag is read first: whoever reads the head first waits for the lock, which this thread has meanwhile.
        ahead.undo(waiting -> {
            FutureTask<Snapshot> call = new FutureTask<>(ahead::headToBuildOn);
            new Thread(call).start();
            assertThat(call).succeedsWithin(Duration.ofSeconds(20)).isNull();
            return null;
        });
        ahead.endCommit();
        assertThat(ahead.headToBuildOn()).isNull();
        Snapshot next = accept();
        assertThat(ahead.headToBuildOn()).isSameAs(next);
    }

    private synchronized void joinForeign() {
        Snapshot head = ahead.head();
        ahead.joined(timeline.state(head.version() + 1, HashMap.of("n", head.version() + 1)));
    }

    private Snapshot accept() {
        Snapshot head = ahead.head();
        Snapshot next = timeline.state(head.version() + 1, HashMap.of("n", head.version() + 1));
        assertThat(ahead.accept(head, next, Set.of("n"))).isTrue();
        return next;
    }

    private synchronized void decideAll() {
        List<PendingCommit> all = ahead.waitingAfter(null);
        if (!all.isEmpty()) {
            ahead.decided(all.get(all.size() - 1));
        }
    }
}
