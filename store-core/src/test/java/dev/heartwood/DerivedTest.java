package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that a function makes of the tree. */
@Timeout(60)
class DerivedTest {
    private final Store store =
            Store.of(Map.of("items", Map.of("a", 1, "b", 2), "rate", 10, "other", 0, "list", List.of(1, 2)));
    private final AtomicInteger runs = new AtomicInteger();

    private Derived<Long> total() {
        return store.derive(view -> {
            runs.incrementAndGet();
            long sum = 0;
            for (Object item : view.mapAt("items").values()) {
                sum += (Long) item;
            }
            return sum;
        });
    }

    /** A place of which a part was read by itself, and the size or the keys. */
    @Test
    void aBatchThatAsksForItHasReadAPlaceAndWhatIsBelowIt() {
        Derived<Long> count =
                store.derive(view -> (long) view.size("items") + (view.contains(KeyPath.of("items", "a")) ? 0 : 100));
        AtomicBoolean rival = new AtomicBoolean();
        store.batch(tx -> {
            tx.set("count", count.in(tx));
            if (rival.compareAndSet(false, true)) {
                CompletableFuture.runAsync(() -> store.put(KeyPath.of("items", "c"), 3))
                        .join();
            }
        });
        assertThat(store.get("count")).isEqualTo(3L);
    }

    @Test
    void itIsComputedWhenAskedForAndAgainOnlyWhenSomethingThatItReadHasChanged() {
        Derived<Long> total = total();
        assertThat(runs).hasValue(0);
        assertThat(total.get()).isEqualTo(3L);
        store.increment("other");
        store.put("rate", 11);
        assertThat(total.get()).isEqualTo(3L);
        assertThat(runs).hasValue(1);
        store.put(KeyPath.of("items", "c"), 4);
        store.put(KeyPath.of("items", "c"), 5);
        assertThat(total.get()).isEqualTo(8L);
        assertThat(total.get()).isEqualTo(8L);
        assertThat(runs).hasValue(2);
    }

    @Test
    void sizesKeysAndPresenceAreReadsOfTheirOwn() {
        Derived<String> shape = store.derive(view -> {
            runs.incrementAndGet();
            return view.size("items") + " " + view.keys().size() + " " + view.contains("list");
        });
        assertThat(shape.get()).isEqualTo("2 4 true");
        store.put(KeyPath.of("items", "a"), 100);
        store.put("list", 5);
        store.put("rate", 5);
        assertThat(shape.get()).isEqualTo("2 4 true");
        assertThat(runs).hasValue(1);
        store.remove("list");
        assertThat(shape.get()).isEqualTo("2 3 false");
        store.put(KeyPath.of("items", "c"), 1);
        assertThat(shape.get()).isEqualTo("3 3 false");
        assertThat(runs).hasValue(3);
    }

    @Test
    void manyThreadsThatAskRunItOnceForEachChange() {
        Derived<Long> total = total();
        for (int round = 1; round <= 50; round++) {
            store.put(KeyPath.of("items", "a"), round);
            long expected = round + 2L;
            Crew.together(4, index -> assertThat(total.get()).isEqualTo(expected));
            assertThat(runs).hasValue(round);
        }
    }

    /** The first thread computes the value of the newest state, and goes on once another waits for that of an older one. */
    @Test
    void whoAsksForAnOlderStateDoesNotReplaceTheValueOfANewerOne() {
        Snapshot before = store.snapshot();
        store.put(KeyPath.of("items", "a"), 5);
        Crew crew = new Crew();
        List<Derived<Long>> total = new ArrayList<>();
        total.add(store.derive(view -> {
            if (runs.incrementAndGet() == 1) {
                Thread late =
                        crew.start(() -> assertThat(total.get(0).in(before)).isEqualTo(1L));
                while (late.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
            }
            return view.get(KeyPath.of("items", "a"), Long.class);
        }));
        assertThat(total.get(0).get()).isEqualTo(5L);
        crew.join();
        assertThat(total.get(0).get()).isEqualTo(5L);
        assertThat(runs).hasValue(2);
    }

    @Test
    void theValueOfADraftDoesNotReplaceThatOfTheNewestState() {
        Derived<Long> total = total();
        assertThat(total.get()).isEqualTo(3L);
        Snapshot draft = store.snapshot().edit(tx -> {
            tx.put(KeyPath.of("items", "a"), 100);
            assertThat(total.in(tx)).isEqualTo(102L);
        });
        assertThat(total.in(draft)).isEqualTo(102L);
        int before = runs.get();
        assertThat(total.get()).isEqualTo(3L);
        assertThat(runs).as("nothing that it read has changed").hasValue(before);
    }

    @Test
    void aChainSeesOneState() {
        Derived<Long> total = total();
        Derived<Long> price = store.derive(view -> total.in(view) * view.get("rate", Long.class));
        Derived<String> text = store.derive(view -> price.in(view) + " for " + total.in(view));
        Snapshot before = store.snapshot();
        assertThat(text.get()).isEqualTo("30 for 3");
        store.batch(tx -> {
            tx.put("rate", 100);
            tx.put(KeyPath.of("items", "b"), 9);
        });
        assertThat(text.get()).isEqualTo("1000 for 10");
        assertThat(text.in(before)).isEqualTo("30 for 3");
        assertThat(text.in(store)).isEqualTo("1000 for 10");
        assertThat(text.get()).isEqualTo("1000 for 10");
        assertThat(runs.get()).isLessThanOrEqualTo(4);
    }

    @Test
    void itsReadsJoinThoseOfTheBatchThatAsks() {
        InterposedRoot root = new InterposedRoot(Map.of("a", 1, "b", 1, "out", 0));
        Store racing = Store.over(root);
        Derived<Long> a = racing.derive(view -> view.get("a", Long.class));
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.put("a", 5)));
        Commit commit = racing.batch(tx -> tx.put("out", a.in(tx)));
        assertThat(commit.attempts()).isEqualTo(2);
        assertThat(racing.get("out")).isEqualTo(5L);
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.put("b", 5)));
        assertThat(racing.batch(tx -> tx.put("out", a.in(tx) + 1)).attempts()).isEqualTo(1);
    }

    @Test
    void itsReadsJoinThoseOfTheBatchAlsoBelowAPlaceThatItHasRead() {
        InterposedRoot root = new InterposedRoot(Map.of("items", Map.of("a", 1, "b", 2), "out", 0));
        Store racing = Store.over(root);
        KeyPath inItems = KeyPath.of("items", "a");
        Derived<Long> both = racing.derive(view -> view.size("items") + view.get(inItems, Long.class));
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.put(inItems, 5)));
        Commit commit = racing.batch(tx -> tx.put("out", both.in(tx)));
        assertThat(commit.attempts()).isEqualTo(2);
        assertThat(racing.get("out")).isEqualTo(7L);
    }

    @Test
    void aBatchSeesItWithItsOwnWrites() {
        Derived<Long> total = total();
        assertThat(total.get()).isEqualTo(3L);
        store.batch(tx -> {
            tx.put(KeyPath.of("items", "a"), 50);
            assertThat(total.in(tx)).isEqualTo(52L);
            assertThat(total.in(tx.under("items"))).isEqualTo(52L);
            tx.put(KeyPath.of("items", "a"), 1);
        });
        assertThat(total.get()).isEqualTo(3L);
    }

    @Test
    void aValueThatHoldsInADraftSaysNothingOfTheStateBelowIt() {
        Derived<Long> doubled = store.derive(view -> 2 * view.get("rate", Long.class));
        assertThat(doubled.get()).isEqualTo(20L);
        store.put("rate", 50);
        store.batch(tx -> {
            tx.put("rate", 10);
            assertThat(doubled.in(tx)).isEqualTo(20L);
            tx.put("rate", 50);
        });
        assertThat(doubled.get()).isEqualTo(100L);
    }

    @Test
    void aWaitingThreadWakesWhenItChanges() throws Exception {
        Derived<Long> total = total();
        Crew crew = new Crew();
        crew.start(() -> store.await(view -> total.in(view) > 100, Duration.ofSeconds(50)));
        crew.start(() -> store.awaitTransact(
                tx -> {
                    tx.check(total.in(tx) > 100);
                    return true;
                },
                Duration.ofSeconds(50)));
        store.put(KeyPath.of("items", "a"), 50);
        store.put(KeyPath.of("items", "b"), 60);
        crew.join();
    }

    @Test
    void aFailureIsThrownToAllWhoAskAndKeptUntilItsReadsChange() {
        Derived<Long> list = store.derive(view -> {
            runs.incrementAndGet();
            return view.get(KeyPath.of("list", 2), Long.class);
        });
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(list::get).isInstanceOf(NoSuchPathException.class);
        }
        assertThat(runs).hasValue(1);
        store.append(KeyPath.of("list"), 7);
        assertThat(list.get()).isEqualTo(7L);
    }

    @Test
    void theReadsOfAFailureJoinThoseOfTheBatchThatAsksAndWakeWhoWaits() {
        InterposedRoot root = new InterposedRoot(Map.of("out", "nothing yet"));
        Store racing = Store.over(root);
        Derived<Long> a = racing.derive(view -> view.get("a", Long.class));
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.put("a", 5)));
        Commit commit = racing.batch(tx -> tx.put("out", orMissing(a, tx)));
        assertThat(commit.attempts()).isEqualTo(2);
        assertThat(racing.get("out")).isEqualTo("5");

        racing.remove("a");
        Crew crew = new Crew();
        CountDownLatch looked = new CountDownLatch(1);
        crew.start(() -> racing.await(
                view -> {
                    String now = orMissing(a, view);
                    looked.countDown();
                    return now.equals("7");
                },
                Duration.ofSeconds(50)));
        while (looked.getCount() > 0) {
            Thread.onSpinWait();
        }
        racing.put("a", 7);
        crew.join();
    }

    private static String orMissing(Derived<Long> value, TreeView view) {
        try {
            return value.in(view).toString();
        } catch (NoSuchPathException e) {
            return "missing";
        }
    }

    @Test
    void afterAnErrorOfTheVirtualMachineTheSameThreadComputesItToo() {
        Derived<Long> first = store.derive(view -> {
            if (runs.incrementAndGet() == 1) {
                throw new StackOverflowError("planted");
            }
            return view.get("rate", Long.class);
        });
        assertThatThrownBy(first::get).isInstanceOf(StackOverflowError.class);
        assertThat(first.get()).isEqualTo(10L);
    }

    @ParameterizedTest
    @ValueSource(classes = {StackOverflowError.class, OutOfMemoryError.class})
    void anErrorOfTheVirtualMachineIsThatOfOneThreadAndOthersComputeIt(Class<? extends Error> type) throws Exception {
        Error error = type.getConstructor().newInstance();
        Derived<Long> first = store.derive(view -> {
            if (runs.incrementAndGet() == 1) {
                throw error;
            }
            return view.get("rate", Long.class);
        });
        assertThatThrownBy(first::get).isSameAs(error);
        Crew.elsewhere(() -> assertThat(first.get()).isEqualTo(10L));
        assertThat(first.get()).isEqualTo(10L);
        assertThat(runs).hasValue(2);
    }

    @Test
    void itsFunctionDoesNotUseTheStoreNorItself() {
        Derived<Long> total = total();
        assertThatThrownBy(() -> store.derive(view -> total.get()).get()).isInstanceOf(ReentrantUseException.class);
        assertThatThrownBy(() -> store.derive(view -> store.increment("other")).get())
                .isInstanceOf(ReentrantUseException.class);
        assertThatThrownBy(() -> store.batch(tx -> total.get())).isInstanceOf(ReentrantUseException.class);
        List<Derived<Long>> own = new ArrayList<>();
        own.add(store.derive(view -> own.get(0).in(view)));
        own.add(store.derive(
                view -> store.derive(inner -> 1L).in(view) + own.get(1).in(view)));
        for (Derived<Long> each : own) {
            assertThatThrownBy(each::get)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("itself");
        }
    }

    @Test
    void aValueThatAsksForItselfIsRefusedInADraftAndInAPastStateToo() {
        boolean[] asks = {false};
        List<Derived<Object>> both = new ArrayList<>();
        both.add(store.derive(view -> asks[0] ? both.get(1).in(view) : view.get("rate")));
        both.add(store.derive(view -> both.get(0).in(view)));
        Snapshot past = store.snapshot();
        store.put("rate", 11);
        both.get(0).get();
        asks[0] = true;
        for (Derived<Object> each : both) {
            assertThatThrownBy(() -> each.in(past))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("itself");
            assertThatThrownBy(() -> store.batch(tx -> {
                        tx.put("rate", 12);
                        each.in(tx);
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("itself");
        }
        asks[0] = false;
        assertThat(both.get(0).in(past)).as("once it asks no more").isEqualTo(10L);
    }

    @Test
    void twoThatAskEachOtherFromTwoThreadsDoNotWaitForEver() {
        List<Derived<Long>> both = new ArrayList<>();
        both.add(store.derive(view -> both.get(1).in(view)));
        both.add(store.derive(view -> both.get(0).in(view)));
        for (int i = 0; i < 100; i++) {
            Crew.together(
                    2, index -> assertThatThrownBy(both.get(index)::get).isInstanceOf(IllegalStateException.class));
            store.increment("other");
        }
    }

    @Test
    void twoThatAreComputedByTwoThreadsAtOnceDoNotWaitForEachOther() {
        List<Derived<Long>> both = new ArrayList<>();
        CountDownLatch computing = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            both.add(store.derive(view -> {
                computing.countDown();
                while (computing.getCount() > 0) {
                    Thread.onSpinWait();
                }
                return both.get(other).in(view);
            }));
        }
        Crew.together(2, index -> assertThatThrownBy(both.get(index)::get).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void nothingThatIsDroppedIsKept() throws InterruptedException {
        List<WeakReference<Object>> gone = new ArrayList<>();
        Derived<Long> dropped = total();
        dropped.get();
        gone.add(new WeakReference<>(dropped));
        dropped = null;
        Garbage.assertAllCollected(gone);
        List<WeakReference<Snapshot>> past = new ArrayList<>();
        Derived<Long> total = total();
        for (int i = 0; i < 5; i++) {
            store.put("big", List.of("state", i));
            assertThat(total.get()).isEqualTo(3L);
            past.add(new WeakReference<>(store.snapshot()));
        }
        store.put("big", "another");
        Garbage.assertAllCollected(past);
        assertThat(total.get()).isEqualTo(3L);
        assertThat(store.snapshot().contains("big")).isTrue();
    }

    // ---- watching

    @Test
    void aWatcherIsToldOfAnotherResultAndNotOfAnotherState() {
        List<String> told = new ArrayList<>();
        Derived<Long> total = total();
        Subscription watch =
                total.watch(Delivery.latest(Runnable::run), (before, after) -> told.add(before + " -> " + after));
        store.increment("other");
        store.put(KeyPath.of("items", "a"), 2);
        store.batch(tx -> {
            tx.put(KeyPath.of("items", "a"), 1);
            tx.put(KeyPath.of("items", "b"), 3);
        });
        store.remove(KeyPath.of("items", "b"));
        watch.close();
        store.put(KeyPath.of("items", "a"), 99);
        assertThat(told).containsExactly("3 -> 4", "4 -> 1");
        assertThat(watch.isClosed()).isTrue();
    }

    @Test
    void aWatcherFollowsAFunctionThatReadsOtherPlacesEachTime() {
        List<Object> told = new ArrayList<>();
        Store moving = Store.of(Map.of("which", "a", "a", 1, "b", 2));
        Derived<Object> pointed = moving.derive(view -> view.get(view.get("which", String.class)));
        pointed.watch(Delivery.latest(Runnable::run), (before, after) -> told.add(after));
        moving.put("b", 20);
        moving.put("which", "b");
        moving.put("a", 10);
        moving.put("b", 30);
        assertThat(told).containsExactly(20L, 30L);
    }

    @Test
    void aWatcherHearsWhatIsCommittedWhileItsFunctionRuns() {
        List<Object> told = new ArrayList<>();
        Store moving = Store.of(Map.of("which", "a", "a", 1, "b", 2));
        AtomicBoolean once = new AtomicBoolean();
        Derived<Object> pointed = moving.derive(view -> {
            Object value = view.get(view.get("which", String.class));
            if (value.equals(2L) && once.compareAndSet(false, true)) {
                // The watcher is still registered at "a": the commit does not hand this step to it.
                Crew.elsewhere(() -> moving.put("b", 20));
            }
            return value;
        });
        pointed.watch(Delivery.latest(Runnable::run), (before, after) -> told.add(after));
        moving.put("which", "b");
        assertThat(told).endsWith(20L);
    }

    @Test
    void aWatcherHearsWhatIsCommittedBetweenTheFirstComputationAndItsRegistration() {
        List<Object> told = new ArrayList<>();
        AtomicBoolean once = new AtomicBoolean();
        Derived<Long> other = store.derive(view -> {
            Long value = view.get("other", Long.class);
            if (once.compareAndSet(false, true)) {
                Crew.elsewhere(() -> store.put("other", 20));
            }
            return value;
        });
        other.watch(Delivery.latest(Runnable::run), (before, after) -> told.add(after));
        assertThat(told).containsExactly(20L);
    }

    @Test
    void afterCloseASlowWatcherIsToldTheResultInTheLastState() {
        ManualExecutor slow = new ManualExecutor();
        List<Object> told = new ArrayList<>();
        Derived<Long> other = store.derive(view -> view.get("other", Long.class));
        other.watch(Delivery.latest(slow), (before, after) -> told.add(after));
        for (int i = 1; i <= 3; i++) {
            store.put("other", i);
        }
        store.close();
        slow.runAll();
        assertThat(told).containsExactly(3L);
    }

    @Test
    void theContainersThatItHasReadAreNotKept() throws InterruptedException {
        Derived<Integer> keys = store.derive(view -> view.mapAt(KeyPath.root()).size());
        int before = keys.get();
        List<WeakReference<Object>> past = List.of(new WeakReference<>(Timeline.tree(store.snapshot())));
        store.put("one more", 1);
        Garbage.assertAllCollected(past);
        assertThat(keys.get()).isEqualTo(before + 1);
    }

    @Test
    void aWatchEvaluatesAgainAfterAnErrorOfTheVirtualMachine() {
        List<Long> told = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        AtomicBoolean fails = new AtomicBoolean();
        Derived<Long> rate = store.derive(view -> {
            if (fails.getAndSet(false)) {
                throw new StackOverflowError("once");
            }
            return view.get("rate", Long.class);
        });
        rate.watch(Delivery.latest(Runnable::run).failureHandler(failures::add), (before, after) -> told.add(after));
        fails.set(true);
        store.put("rate", 11);
        assertThat(failures).singleElement().isInstanceOf(StackOverflowError.class);
        store.increment("other");
        assertThat(told).containsExactly(11L);
        assertThat(failures).hasSize(1);
    }

    @Test
    void aContainerThatIsGarbageIsNotTakenForTheNullThatStandsInItsPlace() throws InterruptedException {
        Derived<Boolean> isNull = store.derive(view -> view.get("items") == null);
        assertThat(isNull.get()).isFalse();
        List<WeakReference<Object>> past = List.of(new WeakReference<>(store.get("items")));
        store.put("items", null);
        Garbage.assertAllCollected(past);
        assertThat(isNull.get()).isTrue();
    }

    @Test
    void aWatchThatIsClosedBeforeItsChangeIsToldKeepsNoState() throws InterruptedException {
        ManualExecutor slow = new ManualExecutor();
        Subscription watch = total().watch(Delivery.latest(slow), (before, after) -> {});
        store.put(KeyPath.of("items", "a"), 5);
        List<WeakReference<Snapshot>> past = List.of(new WeakReference<>(store.snapshot()));
        store.increment("other");
        watch.close();
        Garbage.assertAllCollected(past);
        assertThat(watch.isClosed()).isTrue();
        assertThat(slow.waiting()).isEqualTo(1);
    }

    @Test
    void aWatcherIsNotToldOfAnEqualResult() {
        Derived<List<Object>> pair = store.derive(view -> List.of(view.get("rate"), view.get("other", Long.class) / 2));
        List<String> told = new ArrayList<>();
        pair.watch(Delivery.latest(Runnable::run), (before, after) -> told.add(before + " -> " + after));
        store.put("other", 1);
        assertThat(told).isEmpty();
        store.put("other", 2);
        assertThat(told).containsExactly("[10, 0] -> [10, 1]");
    }

    @Test
    void aListenerThatThrowsHasBeenToldNevertheless() {
        List<String> told = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        total().watch(Delivery.latest(Runnable::run).failureHandler(failures::add), (before, after) -> {
            told.add(before + " -> " + after);
            throw new IllegalStateException("planted");
        });
        store.put(KeyPath.of("items", "a"), 2);
        store.put(KeyPath.of("items", "a"), 3);
        assertThat(told).containsExactly("3 -> 4", "4 -> 5");
        assertThat(failures).hasSize(2);
    }

    @Test
    void whatCameWhileAListenerRanIsToldThoughItThrewAnError() {
        List<String> told = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        Error planted = new LinkageError("planted");
        List<Runnable> tasks = new ArrayList<>();
        total().watch(Delivery.latest(tasks::add).failureHandler(failures::add), (before, after) -> {
            told.add(before + " -> " + after);
            if (told.size() == 1) {
                store.put(KeyPath.of("items", "a"), 3);
                throw planted;
            }
        });
        store.put(KeyPath.of("items", "a"), 2);
        while (!tasks.isEmpty()) {
            tasks.remove(0).run();
        }
        assertThat(told).containsExactly("3 -> 4", "4 -> 5");
        assertThat(failures).containsExactly(planted);
    }

    @Test
    void aFailureIsToldToTheHandlerAndTheNextValueToTheListener() {
        List<Throwable> failures = new ArrayList<>();
        List<String> told = new ArrayList<>();
        Derived<Long> other = store.derive(view -> view.get("other", Long.class));
        other.watch(
                Delivery.latest(Runnable::run).failureHandler(failures::add),
                (before, after) -> told.add(before + " -> " + after));
        store.put("other", "no number");
        store.put("other", 5);
        assertThat(failures).singleElement().isInstanceOf(TypeMismatchException.class);
        assertThat(told).containsExactly("0 -> 5");
    }

    @Test
    void everyIsRefused() {
        assertThatThrownBy(() -> total().watch(Delivery.every(Runnable::run), (before, after) -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("latest");
    }

    @Test
    void theLastResultIsToldBesideACrowdOfWriters() {
        List<Long> told = java.util.Collections.synchronizedList(new ArrayList<>());
        Store crowd = Store.of(Map.of("n", 0));
        Derived<Long> doubled = crowd.derive(view -> 2 * view.get("n", Long.class));
        java.util.concurrent.ExecutorService executor = java.util.concurrent.Executors.newSingleThreadExecutor();
        doubled.watch(Delivery.latest(executor), (before, after) -> told.add(after));
        Crew.together(3, index -> {
            for (int i = 0; i < 500; i++) {
                crowd.increment("n");
            }
        });
        while (told.isEmpty() || told.get(told.size() - 1) != 3_000L) {
            Thread.onSpinWait();
        }
        executor.shutdown();
        assertThat(told).isSorted();
    }

    /** Against computing it anew each time. */
    @Test
    void randomFunctionsGiveWhatTheyWouldGiveAnew() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            Store any = Store.of(AnyOperation.START);
            long reads = random.nextLong();
            Derived<String> derived = any.derive(view -> readSome(view, new Random(reads)));
            for (int i = 0; i < 15; i++) {
                AnyOperation.random(random).on(any);
                assertThat(derived.get()).as("seed %d", seed).isEqualTo(readSome(any.snapshot(), new Random(reads)));
            }
        }
    }

    private static String readSome(TreeView view, Random random) {
        StringBuilder read = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            KeyPath path = AnyOperation.path(random);
            try {
                read.append(
                        switch (random.nextInt(4)) {
                            case 0 -> view.contains(path);
                            case 1 -> view.size(path);
                            case 2 -> new java.util.TreeSet<>(view.keys(path));
                            default -> view.getOrDefault(path, "none");
                        });
            } catch (NoSuchPathException | TypeMismatchException e) {
                read.append(e.getClass().getSimpleName());
            }
            read.append(' ');
        }
        return read.toString();
    }
}
