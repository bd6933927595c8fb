package dev.heartwood.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.heartwood.Delivery;
import dev.heartwood.KeyPath;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.Timeline;
import io.vavr.collection.HashMap;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * How many bytes an operation allocates, against recorded bounds: a figure that holds on noisy machines, where times do
 * not. The bounds are the figures measured on Java 17 and 25, plus a few percent.
 */
class AllocationTest {
    private static final int OPERATIONS = 20_000;
    private static final int MOST_ROUNDS = 60;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Store store = Store.of(new Shape(3).tree());
    private final KeyPath path = KeyPath.of(new Shape(3).keys(7));
    private volatile Object sink = "";

    @Test
    void aReadAllocatesNothing() {
        assertBytes(1, () -> sink = store.get(path));
    }

    @Test
    void aSnapshotAllocatesNothing() {
        assertBytes(1, () -> sink = store.snapshot());
    }

    @Test
    void anUpdateCopiesThePathAndLittleElse() {
        assertBytes(700, () -> sink = store.update(path, value -> (Long) value + 1));
    }

    @Test
    void anUpdateWithAnAuthorCostsNoMore() {
        Store planner = store.as("planner");
        assertBytes(700, () -> sink = planner.update(path, value -> (Long) value + 1));
    }

    @Test
    void aStateTakes32Bytes() {
        HashMap<String, @Nullable Object> tree = store.snapshot().root();
        Timeline timeline = Root.inMemory(Map.of()).timeline();
        assertBytes(32, () -> sink = timeline.state(1, tree));
    }

    @Test
    void anUpdateThatChangesNothingCopiesNothing() {
        assertBytes(64, () -> sink = store.update(path, value -> value));
    }

    @Test
    void aBatchOfTwoWritesNotesWhatItRead() {
        KeyPath other = KeyPath.of(new Shape(3).keys(8));
        assertBytes(
                2_100,
                () -> sink = store.batch(tx -> {
                    tx.increment(path, -1L);
                    tx.increment(other, 1L);
                }));
    }

    @Test
    void aCommitBesideManyWatchersOfOtherPlacesAllocatesNoMoreThanBesideOne() {
        store.watch("no such place", Delivery.latest(Runnable::run), update -> {});
        long besideOne = least(() -> sink = store.increment(path));
        for (int i = 0; i < 100_000; i++) {
            store.watch("k" + i, Delivery.latest(Runnable::run), update -> {});
        }
        assertBytes(besideOne, () -> sink = store.increment(path));
    }

    @Test
    void aDiffOfOneChangeDependsOnThatChange() {
        Snapshot before = store.snapshot();
        store.put(path, "changed");
        Snapshot after = store.snapshot();
        assertBytes(1_200, () -> sink = before.diff(after));
    }

    @Test
    void theMeterSeesAnAllocation() {
        assertThat(least(() -> sink = Map.of("a", new byte[1_000]))).isGreaterThan(1_000);
    }

    private static void assertBytes(long bound, Runnable operation) {
        assertThat(least(operation)).isLessThanOrEqualTo(bound);
    }

    /**
     * The least that a round allocated for each operation: compiled code, without the allocations of the compiler
     * itself.
     */
    private static long least(Runnable operation) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < OPERATIONS; i++) {
                operation.run();
            }
            least = Math.min(least, (THREADS.getCurrentThreadAllocatedBytes() - before) / OPERATIONS);
        }
        return least;
    }
}
