package dev.heartwood.stress.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Commit;
import dev.heartwood.Root;
import dev.heartwood.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A batch that others keep invalidating gets through, and the others go on. */
class StarvedBatchTest {
    /** A run takes so long that the claim after it, which stands for twice as long, outlives the pauses of a busy machine. */
    private static final long LONG_RUN_MILLIS = 2_000;

    private final ExecutorService rival = Executors.newSingleThreadExecutor();

    @AfterEach
    void shutDown() {
        rival.shutdownNow();
    }

    /**
     * The second run is long, so that the claim that follows the third stands for long. A rival that checked for a
     * claim before this claim was made, and was suspended just before its compare-and-set, slips through; its next
     * commit waits.
     */
    @Test
    void oneCommitOfAThreadThatWasPastTheCheckSlipsThroughAndNoMore() throws Exception {
        GatedRoot root = new GatedRoot(Root.inMemory(Map.of("x", 0, "y", 0)));
        Store store = Store.options().rightOfWay(Duration.ofSeconds(60)).over(root);
        Thread rivalThread = rival.submit(Thread::currentThread).get();
        Callable<Number> increment = () -> store.increment("x");
        List<Future<Number>> begun = new ArrayList<>();

        Commit commit = store.batchChecked(tx -> {
            tx.get("x");
            tx.increment("y");
            switch (begun.size()) {
                case 0 -> begun.add(done(rival.submit(increment)));
                case 1 -> {
                    Thread.sleep(LONG_RUN_MILLIS);
                    begun.add(done(rival.submit(increment)));
                }
                case 2 -> {
                    rival.submit(increment).get();
                    root.hold(rivalThread);
                    begun.add(rival.submit(increment));
                    root.awaitArrival();
                }
                case 3 -> {
                    // The claim stands.
                    root.open();
                    begun.get(2).get();
                    begun.add(rival.submit(increment));
                }
                default -> {
                    assertThat(givesWay(rivalThread, begun.get(3))).isTrue();
                }
            }
        });

        assertThat(commit.attempts()).isEqualTo(5);
        assertThat(commit.after().get("x", Integer.class)).isEqualTo(4);
        assertThat(begun.get(3).get()).isEqualTo(5L);
    }

    /** The rival commits during each run that it can, for fifty runs: a batch that claims nothing loses them all. */
    @ParameterizedTest
    @CsvSource({"0, 51, 51", "60, 4, 50"})
    void aBatchThatIsInvalidatedInEachRunEndsOnlyByItsRightOfWay(int capSeconds, int fewest, int most)
            throws Exception {
        Store store = Store.options().rightOfWay(Duration.ofSeconds(capSeconds)).of(Map.of("x", 0, "batches", 0));
        Thread rivalThread = rival.submit(Thread::currentThread).get();
        AtomicInteger runs = new AtomicInteger();

        Commit commit = store.batchChecked(tx -> {
            tx.get("x");
            tx.increment("batches");
            if (runs.get() == 1) {
                Thread.sleep(LONG_RUN_MILLIS);
            }
            if (runs.incrementAndGet() <= 50) {
                boolean gaveWay = givesWay(rivalThread, rival.submit(() -> store.increment("x")));
                assertThat(gaveWay && capSeconds == 0)
                        .as("gives way where nobody has a claim")
                        .isFalse();
            }
        });

        assertThat(commit.attempts()).isBetween(fewest, most);
        assertThat(commit.after().get("batches", Integer.class)).isEqualTo(1);
    }

    /**
     * Waits until a commit is done, or waits for another thread's right of way; returns whether it waits. A thread of
     * the rival has no other wait with a deadline.
     */
    private static boolean givesWay(Thread rivalThread, Future<?> commit) {
        while (!commit.isDone()) {
            if (rivalThread.getState() == Thread.State.TIMED_WAITING) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    @Test
    void longBatchesOnAHammeredKeyEndAndTheHammerGoesOn() throws InterruptedException {
        Store store = Store.of(Map.of("hits", 0, "batches", 0));
        LongAdder hits = new LongAdder();
        LongAdder batches = new LongAdder();
        AtomicInteger most = new AtomicInteger();

        new Crew()
                .add(2, "hammer", random -> {
                    store.increment("hits");
                    hits.increment();
                })
                .add(2, "long batch", random -> {
                    Commit commit = store.batchChecked(tx -> {
                        tx.put("seen", tx.get("hits"));
                        Thread.sleep(3);
                        tx.increment("batches");
                    });
                    batches.increment();
                    most.accumulateAndGet(commit.attempts(), Math::max);
                    assertThat(commit.after().get("seen"))
                            .isEqualTo(commit.before().get("hits"));
                })
                .work();

        System.out.println(
                batches + " long batches, at most " + most + " runs each, beside " + hits + " commits of the hammers");
        assertThat(batches.sum()).isPositive();
        assertThat(hits.sum()).isPositive();
        assertThat(store.get("hits", Long.class)).isEqualTo(hits.sum());
        assertThat(store.get("batches", Long.class)).isEqualTo(batches.sum());
    }

    /** Each holds a claim on its own store, and writes to the other's store at a place that the other has read. */
    @Test
    void twoStoresThatWriteToEachOtherUnderAClaimEnd() throws InterruptedException {
        Store left = Store.of(Map.of("visits", 0, "batches", 0));
        Store right = Store.of(Map.of("visits", 0, "batches", 0));
        LongAdder batches = new LongAdder();

        new Crew()
                .add(1, "from left", random -> {
                    meet(left, right);
                    batches.increment();
                })
                .add(1, "from right", random -> {
                    meet(right, left);
                    batches.increment();
                })
                .add(1, "hammer", random -> {
                    left.increment("visits");
                    right.increment("visits");
                })
                .work();

        assertThat(left.get("batches", Long.class) + right.get("batches", Long.class))
                .isEqualTo(batches.sum());
    }

    private static void meet(Store mine, Store other) throws InterruptedException {
        mine.batchChecked(tx -> {
            tx.put("seen", tx.get("visits"));
            Thread.sleep(1);
            other.increment("visits");
            tx.increment("batches");
        });
    }

    private static <T> Future<T> done(Future<T> future) throws Exception {
        T ignored = future.get();
        return future;
    }
}
