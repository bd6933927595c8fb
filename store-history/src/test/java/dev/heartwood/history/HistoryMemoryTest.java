package dev.heartwood.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** The states of a history share all that did not change: what they take is what their commits have changed. */
class HistoryMemoryTest {
    private static final int LEAVES = 100_000;
    private static final int COMMITS = 10_000;
    private static final long MOST = 50_000_000;

    @Test
    void tenThousandCommitsOnNestedMapsTakeAFewMegabytes() {
        assertThat(kept(i -> KeyPath.of("m" + i / 1_000, "n" + i / 100 % 10, "k" + i % 100)))
                .isLessThan(MOST);
    }

    @Test
    void soDoTheyOnOneFlatMap() {
        assertThat(kept(i -> KeyPath.of("k" + i))).isLessThan(MOST);
    }

    /** How many bytes more are in use while the history keeps its states. */
    private static long kept(IntFunction<KeyPath> leaf) {
        Store store = Store.create();
        store.batch(tx -> {
            for (int i = 0; i < LEAVES; i++) {
                tx.put(leaf.apply(i), i);
            }
        });
        try (History history = History.options().keep(COMMITS).of(store)) {
            long before = used();
            for (int i = 0; i < COMMITS; i++) {
                store.put(leaf.apply(i * 7 % LEAVES), -i - 1);
            }
            long after = used();
            assertThat(history.entries()).hasSize(COMMITS);
            return after - before;
        }
    }

    private static long used() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(
                    least,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }
}
