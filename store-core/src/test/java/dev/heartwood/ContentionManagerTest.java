package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Progress of a store under contention, measured by counts. */
@Timeout(120)
class ContentionManagerTest {
    private final AtomicBoolean over = new AtomicBoolean();
    private final Crew crew = new Crew();

    private static void takeMillis(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** Increments a key until the test is over, or so often. */
    private AtomicLong hammer(Store store, String key, long times) {
        AtomicLong done = new AtomicLong();
        crew.start(() -> {
            while (!over.get() && done.get() < times) {
                store.increment(key);
                done.incrementAndGet();
            }
        });
        return done;
    }

    private static void untilMore(AtomicLong count) {
        for (long before = count.get(); count.get() < before + 100; ) {
            Thread.onSpinWait();
        }
    }

    private void end() {
        over.set(true);
        crew.join();
    }

    @Test
    void aLongBatchOnAHammeredKeyCommitsAndTheOthersGoOn() {
        Store store = Store.of(Map.of("hot", 0, "sum", 0));
        AtomicLong hammered = hammer(store, "hot", Long.MAX_VALUE);
        for (int i = 0; i < 5; i++) {
            untilMore(hammered);
            Commit commit = store.batch(tx -> {
                tx.put("sum", tx.get("hot"));
                takeMillis(5);
            });
            assertThat(commit.after().get("sum")).isEqualTo(commit.before().get("hot"));
            untilMore(hammered);
        }
        end();
        assertThat(store.get("hot")).isEqualTo(hammered.get());
        assertThat(store.rightOfWay.isFree()).isTrue();
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a pause cannot be interrupted
    void thePauseAfterALostRaceStaysShortHoweverManyWereLost() {
        Store store = Store.of(Map.of("a", 0));
        Attempt attempt = new Rewrite(store, KeyPath.of("a"), Rewrite.Mode.SET, found -> 1L);
        ContentionManager manager = new ContentionManager(new RightOfWay(Duration.ZERO), attempt);
        // A pause that doubled without a bound would take a second after twenty of them.
        for (int i = 0; i < 60; i++) {
            manager.lost(ReentrancyGuard.here());
        }
        assertThat(manager.losses()).isEqualTo(60);
    }

    @Test
    void aBatchThatWasInvalidatedThreeTimesClaims() {
        InterposedRoot root = new InterposedRoot(Map.of("hot", 0, "sum", 0));
        Store store = Store.over(root);
        List<Boolean> claimed = new ArrayList<>();
        store.batch(tx -> {
            claimed.add(!store.rightOfWay.isFree());
            tx.put("sum", 1 + tx.get("hot", Long.class));
            takeMillis(2);
            if (claimed.size() <= 3) {
                root.beforeNextCommit(() -> store.increment("hot"));
            }
        });
        assertThat(claimed).containsExactly(false, false, false, true);
        assertThat(store.rightOfWay.isFree()).isTrue();
    }

    /** Rounds that took longer than a millisecond, as on a busy machine, say nothing. */
    @Test
    void aBatchThatWasInvalidatedThreeTimesInLessThanAMillisecondDoesNotClaim() {
        InterposedRoot root = new InterposedRoot(Map.of("hot", 0, "sum", 0));
        Store store = Store.over(root);
        long[] began = new long[1];
        boolean[] last = new boolean[2];
        for (boolean quick = false; !quick; ) {
            int[] runs = new int[1];
            began[0] = System.nanoTime();
            store.batch(tx -> {
                last[0] = !store.rightOfWay.isFree();
                last[1] = System.nanoTime() - began[0] < 1_000_000;
                tx.put("sum", began[0] + tx.get("hot", Long.class)); // another one in each round
                if (++runs[0] <= 3) {
                    root.beforeNextCommit(() -> store.increment("hot"));
                }
            });
            assertThat(runs[0]).isEqualTo(4);
            quick = last[1];
        }
        assertThat(last[0]).isFalse();
    }

    /** A run under the claim reads another place than those before, and loses once more. */
    @Test
    void aClaimProtectsWhatTheNewestRunHasRead() {
        InterposedRoot root = new InterposedRoot(Map.of("hot", 0, "other", 0));
        Store store = Store.options().rightOfWay(Duration.ofSeconds(30)).over(root);
        int[] runs = new int[1];
        boolean[] waits = new boolean[1];
        store.batch(tx -> {
            runs[0]++;
            tx.put("sum", tx.get("hot", Long.class) + (runs[0] < 4 ? 0 : tx.get("other", Long.class)));
            takeMillis(2);
            if (runs[0] <= 4) {
                // On the thread of the claim, which gives way to nobody.
                root.beforeNextCommit(() -> store.increment(runs[0] < 4 ? "hot" : "other"));
            } else if (runs[0] == 5) {
                Thread writer = crew.start(() -> store.increment("other"));
                while (writer.isAlive() && writer.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
                waits[0] = writer.isAlive();
            }
        });
        crew.join();
        assertThat(waits[0])
                .as("a writer of the place that was read last waits")
                .isTrue();
        assertThat(runs[0]).isEqualTo(5);
    }

    @Test
    void aClaimStandsForAHundredMillisecondsAtMostWhereNothingElseWasChosen() {
        assertThat(Store.options().rightOfWay()).isEqualTo(Duration.ofMillis(100));
        assertThat(Store.options().strict().origins(Origins.WHO).rightOfWay()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void aBatchThatLosesRaceAfterRaceWithoutRunningAgainClaims() {
        InterposedRoot root = new InterposedRoot(Map.of("hot", 0));
        Store store = Store.over(root);
        List<Boolean> claimed = new ArrayList<>();
        Runnable[] rival = new Runnable[1];
        rival[0] = () -> {
            claimed.add(!store.rightOfWay.isFree());
            if (claimed.size() < 20) {
                takeMillis(1);
                store.increment("hot");
                root.beforeNextCommit(rival[0]);
            }
        };
        root.beforeNextCommit(rival[0]);
        Commit commit = store.batch(tx -> tx.set("mine", 1));
        assertThat(commit.attempts()).isEqualTo(1);
        assertThat(claimed).startsWith(false, false, false).endsWith(true);
        assertThat(store.rightOfWay.isFree()).isTrue();
    }

    @Test
    void aLongReplayOnAHammeredStoreCommits() {
        Store store = Store.of(Map.of("hot", 0));
        AtomicLong hammered = hammer(store, "hot", Long.MAX_VALUE);
        AtomicInteger runs = new AtomicInteger();
        store.batch(tx -> {
            runs.incrementAndGet();
            for (int i = 0; i < 20_000; i++) {
                tx.set("key" + i, i);
            }
        });
        end();
        assertThat(runs).hasValue(1);
        assertThat(store.size()).isEqualTo(20_001);
        assertThat(store.get("hot")).isEqualTo(hammered.get());
        assertThat(store.rightOfWay.isFree()).isTrue();
    }

    @Test
    void noRivalIsPassedByMoreThanAFewClaimants() {
        Store store = Store.of(Map.of("hot", 0));
        AtomicLong batches = new AtomicLong();
        for (int i = 0; i < 4; i++) {
            crew.start(() -> {
                while (!over.get()) {
                    store.batch(tx -> {
                        tx.increment("hot");
                        takeMillis(1);
                    });
                    batches.incrementAndGet();
                }
            });
        }
        long longest = 0;
        long increments = 0;
        for (; increments < 100 || batches.get() < 100; increments++) {
            long before = batches.get();
            store.increment("hot");
            longest = Math.max(longest, batches.get() - before);
        }
        end();
        assertThat(longest).isLessThan(100);
        assertThat(store.get("hot")).isEqualTo(batches.get() + increments);
        assertThat(store.rightOfWay.isFree()).isTrue();
    }

    @Test
    void aBodyLongerThanTheCapDoesNotHoldItsRivals() {
        Store store = Store.options().rightOfWay(Duration.ofMillis(2)).of(Map.of("hot", 0));
        long times = 20_000;
        AtomicLong hammered = hammer(store, "hot", times);
        Commit commit = store.batch(tx -> {
            tx.put("seen", tx.get("hot"));
            takeMillis(20);
        });
        crew.join();
        assertThat(commit.changed()).isTrue();
        assertThat(store.get("hot")).isEqualTo(times);
        assertThat(hammered).hasValue(times);
        assertThat(store.rightOfWay.isFree()).isTrue();
    }

    @Test
    void withoutARightOfWayEverybodyStillGoesOn() {
        Store store = Store.options().rightOfWay(Duration.ZERO).of(Map.of("hot", 0));
        Crew.together(4, index -> {
            for (int i = 0; i < 50; i++) {
                store.update("hot", Long.class, hot -> {
                    LockSupport.parkNanos(10_000);
                    return hot + 1;
                });
            }
        });
        assertThat(store.get("hot")).isEqualTo(200L);
    }

    @Test
    void aBodyThatFailsUnderItsClaimGivesItUp() {
        Store store = Store.of(Map.of("hot", 0));
        for (int round = 0; round < 10; round++) {
            int[] runs = new int[1];
            IllegalStateException mine = new IllegalStateException("mine");
            assertThatThrownBy(() -> store.batch(tx -> {
                        tx.increment("hot");
                        takeMillis(1);
                        if (++runs[0] == 6) {
                            throw mine;
                        }
                        // While the claim stands, a rival waits for it; its deadline lets both go on.
                        Crew.elsewhere(() -> store.increment("hot"));
                    }))
                    .isSameAs(mine);
            assertThat(store.rightOfWay.isFree()).isTrue();
        }
        assertThat(store.increment("hot")).isEqualTo(10 * 5 + 1L);
    }

    /** A commit inside a function holds up the store of that function, so it gives way to no claim. */
    @Test
    void aCommitGivesWayToAClaimUnlessItStandsInAnotherStoresFunction() {
        Store store = Store.options().rightOfWay(Duration.ofDays(1)).of(Map.of("x", 0));
        Store other = Store.of(Map.of("y", 0));
        RightOfWay.Claim claim = store.rightOfWay.claim((before, after) -> false, TimeUnit.HOURS.toNanos(1));
        Crew.elsewhere(() -> other.update("y", y -> store.increment("x")));
        assertThat(store.get("x")).isEqualTo(1L);
        Thread writer = crew.start(() -> store.increment("x"));
        while (writer.getState() != Thread.State.TIMED_WAITING) {
            assertThat(writer.isAlive()).as("it waits").isTrue();
            Thread.onSpinWait();
        }
        assertThat(store.get("x")).isEqualTo(1L);
        store.rightOfWay.release(claim);
        crew.join();
        assertThat(store.get("x")).isEqualTo(2L);
    }

    @Test
    void aSingleOperationThatHasTheRightOfWayHoldsNobodyElsewhere() {
        Store store = Store.options().rightOfWay(Duration.ofDays(1)).of(Map.of("x", 0, "other", 0));
        int[] runs = new int[1];
        store.update("x", Long.class, x -> {
            takeMillis(2);
            if (runs[0]++ < 3) {
                Crew.elsewhere(() -> store.increment("x"));
            } else {
                assertThat(store.rightOfWay.isFree()).isFalse();
                // A claim whose holder sleeps would lapse, and let everybody pass. So this thread stays at work.
                Thread writer = crew.start(() -> store.increment("other"));
                while (writer.isAlive()) {
                    assertThat(writer.getState()).as("a writer elsewhere").isNotEqualTo(Thread.State.TIMED_WAITING);
                    Thread.onSpinWait();
                }
            }
            return x + 1;
        });
        crew.join();
        assertThat(store.get("x")).isEqualTo(4L);
        assertThat(store.get("other")).isEqualTo(1L);
    }

    /** It holds up the store of that function, so others must not have to wait for it in both. */
    @Test
    void aCommitInAnotherStoresFunctionNeverClaims() {
        Store store = Store.options().rightOfWay(Duration.ofDays(1)).of(Map.of("x", 0));
        Store other = Store.of(Map.of("y", 0));
        int[] runs = new int[1];
        other.update(
                "y",
                y -> store.update("x", Long.class, x -> {
                    takeMillis(2);
                    assertThat(store.rightOfWay.isFree()).isTrue();
                    if (runs[0]++ < 6) {
                        Crew.elsewhere(() -> store.increment("x"));
                    }
                    return x + 1;
                }));
        assertThat(store.get("x")).isEqualTo(7L);
    }

    @Test
    void aClaimIsGivenUpBeforeTheAnswerWaitsForTheDisk() {
        InterposedRoot root = new InterposedRoot(Map.of("x", 0));
        Store store = Store.options().rightOfWay(Duration.ofDays(1)).over(root);
        List<Boolean> free = new ArrayList<>();

        Commit commit = invalidatedThrice(store, () -> root.onNextAnswer(() -> free.add(store.rightOfWay.isFree())));

        assertThat(free).containsExactly(true);
        assertThat(commit.attempts()).isEqualTo(4);
    }

    @Test
    void aClaimIsGivenUpBeforeListenersRun() {
        Store store = Store.options().rightOfWay(Duration.ofDays(1)).of(Map.of("x", 0));
        List<Boolean> free = new ArrayList<>();
        store.watch("x", Delivery.latest(Runnable::run), update -> free.add(store.rightOfWay.isFree()));
        Commit commit = invalidatedThrice(store, () -> assertThat(free).hasSize(3));
        assertThat(commit.attempts()).isEqualTo(4);
        assertThat(free).containsExactly(true, true, true, true);
    }

    @Test
    void aLongBatchBesideAWriterOfAnUnrelatedKeyRunsOnce() {
        Map<String, Object> tree = new java.util.HashMap<>(Map.of("hot", 0, "sum", 0));
        for (int i = 0; i < 20_000; i++) {
            tree.put("key" + i, i);
        }
        Store store = Store.of(tree);
        AtomicLong hammered = hammer(store, "hot", Long.MAX_VALUE);
        for (int round = 0; round < 5; round++) {
            untilMore(hammered);
            Commit commit = store.batch(tx -> {
                long sum = 0;
                for (int i = 0; i < 20_000; i++) {
                    sum += tx.get("key" + i, Long.class);
                }
                tx.put("sum", sum);
                for (int i = 0; i < 20_000; i++) {
                    tx.increment("key" + i);
                }
            });
            assertThat(commit.attempts()).isEqualTo(1);
            assertThat(commit.before().get("hot")).isEqualTo(commit.after().get("hot"));
        }
        end();
        assertThat(store.get("hot")).isEqualTo(hammered.get());
        assertThat(store.get("sum")).isEqualTo(19_999L * 20_000 / 2 + 4 * 20_000);
        assertThat(store.rightOfWay.isFree()).isTrue();
    }

    @Test
    void aRootThatRefusesUnderAClaimLeavesNone() {
        InterposedRoot root = new InterposedRoot(Map.of("x", 0));
        Store store = Store.options().rightOfWay(Duration.ofDays(1)).over(root);
        StoreIOException full = new StoreIOException("the disk is full", new IOException("no space"));

        assertThatThrownBy(() -> invalidatedThrice(
                        store,
                        () -> root.beforeNextCommit(() -> {
                            throw full;
                        })))
                .isSameAs(full);
        assertThat(store.rightOfWay.isFree()).isTrue();
        assertThat(store.increment("x")).isEqualTo(4L);
    }

    /** A batch that three others have undone, and that has the right of way in its fourth run. */
    private static Commit invalidatedThrice(Store store, Runnable underTheClaim) {
        int[] runs = new int[1];
        return store.batch(tx -> {
            tx.increment("x");
            takeMillis(2);
            if (runs[0]++ < 3) {
                Crew.elsewhere(() -> store.increment("x"));
            } else {
                assertThat(store.rightOfWay.isFree()).isFalse();
                underTheClaim.run();
            }
        });
    }

    @Test
    void aWriterKeepsItsInterruptAndItsCommit() {
        Store store = Store.of(Map.of("hot", 0));
        Crew.together(4, index -> {
            for (int i = 0; i < 50; i++) {
                Thread.currentThread().interrupt();
                store.update("hot", Long.class, hot -> {
                    LockSupport.parkNanos(1_000);
                    return hot + 1;
                });
                assertThat(Thread.interrupted()).isTrue();
            }
        });
        assertThat(store.get("hot")).isEqualTo(200L);
    }

    @Test
    void twoStoresNestedCrosswiseNeverBlockEachOther() {
        Store one = Store.of(Map.of("n", 0, "inner", 0));
        Store other = Store.of(Map.of("n", 0, "inner", 0));
        AtomicLong inner = new AtomicLong();
        Crew.together(4, index -> {
            Store mine = index % 2 == 0 ? one : other;
            Store theirs = index % 2 == 0 ? other : one;
            for (int i = 0; i < 25; i++) {
                mine.batch(tx -> {
                    tx.increment("n");
                    takeMillis(1);
                    theirs.batch(nested -> {
                        nested.increment("n");
                        nested.increment("inner");
                        nested.decrement("n");
                    });
                    inner.incrementAndGet();
                });
            }
        });
        assertThat(one.get("n")).isEqualTo(50L);
        assertThat(other.get("n")).isEqualTo(50L);
        assertThat(one.get("inner", Long.class) + other.get("inner", Long.class))
                .isEqualTo(inner.get());
        assertThat(one.rightOfWay.isFree()).isTrue();
        assertThat(other.rightOfWay.isFree()).isTrue();
    }

    @Test
    void slowFunctionsOnDisjointKeysRunOnceEach() {
        Map<String, Object> tree = new java.util.HashMap<>();
        for (int i = 0; i < 8; i++) {
            tree.put("own" + i, 0);
        }
        Store store = Store.of(tree);
        AtomicInteger runs = new AtomicInteger();
        Crew.together(8, index -> {
            for (int i = 0; i < 50; i++) {
                store.update("own" + index, Long.class, own -> {
                    runs.incrementAndGet();
                    takeMillis(1);
                    return own + 1;
                });
            }
        });
        assertThat(runs).hasValue(400);
        assertThat(store.toMap().values()).containsOnly(50L);
    }
}
