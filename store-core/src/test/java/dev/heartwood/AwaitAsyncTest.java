package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Conditions that are awaited without a thread. */
@Timeout(60)
class AwaitAsyncTest {
    private final Timeline timeline = new Timeline(0, Map.of("a", 0, "other", 0), Dialect.ANYTHING);
    private final Store store = Store.over(new MemoryRoot(timeline));
    private final ManualExecutor executor = new ManualExecutor();
    private final AtomicInteger looks = new AtomicInteger();

    private CompletableFuture<Snapshot> three() {
        return store.awaitAsync(
                view -> {
                    looks.incrementAndGet();
                    return view.get("a").equals(3L);
                },
                executor);
    }

    @Test
    void itCompletesOnTheExecutorWithTheStateInWhichTheConditionHolds() {
        CompletableFuture<Snapshot> future = three();
        assertThat(looks).hasValue(0);
        executor.runAll();
        assertThat(looks).hasValue(1);
        store.put("a", 3);
        assertThat(future).isNotDone();
        executor.runAll();
        assertThat(future).isCompletedWithValueMatching(state -> state.get("a").equals(3L));
        assertThat(timeline.isFollowed()).isFalse();
    }

    @Test
    void aChangeOfNothingThatItReadAsksForNothing() {
        CompletableFuture<Snapshot> future = three();
        executor.runAll();
        store.increment("other");
        assertThat(executor.waiting()).isZero();
        assertThat(looks).hasValue(1);
        assertThat(future).isNotDone();
    }

    @Test
    void itSeesWhatIsCommittedWhileItsConditionIsTested() {
        CompletableFuture<Snapshot> future = store.awaitAsync(
                view -> {
                    boolean holds = view.get("a").equals(3L);
                    if (looks.incrementAndGet() == 1) {
                        // The condition is registered at no place yet: no commit hands this step to it.
                        Crew.elsewhere(() -> store.put("a", 3));
                    }
                    return holds;
                },
                executor);
        executor.runAll();
        assertThat(future).isCompleted();
    }

    @Test
    void completionInAnyWayUnregisters() {
        for (int way = 0; way < 3; way++) {
            CompletableFuture<Snapshot> future = three();
            executor.runAll();
            assertThat(timeline.isFollowed()).isTrue();
            if (way == 0) {
                assertThat(future.cancel(false)).isTrue();
            } else if (way == 1) {
                assertThat(future.complete(store.snapshot())).isTrue();
            } else {
                CompletableFuture<Snapshot> timed = future.orTimeout(1, TimeUnit.MILLISECONDS);
                assertThatThrownBy(timed::join)
                        .isInstanceOf(CompletionException.class)
                        .hasCauseInstanceOf(TimeoutException.class);
            }
            while (timeline.isFollowed()) {
                Thread.onSpinWait(); // the timer completes it first, and then notifies others
            }
        }
    }

    @Test
    void whatTheConditionThrowsComesOut() {
        IllegalStateException mine = new IllegalStateException("mine");
        CompletableFuture<Snapshot> future = store.awaitAsync(
                view -> {
                    throw mine;
                },
                executor);
        executor.runAll();
        assertThat(future).isCompletedExceptionally();
        assertThatThrownBy(future::join).hasCause(mine);
        assertThat(timeline.isFollowed()).isFalse();
    }

    @Test
    void closeEndsItOnTheExecutorAlsoIfItHasReadNothing() {
        CompletableFuture<Snapshot> future = three();
        CompletableFuture<Snapshot> nothing = store.awaitAsync(view -> false, executor);
        executor.runAll();
        store.close();
        assertThat(future).isNotDone();
        executor.runAll();
        assertThatThrownBy(future::join).hasCauseInstanceOf(StoreClosedException.class);
        assertThatThrownBy(nothing::join).hasCauseInstanceOf(StoreClosedException.class);
        assertThatThrownBy(this::three).isInstanceOf(StoreClosedException.class);
    }

    @Test
    void anExecutorThatRejectsTheTaskEndsIt() {
        CompletableFuture<Snapshot> future = store.awaitAsync(view -> true, task -> {
            throw new RejectedExecutionException("full");
        });
        assertThatThrownBy(future::join).hasCauseInstanceOf(RejectedExecutionException.class);
        assertThat(timeline.isFollowed()).isFalse();
    }

    /** Accepts tasks until it is over, and runs those alone for which it is asked. */
    private static final class Dying extends AbstractExecutorService {
        private final Deque<Runnable> tasks = new ArrayDeque<>();
        private boolean over;

        void runAll() {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public List<Runnable> shutdownNow() {
            over = true;
            List<Runnable> dropped = List.copyOf(tasks);
            tasks.clear();
            return dropped;
        }

        @Override
        public void shutdown() {
            over = true;
        }

        @Override
        public boolean isShutdown() {
            return over;
        }

        @Override
        public boolean isTerminated() {
            return over;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return over;
        }
    }

    @Test
    void anExecutorThatDiesWithATaskInItsQueueEndsItAtTheNextChange() {
        Dying dying = new Dying();
        CompletableFuture<Snapshot> future =
                store.awaitAsync(view -> view.get("a").equals(3L), dying);
        dying.runAll();
        store.put("a", 1);
        assertThat(dying.shutdownNow()).hasSize(1);
        assertThat(future).isNotDone();
        store.put("a", 3);
        assertThat(future).isCompletedExceptionally();
        assertThatThrownBy(future::join).hasCauseInstanceOf(StoreException.class);
        assertThat(timeline.isFollowed()).isFalse();
    }

    @Test
    void anExecutorThatDiesBeforeItsFirstTaskEndsItWhenTheStoreIsClosed() {
        Dying dying = new Dying();
        CompletableFuture<Snapshot> future = store.awaitAsync(view -> true, dying);
        assertThat(dying.shutdownNow()).hasSize(1);
        store.close();
        assertThat(future).isCompletedExceptionally();
        assertThatThrownBy(future::join).hasCauseInstanceOf(StoreException.class);
    }

    /** The step with the change is the last of those that are given up, so nobody ever hands it in. */
    @Test
    void whereStepsAreGivenUpItLooksAgain() {
        CompletableFuture<Snapshot> future = three();
        executor.runAll();
        for (int i = 0; i <= 1_000; i++) {
            Snapshot before = timeline.newest();
            String key = i < 1_000 ? "other" : "a";
            Snapshot after = timeline.state(before.version() + 1, before.root().put(key, i < 1_000 ? (long) i : 3L));
            assertThat(timeline.advance(before, after, () -> {
                        throw new IllegalStateException("planted");
                    }))
                    .isTrue();
        }
        store.increment("other");
        executor.runAll();
        assertThat(future).isCompletedWithValueMatching(state -> state.get("a").equals(3L));
    }

    @Test
    void manyOfThemMissNothingOnTheCommonPool() {
        int many = 200;
        @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
        CompletableFuture<Snapshot>[] futures = new CompletableFuture[many];
        for (int i = 0; i < many; i++) {
            long mine = i;
            futures[i] = store.awaitAsync(view -> view.get("a", Long.class) >= mine);
        }
        Crew.together(2, index -> {
            for (int i = 0; i < many; i++) {
                store.increment("a");
            }
        });
        CompletableFuture.allOf(futures)
                .orTimeout(Duration.ofSeconds(50).toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
