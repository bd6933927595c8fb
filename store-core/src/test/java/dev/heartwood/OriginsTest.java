package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vavr.collection.HashMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The origin of a commit: a state has the author, the time and the label of the commit that made it. */
class OriginsTest {
    private final Store store = Store.of(Map.of("counter", 0, "list", List.of(1)));

    @Test
    void theFirstStateHasAnEmptyOrigin() {
        assertThat(store.snapshot().origin().isEmpty()).isTrue();
        assertThat(store.snapshot().origin()).isEqualTo(Origin.of(null, null, null));
    }

    @Test
    void aHandlesCommitsCarryItsAuthor() {
        store.as("planner").increment("counter");

        Origin origin = store.snapshot().origin();
        assertThat(origin.author()).isEqualTo("planner");
        assertThat(origin.label()).isNull();
        assertThat(origin.time()).isNull();
        assertThat(origin.thread()).isNull();
        assertThat(origin.threadId()).isZero();
        assertThat(origin.where()).isNull();
    }

    @Test
    void aCommitWithoutAnAuthorHasNone() {
        store.as("planner").increment("counter");
        store.increment("counter");

        assertThat(store.snapshot().origin().isEmpty()).isTrue();
    }

    @Test
    void commitsOfWhichNothingButAnAuthorIsRecordedHaveOneOriginTogether() {
        Store store = Store.create();
        Origin first = store.batch(tx -> tx.put("a", 1)).after().origin();
        assertThat(store.batch(tx -> tx.put("a", 2)).after().origin()).isSameAs(first);
        Store planner = store.as("planner");
        Origin planned = planner.batch(tx -> tx.put("a", 3)).after().origin();
        assertThat(planner.batch(tx -> tx.put("a", 4)).after().origin()).isSameAs(planned);
    }

    @Test
    void aBatchCarriesItsLabel() {
        Commit commit = store.as("planner").batch(tx -> {
            tx.label("count");
            tx.increment("counter");
        });

        assertThat(commit.after().origin()).isEqualTo(Origin.of("planner", "count", null));
    }

    @Test
    void theLastLabelStands() {
        store.batch(tx -> {
            tx.label("first");
            tx.increment("counter");
            tx.label("second");
        });

        assertThat(store.snapshot().origin()).isEqualTo(Origin.of(null, "second", null));
    }

    /** The first commit after the base comes before the call that begins the recording has returned. */
    @Test
    void everyCommitThatIsRecordedHasItsTime() {
        Timeline timeline = new Timeline(0, Map.of("n", 0), Dialect.ANYTHING);
        Store recorded = Store.over(new MemoryRoot(timeline));
        timeline.whenFollowed(() -> recorded.increment("n"));
        List<Snapshot> states = new ArrayList<>();
        CommitRecording recording = recorded.record(new CommitRecorder() {
            @Override
            public void startFrom(Snapshot base) {}

            @Override
            public void record(Snapshot before, Snapshot after) {
                states.add(after);
            }

            @Override
            public void missed(long upTo) {}
        });
        recorded.increment("n");
        recording.close();
        assertThat(states).hasSize(2).allMatch(state -> state.origin().time() != null);
    }

    @Test
    void aLabelGivenToAViewOfTheBatchIsTheBatchs() {
        store.batch(tx -> {
            tx.under("deep").label("why");
            tx.under("deep").put("x", 1);
        });

        assertThat(store.snapshot().origin().label()).isEqualTo("why");
    }

    @Test
    void aLabelOfARolledBackPartGoesWithIt() {
        store.batch(tx -> {
            tx.label("whole");
            try {
                tx.atomically(part -> {
                    part.label("part");
                    throw new IllegalStateException("no");
                });
            } catch (IllegalStateException expected) {
                tx.increment("counter");
            }
        });

        assertThat(store.snapshot().origin().label()).isEqualTo("whole");
    }

    @Test
    void onlyTheLastRunsLabelCounts() {
        int[] runs = new int[1];
        store.batch(tx -> {
            long n = tx.get("counter", Long.class);
            if (runs[0]++ == 0) {
                tx.label("the first run");
                elsewhere(() -> store.increment("counter"));
            }
            tx.put("counter", n + 1);
        });

        assertThat(runs[0]).isEqualTo(2);
        assertThat(store.snapshot().origin().isEmpty()).isTrue();
    }

    @Test
    void aRebasedBatchKeepsItsLabelAndItsAuthor() {
        store.as("planner").batch(tx -> {
            tx.label("set");
            tx.set("other", 1);
            elsewhere(() -> store.as("rival").increment("counter"));
        });

        assertThat(store.snapshot().origin()).isEqualTo(Origin.of("planner", "set", null));
        assertThat(store.get("counter")).isEqualTo(1L);
    }

    @Test
    void aCommitThatChangesNothingLeavesTheOriginThatStands() {
        store.as("planner").put("counter", 5);
        store.as("rival").put("counter", 5);
        store.as("rival").batch(tx -> tx.label("nothing"));

        assertThat(store.snapshot().origin().author()).isEqualTo("planner");
    }

    @Test
    void restoreAndCompareAndSetTakeTheOriginOfTheHandle() {
        Store planner = store.as("planner");
        Snapshot first = store.snapshot();
        store.as("rival").increment("counter");

        assertThat(planner.restore(first).after().origin().author()).isEqualTo("planner");

        Snapshot now = store.snapshot();
        assertThat(planner.compareAndSet(now, now.edit(tx -> tx.put("leader", "me"))))
                .isTrue();
        assertThat(store.snapshot().origin()).isEqualTo(Origin.of("planner", null, null));
    }

    @Test
    void theLabelOfAPastCommitDoesNotComeBackWithItsState() {
        Snapshot labelled = store.batch(tx -> {
                    tx.label("pay rent");
                    tx.increment("counter");
                })
                .after();
        store.increment("counter");

        assertThat(store.restore(labelled).after().origin().label()).isNull();
        assertThat(store.compareAndSet(store.snapshot(), labelled)).isTrue();
        store.increment("counter");
        assertThat(store.compareAndSet(store.snapshot(), labelled)).isTrue();
        assertThat(store.snapshot().origin().label()).isNull();
    }

    @Test
    void theLabelOfADraftGoesWithIt() {
        Snapshot now = store.snapshot();
        Snapshot draft = now.edit(tx -> {
            tx.label("elected");
            tx.put("leader", "me");
        });

        assertThat(draft.origin()).isEqualTo(Origin.of(null, "elected", null));
        assertThat(store.as("me").compareAndSet(now, draft)).isTrue();
        assertThat(store.snapshot().origin()).isEqualTo(Origin.of("me", "elected", null));
    }

    @Test
    void aDraftIsNeverTheExpectedState() {
        Snapshot now = store.snapshot();
        Snapshot draft = now.edit(tx -> tx.put("leader", "me"));

        assertThatThrownBy(() -> store.compareAndSet(draft, now)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void asOfAHandleReplacesTheAuthor() {
        store.as("planner").as("doer").increment("counter");

        assertThat(store.snapshot().origin().author()).isEqualTo("doer");
    }

    @Test
    void allThatIsMadeOfAHandleKeepsTheAuthor() {
        Store planner = store.as("planner");
        List<String> authors = new ArrayList<>();

        planner.at("counter").set(7);
        authors.add(store.snapshot().origin().author());
        planner.asMap().put("x", 1);
        authors.add(store.snapshot().origin().author());

        assertThat(authors).containsExactly("planner", "planner");
    }

    @Test
    void aHandleTellsFailuresToTheHandlerOfItsStore() {
        List<String> failures = new ArrayList<>();
        Store opened = Store.options()
                .failureHandler(failure -> failures.add(failure.getMessage()))
                .of(Map.of("a", 0));
        Store handle = opened.as("planner");
        handle.watch("a", Delivery.every(Runnable::run), update -> {
            throw new IllegalStateException("of a listener");
        });
        handle.batch(tx -> {
            tx.increment("a");
            tx.afterCommit(() -> {
                throw new IllegalStateException("of an action");
            });
        });
        assertThat(failures).containsExactly("of a listener", "of an action");
    }

    @Test
    void aHandleIsTheSameStore() {
        Store planner = store.as("planner");

        planner.put("x", 1);
        assertThat(store.get("x")).isEqualTo(1L);
        assertThat(planner.snapshot()).isSameAs(store.snapshot());
        assertThat(planner.compareAndSet(store.snapshot(), planner.snapshot().edit(tx -> tx.put("x", 2))))
                .isTrue();
        assertThatThrownBy(() -> store.batch(tx -> planner.get("x"))).isInstanceOf(ReentrantUseException.class);
    }

    @Test
    void closingAHandleEndsThatHandleAlone() {
        Store planner = store.as("planner");
        Ref<?> counter = planner.at("counter");
        planner.close();
        planner.close();

        assertThatThrownBy(() -> planner.get("counter"))
                .isInstanceOf(StoreClosedException.class)
                .hasMessageContaining("planner");
        assertThatThrownBy(() -> planner.increment("counter")).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> counter.get()).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> planner.as("other")).isInstanceOf(StoreClosedException.class);
        assertThat(store.get("counter")).isEqualTo(0L);
        assertThat(store.as("planner").increment("counter")).isEqualTo(1L);
    }

    @Test
    void aHandleSaysWhoseItIs() {
        assertThat(store.as("planner")).hasToString(store.toString().replace("Store[", "Store[as planner, "));
    }

    @Test
    void closingTheStoreEndsItsHandles() {
        Store planner = store.as("planner");
        store.close();

        assertThatThrownBy(() -> planner.get("counter")).isInstanceOf(StoreClosedException.class);
    }

    @Test
    void anAuthorIsANameAndNotNothing() {
        assertThatThrownBy(() -> store.as(" ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.as(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> store.batch(tx -> tx.label(null))).isInstanceOf(NullPointerException.class);
    }

    @Test
    void noneRecordsNothing() {
        Store silent = Store.options().origins(Origins.NONE).of(Map.of());

        silent.as("planner").batch(tx -> {
            tx.label("why");
            tx.put("a", 1);
        });

        assertThat(silent.snapshot().origin().isEmpty()).isTrue();
    }

    @Test
    void anOriginWithAnythingInItIsNotEmpty() {
        assertThat(Origin.of(null, null, null).isEmpty()).isTrue();
        assertThat(List.of(
                        Origin.of("planner", null, null),
                        Origin.of(null, "pay rent", null),
                        Origin.of(null, null, Instant.EPOCH),
                        Origin.of(null, null, null, "worker", 0, null),
                        Origin.of(null, null, null, null, 7, null),
                        Origin.of(null, null, null, null, 0, "Planner.pay"),
                        Origin.of(null, null, null, null, 0, 1, null, null)))
                .noneMatch(Origin::isEmpty);
    }

    /** Records nothing itself. */
    private static final class Idle implements CommitRecorder {
        private boolean ended;

        @Override
        public void ended() {
            ended = true;
        }

        @Override
        public void startFrom(Snapshot base) {}

        @Override
        public void record(Snapshot before, Snapshot after) {}

        @Override
        public void missed(long upTo) {}
    }

    @Test
    void aRecordingThatIsClosedTwiceEndsNoOther() {
        CommitRecording first = store.record(new Idle());
        Idle recorder = new Idle();
        CommitRecording second = store.record(recorder);
        first.close();
        first.close();
        assertThat(first.isClosed()).isTrue();
        assertThat(second.isClosed()).isFalse();

        store.increment("counter");
        assertThat(store.snapshot().origin().time()).isNotNull();

        assertThat(recorder.ended).isFalse();
        store.close();
        assertThat(second.isClosed()).isTrue();
        assertThat(recorder.ended).as("the recorder knows the end").isTrue();
    }

    @Test
    void namesAloneSayNothingOfAttemptsAlsoWhileCommitsAreRecorded() {
        CommitRecording ignored = store.record(new Idle());
        AtomicInteger runs = new AtomicInteger();
        store.update("counter", Long.class, counter -> {
            if (runs.getAndIncrement() == 0) {
                elsewhere(() -> store.increment("counter"));
            }
            return counter + 10;
        });

        Origin origin = store.snapshot().origin();
        assertThat(runs).hasValue(2);
        assertThat(origin).isEqualTo(Origin.of(null, null, origin.time()));
    }

    @Test
    void noneRecordsOnlyTheTimeWhileCommitsAreRecorded() {
        Store silent = Store.options().origins(Origins.NONE).of(Map.of());
        CommitRecording recording = silent.record(new Idle());

        silent.as("planner").batch(tx -> {
            tx.label("why");
            tx.put("a", 1);
        });
        recording.close();

        Origin origin = silent.snapshot().origin();
        assertThat(origin.time()).isNotNull();
        assertThat(origin).isEqualTo(Origin.of(null, null, origin.time()));
    }

    @Test
    void whoRecordsThreadAndTime() throws Exception {
        Store watched = Store.options().origins(Origins.WHO).of(Map.of());
        Instant before = Instant.now().minusMillis(1);

        Thread thread = new Thread(() -> watched.as("planner").put("a", 1), "worker-7");
        thread.start();
        thread.join();

        Origin origin = watched.snapshot().origin();
        assertThat(origin.author()).isEqualTo("planner");
        assertThat(origin.thread()).isEqualTo("worker-7");
        assertThat(origin.threadId()).isEqualTo(thread.getId());
        assertThat(origin.time()).isBetween(before, Instant.now());
        assertThat(origin.where()).isNull();
        watched.put("a", 2); // from a thread that has lines of code outside of the library
        assertThat(watched.snapshot().origin().where()).isNull();
    }

    @Test
    void whoRecordsHowOftenTheBatchRan() {
        Store watched = Store.options().origins(Origins.WHO).of(Map.of("a", 0));
        AtomicInteger runs = new AtomicInteger();

        Commit commit = watched.batch(tx -> {
            tx.get("a");
            if (runs.incrementAndGet() < 3) {
                elsewhere(() -> watched.increment("a"));
            }
            tx.put("b", 1);
        });

        assertThat(commit.attempts()).isEqualTo(3);
        assertThat(commit.after().origin().attempts()).isEqualTo(3);
        assertThat(commit.after().origin()).asString().contains(" in 3 attempts because of /a");
        assertThat(commit.before().origin().attempts()).isEqualTo(1);
        Origin most = Origin.of(null, null, null, "t", Long.MAX_VALUE >>> 15, Integer.MAX_VALUE, null, null);
        assertThat(most.attempts()).isEqualTo(32_767);
        assertThat(most.threadId()).isEqualTo(Long.MAX_VALUE >>> 15);
    }

    @Test
    void whoRecordsBecauseOfWhichPlaceTheBatchRanAgain() {
        Store watched =
                Store.options().origins(Origins.WHO).of(Map.of("a", Map.of("x", 0, "y", 0), "list", List.of(1)));
        AtomicInteger runs = new AtomicInteger();

        Commit commit = watched.batch(tx -> {
            tx.get(KeyPath.of("a", "y"));
            tx.size("list");
            if (runs.getAndIncrement() == 0) {
                elsewhere(() -> watched.increment(KeyPath.of("a", "y")));
            } else if (runs.get() == 2) {
                elsewhere(() -> watched.append("list", 2));
            }
            tx.put(KeyPath.of("a", "x"), 1);
        });

        assertThat(commit.after().origin().conflict()).isEqualTo(KeyPath.of("list"));
        assertThat(commit.before().origin().conflict()).isNull();
    }

    @Test
    void aBatchThatMovesToANewerStateWithoutAnotherRunHasNoConflict() {
        Store watched = Store.options().origins(Origins.WHO).of(Map.of("a", 0, "b", 0));
        AtomicInteger runs = new AtomicInteger();

        Commit commit = watched.batch(tx -> {
            runs.incrementAndGet();
            elsewhere(() -> watched.increment("b"));
            tx.put("a", 1);
        });

        assertThat(runs).hasValue(1);
        assertThat(commit.after().origin().conflict()).isNull();
    }

    @Test
    void anUpdateThatRanAgainDidSoBecauseOfItsOwnPlace() {
        Store watched = Store.options().origins(Origins.WHERE).of(Map.of("a", 0));
        AtomicInteger runs = new AtomicInteger();

        watched.update("a", Long.class, a -> {
            if (runs.getAndIncrement() == 0) {
                elsewhere(() -> watched.increment("a"));
            }
            return a + 10;
        });

        Origin origin = watched.snapshot().origin();
        assertThat(origin.conflict()).isEqualTo(KeyPath.of("a"));
        assertThat(origin.where()).contains("(");
        assertThat(origin)
                .isNotEqualTo(Origin.of(
                        null,
                        null,
                        origin.time(),
                        origin.thread(),
                        origin.threadId(),
                        origin.attempts(),
                        null,
                        origin.where()));
    }

    @Test
    void aStateOfAStorageHasAllOfItsOrigin() {
        Instant time = Instant.parse("2026-01-31T08:15:00.000001Z");
        Origin stored = Origin.of("planner", "pay rent", time, "worker", 7, 3, KeyPath.of("a"), "Planner.pay");
        Timeline timeline = new Timeline(0, Map.of(), Dialect.ANYTHING);
        Origin origin = timeline.state(1, HashMap.empty(), stored).origin();

        assertThat(origin).isEqualTo(stored).hasSameHashCodeAs(stored);
        assertThat(origin.threadId()).isEqualTo(7);
        assertThat(origin.attempts()).isEqualTo(3);
        assertThat(origin.conflict()).isEqualTo(KeyPath.of("a"));
        assertThat(List.of(
                        Origin.of("other", "pay rent", time, "worker", 7, 3, KeyPath.of("a"), "Planner.pay"),
                        Origin.of("planner", "other", time, "worker", 7, 3, KeyPath.of("a"), "Planner.pay"),
                        Origin.of(
                                "planner",
                                "pay rent",
                                time.plusMillis(1),
                                "worker",
                                7,
                                3,
                                KeyPath.of("a"),
                                "Planner.pay"),
                        Origin.of("planner", "pay rent", time, "other", 7, 3, KeyPath.of("a"), "Planner.pay"),
                        Origin.of("planner", "pay rent", time, "worker", 8, 3, KeyPath.of("a"), "Planner.pay"),
                        Origin.of("planner", "pay rent", time, "worker", 7, 4, KeyPath.of("a"), "Planner.pay"),
                        Origin.of("planner", "pay rent", time, "worker", 7, 3, KeyPath.of("b"), "Planner.pay"),
                        Origin.of("planner", "pay rent", time, "worker", 7, 3, KeyPath.of("a"), "other")))
                .doesNotContain(origin);
    }

    @Test
    void timesBefore1970AreKept() {
        Instant time = Instant.parse("1969-07-20T20:17:40.000001Z");

        assertThat(Origin.of(null, null, time).time()).isEqualTo(time);
    }

    @Test
    void aRecordingThatCouldNotBeginLeavesNoTimes() {
        Store store = Store.of(Map.of("a", 0));
        CommitRecorder failing = new CommitRecorder() {
            @Override
            public void startFrom(Snapshot base) {
                throw new IllegalStateException("no room");
            }

            @Override
            public void record(Snapshot before, Snapshot after) {}

            @Override
            public void missed(long upTo) {}
        };
        assertThatThrownBy(() -> store.record(failing)).hasMessage("no room");
        store.increment("a");
        assertThat(store.snapshot().origin().time()).isNull();
    }

    @Test
    void anOriginReadsAsASentence() {
        Instant time = Instant.parse("2026-01-31T08:15:00Z");

        assertThat(Origin.of("planner", "pay rent", time)).hasToString("planner \"pay rent\" at 2026-01-31T08:15:00Z");
        assertThat(Origin.of(null, null, null)).hasToString("(no author)");
        assertThat(Origin.of("a\nb", "c\u202ed", null)).hasToString("a\\u000ab \"c\\u202ed\"");
    }

    private static void elsewhere(Runnable action) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            try {
                action.run();
            } catch (Throwable e) {
                failure.set(e);
            } finally {
                done.countDown();
            }
        });
        thread.start();
        try {
            done.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(failure.get()).isNull();
    }
}
