package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.tree.Steps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A tree whose parts are shared has many more paths than nodes. Everything that compares takes the time of the nodes.
 * The trees here have a million paths and a few dozen nodes, so that a comparison that follows each path fails rather
 * than never ends.
 */
class SharedPartsTest {
    private static final int LEVELS = 20;
    private static final long FEW = 50_000;

    private long started = Steps.ofThread();

    /** A list of two that are the same list, and so on, down to a list of the leaf. */
    private static Object shared(int levels, Object leaf) {
        Object node = List.of(leaf);
        for (int i = 0; i < levels; i++) {
            node = i % 2 == 0 ? List.of(node, node) : Map.of("a", node, "b", node);
        }
        return node;
    }

    /** The same tree, of which each level has two separate nodes. */
    private static Object twins(int levels, Object leaf) {
        Object node = List.of(leaf);
        Object other = List.of(leaf);
        for (int i = 0; i < levels; i++) {
            Object next = i % 2 == 0 ? Arrays.asList(node, other) : new HashMap<>(Map.of("a", node, "b", other));
            other = i % 2 == 0 ? Arrays.asList(other, node) : new HashMap<>(Map.of("a", other, "b", node));
            node = next;
        }
        return node;
    }

    private static Store store(Object value) {
        return Store.of(Map.of("a", value));
    }

    private void assertFew() {
        assertThat(Steps.areCounted()).isTrue();
        assertThat(Steps.ofThread() - started).isLessThan(FEW);
        started = Steps.ofThread();
    }

    @Test
    void statesAreComparedInTheTimeOfTheirNodes() {
        Snapshot one = store(shared(LEVELS, 1)).snapshot();
        assertThat(one.sameTree(store(shared(LEVELS, 1)).snapshot())).isTrue();
        assertThat(one.sameTree(store(twins(LEVELS, 1)).snapshot())).isTrue();
        assertThat(one.sameTree(store(twins(LEVELS, 2)).snapshot())).isFalse();
        assertFew();
    }

    @Test
    void equalStatesHaveNoDifference() {
        Snapshot one = store(shared(LEVELS, 1)).snapshot();
        assertThat(one.diff(store(shared(LEVELS, 1)).snapshot()).isEmpty()).isTrue();
        assertThat(one.diff(store(twins(LEVELS, 1)).snapshot()).isEmpty()).isTrue();
        assertFew();
    }

    @Test
    void aDiffOfAllLeavesIsAsLongAsTheNodesAndLeadsThere() {
        Snapshot one = store(shared(LEVELS, 1)).snapshot();
        Snapshot two = store(twins(LEVELS, 2)).snapshot();
        Diff diff = one.diff(two);
        assertThat(diff.size()).isLessThan(20_000);
        Store store = store(shared(LEVELS, 1));
        store.apply(diff);
        assertThat(store.snapshot().sameTree(two)).isTrue();
        store.apply(diff.inverse());
        assertThat(store.snapshot().sameTree(one)).isTrue();
        assertThat(diff.hashCode()).isEqualTo(one.diff(two).hashCode());
        assertThat(diff).isEqualTo(one.diff(two));
    }

    @Test
    void anElementThatTwoListsShareIsNotLookedInto() {
        Store store = Store.of(Map.of("l", Arrays.asList("first", shared(LEVELS, 1), "last")));
        Snapshot before = store.snapshot();
        store.batch(tx -> {
            tx.put(KeyPath.of("l", 0), "FIRST");
            tx.put(KeyPath.of("l", 2), "LAST");
        });
        started = Steps.ofThread();
        assertThat(before.diff(store.snapshot()).size()).isEqualTo(2);
        assertThat(Steps.ofThread() - started).isLessThan(20);
    }

    @Test
    void elementsThatAreNotSharedAreComparedInTheTimeOfTheirNodes() {
        Snapshot before =
                store(Arrays.asList("x", shared(LEVELS, 1), shared(LEVELS, 2))).snapshot();
        Snapshot after =
                store(Arrays.asList(shared(LEVELS, 2), twins(LEVELS, 1), "y")).snapshot();
        assertThat(before.diff(after).size()).isLessThan(20_000);
        assertThat(Steps.ofThread() - started).isLessThan(4 * FEW);
    }

    @Test
    void replaceComparesInTheTimeOfTheNodes() {
        Store store = store(shared(LEVELS, 1));
        assertThat(store.replace("a", twins(LEVELS, 2), 1)).isFalse();
        assertThat(store.replace("a", twins(LEVELS, 1), 1)).isTrue();
        assertFew();
    }

    @Test
    void viewsHashAndCompareInTheTimeOfTheNodes() {
        List<Object> view = store(shared(LEVELS - 1, 1)).getList("a");
        assertThat(view.hashCode())
                .isEqualTo(store(twins(LEVELS - 1, 1)).getList("a").hashCode());
        assertThat(view.equals(store(twins(LEVELS - 1, 1)).getList("a"))).isTrue();
        assertThat(view.equals(twins(LEVELS - 1, 1L))).isTrue();
        assertThat(view.equals(List.of(1))).isFalse();
        assertThat(view.toString()).hasSizeLessThan(2_000_000);
        assertThat(new Change.Added(KeyPath.of("x"), view).hashCode()).isNotZero();
    }

    @Test
    void sharedPartsBehindThousandsOfOthersAreHashedOnce() {
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            elements.add(Map.of("n", i));
        }
        elements.add(shared(LEVELS, 1));
        List<Object> view = store(elements).getList("a");
        started = Steps.ofThread();
        assertThat(view.hashCode()).isEqualTo(elements.hashCode());
        assertFew();
    }

    @Test
    void aPutBesideADirectWatcherTakesTheTimeOfTheNodes() {
        Store store = store(shared(LEVELS, 1));
        AtomicInteger told = new AtomicInteger();
        try (Subscription watching =
                store.watch("a", Delivery.latest(Runnable::run), update -> told.incrementAndGet())) {
            store.put("a", twins(LEVELS, 1));
            assertThat(told).hasValue(0);
            store.put("a", twins(LEVELS, 2));
            assertThat(told).hasValue(1);
            assertThat(watching.base()).isNotNull();
        }
        assertFew();
    }

    @Test
    void viewsInsideOfForeignCollectionsAreComparedOnce() {
        Object wide = store(shared(LEVELS, 1)).get("a");
        Object other = store(twins(LEVELS, 1)).get("a");
        List<Object> mine = store(java.util.Collections.nCopies(1_000, wide)).getList("a");
        Object view = store(other).getMap(KeyPath.root()).get("a");
        assertThat(mine.equals(java.util.Collections.nCopies(1_000, view))).isTrue();
        assertThat(Steps.ofThread() - started).isLessThan(4 * FEW);
    }
}
