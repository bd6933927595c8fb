package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heartwood.tree.MapDelta;
import dev.heartwood.tree.Steps;
import dev.heartwood.tree.TreeEquality;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A step reaches those followers whose place it changed, and no other; its cost is proportional to the step. */
@Timeout(120)
class FollowerIndexTest {
    /** Counts the steps that it is handed. */
    private static final class Counter implements Follower {
        private int steps;
        private int rings;

        @Override
        public void startFrom(Snapshot base) {}

        @Override
        public boolean handIn(Snapshot before, Snapshot after, boolean differs) {
            steps++;
            return false;
        }

        @Override
        public void ring() {
            rings++;
        }

        @Override
        public void ended() {}

        @Override
        public void missedSteps(long upTo) {}

        @Override
        public void failed(Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    /** A root in memory; may keep the edits from the timeline, as a root does that learns of a commit from outside. */
    private static final class ForeignRoot implements Root {
        private final Timeline timeline;
        private final boolean tellsEdits;

        ForeignRoot(Map<String, ?> tree, boolean tellsEdits) {
            this.timeline = new Timeline(0, tree, Dialect.ANYTHING);
            this.tellsEdits = tellsEdits;
        }

        @Override
        public Timeline timeline() {
            return timeline;
        }

        @Override
        public Snapshot head() {
            return timeline.newest();
        }

        @Override
        public boolean compareAndSet(Snapshot before, Snapshot after, Supplier<List<Edit>> edits) {
            return timeline.advance(before, after, tellsEdits ? edits : null);
        }

        @Override
        public boolean settle(Snapshot state) {
            return true;
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            timeline.close();
        }
    }

    /** One random registration, with a check, without an index, whether a step concerns it. */
    private record Expectation(Counter counter, Registration registration, KeyPath path, int kinds, boolean anyLast) {
        /** Whether an equal container, built anew, stands at the place. Such a step may or may not be reported. */
        boolean isOpen(Snapshot before, Snapshot after) {
            return TreeEquality.trees(PathCopy.look(before.tree(), path), PathCopy.look(after.tree(), path));
        }

        boolean isConcerned(Snapshot before, Snapshot after) {
            Object old = PathCopy.look(before.tree(), path);
            Object now = PathCopy.look(after.tree(), path);
            if (!anyLast) {
                return !ReadSet.Kind.same(kinds, old, now);
            }
            boolean[] differs = {false};
            boolean ignored = ChildDelta.forEach(old, now, (token, a, b) -> {
                differs[0] |= !ReadSet.Kind.same(kinds, a, b);
                return true;
            });
            return differs[0];
        }
    }

    private static Expectation random(Random random) {
        Counter counter = new Counter();
        KeyPath path = AnyOperation.path(random);
        if (random.nextInt(4) == 0) {
            PathPattern pattern = PathPattern.parse(path.isRoot() ? "/*" : PathPattern.of(path) + "/*");
            Registration registration = new Registration(counter).at(pattern);
            return new Expectation(counter, registration, path, ReadSet.Kind.VALUE.bit(), true);
        }
        int kinds = 1 + random.nextInt(31);
        return new Expectation(counter, new Registration(counter).at(path, kinds), path, kinds, false);
    }

    @Test
    void afterATaskThatFailedWithAnErrorAllAreRungOnce() {
        FollowerIndex index = new FollowerIndex();
        Counter follower = new Counter();
        index.add(new Registration(follower).at(KeyPath.of("a"), ReadSet.Kind.VALUE.bit()));
        index.reminder().set = true;
        index.ring();
        index.ring();
        assertThat(follower.rings).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStepReachesThoseWhosePlaceItChangedAndNoOther(boolean tellsEdits) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            ForeignRoot root = new ForeignRoot(AnyOperation.START, tellsEdits);
            Store store = Store.over(root);
            List<Expectation> all = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                Expectation one = random(random);
                all.add(one);
                root.timeline().follow(one.registration);
            }
            for (int commit = 0; commit < 12; commit++) {
                if (random.nextInt(3) == 0 && !all.isEmpty()) {
                    root.timeline().unfollow(all.remove(random.nextInt(all.size())).registration);
                }
                all.forEach(one -> one.counter.steps = 0);
                Snapshot before = store.snapshot();
                List<String> done = new ArrayList<>();
                if (random.nextBoolean()) {
                    done.add(AnyOperation.random(random).on(store));
                } else {
                    store.batch(tx -> {
                        for (int i = random.nextInt(12); i >= 0; i--) {
                            done.add(AnyOperation.random(random).on(tx));
                        }
                    });
                }
                Snapshot after = store.snapshot();
                for (Expectation one : all) {
                    if (one.isConcerned(before, after) && one.isOpen(before, after)) {
                        continue;
                    }
                    assertThat(one.counter.steps > 0)
                            .as("seed %d: %s after %s", seed, one, done)
                            .isEqualTo(one.isConcerned(before, after));
                }
            }
            all.forEach(one -> root.timeline().unfollow(one.registration));
            assertThat(root.timeline().isFollowed()).as("seed %d", seed).isFalse();
        }
    }

    @Test
    void whatChangesInAListOfAThousandIsFoundByItsPosition() {
        Store store = Store.of(Map.of("list", new ArrayList<>(java.util.Collections.nCopies(1_000, 0))));
        Set<String> told = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            store.watch(KeyPath.of("list", i), Delivery.every(Runnable::run), update -> told.add(update.toString()));
        }
        store.put(KeyPath.of("list", 500), 1);
        store.insert(KeyPath.of("list", 999), 2);
        assertThat(told).containsExactlyInAnyOrder("/list/500: 0 -> 1", "/list/999: 0 -> 2");
    }

    // ---- the cost of a step

    private static Store flat(int watchers) {
        Map<String, Object> tree = new LinkedHashMap<>(Map.of("other", Map.of("leaf", 0)));
        for (int i = 0; i < watchers; i++) {
            tree.put("k" + i, 0);
        }
        Store store = Store.of(tree);
        for (int i = 0; i < watchers; i++) {
            store.watch("k" + i, Delivery.latest(Runnable::run), update -> {});
        }
        return store;
    }

    private static long stepsOf(Runnable action) {
        long before = Steps.ofThread();
        action.run();
        return Steps.ofThread() - before;
    }

    @Test
    void aCommitBesideAHundredThousandWatchersOfOtherPlacesTakesNoMoreStepsThanBesideOne() {
        assertThat(Steps.areCounted()).isTrue();
        Store few = flat(1);
        Store many = flat(100_000);
        KeyPath leaf = KeyPath.of("other", "leaf");
        Runnable[] commits = {
            () -> many.increment(leaf), () -> many.put(leaf, "x"), () -> many.batch(tx -> tx.put(leaf, 1)),
        };
        Runnable[] same = {
            () -> few.increment(leaf), () -> few.put(leaf, "x"), () -> few.batch(tx -> tx.put(leaf, 1)),
        };
        for (int i = 0; i < commits.length; i++) {
            assertThat(stepsOf(commits[i])).isEqualTo(stepsOf(same[i]));
        }
    }

    @Test
    void aCommitTakesNoStepsForWatchersThatEarlierCommitsHaveTold() {
        Store store = flat(1_000);
        KeyPath leaf = KeyPath.of("other", "leaf");
        long before = stepsOf(() -> store.increment(leaf));
        store.batch(tx -> {
            tx.put("k0", 1);
            tx.put("k1", 1);
        });
        for (int i = 2; i < 1_000; i++) {
            store.put("k" + i, 1);
        }
        assertThat(stepsOf(() -> store.increment(leaf))).isEqualTo(before);
        assertThat(stepsOf(() -> store.put("k500", 2))).isLessThan(20);
    }

    @Test
    void aCommitThatConcernsOneOfAHundredThousandTakesTheStepsOfOne() {
        Store many = flat(100_000);
        assertThat(stepsOf(() -> many.put("k500", 1))).isLessThan(20);
    }

    @Test
    void aBatchOfTwentyEditsBesideAHundredThousandWatchersCostsItsEdits() {
        Store many = flat(100_000);
        long steps = stepsOf(() -> many.batch(tx -> {
            for (int i = 0; i < 20; i++) {
                tx.put(KeyPath.of("other", "n" + i), i);
            }
        }));
        assertThat(steps).isLessThan(2_000);
    }

    @Test
    void aCommitOfAnotherProcessBesideAThousandWatchersCostsWhatItChanged() {
        assumeTrue(MapDelta.skipsShared());
        Map<String, Object> tree = new LinkedHashMap<>();
        for (int i = 0; i < 1_000; i++) {
            tree.put("k" + i, 0);
        }
        ForeignRoot root = new ForeignRoot(tree, false);
        Store store = Store.over(root);
        for (int i = 0; i < 1_000; i++) {
            root.timeline().follow(new Registration(new Counter()).at(KeyPath.of("k" + i), 1));
        }
        assertThat(stepsOf(() -> store.put("k500", 1))).isLessThan(100);
    }

    @Test
    void aThousandThreadsThatAwaitOtherPlacesAreNotAskedAgain() {
        Store store = Store.create();
        int threads = 1_000;
        int[] looks = new int[threads];
        Crew crew = new Crew();
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int mine = i;
            waiting.add(crew.start(() -> store.await(
                    view -> {
                        looks[mine]++;
                        return view.contains("k" + mine);
                    },
                    java.time.Duration.ofSeconds(100))));
        }
        waiting.forEach(FollowerIndexTest::untilParked);
        for (int i = 0; i < 100; i++) {
            store.put("noise", i);
        }
        store.put("k7", 1);
        untilEnded(waiting.get(7));
        for (int i = 0; i < threads; i++) {
            store.put("k" + i, 2);
        }
        crew.join();
        for (int i = 0; i < threads; i++) {
            assertThat(looks[i]).as("looks of thread " + i).isEqualTo(2);
        }
    }

    @Test
    void ofSeveralAtOnePlaceThoseThatHaveLeftHearNothingInWhicheverOrderTheyLeave() {
        for (int[] order : new int[][] {{2, 1}, {1, 2}, {0, 1}, {1, 0}, {0, 2}, {2, 0}}) {
            ForeignRoot root = new ForeignRoot(Map.of("a", 0), true);
            Store store = Store.over(root);
            List<Counter> counters = List.of(new Counter(), new Counter(), new Counter());
            List<Registration> registrations = new ArrayList<>();
            for (Counter counter : counters) {
                registrations.add(new Registration(counter).at(KeyPath.of("a"), 1));
                root.timeline().follow(registrations.get(registrations.size() - 1));
            }
            for (int one : order) {
                root.timeline().unfollow(registrations.get(one));
            }
            store.put("a", 1);
            for (int i = 0; i < 3; i++) {
                boolean stays = i != order[0] && i != order[1];
                assertThat(counters.get(i).steps).as("steps of " + i).isEqualTo(stays ? 1 : 0);
            }
        }
    }

    @Test
    void aFollowerThatHasLeftIsForgottenWithItsPlace() {
        ForeignRoot root = new ForeignRoot(Map.of(), true);
        Registration one = new Registration(new Counter()).at(KeyPath.of("a", "b", "c"), 1);
        Registration none = new Registration(new Counter());
        root.timeline().follow(one);
        root.timeline().follow(none);
        assertThat(root.timeline().isFollowed()).isTrue();
        root.timeline().unfollow(one);
        root.timeline().unfollow(one);
        root.timeline().unfollow(none);
        assertThat(root.timeline().isFollowed()).isFalse();
        root.timeline().follow(one);
        assertThat(root.timeline().isFollowed()).as("once removed, for good").isFalse();
    }

    @Test
    void aPlaceThatNobodyWatchesAnyMoreIsForgotten() throws InterruptedException {
        Store store = Store.of(Map.of("n", 0));
        store.watch("n", Delivery.latest(Runnable::run), update -> {});
        List<WeakReference<Object>> names = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            String name = "gone" + i;
            names.add(new WeakReference<>(name));
            store.watch(KeyPath.of("n", name), Delivery.latest(Runnable::run), update -> {})
                    .close();
        }
        Garbage.assertAllCollected(names);
        store.increment("n");
    }

    private static void untilParked(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING && thread.isAlive()) {
            Thread.onSpinWait();
        }
    }

    private static void untilEnded(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
