package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A thread that commits may be overtaken, suspended or killed before its step has reached all followers. */
@Timeout(60)
class StepsOutOfOrderTest {
    private final MemoryRoot root = new MemoryRoot(new Timeline(0, Map.of("a", 0), Dialect.ANYTHING));
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private final Store store = Store.options().failureHandler(failures::add).over(root);
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());

    /** Something that happens to a thread between its compare-and-set and its hand-over to the followers behind this. */
    private static class Gate implements Follower {
        private final Consumer<Snapshot> onStep;
        final List<Throwable> failures = new ArrayList<>();

        Gate(Consumer<Snapshot> onStep) {
            this.onStep = onStep;
        }

        @Override
        public void startFrom(Snapshot base) {}

        @Override
        public boolean handIn(Snapshot before, Snapshot after, boolean differs) {
            onStep.accept(after);
            return true;
        }

        @Override
        public void ring() {}

        @Override
        public void ended() {}

        @Override
        public void missedSteps(long upTo) {}

        @Override
        public void failed(Throwable failure) {
            failures.add(failure);
        }
    }

    private Gate gate(Consumer<Snapshot> onStep) {
        return gate(new Gate(onStep));
    }

    private Gate gate(Gate gate) {
        root.timeline().follow(new Registration(gate).at(KeyPath.root(), ReadSet.Kind.VALUE.bit()));
        return gate;
    }

    private Subscription watch(WatchTest.Kind kind) {
        return store.watch("a", kind.on(Runnable::run), update -> told.add(update.toString()));
    }

    private static long value(Snapshot state) {
        return state.get("a", Long.class);
    }

    private List<String> chain(WatchTest.Kind kind, int last) {
        if (kind == WatchTest.Kind.LATEST) {
            return List.of("/a: 0 -> " + last);
        }
        List<String> chain = new ArrayList<>();
        for (int i = 0; i < last; i++) {
            chain.add("/a: " + i + " -> " + (i + 1));
        }
        return chain;
    }

    @ParameterizedTest
    @EnumSource(WatchTest.Kind.class)
    void aStepThatIsOvertakenIsToldBeforeTheOneThatOvertookIt(WatchTest.Kind kind) {
        AtomicInteger deep = new AtomicInteger();
        gate(state -> {
            if (deep.incrementAndGet() <= 2) {
                Crew.elsewhere(() -> store.increment("a"));
            }
        });
        watch(kind);
        store.increment("a");
        if (kind == WatchTest.Kind.EVERY) {
            assertThat(told).isEqualTo(chain(kind, 3));
        } else {
            assertThat(told.get(0)).startsWith("/a: 0 -> ");
            assertThat(told.get(told.size() - 1)).endsWith(" -> 3");
        }
        assertThat(failures).isEmpty();
    }

    /** Only failures one after another leave more and more steps behind. */
    @Test
    void aThousandFailuresThatTheNextCommitMadeGoodLoseNoStep() {
        long[] failed = new long[1];
        gate(state -> {
            if (value(state) % 2 == 1 && failed[0] < value(state)) {
                failed[0] = value(state);
                throw new IllegalStateException("planted");
            }
        });
        watch(WatchTest.Kind.EVERY);
        for (int i = 0; i < 2_100; i++) {
            store.increment("a");
        }
        assertThat(told).isEqualTo(chain(WatchTest.Kind.EVERY, 2_100));
    }

    /** The limit itself: one step fewer is handed in with the next commit that can. */
    @Test
    void aThousandFailuresInARowLoseNoStep() {
        gate(state -> {
            if (value(state) <= 1_000 && value(root.timeline().newest()) <= 1_000) {
                throw new IllegalStateException("planted");
            }
        });
        watch(WatchTest.Kind.EVERY);
        for (int i = 0; i < 1_001; i++) {
            store.increment("a");
        }
        assertThat(told).isEqualTo(chain(WatchTest.Kind.EVERY, 1_001));
        assertThat(failures).isEmpty();
    }

    @Test
    void stepsThatOvertakeEachOtherAtRandomAreToldInOneOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int[] depth = new int[1];
        gate(state -> {
            depth[0]++;
            while (depth[0] < 6 && random.nextInt(3) == 0 && value(store.snapshot()) < 2_000) {
                store.increment("a");
            }
            depth[0]--;
        });
        watch(WatchTest.Kind.EVERY);
        while (value(store.snapshot()) < 2_000) {
            store.increment("a");
        }
        assertThat(told).as("seed %d", seed).isEqualTo(chain(WatchTest.Kind.EVERY, (int) value(store.snapshot())));
    }

    @ParameterizedTest
    @EnumSource(WatchTest.Kind.class)
    void aSuspendedCommitterHoldsUpNobodyAndIsNotToldTwice(WatchTest.Kind kind) throws InterruptedException {
        CountDownLatch suspended = new CountDownLatch(1);
        CountDownLatch resume = new CountDownLatch(1);
        Thread[] committer = new Thread[1];
        gate(state -> {
            if (Thread.currentThread() == committer[0]) {
                suspended.countDown();
                await(resume);
            }
        });
        watch(kind);
        Crew crew = new Crew();
        committer[0] = crew.start(() -> {
            while (committer[0] == null) {
                Thread.onSpinWait();
            }
            store.increment("a");
        });
        suspended.await();
        for (int i = 0; i < 99; i++) {
            store.increment("a");
        }
        List<String> before = List.copyOf(told);
        assertThat(before).hasSize(kind == WatchTest.Kind.EVERY ? 100 : 99);
        assertThat(before.get(before.size() - 1)).isEqualTo("/a: 99 -> 100");
        resume.countDown();
        crew.join();
        assertThat(told).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(WatchTest.Kind.class)
    void theLastStepIsToldIfItsThreadIsSuspendedWhenTheStoreIsClosed(WatchTest.Kind kind) throws InterruptedException {
        CountDownLatch suspended = new CountDownLatch(1);
        CountDownLatch resume = new CountDownLatch(1);
        Thread[] closer = {Thread.currentThread()};
        gate(state -> {
            if (Thread.currentThread() != closer[0]) {
                suspended.countDown();
                await(resume);
            }
        });
        Subscription watch = watch(kind);
        Crew crew = new Crew();
        crew.start(() -> store.increment("a"));
        suspended.await();
        store.close();
        assertThat(told).isEqualTo(chain(kind, 1));
        assertThat(watch.isClosed()).isTrue();
        resume.countDown();
        crew.join();
        assertThat(told).isEqualTo(chain(kind, 1));
    }

    @ParameterizedTest
    @EnumSource(WatchTest.Kind.class)
    void theStepOfAThreadThatDiesIsToldWithTheNextCommit(WatchTest.Kind kind) {
        boolean[] dies = {true};
        Error planted = new OutOfMemoryError("planted");
        Gate gate = gate(state -> {
            if (dies[0]) {
                throw planted;
            }
        });
        watch(kind);
        assertThat(store.increment("a")).isEqualTo(1L);
        dies[0] = false;
        assertThat(store.increment("a")).isEqualTo(2L);
        assertThat(told).containsExactly("/a: 0 -> 1", "/a: 1 -> 2");
        assertThat(gate.failures).containsExactly(planted);
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(WatchTest.Kind.class)
    void aFollowerThatFailsAtTheBellAndAtTheEndKeepsNothingFromThoseBehindIt(WatchTest.Kind kind) {
        Error planted = new NoClassDefFoundError("planted");
        Gate gate = gate(new Gate(state -> {}) {
            @Override
            public void ring() {
                throw planted;
            }

            @Override
            public void ended() {
                throw planted;
            }
        });
        Subscription watch = watch(kind);
        store.increment("a");
        assertThat(told).isEqualTo(chain(kind, 1));
        assertThat(gate.failures).containsExactly(planted);
        store.close();
        assertThat(watch.isClosed()).isTrue();
        assertThat(gate.failures).containsExactly(planted, planted, planted); // the bell rings at the end, too
    }

    @ParameterizedTest
    @EnumSource(WatchTest.Kind.class)
    void aWatcherThatBeginsWhereStepsWereGivenUpMissesNothing(WatchTest.Kind kind) {
        boolean[] dies = {true};
        gate(state -> {
            if (dies[0]) {
                throw new NoClassDefFoundError("planted");
            }
        });
        while (root.timeline().newest().stepFrom != root.timeline().newest()) {
            store.increment("a"); // until its step, too, is given up
        }
        dies[0] = false;
        Subscription watch = watch(kind);
        long before = value(store.snapshot());
        store.increment("a");
        assertThat(watch.isClosed()).isFalse();
        assertThat(told).containsExactly("/a: " + before + " -> " + (before + 1));
    }

    @Test
    void aCommitThatComesWhileAFollowerTakesItsBaseIsInItsBase() {
        List<Long> bases = new ArrayList<>();
        Gate gate = new Gate(state -> {}) {
            @Override
            public void startFrom(Snapshot base) {
                bases.add(base.version());
                if (bases.size() == 1) {
                    store.increment("a");
                }
            }
        };
        Snapshot base = root.timeline().follow(new Registration(gate).at(KeyPath.of("a"), ReadSet.Kind.VALUE.bit()));
        assertThat(base).isSameAs(root.timeline().newest());
        assertThat(bases).containsExactly(0L, 1L);
    }

    @ParameterizedTest
    @EnumSource(WatchTest.Kind.class)
    void aWatcherThatBeginsWhileAStepIsHandedInIsToldOfLaterStepsOnly(WatchTest.Kind kind) {
        boolean[] begins = {true};
        gate(state -> {
            if (begins[0]) {
                begins[0] = false;
                Crew.elsewhere(() -> watch(kind));
            }
        });
        store.increment("a");
        assertThat(told).isEmpty();
        store.increment("a");
        assertThat(told).containsExactly("/a: 1 -> 2");
    }

    @Test
    void aStreamThatBeginsWhileAStepIsHandedInHasLaterStepsOnly() {
        boolean[] begins = {true};
        gate(state -> {
            if (begins[0]) {
                begins[0] = false;
                Crew.elsewhere(
                        () -> store.publisher(KeyPath.of("a"), Runnable::run).subscribe(new Listener()));
            }
        });
        store.increment("a");
        assertThat(told).isEmpty();
        store.increment("a");
        assertThat(told).containsExactly("/a: 1 -> 2");
    }

    private final class Listener implements Flow.Subscriber<Update> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Update update) {
            told.add(update.toString());
        }

        @Override
        public void onError(Throwable failure) {
            failures.add(failure);
        }

        @Override
        public void onComplete() {}
    }

    @ParameterizedTest
    @EnumSource(WatchTest.Kind.class)
    void aFollowerThatNeverTakesAStepIsGivenUpInTheEnd(WatchTest.Kind kind) {
        boolean[] dies = {true};
        gate(state -> {
            if (dies[0]) {
                throw new NoClassDefFoundError("planted");
            }
        });
        Subscription watch = watch(kind);
        Subscription pattern = store.watch(PathPattern.parse("/*"), kind.on(Runnable::run), update -> {});
        List<Long> missed = new ArrayList<>();
        CommitRecording ignored = store.record(new CommitRecorder() {
            @Override
            public void startFrom(Snapshot base) {}

            @Override
            public void record(Snapshot before, Snapshot after) {}

            @Override
            public void missed(long upTo) {
                missed.add(upTo);
            }
        });
        for (int i = 0; i < 1_100; i++) {
            store.increment("a");
        }
        assertThat(watch.isClosed()).isTrue();
        assertThat(pattern.isClosed()).as("of a pattern").isTrue();
        assertThat(failures).hasSize(2).hasOnlyElementsOfType(StoreException.class);
        assertThat(missed).as("told to the recorder").singleElement().isEqualTo(1_001L);
        dies[0] = false;
        told.clear();
        watch(kind);
        store.increment("a");
        assertThat(told).containsExactly("/a: 1100 -> 1101");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
