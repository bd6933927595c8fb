package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that wait for a state. */
@Timeout(60)
class AwaitTest {
    private static final Duration LONG = Duration.ofDays(400_000);

    private final Store store = Store.of(Map.of("a", 0));

    @Test
    void whatHoldsAlreadyIsGivenAtOnceAlsoToAnInterruptedThread() throws Exception {
        Snapshot now = store.snapshot();
        assertThat(store.await(view -> view.contains("a"), Duration.ZERO)).isSameAs(now);
        assertThat(store.await(view -> view.contains("a"), Duration.ofSeconds(-5)))
                .isSameAs(now);
        Thread.currentThread().interrupt();
        assertThat(store.await(view -> view.contains("a"), LONG)).isSameAs(now);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whatDoesNotHoldInTimeIsATimeout() {
        for (Duration timeout :
                new Duration[] {Duration.ZERO, Duration.ofMillis(5), Duration.ofSeconds(Long.MIN_VALUE)}) {
            assertThatThrownBy(() -> store.await(view -> view.contains("b"), timeout))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("; it waited for a change of /b; the newest state is ");
        }
        assertThatThrownBy(() -> store.await(view -> view.contains("b"), Duration.ofMillis(5)))
                .hasMessageStartingWith("the condition did not hold within 5 ms; ");
        assertThatThrownBy(() -> store.await(view -> false, Duration.ZERO))
                .hasMessageContaining("it has read nothing, so no change could wake it");
    }

    @Test
    void aTimeoutHoldsAlsoWhereEachLookFindsAnotherState() {
        AtomicInteger looks = new AtomicInteger();
        assertThatThrownBy(() -> store.await(
                        view -> {
                            assertThat(looks.incrementAndGet()).isEqualTo(1);
                            Object seen = view.get("a");
                            Crew.elsewhere(() -> store.increment("a"));
                            return seen.equals(-1L);
                        },
                        Duration.ZERO))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void aCommitAtAnotherPlaceWhileAConditionIsEvaluatedIsNoReasonToEvaluateItAgain() throws InterruptedException {
        AtomicInteger evaluated = new AtomicInteger();
        Crew crew = new Crew();
        Thread waiting = crew.start(() -> store.await(
                view -> {
                    boolean holds = view.contains("b");
                    if (evaluated.incrementAndGet() == 1) {
                        Crew.elsewhere(() -> store.put("other", 1));
                    }
                    return holds;
                },
                LONG));
        untilParked(waiting);
        assertThat(evaluated).hasValue(1);
        store.put("b", 1);
        crew.join();
    }

    @Test
    void aThreadThatSleepsKeepsNotTheStateInWhichItsConditionDidNotHold() throws InterruptedException {
        store.put("big", "a state of its own");
        List<WeakReference<Snapshot>> past = List.of(new WeakReference<>(store.snapshot()));
        Crew crew = new Crew();
        Thread waiting = crew.start(() -> store.await(view -> view.contains("b"), LONG));
        untilParked(waiting);
        store.put("big", "gone");
        Garbage.assertAllCollected(past);
        store.put("b", 1);
        crew.join();
    }

    /** Only the map itself changes, of which a part was read by itself, too. */
    @Test
    void aConditionOnAPlaceAndOnAPartOfItIsWokenByEither() throws Exception {
        store.put("jobs", Map.of("a", 1));
        Crew crew = new Crew();
        Thread waiting = crew.start(() ->
                store.await(view -> view.contains(KeyPath.of("jobs", "a")) && view.size("jobs") == 2, LONG));
        CompletableFuture<Snapshot> told = store.awaitAsync(
                view -> view.contains(KeyPath.of("jobs", "a")) && view.size("jobs") == 2, Runnable::run);
        untilParked(waiting);
        store.put(KeyPath.of("jobs", "b"), 2);
        crew.join();
        assertThat(told.get(20, TimeUnit.SECONDS).size("jobs")).isEqualTo(2);
    }

    @Test
    void whoeverHasItsAnswerIsRungNoMore() throws Exception {
        Timeline timeline = new Timeline(0, Map.of("a", 0), Dialect.ANYTHING);
        Store followed = Store.over(new MemoryRoot(timeline));
        followed.await(view -> view.contains("a"), LONG);
        assertThat(timeline.isFollowed()).isFalse();
        assertThatThrownBy(() -> followed.await(view -> false, Duration.ZERO)).isInstanceOf(TimeoutException.class);
        assertThat(timeline.isFollowed()).isFalse();
        assertThatThrownBy(() -> followed.await(view -> view.get("b", Boolean.class), LONG))
                .isInstanceOf(NoSuchPathException.class);
        assertThat(timeline.isFollowed()).isFalse();
    }

    /** The commit of the token comes just after the thread has looked at the newest state. */
    @Test
    void theStateOfATokenHasItsCommitHoweverLateThatComes() throws Exception {
        InterposedRoot root = new InterposedRoot(Map.of("a", 0));
        Store followed = Store.over(root);
        Token token = new Token("", 1, "");
        root.beforeNextTokenQuestion(() -> followed.put("a", 1));

        assertThat(followed.atLeast(token, LONG).get("a")).isEqualTo(1L);
    }

    /** The commit of the token comes after the thread has asked for it, and before it is registered. */
    @Test
    void aTokenThatIsReachedBeforeTheThreadSleepsIsNotSleptThrough() throws Exception {
        InterposedRoot root = new InterposedRoot(Map.of("a", 0));
        Store followed = Store.over(root);
        root.afterNextTokenQuestion(() -> followed.put("a", 1));
        Snapshot then = followed.atLeast(new Token("", 1, ""), Duration.ofSeconds(10));
        assertThat(then.get("a")).isEqualTo(1L);
    }

    @Test
    void aThreadThatWaitsForATokenIsWokenByTheCloseOfTheStore() {
        Store followed = Store.of(Map.of("a", 0));
        Crew crew = new Crew();
        Thread waiting = crew.start(() -> assertThatThrownBy(() -> followed.atLeast(new Token("", 99, ""), LONG))
                .isInstanceOf(StoreClosedException.class));
        untilParked(waiting);
        followed.close();
        crew.join();
    }

    @Test
    void aThreadWhoseConditionReadsNothingIsWokenByTheCloseOfTheStore() {
        Store followed = Store.of(Map.of("a", 0));
        Crew crew = new Crew();
        Thread waiting = crew.start(() ->
                assertThatThrownBy(() -> followed.await(view -> false, LONG)).isInstanceOf(StoreClosedException.class));
        untilParked(waiting);
        followed.close();
        crew.join();
    }

    /** The step with the change is the last of those that are given up, so nobody ever hands it in. */
    @Test
    void whereStepsAreGivenUpItLooksAgain() {
        Timeline timeline = new Timeline(0, Map.of("a", 0), Dialect.ANYTHING);
        Store followed = Store.over(new MemoryRoot(timeline));
        Crew crew = new Crew();
        Thread waiting = crew.start(() -> followed.await(view -> view.get("a").equals(1L), Duration.ofSeconds(10)));
        untilParked(waiting);
        for (int i = 0; i <= 1_000; i++) {
            Snapshot before = timeline.newest();
            String key = i < 1_000 ? "b" : "a";
            Snapshot after = timeline.state(before.version() + 1, before.root().put(key, i < 1_000 ? (long) i : 1L));
            assertThat(timeline.advance(before, after, () -> {
                        throw new IllegalStateException("planted");
                    }))
                    .isTrue();
        }
        followed.increment("b");
        crew.join();
    }

    @Test
    void aCommitWakesIt() {
        Crew crew = new Crew();
        Thread waiting = crew.start(() -> {
            Snapshot then = store.await(view -> view.get("a").equals(3L), LONG);
            assertThat(then.get("a")).isEqualTo(3L);
        });
        untilParked(waiting);
        store.put("a", 1);
        store.put("b", 1);
        store.put("a", 3);
        crew.join();
    }

    /** More than the message of a timeout names. */
    @ParameterizedTest
    @ValueSource(ints = {0, 4, 5, 6, 19})
    void aChangeOfAnyOfManyPlacesThatItHasReadWakesIt(int changed) {
        Crew crew = new Crew();
        Thread waiting = crew.start(() -> store.await(
                view -> IntStream.range(0, 20)
                                .filter(i -> view.contains("key" + i))
                                .count()
                        == 1,
                Duration.ofSeconds(10)));
        untilParked(waiting);
        store.put("key" + changed, 1);
        crew.join();
    }

    @Test
    void itSeesWhatIsCommittedWhileItLooks() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        Snapshot then = store.await(
                view -> {
                    if (looks.getAndIncrement() == 0) {
                        store.put("b", 1);
                    }
                    return view.contains("b");
                },
                LONG);
        assertThat(then.contains("b")).isTrue();
        assertThat(looks).hasValue(2);
    }

    @Test
    void closeWakesIt() {
        Crew crew = new Crew();
        Thread waiting = crew.start(() -> assertThatThrownBy(() -> store.await(view -> view.contains("b"), LONG))
                .isInstanceOf(StoreClosedException.class));
        untilParked(waiting);
        store.close();
        crew.join();
    }

    @Test
    void aClosedStoreIsNotAwaited() {
        store.close();
        assertThatThrownBy(() -> store.await(view -> true, LONG)).isInstanceOf(StoreClosedException.class);
    }

    @Test
    void anInterruptEndsIt() {
        Crew crew = new Crew();
        Thread waiting = crew.start(() -> {
            assertThatThrownBy(() -> store.await(view -> view.contains("b"), LONG))
                    .isInstanceOf(InterruptedException.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
        untilParked(waiting);
        waiting.interrupt();
        crew.join();
    }

    @Test
    void whatTheConditionThrowsComesOutAndNothingStaysBehind() {
        IllegalStateException mine = new IllegalStateException("mine");
        assertThatThrownBy(() -> store.await(
                        view -> {
                            throw mine;
                        },
                        LONG))
                .isSameAs(mine);
        assertThat(store.increment("a")).isEqualTo(1L);
    }

    @Test
    void noWakeUpIsLostInManyRounds() {
        int rounds = 3_000;
        CountDownLatch started = new CountDownLatch(2);
        Crew crew = new Crew();
        for (int parity = 0; parity < 2; parity++) {
            long mine = parity;
            crew.start(() -> {
                started.countDown();
                for (int i = 0; i < rounds; i++) {
                    store.await(view -> view.get("a", Long.class) % 2 == mine, LONG);
                    store.increment("a");
                }
            });
        }
        crew.join();
        assertThat(store.get("a")).isEqualTo(2L * rounds);
    }

    private static void untilParked(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING && thread.isAlive()) {
            Thread.onSpinWait();
        }
    }
}
