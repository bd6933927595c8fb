package dev.heartwood.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.KeyPath;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.Timeline;
import java.lang.ref.WeakReference;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is kept stays within its bounds of time and memory. */
class RetentionTest {
    @Test
    void commitsGoWhenTheirTimeHasCome() {
        Store store = Store.create();
        StateChain chain = new StateChain(1_000);
        chain.start(store.snapshot());
        try (History recording = History.of(store)) {
            for (int i = 0; i < 10; i++) {
                Snapshot before = store.snapshot();
                store.put("i", i);
                chain.add(before, store.snapshot());
            }
            Instant sixth = recording.at(6).origin().time();

            HistoryOptions options = History.options().keep(Duration.ofMinutes(1));
            new Retention(chain, options, Clock.fixed(sixth.plusSeconds(60), ZoneOffset.UTC)).trim();

            // Commits of one microsecond go together.
            assertThat(chain.oldest().version()).isLessThanOrEqualTo(5);
            assertThat(Records.of(chain, Instant.now()).entries())
                    .allMatch(entry -> !entry.origin().time().isBefore(sixth));
            new Retention(chain, options, Clock.fixed(sixth.plusSeconds(3_600), ZoneOffset.UTC)).trim();
            assertThat(chain.oldest().version()).isEqualTo(10);
        }
    }

    /** As those of other processes in a database, which says neither who made them nor when. */
    @Test
    void commitsOfUnknownTimeGoLikeOldOnes() {
        Timeline timeline = Root.inMemory(Map.of()).timeline();
        StateChain chain = new StateChain(1_000);
        chain.start(timeline.newest());
        for (long version = 1; version <= 3; version++) {
            chain.add(chain.newest().state(), timeline.state(version, io.vavr.collection.HashMap.of("n", version)));
        }

        new Retention(chain, History.options().keep(Duration.ofDays(1)), Clock.systemUTC()).trim();

        assertThat(chain.oldest().version()).isEqualTo(3);
    }

    @Test
    void theStatesStayWithinTheirBytes() {
        Store store = Store.create();
        try (History history = History.options().bytes(100_000).of(store)) {
            for (int i = 0; i < 200; i++) {
                store.put("text", "x".repeat(10_000) + i);
            }

            assertThat(history.entries()).hasSizeBetween(2, 15);
            assertThat(history.states().get(history.states().size() - 1)).isSameAs(store.snapshot());
        }
    }

    @Test
    void valuesThatWereRemovedWeighToo() {
        Store store = Store.create();
        try (History history = History.options().bytes(100_000).of(store)) {
            for (int i = 0; i < 200; i++) {
                store.put("text", "x".repeat(10_000) + i);
                store.remove("text");
            }

            assertThat(history.entries()).hasSizeBetween(2, 30);
        }
    }

    @Test
    void aCommitWeighsWhatItKeepsAliveAndNotWhatItPuts() {
        Store store = Store.of(Map.of("text", "x".repeat(10_000)));
        Snapshot large = store.snapshot();
        store.put("text", "y");
        Snapshot small = store.snapshot();

        assertThat(Retention.weight(large, small)).isGreaterThan(5_000);
        assertThat(Retention.weight(small, large)).isLessThan(1_000);
    }

    @Test
    void aHistoryThatIsDroppedWithItsStoreIsGarbageThoughNobodyHasClosedIt() throws InterruptedException {
        WeakReference<Store> dropped = new WeakReference<>(recorded());
        for (int i = 0; i < 100 && dropped.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }

        assertThat(dropped.get()).isNull();
    }

    @SuppressWarnings("MustBeClosedChecker") // that is what is tested
    private static Store recorded() {
        Store store = Store.create();
        History history = History.options().bytes(100_000).of(store);
        store.put("a", 1);
        assertThat(history.entries()).hasSize(1);
        return store;
    }

    @Test
    void theNewestCommitIsKeptHoweverLargeItIs() {
        Store store = Store.of(Map.of("text", "x".repeat(10_000)));
        try (History history = History.options().bytes(1).of(store)) {
            store.put("text", "y");
            store.put("text", "z");

            assertThat(history.entries()).hasSize(1);
            assertThat(history.blame(KeyPath.of("text")).before()).isEqualTo("y");
        }
    }

    @Test
    void smallCommitsWeighLittleBesideALargeTree() {
        Map<String, Object> tree = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            tree.put("key" + i, "value" + i);
        }
        Store store = Store.of(tree);
        Snapshot before = store.snapshot();
        store.put("key7", 1);

        assertThat(Retention.weight(before, store.snapshot())).isLessThan(1_000);
        store.clear();
        assertThat(Retention.weight(before, store.snapshot())).isGreaterThan(500_000);
    }

    @Test
    void aBoundIsPositive() {
        assertThatThrownBy(() -> History.options().keep(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> History.options().keep(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> History.options().bytes(0)).isInstanceOf(IllegalArgumentException.class);
    }

    /** A generous bound: what is measured is a seventh of it. */
    @Test
    void tenThousandCommitsOnAHundredThousandLeavesTakeLessThan50MegabytesMore() {
        Map<String, Map<String, Object>> tree = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            tree.computeIfAbsent("m" + i % 100, key -> new HashMap<>()).put("k" + i, i);
        }
        Store store = Store.of(tree);
        tree.clear();
        try (History history = History.options().keep(10_000).of(store)) {
            long before = used();
            for (int i = 0; i < 10_000; i++) {
                store.increment(KeyPath.of("m" + i * 7 % 100, "k" + i * 7));
            }
            long more = used() - before;

            assertThat(history.entries()).hasSize(10_000);
            assertThat(more).isLessThan(50L << 20);
        }
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    @Test
    void aTimeThatNoClockCountsIsForEver() {
        Store store = Store.create();
        try (History history =
                History.options().keep(Duration.ofSeconds(Long.MAX_VALUE)).of(store)) {
            store.put("n", 1);
            assertThat(history.entries()).hasSize(1);
        }
    }
}
