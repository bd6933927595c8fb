package dev.heartwood.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Delivery;
import dev.heartwood.Dialect;
import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.StoreException;
import dev.heartwood.Subscription;
import dev.heartwood.Timeline;
import dev.heartwood.Update;
import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The commits of a root between their acceptance and their readers. */
@Timeout(30)
class CommitQueueTest {
    private final Timeline timeline = new Timeline(0, Map.of(), Dialect.ANYTHING);
    private final CommitQueue<String> queue = new CommitQueue<>(timeline);
    private Runnable onceDecided = () -> {};

    @Test
    void aStreamThatAFailureEndsHasTheCommitsThatWereDecidedBefore() {
        Store store = Store.over(new QueueRoot());
        List<Object> told = new ArrayList<>();
        store.publisher(KeyPath.of("a"), Runnable::run).subscribe(new Recorder(told));
        // Another thread finds the failure before the thread of the commit has published it.
        onceDecided = () -> queue.fail(new StoreException("the storage has failed", null));

        store.put("a", 1);

        assertThat(told).containsExactly(1L, "the storage has failed");
    }

    /** Else each of many calls would wait, while the storage does not answer, for the deadlines of all before it. */
    @Test
    void aCommitThatIsMadeAgainWaitsSinceItWasMadeFirstUntilTheStorageAnswers() {
        AtomicLong now = new AtomicLong();
        CommitQueue<String> timed = new CommitQueue<>(timeline, new NanoClock() {
            @Override
            public long nanoTime() {
                return now.getAndIncrement();
            }

            @Override
            public void pause(long nanos) {
                throw new AssertionError("nobody waits here");
            }
        });
        long first = acceptedAt(timed, 1);
        timed.rollBack(commit -> null);
        assertThat(acceptedAt(timed, 2)).isEqualTo(first);

        timed.decided(timed.waitingAfter(null).get(0));
        timed.publish();
        long second = acceptedAt(timed, 3);
        assertThat(second).isGreaterThan(first);

        timed.rollBack(commit -> null);
        timed.joined(timeline.state(4, HashMap.empty()));
        assertThat(acceptedAt(timed, 5)).isGreaterThan(second);
    }

    private long acceptedAt(CommitQueue<String> timed, long version) {
        assertThat(timed.accept(timed.head(), timeline.state(version, HashMap.empty()), ""))
                .isTrue();
        return timed.waitingAfter(null).get(0).since();
    }

    /** Another process was first with its commit, and a thread that looked for that has found it. */
    @Test
    void aCommitThatLostItsRaceIsAnsweredThoughTheLeaderIsStillAtWork() {
        CompletableFuture<Boolean> atWork = new CompletableFuture<>();
        CompletableFuture<Boolean> go = new CompletableFuture<>();
        Snapshot first = timeline.state(1, HashMap.of("a", 1L));
        Snapshot second = timeline.state(2, HashMap.of("a", 2L));
        assertThat(queue.accept(queue.head(), first, "")).isTrue();
        CompletableFuture<Boolean> leader = CompletableFuture.supplyAsync(
                () -> queue.settle(first, () -> {
                    atWork.complete(true);
                    boolean ignored = go.join();
                }),
                CommitQueueTest::start);
        assertThat(atWork.join()).isTrue();
        assertThat(queue.accept(first, second, "")).isTrue();
        AtomicReference<Thread> waiting = new AtomicReference<>();
        CompletableFuture<Boolean> follower = CompletableFuture.supplyAsync(
                () -> {
                    waiting.set(Thread.currentThread());
                    return queue.settle(second, () -> {});
                },
                CommitQueueTest::start);
        while (waiting.get() == null || !waiting.get().getState().name().endsWith("WAITING")) {
            Thread.onSpinWait();
        }
        queue.joined(timeline.state(1, HashMap.of("a", 9L)));
        assertThat(follower.orTimeout(20, TimeUnit.SECONDS).join()).isFalse();
        go.complete(true);
        assertThat(leader.join()).isFalse();
    }

    /** The transaction was written when it came: it is not in it. */
    @Test
    void whatIsAcceptedWhileOthersAreMadeDurableStaysUndecided() {
        Snapshot first = accept(1);
        Snapshot second = accept(2);
        List<PendingCommit<String>> written = queue.waitingAfter(null);
        Snapshot third = accept(3);
        Snapshot fourth = accept(4);

        assertThat(queue.waitingAfter(written.get(0)))
                .extracting(PendingCommit::after)
                .containsExactly(second, third, fourth);
        assertThat(queue.decided(written.get(1))).isEqualTo(2);

        assertThat(queue.durable()).isSameAs(second);
        assertThat(queue.undecidedHead()).isSameAs(fourth);
        assertThat(queue.waitingAfter(null)).extracting(PendingCommit::after).containsExactly(third, fourth);
        queue.publish();
        assertThat(timeline.newest()).isSameAs(second);
        assertThat(queue.settle(first, () -> {})).isTrue();
    }

    @Test
    void afterACommitOfAnotherProcessTheNextIsMadeOnIt() {
        Snapshot lost = accept(1);
        Snapshot foreign = timeline.state(1, HashMap.of("a", 9L));

        queue.joined(foreign);

        assertThat(queue.settle(lost, () -> {})).isFalse();
        assertThat(timeline.newest()).isSameAs(foreign);
        assertThat(queue.durable()).isSameAs(foreign);
        assertThat(queue.head()).isSameAs(foreign);
        assertThat(queue.undecidedHead()).isNull();
    }

    @Test
    void aClosedQueueAcceptsNothing() {
        Snapshot before = queue.head();

        assertThat(queue.close()).isTrue();
        assertThat(queue.close()).isFalse();

        assertThatThrownBy(() -> queue.accept(before, timeline.state(1, HashMap.of("a", 1L)), ""))
                .isInstanceOf(StoreClosedException.class);
        assertThat(queue.undecidedHead()).isNull();
    }

    @Test
    void aFailureEndsTheLeadershipOfItsThread() {
        Snapshot commit = accept(1);
        assertThatThrownBy(() -> queue.settle(commit, () -> {
                    throw new IllegalStateException("broken");
                }))
                .hasMessage("broken");
        queue.rollBack(waiting -> null);
        assertThat(queue.tryLead()).isTrue();
        queue.resign();

        assertThatThrownBy(() -> queue.lead(() -> {
                    throw new IllegalStateException("broken");
                }))
                .hasMessage("broken");
        assertThat(queue.tryLead()).isTrue();
    }

    /** A database has one connection that writes. */
    @Test
    void oneThreadLeadsAtATimeAlsoWhenALookWakesTheOthers() {
        queue.lead(() -> {
            assertThat(queue.tryLead()).isFalse();
            queue.joined(timeline.state(1, HashMap.of("a", 9L)));
            assertThat(queue.tryLead()).isFalse();
        });
        assertThat(queue.tryLead()).isTrue();
        queue.resign();
        accept(2);
        // Its thread is about to lead.
        assertThat(queue.tryLead()).isFalse();
    }

    /** It waits for no commit: nobody would wake it for one. */
    @Test
    void whoFlushesWhileAnotherLeadsIsNextAlsoIfNothingIsDecided() throws Exception {
        AtomicReference<Thread> waiting = new AtomicReference<>();
        FutureTask<Boolean> flush = new FutureTask<>(() -> {
            waiting.set(Thread.currentThread());
            queue.lead(() -> {});
            return true;
        });
        queue.lead(() -> {
            start(flush);
            while (waiting.get() == null || !waiting.get().getState().name().endsWith("WAITING")) {
                Thread.onSpinWait();
            }
        });
        assertThat(flush.get(20, TimeUnit.SECONDS)).isTrue();
    }

    /** A watcher of a step writes, and publishes. */
    @Test
    void aStepThatIsAddedWhileAnotherIsPublishedIsPublishedToo() {
        PublishQueue steps = new PublishQueue(timeline);
        Snapshot first = timeline.state(1, HashMap.of("a", 1L));
        Snapshot second = timeline.state(2, HashMap.of("a", 2L));
        Store store = Store.over(new QueueRoot());
        Subscription watch = store.watch("a", Delivery.latest(Runnable::run), update -> {
            if (Long.valueOf(1).equals(update.newValue())) {
                steps.publish();
                steps.add(first, second);
            }
        });
        steps.add(timeline.newest(), first);
        steps.publish();
        watch.close();

        assertThat(timeline.newest()).isSameAs(second);
        assertThat(steps.isEmpty()).isTrue();
    }

    /** Another thread published it, and closed the store. */
    @Test
    void aStepThatIsPublishedAlreadyMayBePublishedAgainAfterTheEnd() {
        PublishQueue steps = new PublishQueue(timeline);
        Snapshot before = timeline.newest();
        Snapshot after = timeline.state(1, HashMap.of("a", 1L));
        steps.publish(before, after);
        timeline.close();

        steps.add(before, after);
        steps.publish();

        assertThat(steps.isEmpty()).isTrue();
    }

    private Snapshot accept(long version) {
        Snapshot after = timeline.state(version, HashMap.of("a", version));
        assertThat(queue.accept(queue.head(), after, "")).isTrue();
        return after;
    }

    /** The commit of another process has the same version as the one that lost its race with it. */
    @Test
    void nothingIsAcceptedOnACommitThatLostItsRaceThoughTheHeadHasItsVersion() {
        Snapshot mine = timeline.state(1, HashMap.of("a", 1L));
        Snapshot foreign = timeline.state(1, HashMap.of("a", 9L));
        assertThat(queue.accept(queue.head(), mine, "")).isTrue();
        queue.joined(foreign);

        assertThat(queue.accept(mine, timeline.state(2, HashMap.of("a", 2L)), ""))
                .isFalse();
        assertThat(queue.head()).isSameAs(foreign);
        assertThat(queue.waitingAfter(null)).isEmpty();
    }

    private static void start(Runnable task) {
        new Thread(task).start();
    }

    /** Each commit is decided as soon as its thread leads. */
    private final class QueueRoot implements Root {
        @Override
        public Timeline timeline() {
            return timeline;
        }

        @Override
        public Snapshot head() {
            return queue.head();
        }

        @Override
        public boolean compareAndSet(Snapshot before, Snapshot after, Supplier<List<Edit>> edits) {
            return queue.accept(before, after, "");
        }

        @Override
        public boolean settle(Snapshot state) {
            return queue.settle(state, () -> {
                List<PendingCommit<String>> waiting = queue.waitingAfter(null);
                int ignored = queue.decided(waiting.get(waiting.size() - 1));
                onceDecided.run();
            });
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            timeline.close();
        }
    }

    /** The values of a stream, and its end. */
    private record Recorder(List<Object> told) implements Flow.Subscriber<Update> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Update update) {
            told.add(update.newValue());
        }

        @Override
        public void onError(Throwable failure) {
            told.add(failure.getMessage());
        }

        @Override
        public void onComplete() {
            told.add("complete");
        }
    }
}
