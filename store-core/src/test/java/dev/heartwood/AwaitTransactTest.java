package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Batches that wait for something that they have read. */
@Timeout(60)
class AwaitTransactTest {
    private static final Duration LONG = Duration.ofDays(400_000);

    private final Store store = Store.of(Map.of("jobs", List.of(), "n", 0, "other", 0));
    private final AtomicInteger runs = new AtomicInteger();

    private static void untilParked(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING && thread.isAlive()) {
            Thread.onSpinWait();
        }
    }

    private Object take(Transaction tx) {
        runs.incrementAndGet();
        tx.check(tx.size("jobs") > 0);
        return tx.remove(KeyPath.of("jobs", 0));
    }

    @Test
    void aBodyThatNeedNotWaitCommitsAndGivesItsResult() throws Exception {
        assertThat(store.<Number, RuntimeException>awaitTransact(tx -> tx.increment("n"), Duration.ZERO))
                .isEqualTo(1L);
        assertThat(store.get("n")).isEqualTo(1L);
    }

    @Test
    void aTakerSleepsUntilThereIsSomethingToTake() {
        Crew crew = new Crew();
        Thread taker = crew.start(
                () -> assertThat(store.awaitTransact(this::take, LONG)).isEqualTo("job"));
        untilParked(taker);
        store.append(KeyPath.of("jobs"), "job");
        crew.join();
        assertThat(runs).hasValue(2);
        assertThat(store.size("jobs")).isZero();
    }

    @Test
    void aChangeOfNothingThatItReadDoesNotRunItAgain() {
        Crew crew = new Crew();
        Thread taker = crew.start(() -> store.awaitTransact(this::take, LONG));
        untilParked(taker);
        for (int i = 0; i < 100; i++) {
            store.increment("other");
        }
        store.append(KeyPath.of("jobs"), "job");
        crew.join();
        assertThat(runs).hasValue(2);
    }

    @Test
    void nothingOfAnAttemptThatIsGivenUpIsCommitted() {
        List<String> done = new ArrayList<>();
        assertThatThrownBy(() -> store.awaitTransact(
                        tx -> {
                            tx.put("n", 99);
                            tx.afterCommit(() -> done.add("after"));
                            return tx.retry();
                        },
                        Duration.ofMillis(5)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("within 5 ms")
                .hasMessageContaining("nothing was committed");
        assertThat(store.get("n")).isEqualTo(0L);
        assertThat(done).isEmpty();
    }

    @Test
    void onceDoomedTheAttemptWaitsWhateverTheBodyCatchesReturnsOrThrows() {
        List<TransactionFunction<Object, Exception>> bodies = List.of(
                tx -> {
                    try {
                        tx.get("n");
                        return tx.retry();
                    } catch (Throwable e) {
                        tx.put("n", 99);
                        return "caught";
                    }
                },
                tx -> {
                    try {
                        return tx.retry();
                    } finally {
                        throwAnyway();
                    }
                },
                tx -> {
                    try {
                        tx.atomically(part -> part.check(false));
                    } catch (RetrySignal e) {
                        tx.put("n", 98);
                    }
                    return "went on";
                },
                tx -> {
                    try {
                        return tx.retry();
                    } catch (RetrySignal e) {
                        tx.put("n", 97);
                    }
                    return tx.orElse(part -> "went on", part -> "took the other way");
                });
        for (TransactionFunction<Object, Exception> body : bodies) {
            assertThatThrownBy(() -> store.awaitTransact(body, Duration.ofMillis(5)))
                    .isInstanceOf(TimeoutException.class);
        }
        assertThat(store.get("n")).isEqualTo(0L);
    }

    private static void throwAnyway() throws IOException {
        throw new IOException("in place of the signal");
    }

    @Test
    void theTimeoutNamesThePlacesThatWereWaitedFor() {
        assertThatThrownBy(() -> store.awaitTransact(this::take, Duration.ofMillis(5)))
                .hasMessage("the batch could not commit within 5 ms: nothing was committed, after 1 attempt;"
                        + " it waited for a change of /jobs");
        assertThatThrownBy(() -> store.awaitTransact(
                        tx -> {
                            for (int i = 0; i < 9; i++) {
                                tx.contains("key " + i);
                            }
                            return tx.retry();
                        },
                        Duration.ofMillis(5)))
                .hasMessageContaining("/key ")
                .hasMessageEndingWith(" and 4 more places");
    }

    @Test
    void theFirstAttemptBeginsAlwaysAndNoOtherAfterTheTimeout() {
        for (Duration timeout : new Duration[] {Duration.ZERO, Duration.ofSeconds(-3), Duration.ofMillis(3)}) {
            runs.set(0);
            assertThatThrownBy(() -> store.awaitTransact(this::take, timeout)).isInstanceOf(TimeoutException.class);
            assertThat(runs).hasValue(1);
        }
    }

    @Test
    void anAttemptThatIsInvalidatedAfterTheTimeoutDoesNotBeginAgain() {
        InterposedRoot root = new InterposedRoot(Map.of("n", 0));
        Store racing = Store.over(root);
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.put("n", 5)));
        assertThatThrownBy(() -> racing.awaitTransact(
                        tx -> {
                            runs.incrementAndGet();
                            return tx.increment("n");
                        },
                        Duration.ZERO))
                .isInstanceOf(TimeoutException.class);
        assertThat(runs).hasValue(1);
        assertThat(racing.get("n")).isEqualTo(5L);
    }

    @Test
    void anAttemptThatIsRebasedAfterTheTimeoutCommits() throws Exception {
        InterposedRoot root = new InterposedRoot(Map.of("n", 0, "other", 0));
        Store racing = Store.over(root);
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.put("other", 5)));
        racing.awaitTransact(tx -> tx.increment("n"), Duration.ZERO);
        assertThat(racing.get("n")).isEqualTo(1L);
    }

    @Test
    void anInterruptEndsTheSleepAndCommitsNothing() {
        Crew crew = new Crew();
        Thread taker = crew.start(() -> {
            assertThatThrownBy(() -> store.awaitTransact(this::take, LONG)).isInstanceOf(InterruptedException.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
        untilParked(taker);
        taker.interrupt();
        crew.join();
    }

    @Test
    void anInterruptedThreadMayCommitAndKeepsItsFlag() throws Exception {
        Thread.currentThread().interrupt();
        store.awaitTransact(tx -> tx.increment("n"), LONG);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.get("n")).isEqualTo(1L);
    }

    @Test
    void anInterruptBetweenAttemptsEndsIt() {
        InterposedRoot root = new InterposedRoot(Map.of("n", 0));
        Store racing = Store.over(root);
        root.beforeNextCommit(() -> {
            Crew.elsewhere(() -> racing.put("n", 5));
            Thread.currentThread().interrupt();
        });
        assertThatThrownBy(() -> racing.awaitTransact(tx -> tx.increment("n"), LONG))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(racing.get("n")).isEqualTo(5L);
    }

    @Test
    void onceItHasItsAnswerNoCommitRingsItAnyMore() throws Exception {
        Timeline timeline = new Timeline(0, Map.of("jobs", List.of()), Dialect.ANYTHING);
        Store followed = Store.over(new MemoryRoot(timeline));
        assertThatThrownBy(() -> followed.awaitTransact(this::take, Duration.ofMillis(5)))
                .isInstanceOf(TimeoutException.class);
        assertThat(timeline.isFollowed()).isFalse();
        Crew crew = new Crew();
        untilParked(crew.start(() -> followed.awaitTransact(this::take, LONG)));
        assertThat(timeline.isFollowed()).isTrue();
        followed.append(KeyPath.of("jobs"), "job");
        crew.join();
        assertThat(timeline.isFollowed()).isFalse();
    }

    @Test
    void closeWakesItAlsoIfItHasReadNothing() {
        for (TransactionFunction<Object, RuntimeException> body :
                List.<TransactionFunction<Object, RuntimeException>>of(this::take, tx -> tx.retry())) {
            Store closing = Store.of(Map.of("jobs", List.of()));
            Crew crew = new Crew();
            Thread taker = crew.start(() -> assertThatThrownBy(() -> closing.awaitTransact(body, LONG))
                    .isInstanceOf(StoreClosedException.class));
            untilParked(taker);
            closing.close();
            crew.join();
        }
    }

    @Test
    void aBodyThatHasReadNothingSleepsUntilTheTimeout() {
        Crew crew = new Crew();
        Thread taker = crew.start(() -> assertThatThrownBy(() -> store.awaitTransact(
                        tx -> {
                            runs.incrementAndGet();
                            return tx.retry();
                        },
                        Duration.ofMillis(200)))
                .isInstanceOf(TimeoutException.class));
        while (taker.isAlive()) {
            store.increment("other");
        }
        crew.join();
        assertThat(runs).hasValue(1);
    }

    @Test
    void aBodysExceptionComesOutUnchanged() {
        IOException mine = new IOException("mine");
        assertThatThrownBy(() -> store.awaitTransact(
                        tx -> {
                            throw mine;
                        },
                        LONG))
                .isSameAs(mine);
    }

    @Test
    void aPlainBatchCannotRetryAndSaysHow() {
        assertThatThrownBy(() -> store.batch(tx -> tx.check(false)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("awaitTransact");
        assertThatThrownBy(() -> store.snapshot().edit(Transaction::retry)).isInstanceOf(IllegalStateException.class);
        store.batch(tx -> tx.check(true));
    }

    @Test
    void itDoesNotWaitInsideAFunctionOfAnyStoreNorOnAThreadThatDelivers() {
        Store another = Store.create();
        assertThatThrownBy(() -> store.batch(tx -> awaitAnything(another))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.batch(tx -> awaitAnything(store))).isInstanceOf(IllegalStateException.class);
        List<Throwable> failures = new ArrayList<>();
        store.watch("n", Delivery.latest(Runnable::run).failureHandler(failures::add), update -> {
            awaitAnything(another);
            awaitAnything(store);
        });
        store.increment("n");
        assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(failures.get(0)).hasMessageContaining("listener");
        awaitAnything(store);
    }

    private static void awaitAnything(Store store) {
        try {
            store.awaitTransact(tx -> tx.init("anything", 1), Duration.ZERO);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsMadeOnceIsTheSameInAllAttemptsAlsoInThoseThatAreGivenUp() throws Exception {
        List<Object> made = new ArrayList<>();
        store.awaitTransact(
                tx -> {
                    made.add(tx.once(Object::new));
                    long seen = tx.get("n", Long.class);
                    if (seen == 0) {
                        Crew.elsewhere(() -> store.increment("n"));
                    }
                    tx.check(seen == 1);
                    return seen;
                },
                LONG);
        assertThat(made).hasSize(2);
        assertThat(made.get(0)).isSameAs(made.get(1));
    }

    @Test
    void aStateThatIsRolledBackIsNoReasonToSleep() throws Exception {
        InterposedRoot root = new InterposedRoot(Map.of("jobs", List.of("job")));
        Store durable = Store.over(root);
        root.onNextAnswer(() -> false);
        assertThatThrownBy(() -> durable.awaitTransact(
                        tx -> {
                            if (runs.incrementAndGet() == 2) {
                                throw new IOException("ran again at once");
                            }
                            return tx.retry();
                        },
                        LONG))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aSleepingThreadKeepsNoState() throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            store.put("big", List.of("a state of its own"));
        }
        List<WeakReference<Object>> past = new ArrayList<>();
        past.add(new WeakReference<>(store.snapshot()));
        past.add(new WeakReference<>(store.snapshot().tree()));
        Crew crew = new Crew();
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiting.add(crew.start(() -> store.awaitTransact(this::take, LONG)));
        }
        waiting.forEach(AwaitTransactTest::untilParked);
        store.put("big", "gone");
        Garbage.assertAllCollected(past);
        for (int i = 0; i < 20; i++) {
            store.append(KeyPath.of("jobs"), i);
        }
        crew.join();
    }

    @Test
    void whatARunCommutedThatLostItsRaceIsNotKeptWhileTheNextOneSleeps() throws InterruptedException {
        store.put("n", 1);
        store.put("big", List.of("a state of its own"));
        List<WeakReference<Object>> past = new CopyOnWriteArrayList<>();
        Crew crew = new Crew();
        Thread waiting = crew.start(() -> store.awaitTransact(
                tx -> {
                    if (tx.contains("end")) {
                        return 0;
                    } else if (!tx.contains("taken")) {
                        tx.commute("n", Long.class, n -> n + 1);
                        Crew.elsewhere(() -> store.put("taken", true));
                        past.add(new WeakReference<>(tx.before()));
                        past.add(new WeakReference<>(tx.before().tree()));
                        return 1;
                    }
                    return tx.retry();
                },
                LONG));
        untilParked(waiting);
        store.put("big", "gone");
        assertThat(past).hasSize(2);
        Garbage.assertAllCollected(past);
        store.put("end", true);
        crew.join();
        assertThat(store.get("n")).isEqualTo(1L);
    }

    @Test
    void whatABodyReturnedThoughItHadGivenUpIsNotKeptWhileItSleeps() throws InterruptedException {
        store.put("big", List.of("a state of its own"));
        List<WeakReference<Snapshot>> past = List.of(new WeakReference<>(store.snapshot()));
        Crew crew = new Crew();
        Thread waiting = crew.start(() -> store.awaitTransact(
                tx -> {
                    if (!tx.contains("end")) {
                        assertThatThrownBy(tx::retry).isInstanceOf(Error.class);
                    }
                    return tx.before();
                },
                LONG));
        untilParked(waiting);
        store.put("big", "gone");
        Garbage.assertAllCollected(past);
        store.put("end", true);
        crew.join();
    }

    // ---- alternatives

    @Test
    void theSecondRunsWhereTheFirstRetriesAndSeesNothingOfItsWrites() throws Exception {
        List<String> done = new ArrayList<>();
        Object result = store.awaitTransact(
                tx -> {
                    tx.put("kept", 1);
                    tx.afterCommit(() -> done.add("batch"));
                    return tx.orElse(
                            first -> {
                                first.put("n", 99);
                                first.put("made", Map.of("by", "first"));
                                first.append(KeyPath.of("jobs"), "x");
                                first.afterCommit(() -> done.add("first"));
                                return first.retry();
                            },
                            second -> {
                                second.afterCommit(() -> done.add("second"));
                                return second.get("n") + " " + second.contains("made") + " " + second.size("jobs");
                            });
                },
                Duration.ZERO);
        assertThat(result).isEqualTo("0 false 0");
        assertThat(done).containsExactly("batch", "second");
        assertThat(store.toMap()).isEqualTo(Map.of("jobs", List.of(), "n", 0L, "other", 0L, "kept", 1L));
    }

    @Test
    void theFirstThatSucceedsIsTaken() throws Exception {
        assertThat(store.<Object, RuntimeException>awaitTransact(
                        tx -> tx.orElse(first -> first.put("n", 5), second -> second.put("n", 6)), Duration.ZERO))
                .isEqualTo(0L);
        assertThat(store.get("n")).isEqualTo(5L);
    }

    @Test
    void whereBothRetryAChangeOfWhatEitherReadWakesIt() {
        for (String key : List.of("n", "other")) {
            Store both = Store.of(Map.of("n", 0, "other", 0));
            Crew crew = new Crew();
            Thread waiting = crew.start(() -> both.awaitTransact(
                    tx -> tx.orElse(first -> positive(first, "n"), second -> positive(second, "other")), LONG));
            untilParked(waiting);
            both.increment(key);
            crew.join();
        }
    }

    private static Object positive(Transaction tx, String key) {
        tx.check(tx.get(key, Long.class) > 0);
        return key;
    }

    @Test
    void theReadsOfTheFirstStayEvenWhereTheSecondSucceeds() throws Exception {
        InterposedRoot root = new InterposedRoot(Map.of("n", 0, "other", 0));
        Store racing = Store.over(root);
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.put("n", 1)));
        Object taken = racing.awaitTransact(
                tx -> tx.orElse(first -> positive(first, "n"), second -> second.put("other", "taken")), LONG);
        assertThat(taken).isEqualTo("n");
        assertThat(racing.get("other")).isEqualTo(0L);
    }

    @Test
    void aPlaceThatOnlyTheFirstWroteIsReadFromThenOn() throws Exception {
        InterposedRoot root = new InterposedRoot(Map.of("m", Map.of("a", 1), "out", 0));
        Store racing = Store.over(root);
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.put("m", Map.of("a", 2))));
        racing.awaitTransact(
                tx -> {
                    runs.incrementAndGet();
                    return tx.orElse(
                            first -> {
                                first.set("m", Map.of("a", 7));
                                first.get(KeyPath.of("m", "a"));
                                return first.retry();
                            },
                            second -> second.put("out", second.get(KeyPath.of("m", "a"))));
                },
                LONG);
        assertThat(racing.get("out")).isEqualTo(2L);
        assertThat(racing.get(KeyPath.of("m", "a"))).isEqualTo(2L);
        assertThat(runs).hasValue(2);
    }

    @Test
    void alternativesNest() throws Exception {
        Object result = store.awaitTransact(
                tx -> tx.orElse(
                        first -> first.orElse(a -> a.retry(), b -> {
                            b.put("n", 7);
                            return b.retry();
                        }),
                        second -> second.orElse(c -> c.retry(), d -> d.get("n"))),
                Duration.ZERO);
        assertThat(result).isEqualTo(0L);
    }

    @Test
    void anExceptionOfTheFirstComesOut() {
        IOException mine = new IOException("mine");
        assertThatThrownBy(() -> store.awaitTransact(
                        tx -> tx.orElse(
                                first -> {
                                    throw Exceptions.rethrow(mine);
                                },
                                second -> "second"),
                        LONG))
                .isSameAs(mine);
    }

    @Test
    void theFirstIsUndoneThoughItsBodyHasSwallowedTheRetry() throws Exception {
        Object result = store.awaitTransact(
                tx -> tx.orElse(
                        first -> {
                            first.put("n", 99);
                            try {
                                return first.retry();
                            } catch (RetrySignal swallowed) {
                                return "swallowed";
                            }
                        },
                        second -> second.get("n")),
                Duration.ZERO);
        assertThat(result).isEqualTo(0L);
        assertThat(store.get("n")).isEqualTo(0L);
    }

    @Test
    void aPartThatIsUndoneReadsNoMoreThanItTouched() {
        InterposedRoot root = new InterposedRoot(Map.of("n", 0, "other", 0));
        Store racing = Store.over(root);
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.put("other", 5)));
        racing.batch(tx -> {
            runs.incrementAndGet();
            try {
                tx.atomically(part -> {
                    part.put("n", 9);
                    throw new IllegalStateException("undo");
                });
            } catch (IllegalStateException e) {
                tx.put("made", 1);
            }
        });
        assertThat(runs).as("the other key is no business of the batch").hasValue(1);
        assertThat(racing.get("n")).isEqualTo(0L);
    }

    // ---- many

    @Test
    void aQueueOfManyTakersLosesNothingAndGivesNothingTwice() {
        int jobs = 2_000;
        int takers = 6;
        AtomicInteger taken = new AtomicInteger();
        boolean[] seen = new boolean[jobs];
        Crew crew = new Crew();
        for (int i = 0; i < takers; i++) {
            crew.start(() -> {
                for (Object job = store.awaitTransact(this::take, LONG);
                        !job.equals("stop");
                        job = store.awaitTransact(this::take, LONG)) {
                    synchronized (seen) {
                        assertThat(seen[((Long) job).intValue()]).isFalse();
                        seen[((Long) job).intValue()] = true;
                    }
                    taken.incrementAndGet();
                }
            });
        }
        for (int i = 0; i < jobs; i++) {
            store.append(KeyPath.of("jobs"), i);
        }
        for (int i = 0; i < takers; i++) {
            store.append(KeyPath.of("jobs"), "stop");
        }
        crew.join();
        assertThat(taken).hasValue(jobs);
    }

    /** The exception is an answer that is settled, and the attempt is made again where its state was rolled back. */
    @Test
    void anInterruptEndsTheBatchThoughTheStateThatItCameInIsRolledBack() {
        InterposedRoot root = new InterposedRoot(Map.of("n", 0));
        Store racing = Store.over(root);
        root.beforeNextCommit(() -> {
            Crew.elsewhere(() -> racing.increment("n"));
            root.onNextAnswer(() -> false);
            Thread.currentThread().interrupt();
        });
        assertThatThrownBy(() -> racing.awaitTransact(tx -> tx.increment("n"), LONG))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(racing.get("n")).as("of the rival alone").isEqualTo(1L);
    }

    @Test
    void whereListenersOfTwoStoresRunInEachOtherNeitherStoreIsWaitedFor() {
        Store outer = Store.of(Map.of("n", 0));
        List<Throwable> refused = new ArrayList<>();
        store.watch("n", Delivery.every(Runnable::run), update -> {
            for (Store waitedFor : List.of(store, outer)) {
                try {
                    waitedFor.awaitTransact(Transaction::retry, Duration.ofSeconds(5));
                } catch (Exception e) {
                    refused.add(e);
                }
            }
        });
        outer.watch("n", Delivery.every(Runnable::run), update -> store.increment("n"));
        outer.increment("n");
        assertThat(refused).hasSize(2).allSatisfy(e -> assertThat(e).isInstanceOf(IllegalStateException.class));
    }
}
