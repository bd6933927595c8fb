package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The updates of a watcher, their timing, and the handling of its failures. */
@Timeout(60)
class WatchTest {
    private static final KeyPath MA = KeyPath.of("m", "a");

    private final List<Throwable> storeFailures = new ArrayList<>();
    private final Store store =
            Store.options().failureHandler(storeFailures::add).of(Map.of("a", 1, "m", Map.of("a", 1, "b", 1)));
    private final List<String> told = new ArrayList<>();
    private final ManualExecutor slow = new ManualExecutor();

    /** Both kinds of delivery. */
    enum Kind {
        LATEST,
        EVERY;

        Delivery on(java.util.concurrent.Executor executor) {
            return this == LATEST ? Delivery.latest(executor) : Delivery.every(executor);
        }
    }

    private void tell(Update update) {
        told.add(update.toString());
    }

    // ---- news

    @ParameterizedTest
    @EnumSource
    void aChangeOfTheValueIsTold(Kind kind) {
        Subscription watch = store.watch(MA, kind.on(Runnable::run), this::tell);
        assertThat(watch.base()).isSameAs(store.snapshot());
        assertThat(told).isEmpty();
        store.put(MA, 2);
        store.put(MA, 2);
        store.put("a", 5);
        store.put(KeyPath.of("m", "b"), 5);
        store.put(MA, 3);
        assertThat(told).containsExactly("/m/a: 1 -> 2", "/m/a: 2 -> 3");
    }

    @ParameterizedTest
    @EnumSource
    void aChangeBelowIsTold(Kind kind) {
        List<Diff> diffs = new ArrayList<>();
        store.watch(
                "m", kind.on(Runnable::run), update -> diffs.add(update.before().diff(update.after())));
        store.put(MA, 2);
        store.put("a", 2);
        assertThat(diffs).hasSize(1);
        assertThat(diffs.get(0).toString()).isEqualTo("~ /m/a: 1 -> 2");
    }

    @ParameterizedTest
    @EnumSource
    void missingIsNotNull(Kind kind) {
        List<String> presence = new ArrayList<>();
        store.watch(MA, kind.on(Runnable::run), update -> {
            assertThat(update.path()).isEqualTo(MA);
            presence.add(update.before().contains(MA) + " " + update.oldValue() + " -> "
                    + update.after().contains(MA) + " " + update.newValue());
        });
        store.put(MA, null);
        store.remove(MA);
        store.put(MA, null);
        assertThat(presence)
                .containsExactly("true 1 -> true null", "true null -> false null", "false null -> true null");
    }

    @ParameterizedTest
    @EnumSource
    void aVanishedParentIsToldOnce(Kind kind) {
        store.watch(MA, kind.on(Runnable::run), this::tell);
        store.remove("m");
        store.put("m", 5);
        store.put("m", Map.of());
        assertThat(told).hasSize(1);
        store.put(MA, 1);
        assertThat(told).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void anEqualContainerIsNoNews(Kind kind) {
        store.watch("m", kind.on(Runnable::run), this::tell);
        long version = store.version();
        store.put("m", new HashMap<>(Map.of("a", 1, "b", 1)));
        assertThat(store.version()).isGreaterThan(version);
        assertThat(told).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theRootCanBeWatched(Kind kind) {
        List<Update> updates = new ArrayList<>();
        store.watch(KeyPath.root(), kind.on(Runnable::run), updates::add);
        store.put("x", 1);
        store.clear();
        assertThat(updates).hasSize(2);
        assertThat(updates.get(1).newValue()).isEqualTo(io.vavr.collection.HashMap.empty());
    }

    // ---- slow listeners

    @Test
    void latestSkipsWhatWasThereMeanwhile() {
        List<Update> updates = new ArrayList<>();
        Subscription watch = store.watch("a", Delivery.latest(slow), updates::add);
        for (int i = 2; i <= 10; i++) {
            store.put("a", i);
        }
        assertThat(slow.waiting()).isEqualTo(1);
        slow.runAll();
        assertThat(updates).hasSize(1);
        Update update = updates.get(0);
        assertThat(update.before()).isSameAs(watch.base());
        assertThat(update.oldValue()).isEqualTo(1L);
        assertThat(update.newValue()).isEqualTo(10L);
        assertThat(update.skipped()).isEqualTo(8);
    }

    @Test
    void latestTellsFromTheLastStateWithTheOldValueToTheFirstWithTheNew() {
        List<Update> updates = new ArrayList<>();
        store.watch("a", Delivery.latest(slow), updates::add);
        store.put("x", 1);
        Snapshot before = store.snapshot();
        store.put("a", 2);
        store.put("a", 3);
        Snapshot after = store.snapshot();
        store.put("x", 2);
        slow.runAll();
        assertThat(updates).hasSize(1);
        assertThat(updates.get(0).before()).isSameAs(before);
        assertThat(updates.get(0).after()).isSameAs(after);
        assertThat(updates.get(0).skipped()).isEqualTo(1);
    }

    @Test
    void latestIsNotToldOfWhatCameBack() {
        store.watch("a", Delivery.latest(slow), this::tell);
        store.put("a", 2);
        store.put("a", 1);
        slow.runAll();
        assertThat(told).isEmpty();
        store.put("a", 3);
        slow.runAll();
        assertThat(told).containsExactly("/a: 1 -> 3");
    }

    @Test
    void everySkipsNothing() {
        List<Update> updates = new ArrayList<>();
        store.watch("a", Delivery.every(slow), updates::add);
        for (int i = 2; i <= 10; i++) {
            store.put("a", i);
            store.put("b", i);
        }
        slow.runAll();
        assertThat(updates).hasSize(9).allMatch(update -> update.skipped() == 0);
        assertThat(updates).extracting(Update::newValue).containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
    }

    @Test
    void aBacklogThatIsFullClosesTheSubscriptionAndTellsItsHandler() {
        List<Throwable> failures = new ArrayList<>();
        Subscription watch =
                store.watch("a", Delivery.every(slow).backlog(3).failureHandler(failures::add), this::tell);
        for (int i = 2; i <= 4; i++) {
            store.put("a", i);
        }
        assertThat(watch.isClosed()).isFalse();
        store.put("a", 5);
        store.put("a", 6);
        assertThat(watch.isClosed()).isTrue();
        assertThat(failures).hasSize(1);
        assertThat(failures.get(0)).isInstanceOf(StoreException.class).hasMessageContaining("3");
        slow.runAll();
        assertThat(told).isEmpty();
        assertThat(storeFailures).isEmpty();
    }

    @Test
    void aBacklogThatIsWorkedOffFillsAnew() {
        Subscription watch = store.watch("a", Delivery.every(slow).backlog(3), this::tell);
        for (int i = 2; i <= 20; i++) {
            store.put("a", i);
            if (i % 3 == 0) {
                slow.runAll();
            }
        }
        assertThat(watch.isClosed()).isFalse();
        slow.runAll();
        assertThat(told).hasSize(19);
    }

    @Test
    void theBacklogIsALimitAlsoWhileADirectExecutorIsInTheListener() throws InterruptedException {
        List<Throwable> failures = new ArrayList<>();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        Delivery delivery = Delivery.every(Runnable::run).backlog(3).failureHandler(failures::add);
        Subscription watch = store.watch("a", delivery, update -> {
            tell(update);
            inside.countDown();
            await(enough);
        });
        Crew writer = new Crew();
        writer.start(() -> store.put("a", 2));
        inside.await();
        for (int i = 3; i <= 5; i++) {
            store.put("a", i);
        }
        assertThat(watch.isClosed()).isFalse();
        store.put("a", 6);
        assertThat(watch.isClosed()).isTrue();
        assertThat(failures).singleElement().isInstanceOf(StoreException.class);
        enough.countDown();
        writer.join();
        assertThat(told).containsExactly("/a: 1 -> 2");
    }

    // ---- executors that others use, too

    @ParameterizedTest
    @EnumSource
    void aWatcherWhoseNewsNeverEndLeavesItsExecutorToOthers(Kind kind) {
        List<Long> hot = new ArrayList<>();
        store.watch("a", kind.on(slow), update -> {
            hot.add(update.after().get("a", Long.class));
            if (hot.size() < 1_000) {
                store.increment("a");
            }
        });
        store.watch(MA, kind.on(slow), this::tell);
        store.put("a", 2);
        store.put(MA, 2);
        while (told.isEmpty()) {
            slow.runOne();
        }
        assertThat(hot).hasSizeLessThan(100);
        slow.runAll();
        assertThat(hot).isEqualTo(LongStream.rangeClosed(2, 1_001).boxed().toList());
    }

    @Test
    void aLongBacklogIsToldInSeveralTasksAndInOrder() {
        List<Object> values = new ArrayList<>();
        store.watch("a", Delivery.every(slow), update -> values.add(update.newValue()));
        for (long i = 2; i <= 300; i++) {
            store.put("a", i);
        }
        slow.runOne();
        assertThat(values).hasSizeBetween(1, 100);
        assertThat(slow.waiting()).isEqualTo(1);
        slow.runAll();
        assertThat(values).isEqualTo(LongStream.rangeClosed(2, 300).boxed().toList());
    }

    @ParameterizedTest
    @EnumSource
    void aTaskWhoseExecutorTakesNoMoreTellsTheRest(Kind kind) throws InterruptedException {
        ExecutorService one = Executors.newSingleThreadExecutor();
        CountDownLatch enough = new CountDownLatch(1);
        one.execute(() -> await(enough));
        List<Object> values = new ArrayList<>();
        Subscription watch = store.watch("a", kind.on(one), update -> {
            values.add(update.newValue());
            if (values.size() == 1) {
                store.put("a", 0);
            }
        });
        for (long i = 2; i <= 300; i++) {
            store.put("a", i);
        }
        one.shutdown();
        enough.countDown();
        assertThat(one.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(values).hasSize(kind == Kind.LATEST ? 2 : 300).endsWith(0L);
        assertThat(storeFailures).isEmpty();
        assertThat(watch.isClosed()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void anExecutorThatIsShutDownEndsTheSubscription(Kind kind) {
        ExecutorService one = Executors.newSingleThreadExecutor();
        Subscription watch = store.watch("a", kind.on(one), this::tell);
        one.shutdown();
        store.put("a", 2);
        store.put("a", 3);
        assertThat(storeFailures).singleElement().isInstanceOf(RejectedExecutionException.class);
        assertThat(watch.isClosed()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anExecutorThatDiesWithATaskInItsQueueEndsTheSubscriptionAtTheNextChange(Kind kind)
            throws InterruptedException {
        ExecutorService one = Executors.newSingleThreadExecutor();
        CountDownLatch begun = new CountDownLatch(1);
        one.execute(() -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException end) {
                // shut down
            }
        });
        begun.await();
        Subscription watch = store.watch("a", kind.on(one), this::tell);
        store.put("a", 2);
        assertThat(one.shutdownNow()).hasSize(1);
        assertThat(one.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(watch.isClosed()).isFalse();
        store.put("b", 2);
        assertThat(watch.isClosed()).isFalse();
        store.put("a", 3);
        assertThat(watch.isClosed()).isTrue();
        assertThat(storeFailures).singleElement().isInstanceOf(StoreException.class);
        store.put("a", 4);
        assertThat(storeFailures).hasSize(1);
        assertThat(told).isEmpty();
    }

    /** It refuses further tasks, and still runs those that it has. */
    @ParameterizedTest
    @EnumSource
    void anExecutorThatIsShutDownWithATaskInItsQueueRunsItAndTheChangesThatCameMeanwhile(Kind kind)
            throws InterruptedException {
        ExecutorService one = Executors.newSingleThreadExecutor();
        CountDownLatch enough = new CountDownLatch(1);
        one.execute(() -> await(enough));
        Subscription watch = store.watch("a", kind.on(one), this::tell);
        store.put("a", 2);
        one.shutdown();
        store.put("a", 3);
        assertThat(watch.isClosed()).isFalse();
        enough.countDown();
        assertThat(one.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(told).isEqualTo(kind == Kind.LATEST ? List.of("/a: 1 -> 3") : List.of("/a: 1 -> 2", "/a: 2 -> 3"));
        assertThat(storeFailures).isEmpty();
    }

    /** Each time that a task is dropped anew the first wait is the short one, also if waits were long before. */
    @ParameterizedTest
    @EnumSource
    void theWaitForADroppedTaskIsShortAgainOnceATaskHasRun(Kind kind) {
        boolean[] drops = {true};
        Delivery delivery = kind.on(task -> {
            if (!drops[0]) {
                task.run();
            }
        });
        store.watch("a", delivery.patience(Duration.ofMillis(1)), this::tell);
        commitUntilFailures(3); // after 1, 2 and 4 ms
        drops[0] = false;
        long before = told.size();
        while (told.size() == before) {
            store.increment("a");
        }
        drops[0] = true;
        int failures = storeFailures.size();
        commitUntilFailures(failures + 1);
        assertThat(storeFailures.get(failures)).hasMessageContaining("within 1 ms");
    }

    private void commitUntilFailures(int failures) {
        while (storeFailures.size() < failures) {
            store.increment("a");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTaskThatWasDroppedSilentlyIsSentAgainWithALaterChange(Kind kind) {
        List<Runnable> dropped = new ArrayList<>();
        Delivery delivery = kind.on(task -> {
            if (dropped.isEmpty()) {
                dropped.add(task);
            } else {
                task.run();
            }
        });
        store.watch("a", delivery.patience(Duration.ZERO), this::tell);
        store.put("a", 2);
        assertThat(told).isEmpty();
        store.put("a", 3);
        List<String> all = kind == Kind.LATEST ? List.of("/a: 1 -> 3") : List.of("/a: 1 -> 2", "/a: 2 -> 3");
        assertThat(told).isEqualTo(all);
        assertThat(storeFailures).singleElement().isInstanceOf(StoreException.class);
        dropped.get(0).run();
        store.put("a", 4);
        assertThat(told).hasSize(all.size() + 1).endsWith("/a: 3 -> 4");
        assertThat(storeFailures).hasSize(1);
    }

    @Test
    void theTimeAfterWhichATaskCountsAsDroppedDoublesWithEachOfThem() {
        store.watch("a", Delivery.latest(task -> {}).patience(Duration.ofMillis(1)), this::tell);
        for (int i = 2; storeFailures.size() < 3; i++) {
            store.put("a", i);
        }
        assertThat(storeFailures)
                .extracting(failure -> failure.getMessage().replaceFirst(":.*", ""))
                .containsExactly(
                        "the executor has not begun a task within 1 ms",
                        "the executor has not begun a task within 2 ms",
                        "the executor has not begun a task within 4 ms");
    }

    @ParameterizedTest
    @EnumSource
    void aTaskThatWaitsItsTurnIsNotTakenForOneThatWasDropped(Kind kind) {
        store.watch("a", kind.on(slow), this::tell);
        for (int i = 2; i < 100; i++) {
            store.put("a", i);
        }
        assertThat(slow.waiting()).isEqualTo(1);
        assertThat(storeFailures).isEmpty();
    }

    @Test
    void anExecutorThatDropsEverythingEndsASubscriptionByItsBacklog() {
        Subscription watch = store.watch("a", Delivery.every(task -> {}).backlog(10), this::tell);
        for (int i = 2; i <= 12; i++) {
            store.put("a", i);
        }
        assertThat(watch.isClosed()).isTrue();
        assertThat(storeFailures).singleElement().isInstanceOf(StoreException.class);
    }

    @ParameterizedTest
    @EnumSource
    void whatWaitsForAnExecutorThatRejectedDoesNotRejectAtChangesOfOthers(Kind kind) {
        store.watch(
                "a",
                kind.on(task -> {
                    throw new RejectedExecutionException("full");
                }),
                this::tell);
        store.put("a", 2);
        store.put("b", 2);
        store.put("b", 3);
        assertThat(storeFailures).hasSize(1);
        store.put("a", 3);
        assertThat(storeFailures).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void anExecutorMayWrapItsTasks(Kind kind) {
        boolean[] inside = new boolean[1];
        List<Boolean> seen = new ArrayList<>();
        store.watch(
                "a",
                kind.on(task -> {
                    inside[0] = true;
                    task.run();
                    inside[0] = false;
                }),
                update -> {
                    seen.add(inside[0]);
                    if (update.after().get("a", Long.class) < 200) {
                        store.increment("a");
                    }
                });
        store.put("a", 2);
        assertThat(seen).hasSize(199).containsOnly(true);
    }

    // ---- failures

    @ParameterizedTest
    @EnumSource
    void whatAListenerThrowsGoesToTheHandlerAndTheNextIsTold(Kind kind) {
        Error mine = new Error("mine");
        store.watch("a", kind.on(Runnable::run), update -> {
            if (Long.valueOf(2).equals(update.newValue())) {
                throw mine;
            }
            tell(update);
        });
        store.put("a", 2);
        store.put("a", 3);
        assertThat(storeFailures).containsExactly(mine);
        assertThat(told).containsExactly("/a: 2 -> 3");
    }

    @ParameterizedTest
    @EnumSource
    void aListenerThatFailsDoesNotKeepTheOthersFromTheirNews(Kind kind) {
        store.watch("a", kind.on(Runnable::run), update -> {
            throw new IllegalStateException("mine");
        });
        store.watch("a", kind.on(Runnable::run), this::tell);
        store.put("a", 2);
        assertThat(told).containsExactly("/a: 1 -> 2");
    }

    @ParameterizedTest
    @EnumSource
    void anExecutorThatRejectsGoesToTheHandlerAndTheNewsComesWithTheNext(Kind kind) {
        boolean[] open = new boolean[1];
        store.watch(
                "a",
                kind.on(task -> {
                    if (!open[0]) {
                        throw new RejectedExecutionException("full");
                    }
                    task.run();
                }),
                this::tell);
        store.put("a", 2);
        assertThat(storeFailures).hasSize(1).allMatch(failure -> "full".equals(failure.getMessage()));
        open[0] = true;
        store.put("a", 3);
        assertThat(told).isEqualTo(kind == Kind.LATEST ? List.of("/a: 1 -> 3") : List.of("/a: 1 -> 2", "/a: 2 -> 3"));
    }

    @ParameterizedTest
    @EnumSource
    void anExecutorThatRunsItsTaskAndFailsThenIsNotTakenForOneThatRejects(Kind kind) {
        store.watch(
                "a",
                kind.on(task -> {
                    task.run();
                    throw new IllegalStateException("late");
                }),
                this::tell);
        store.put("a", 2);
        store.put("a", 3);
        assertThat(told).containsExactly("/a: 1 -> 2", "/a: 2 -> 3");
        assertThat(storeFailures).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void aLeafWhoseEqualsFailsIsTheHandlersBusinessNotTheWriters(Kind kind) {
        store.put("leaf", new Touchy());
        store.watch("leaf", kind.on(Runnable::run), this::tell);
        Touchy other = new Touchy();
        store.restore(Store.of(Map.of("leaf", other)).snapshot());
        assertThat(store.snapshot().get("leaf") == other).isTrue();
        assertThat(storeFailures).singleElement().matches(failure -> "touchy".equals(failure.getMessage()));
        assertThat(told).as("told, since it may be another").hasSize(1);
    }

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

    @Test
    void aHandlerThatFailsHarmsNobody() {
        Delivery delivery = Delivery.every(Runnable::run).failureHandler(failure -> {
            throw new IllegalStateException("the handler");
        });
        store.watch("a", delivery, update -> {
            throw new IllegalStateException("the listener");
        });
        store.put("a", 2);
        store.put("a", 3);
        assertThat(store.get("a")).isEqualTo(3L);
    }

    // ---- listeners that use the store

    @ParameterizedTest
    @EnumSource
    void aListenerMayWriteAndADirectExecutorDoesNotRecurse(Kind kind) {
        int[] depth = new int[2];
        store.watch("a", kind.on(Runnable::run), update -> {
            depth[1] = Math.max(depth[1], ++depth[0]);
            tell(update);
            long now = update.after().get("a", Long.class);
            if (now < 5_000) {
                store.increment("a");
            }
            depth[0]--;
        });
        store.put("a", 2);
        assertThat(store.get("a")).isEqualTo(5_000L);
        assertThat(told).hasSize(4_999);
        assertThat(depth[1]).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aDirectExecutorDoesNotGrowTheStack(Kind kind) {
        Set<Long> heights = new HashSet<>();
        store.watch("a", kind.on(Runnable::run), update -> {
            heights.add(StackWalker.getInstance().walk(Stream::count));
            if (update.after().get("a", Long.class) < 1_000) {
                store.increment("a");
            }
        });
        store.put("a", 2);
        assertThat(store.get("a")).isEqualTo(1_000L);
        assertThat(heights).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void aListenerMayCloseItsSubscription(Kind kind) {
        Subscription[] watch = new Subscription[1];
        watch[0] = store.watch("a", kind.on(Runnable::run), update -> {
            tell(update);
            watch[0].close();
        });
        store.put("a", 2);
        store.put("a", 3);
        assertThat(told).containsExactly("/a: 1 -> 2");
    }

    @ParameterizedTest
    @EnumSource
    void aWatcherThatIsRegisteredByAListenerStartsFromThere(Kind kind) {
        List<Subscription> second = new ArrayList<>();
        store.watch("a", kind.on(Runnable::run), update -> {
            if (second.isEmpty()) {
                second.add(store.watch("a", kind.on(Runnable::run), this::tell));
                assertThat(second.get(0).base().version())
                        .isGreaterThanOrEqualTo(update.after().version());
            }
        });
        store.put("a", 2);
        store.put("a", 3);
        assertThat(told).containsExactly("/a: 2 -> 3");
    }

    // ---- the end

    @ParameterizedTest
    @EnumSource
    void closeIsFinal(Kind kind) {
        Subscription watch = store.watch("a", kind.on(slow), this::tell);
        store.put("a", 2);
        watch.close();
        watch.close();
        store.put("a", 3);
        slow.runAll();
        assertThat(told).isEmpty();
        assertThat(watch.isClosed()).isTrue();
        assertThat(watch.base().get("a")).isEqualTo(1L);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsPendingWhenTheStoreClosesIsTold(Kind kind) {
        Subscription watch = store.watch("a", kind.on(slow), this::tell);
        store.put("a", 2);
        store.put("a", 3);
        store.close();
        assertThat(watch.isClosed()).isTrue();
        slow.runAll();
        assertThat(told).isEqualTo(kind == Kind.LATEST ? List.of("/a: 1 -> 3") : List.of("/a: 1 -> 2", "/a: 2 -> 3"));
        slow.runAll();
    }

    @ParameterizedTest
    @EnumSource
    void theLastCommitIsToldAlsoWhenTheStoreIsClosedBeforeItsTurn(Kind kind) {
        store.watch("a", Delivery.every(Runnable::run), update -> store.close());
        store.watch("a", kind.on(Runnable::run), this::tell);
        store.put("a", 2);
        assertThat(told).containsExactly("/a: 1 -> 2");
    }

    @ParameterizedTest
    @EnumSource
    void whatTheExecutorHasRejectedIsOfferedToItOnceMoreAtTheEnd(Kind kind) {
        boolean[] open = new boolean[1];
        store.watch(
                "a",
                kind.on(task -> {
                    if (!open[0]) {
                        throw new RejectedExecutionException("full");
                    }
                    task.run();
                }),
                this::tell);
        store.put("a", 2);
        open[0] = true;
        store.close();
        assertThat(told).containsExactly("/a: 1 -> 2");
    }

    @ParameterizedTest
    @EnumSource
    void aQuietWatcherHearsNothingOfTheEnd(Kind kind) {
        store.watch("a", kind.on(slow), this::tell);
        store.put("b", 2);
        store.close();
        assertThat(slow.waiting()).isZero();
    }

    @Test
    void aChangeThatComesBeforeTheWatcherHasBegunIsTold() {
        Timeline timeline = new Timeline(0, Map.of("a", 0), Dialect.ANYTHING);
        Store early = Store.over(new MemoryRoot(timeline));
        List<Object> told = new ArrayList<>();
        // The root is notified after the watcher is registered, and before the watcher may be called.
        timeline.whenFollowed(() -> early.put("a", 1));
        early.watch("a", Delivery.latest(Runnable::run), update -> told.add(update.newValue()));
        assertThat(told).containsExactly(1L);
    }

    @ParameterizedTest
    @EnumSource
    void aClosedStoreCannotBeWatched(Kind kind) {
        store.close();
        assertThatThrownBy(() -> store.watch("a", kind.on(Runnable::run), this::tell))
                .isInstanceOf(StoreClosedException.class);
    }

    @Test
    void anOptionThatMakesNoSenseIsRefused() {
        BiFunction<Delivery, Integer, Delivery> backlog = Delivery::backlog;
        assertThatThrownBy(() -> backlog.apply(Delivery.every(slow), 0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Delivery.every(slow).backlog(1).backlog()).isEqualTo(1);
        assertThatThrownBy(() -> Delivery.every(null)).isInstanceOf(NullPointerException.class);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNullIsRefusedByItsNameAndAtOnce(Kind kind) {
        Delivery delivery = kind.on(slow);
        assertThatThrownBy(() -> store.watch((KeyPath) null, delivery, this::tell))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("path must not be null");
        assertThatThrownBy(() -> store.watch("a", null, this::tell))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("delivery must not be null");
        assertThatThrownBy(() -> store.watch("a", delivery, null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("listener must not be null");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aDeliveryWithoutAHandlerTellsThatOfTheStoreInEveryWayToWatch() {
        store.watch("a", Delivery.every(Runnable::run), update -> {
            throw new IllegalStateException("of a place");
        });
        store.watch(PathPattern.parse("/*"), Delivery.latest(Runnable::run), update -> {
            throw new IllegalStateException("of a pattern");
        });
        store.derive(view -> view.get("a")).watch(Delivery.latest(Runnable::run), (before, after) -> {
            throw new IllegalStateException("of a derived value");
        });

        store.put("a", 2);

        assertThat(storeFailures)
                .extracting(Throwable::getMessage)
                .containsExactlyInAnyOrder("of a place", "of a pattern", "of a derived value");
    }

    @Test
    void whileOneListenerIsHeldUpTheOthersAreToldByTheNextCommit() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        store.watch("a", Delivery.latest(Runnable::run), update -> {
            entered.countDown();
            awaitQuietly(leave);
        });
        store.watch("a", Delivery.every(Runnable::run), this::tell);
        Thread heldUp = new Thread(() -> store.put("a", 2));
        heldUp.start();
        entered.await();
        Thread next = new Thread(() -> store.put("a", 3));
        next.start();
        next.join();
        assertThat(told).containsExactly("/a: 1 -> 2", "/a: 2 -> 3");
        leave.countDown();
        heldUp.join();
        assertThat(told).hasSize(2);
    }

    static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
