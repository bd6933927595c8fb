package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Racing batches, rebased any number of times, have the same outcome, and their bodies read the same values, as the
 * same batches run alone, one after the other, in the order of their versions.
 */
@Timeout(300)
class BatchReplayTest {
    private static final int ROUNDS = 200;
    private static final int THREADS = 4;
    private static final int BATCHES = 50;

    @Test
    void racingBatchesAreEqualToASerialReplayInVersionOrder() {
        long seed = new Random().nextLong();
        for (int round = 0; round < ROUNDS; round++) {
            race(seed + round);
        }
    }

    private static void race(long seed) {
        Store store = Store.of(AnyOperation.START);
        ConcurrentLinkedQueue<Done> done = new ConcurrentLinkedQueue<>();
        AtomicInteger refused = new AtomicInteger();
        Crew.together(THREADS, index -> {
            Random random = new Random(seed * 31 + index);
            for (int i = 0; i < BATCHES; i++) {
                AnyBody body = new AnyBody(random.nextLong());
                boolean slow = random.nextInt(3) == 0;
                try {
                    Commit commit = store.batch(tx -> {
                        body.accept(tx);
                        if (slow) {
                            letOthersIn();
                        }
                    });
                    done.add(new Done(commit, body, body.told()));
                } catch (NoSuchPathException | TypeMismatchException e) {
                    // The place of a commuted function is gone, or of another kind: the answer to the batch, which
                    // commits nothing. BatchRebaseTest compares such answers with those of the batch alone.
                    refused.incrementAndGet();
                }
            }
        });
        assertThat(refused).as("seed %d", seed).hasValueLessThan(THREADS * BATCHES);
        Store replay = Store.of(AnyOperation.START);
        List<Done> inOrder = new ArrayList<>(done);
        // A batch that changed nothing stands right behind the state that it saw.
        inOrder.sort(Comparator.comparingLong((Done one) -> one.commit.after().version())
                .thenComparing(one -> !one.commit.changed()));
        for (Done one : inOrder) {
            Commit again = replay.batch(one.body);
            assertThat(one.body.told())
                    .as("seed %d, %s: what the body was told", seed, one.commit)
                    .isEqualTo(one.told);
            assertThat(replay.snapshot().sameTree(one.commit.after()))
                    .as(
                            "seed %d, %s: alone it made%n%s%nin the race%n%s",
                            seed, one.commit, again.diff(), one.commit.diff())
                    .isTrue();
        }
        assertThat(replay.snapshot().sameTree(store.snapshot())).isTrue();
    }

    private record Done(Commit commit, AnyBody body, List<String> told) {}

    /** So that bodies overlap, on few cores too. */
    private static void letOthersIn() {
        LockSupport.parkNanos(1_000);
    }
}
