package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.WatchTest.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Executors, listeners, handlers and roots that misbehave: the store works on, and so do the watchers. */
@Timeout(60)
class HostileWatchTest {
    private final Timeline timeline = new Timeline(0, Map.of("a", 0, "b", 0), Dialect.ANYTHING);
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final Store store = Store.options().failureHandler(failures::add).over(new MemoryRoot(timeline));
    private final List<Object> told = Collections.synchronizedList(new ArrayList<>());

    private void tell(Update update) {
        told.add(update.newValue());
    }

    private Subscription watch(Kind kind, Executor executor) {
        return store.watch("a", kind.on(executor), this::tell);
    }

    // ---- executors

    /** Fails in the requested way. */
    private static final class Failing extends AbstractExecutorService {
        @Override
        public void execute(Runnable task) {
            throw new RejectedExecutionException("planted");
        }

        @Override
        public boolean isShutdown() {
            throw new IllegalStateException("planted");
        }

        @Override
        public boolean isTerminated() {
            throw new IllegalStateException("planted");
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anExecutorThatFailsWhileAWatchBeginsLeavesNoWatcherBehind(Kind kind) {
        timeline.whenFollowed(() -> store.increment("a"));
        assertThatThrownBy(() -> watch(kind, new Failing())).hasMessage("planted");
        assertThat(timeline.isFollowed()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anExecutorThatFailsInEveryWayHarmsNeitherCommitsNorOtherWatchers(Kind kind) {
        watch(kind, new Failing());
        List<Object> others = new ArrayList<>();
        store.watch("a", kind.on(Runnable::run), update -> others.add(update.newValue()));
        for (long i = 1; i <= 3; i++) {
            assertThat(store.increment("a")).isEqualTo(i);
        }
        assertThat(others).containsExactly(1L, 2L, 3L);
        assertThat(failures).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anExecutorWithoutMemoryForAThreadIsAskedAgainByTheNextCommitWhateverItChanges(Kind kind) {
        Error full = new OutOfMemoryError("unable to create native thread");
        boolean[] fails = {true};
        watch(kind, task -> {
            if (fails[0]) {
                throw full;
            }
            task.run();
        });
        store.increment("a");
        assertThat(failures).containsExactly(full);
        fails[0] = false;
        store.increment("b");
        assertThat(told).containsExactly(1L);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anExecutorThatRunsEachTaskTwiceAndOnTheCallerTellsNothingTwice(Kind kind) {
        ArrayDeque<Runnable> later = new ArrayDeque<>();
        watch(kind, task -> {
            task.run();
            task.run();
            later.add(task);
        });
        for (int i = 0; i < 100; i++) {
            store.increment("a");
            later.forEach(Runnable::run);
        }
        assertThat(told).isEqualTo(LongStream.rangeClosed(1, 100).boxed().toList());
        assertThat(failures).isEmpty();
    }

    @Test
    void anExecutorThatFailsAfterAnotherThreadHasSentATaskDoesNotTakeThatTasksTurn() {
        ManualExecutor later = new ManualExecutor();
        boolean[] first = {true};
        watch(Kind.EVERY, task -> {
            if (first[0]) {
                first[0] = false;
                task.run();
                Crew.elsewhere(() -> store.increment("a"));
                throw new RejectedExecutionException("planted");
            }
            later.execute(task);
        });
        store.increment("a");
        later.runAll();
        assertThat(told).containsExactly(1L, 2L);
        assertThat(failures).singleElement().isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aRoundThatIsRunByItsCallerLeavesTheRestToATaskThatWasSentMeanwhile() {
        ManualExecutor later = new ManualExecutor();
        int[] tasks = new int[1];
        watch(Kind.EVERY, task -> {
            if (++tasks[0] == 2) {
                task.run(); // as a full pool with a caller-runs policy does
                Crew.elsewhere(() -> store.increment("a"));
            } else {
                later.execute(task);
            }
        });
        for (int i = 0; i < 299; i++) {
            store.increment("a");
        }
        later.runOne();
        int soFar = told.size();
        assertThat(soFar).isLessThan(200);
        assertThat(later.waiting()).isEqualTo(1);
        later.runAll();
        assertThat(told).isEqualTo(LongStream.rangeClosed(1, 300).boxed().toList());
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anExecutorThatBlocksKeepsOneThreadAndNoOtherCommit(Kind kind) throws InterruptedException {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        watch(kind, task -> {
            blocked.countDown();
            WatchTest.awaitQuietly(enough);
            task.run();
        });
        Crew crew = new Crew();
        crew.start(() -> store.increment("a"));
        blocked.await();
        for (int i = 0; i < 10; i++) {
            store.increment("a");
        }
        assertThat(told).isEmpty();
        enough.countDown();
        crew.join();
        assertThat(told).endsWith(11L);
        assertThat(failures).isEmpty();
    }

    // ---- roots

    @Test
    void aRootThatFailsToBeginToFollowLeavesNoFollowerBehind() {
        timeline.whenFollowed(() -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        assertThatThrownBy(() -> watch(Kind.EVERY, Runnable::run)).isInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(() -> store.await(view -> false, Duration.ZERO)).isInstanceOf(OutOfMemoryError.class);
        assertThat(timeline.isFollowed()).isFalse();
    }

    // ---- listeners

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aListenerThatThrowsWhateverThereIsHearsTheNextUpdate(Kind kind) {
        List<Throwable> thrown = List.of(
                new InterruptedException(), new StackOverflowError(), new LinkageError(), new Throwable("planted"));
        store.watch("a", kind.on(Runnable::run), update -> {
            tell(update);
            throw Exceptions.rethrow(thrown.get(update.after().get("a", Integer.class) - 1));
        });
        thrown.forEach(each -> store.increment("a"));
        assertThat(told).containsExactly(1L, 2L, 3L, 4L);
        assertThat(failures).containsExactlyElementsOf(thrown);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whatCameWhileAListenerRanIsToldThoughItThrewAnError(Kind kind) {
        Error planted = new LinkageError("planted");
        List<Runnable> tasks = new ArrayList<>();
        store.watch("a", kind.on(tasks::add), update -> {
            tell(update);
            if (told.size() == 1) {
                store.increment("a");
                throw planted;
            }
        });
        store.increment("a");
        while (!tasks.isEmpty()) {
            tasks.remove(0).run();
        }
        assertThat(told).containsExactly(1L, 2L);
        assertThat(failures).containsExactly(planted);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aListenerThatClosesItsStoreIsToldOnlyWhatWasCommittedBefore(Kind kind) {
        Subscription watch = store.watch("a", kind.on(Runnable::run), update -> {
            tell(update);
            store.close();
            assertThatThrownBy(() -> store.increment("a")).isInstanceOf(StoreClosedException.class);
        });
        assertThat(store.increment("a")).isEqualTo(1L);
        assertThat(told).containsExactly(1L);
        assertThat(failures).isEmpty();
        assertThat(watch.isClosed()).isTrue();
        assertThat(timeline.isFollowed()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aListenerMayAwaitWhatAnotherThreadCommits(Kind kind) {
        store.watch("a", kind.on(Runnable::run), update -> {
            if (told.isEmpty()) {
                tell(update);
                Crew.elsewhere(() -> store.increment("b"));
                try {
                    store.await(view -> view.get("b").equals(1L), Duration.ofSeconds(30));
                } catch (Exception e) {
                    throw Exceptions.rethrow(e);
                }
            }
        });
        store.increment("a");
        assertThat(told).containsExactly(1L);
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aListenerThatReplacesItselfAtEachUpdateLeavesOneWatcher(Kind kind) {
        Subscription[] current = new Subscription[1];
        class Replacing {
            void watch() {
                current[0] = store.watch("a", kind.on(Runnable::run), update -> {
                    tell(update);
                    current[0].close();
                    watch();
                });
            }
        }
        new Replacing().watch();
        for (int i = 0; i < 1_000; i++) {
            store.increment("a");
        }
        assertThat(told).isEqualTo(LongStream.rangeClosed(1, 1_000).boxed().toList());
        current[0].close();
        assertThat(timeline.isFollowed()).isFalse();
    }

    // ---- handlers

    /** A leaf that cannot be compared. */
    private static final class Touchy {
        @Override
        public boolean equals(Object other) {
            throw new IllegalStateException("touchy");
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    /** Puts another such leaf there, without comparing the two. */
    private void replaceTouchy() {
        store.restore(Store.of(Map.of("leaf", new Touchy())).snapshot());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aHandlerMayCommitAndCloseWhileOthersWaitForTheStep(Kind kind) {
        store.put("leaf", new Touchy());
        Subscription[] own = new Subscription[1];
        Delivery delivery = kind.on(Runnable::run).failureHandler(failure -> {
            failures.add(failure);
            own[0].close();
            replaceTouchy();
        });
        own[0] = store.watch("leaf", delivery, update -> {});
        List<Update> others = new ArrayList<>();
        Delivery quiet = kind.on(Runnable::run).failureHandler(failure -> {});
        store.watch("leaf", quiet, others::add);
        replaceTouchy();
        assertThat(failures).hasSize(1).allMatch(failure -> "touchy".equals(failure.getMessage()));
        assertThat(others.get(others.size() - 1).after()).isSameAs(store.snapshot());
        for (int i = 1; i < others.size(); i++) {
            assertThat(others.get(i).before()).isSameAs(others.get(i - 1).after());
        }
    }

    /** A leaf whose comparison fails with an error of the virtual machine. */
    private static final class Heavy {
        private final Error error;

        Heavy(Error error) {
            this.error = error;
        }

        @Override
        public boolean equals(Object other) {
            throw error;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anErrorInAComparisonGoesToTheHandlerAndNeitherToTheCommitNorToOtherWatchers(Kind kind) {
        for (Error error : List.of(new StackOverflowError(), new OutOfMemoryError("planted"), new AssertionError())) {
            failures.clear();
            Store own = Store.options().failureHandler(failures::add).of(Map.of("a", 0, "leaf", new Heavy(error)));
            own.watch("leaf", kind.on(Runnable::run), update -> {});
            List<Object> others = new ArrayList<>();
            own.watch("a", kind.on(Runnable::run), update -> others.add(update.newValue()));
            own.restore(Store.of(Map.of("a", 1, "leaf", new Heavy(error))).snapshot());
            own.increment("a");
            assertThat(others).containsExactly(1L, 2L);
            assertThat(failures).isNotEmpty().containsOnly(error);
        }
    }

    // ---- many

    @Test
    void tenThousandSubscriptionsAreToldAndLeaveNothingBehind() {
        List<Subscription> all = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            all.add(watch(i % 2 == 0 ? Kind.LATEST : Kind.EVERY, Runnable::run));
        }
        assertThat(timeline.isFollowed()).isTrue();
        store.increment("a");
        assertThat(told).hasSize(10_000).containsOnly(1L);
        all.forEach(Subscription::close);
        store.increment("a");
        assertThat(told).hasSize(10_000);
        assertThat(timeline.isFollowed()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aSubscriptionThatIsClosedWhileItsListenerRunsEndsWithThatCall(Kind kind) throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Subscription watch = store.watch("a", kind.on(Runnable::run), update -> {
            tell(update);
            inside.countDown();
            WatchTest.awaitQuietly(closed);
        });
        Crew crew = new Crew();
        crew.start(() -> store.increment("a"));
        inside.await();
        store.increment("a");
        watch.close();
        store.increment("a");
        closed.countDown();
        crew.join();
        assertThat(told).containsExactly(1L);
        assertThat(failures).isEmpty();
    }
}
