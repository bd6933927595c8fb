package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.tree.Steps;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Operations that write at several places: each is one commit, and does as its Javadoc says. Random trees:
 * StoreModelTest.
 */
class BulkEditsTest {
    private static final KeyPath ROOT = KeyPath.root();

    private final Store store =
            Store.of(Map.of("a", Map.of("x", 1, "y", Map.of("z", 2)), "l", List.of(1, 2, 3), "n", 5));
    private final Snapshot start = store.snapshot();
    private int marks;

    // ---- putAll

    @Test
    void putAllPutsEachKeyAndLeavesTheOthers() {
        store.putAll("a", Map.of("x", 7, "new", List.of(1)));

        assertThat(store.getMap("a")).isEqualTo(Map.of("x", 7L, "y", Map.of("z", 2L), "new", List.of(1L)));
        assertThat(store.version()).isEqualTo(start.version() + 1);
    }

    @Test
    void putAllMakesParentsButNothingForNoEntries() {
        store.putAll(KeyPath.of("b", "c"), Map.of());
        assertThat(store.snapshot()).isSameAs(start);

        store.putAll(KeyPath.of("b", "c"), Map.of("d", 1));
        assertThat(store.get(KeyPath.of("b", "c", "d"))).isEqualTo(1L);
    }

    @Test
    void putAllThatChangesNothingCommitsNothing() {
        store.putAll("a", Map.of("x", 1));
        assertThat(store.snapshot()).isSameAs(start);
    }

    @Test
    void putAllIntoAScalarIsRefusedAsAWhole() {
        assertThatThrownBy(() -> store.putAll("n", Map.of("x", 1)))
                .isInstanceOf(TypeMismatchException.class)
                .hasMessageContaining("/n");
        assertThat(store.snapshot()).isSameAs(start);
    }

    @Test
    void putAllNamesThePathOfWhatNoTreeHolds() {
        assertThatThrownBy(() -> store.putAll("a", Map.of("x", new StringBuilder())))
                .isInstanceOf(UnsupportedValueException.class)
                .hasMessageContaining("/a/x");
    }

    @Test
    void whatPutAllWasGivenCanNotChangeTheTree() {
        Map<String, Object> mine = new HashMap<>(Map.of("x", new HashMap<>(Map.of("k", 1))));
        store.putAll("a", mine);
        Plain.asMap(mine.get("x")).put("k", 2);
        assertThat(store.get(KeyPath.of("a", "x", "k"))).isEqualTo(1L);
    }

    // ---- mergeTree

    @Test
    void mergeTreeGoesIntoMapsAndReplacesAllElse() {
        Map<String, Object> deep = new HashMap<>();
        deep.put("a", Map.of("y", Map.of("w", 3), "x", List.of()));
        deep.put("l", Map.of("k", 1));
        deep.put("n", null);
        store.mergeTree(ROOT, deep);

        assertThat(store.getMap("a")).isEqualTo(Map.of("x", List.of(), "y", Map.of("z", 2L, "w", 3L)));
        assertThat(store.getMap("l")).isEqualTo(Map.of("k", 1L));
        assertThat(store.contains("n")).isTrue();
        assertThat(store.get("n")).isNull();
        assertThat(store.version()).isEqualTo(start.version() + 1);
    }

    @Test
    void mergeTreeReplacesAListOrALeafAtItsOwnPath() {
        store.mergeTree("n", Map.of("k", 1));
        store.mergeTree("l", Map.of());
        assertThat(store.getMap("n")).isEqualTo(Map.of("k", 1L));
        assertThat(store.getMap("l")).isEmpty();
    }

    @Test
    void mergeTreeOfAnEmptyMapLeavesAMapAsItIs() {
        store.mergeTree(ROOT, Map.of("a", Map.of()));
        assertThat(store.snapshot()).isSameAs(start);
    }

    @Test
    void mergeTreeIsSafeAtTheDeepestLevelOnASmallStack() throws Exception {
        Map<String, Object> deep = Map.of("leaf", 1);
        Map<String, Object> other = Map.of("other", 2);
        for (int i = 0; i < 990; i++) {
            deep = Map.of("k", deep);
            other = Map.of("k", other);
        }
        Map<String, Object> first = deep;
        Map<String, Object> second = other;
        SmallStack.call(() -> {
            store.mergeTree("deep", first);
            store.mergeTree("deep", second);
            return true;
        });
        String[] path = new String[992];
        Arrays.fill(path, "k");
        path[0] = "deep";
        path[991] = "other";
        assertThat(store.get(KeyPath.ofTokens(path))).isEqualTo(2L);
    }

    // ---- move and copy

    @Test
    void moveTakesTheValueAwayAndPutsIt() {
        Object moved = store.get("a");
        store.move(KeyPath.of("a"), KeyPath.of("b", "c"));

        assertThat(store.contains("a")).isFalse();
        assertThat(store.get(KeyPath.of("b", "c"))).isSameAs(moved);
        assertThat(store.version()).isEqualTo(start.version() + 1);
    }

    @Test
    void moveReplacesWhatIsThereInAMapAndInsertsInAList() {
        store.move("n", "a");
        assertThat(store.get("a")).isEqualTo(5L);
        store.move(KeyPath.of("a"), KeyPath.of("l", 1));
        assertThat(store.getList("l")).isEqualTo(List.of(1L, 5L, 2L, 3L));
    }

    @Test
    void anIndexCountsOnceTheElementIsRemoved() {
        store.move(KeyPath.of("l", 0), KeyPath.of("l", 2));
        assertThat(store.getList("l")).isEqualTo(List.of(2L, 3L, 1L));
        assertThatThrownBy(() -> store.move(KeyPath.of("l", 0), KeyPath.of("l", 3)))
                .isInstanceOf(NoSuchPathException.class);
        store.move(KeyPath.of("l", 0), KeyPath.of("l", "-"));
        assertThat(store.getList("l")).isEqualTo(List.of(3L, 1L, 2L));
    }

    @Test
    void aMoveOntoItsOwnPlaceChangesNothingAndTheValueMustExist() {
        store.move("a", "a");
        store.move(KeyPath.of("l", 1), KeyPath.of("l", 1));
        assertThat(store.snapshot()).isSameAs(start);
        assertThatThrownBy(() -> store.move("x", "x")).isInstanceOf(NoSuchPathException.class);
        assertThatThrownBy(() -> store.move("x", "y")).isInstanceOf(NoSuchPathException.class);
    }

    @Test
    void aMoveBelowItselfIsRefused() {
        assertThatThrownBy(() -> store.move(KeyPath.of("a"), KeyPath.of("a", "b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/a/b");
        assertThatThrownBy(() -> store.move(ROOT, KeyPath.of("a"))).isInstanceOf(IllegalArgumentException.class);
        assertThat(store.snapshot()).isSameAs(start);
    }

    @Test
    void aMapMayBeMovedOntoOneOfItsParents() {
        store.move(KeyPath.of("a", "y"), KeyPath.of("a"));
        assertThat(store.getMap("a")).isEqualTo(Map.of("z", 2L));
        store.move(KeyPath.of("a"), ROOT);
        assertThat(store.toMap()).isEqualTo(Map.of("z", 2L));
    }

    @Test
    void aMoveThatFailsAtItsTargetTakesNothingAway() {
        assertThatThrownBy(() -> store.move(KeyPath.of("a"), KeyPath.of("n", "b")))
                .isInstanceOf(TypeMismatchException.class);
        assertThat(store.snapshot()).isSameAs(start);
        Commit commit = store.batch(tx -> {
            assertThatThrownBy(() -> tx.move(KeyPath.of("a"), KeyPath.of("n", "b")))
                    .isInstanceOf(TypeMismatchException.class);
            assertThat(tx.contains("a")).isTrue();
        });
        assertThat(commit.changed()).isFalse();
    }

    @Test
    void copySharesTheValueAndMayGoBelowItself() {
        store.copy("a", "b");
        assertThat(store.get("b")).isSameAs(store.get("a"));
        store.copy(KeyPath.of("a"), KeyPath.of("a", "y", "inner"));
        assertThat(store.get(KeyPath.of("a", "y", "inner", "y"))).isEqualTo(store.get(KeyPath.of("b", "y")));
        assertThat(store.contains(KeyPath.of("a", "y", "inner", "y", "inner"))).isFalse();
    }

    @Test
    void movingALargeValueLooksAtNoneOfIt() {
        assertThat(Steps.areCounted()).isTrue();
        Map<String, Object> large = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            large.put("key" + i, i);
        }
        store.put("large", large);
        long before = Steps.ofThread();
        store.move(KeyPath.of("large"), KeyPath.of("deep", "er"));
        store.copy(KeyPath.of("deep", "er"), KeyPath.of("copy"));
        assertThat(Steps.ofThread() - before).isLessThan(100);
    }

    // ---- compute

    @Test
    void computeIsThatOfAMap() {
        assertThat(store.compute("n", n -> (Long) n + 1)).isEqualTo(6L);
        assertThat(store.compute("new", n -> n == null ? "first" : "second")).isEqualTo("first");
        assertThat(store.compute("new", n -> n == null ? "first" : "second")).isEqualTo("second");
        assertThat(store.compute("new", n -> null)).isNull();
        assertThat(store.contains("new")).isFalse();
    }

    @Test
    void computeSeesNullForAJsonNullAndRemovesIt() {
        store.put("none", null);
        assertThat(store.compute("none", n -> n)).isNull();
        assertThat(store.contains("none")).isFalse();
    }

    @Test
    void computeOfNothingToNothingMakesNoParents() {
        assertThat(store.compute(KeyPath.of("x", "y", "z"), n -> null)).isNull();
        assertThat(store.snapshot()).isSameAs(start);
    }

    @Test
    void computeInAListRemovesTheElement() {
        store.compute(KeyPath.of("l", 0), n -> null);
        assertThat(store.getList("l")).isEqualTo(List.of(2L, 3L));
        assertThatThrownBy(() -> store.compute(KeyPath.of("l", 2), n -> 1)).isInstanceOf(NoSuchPathException.class);
    }

    @Test
    void theRootIsNotComputed() {
        assertThatThrownBy(() -> store.compute(ROOT, root -> null)).isInstanceOf(IllegalArgumentException.class);
    }

    // ---- the read set of a batch

    @Test
    void putAllReadsNothingOfItsKeys() {
        stands(tx -> tx.putAll("a", Map.of("x", 7)), rival -> rival.put(KeyPath.of("a", "x"), 8));
        assertThat(store.get(KeyPath.of("a", "x"))).isEqualTo(7L);
        stands(tx -> tx.putAll("a", Map.of("x", 9)), rival -> rival.put(KeyPath.of("a", "w"), 8));
        assertThat(store.get(KeyPath.of("a", "w"))).isEqualTo(8L);
        runsAgain(tx -> tx.putAll("new", Map.of("x", 9)), rival -> rival.put("new", Map.of("y", 1)));
        assertThat(store.getMap("new")).isEqualTo(Map.of("x", 9L, "y", 1L));
    }

    @Test
    void mergeTreeReadsWhetherMapsMeetMaps() {
        Map<String, Object> deep = Map.of("y", Map.of("w", 1));
        stands(tx -> tx.mergeTree("a", deep), rival -> rival.put(KeyPath.of("a", "y", "z"), 8));
        assertThat(store.getMap(KeyPath.of("a", "y"))).isEqualTo(Map.of("z", 8L, "w", 1L));
        runsAgain(tx -> tx.mergeTree("a", deep), rival -> rival.put(KeyPath.of("a", "y"), 5));
        assertThat(store.getMap(KeyPath.of("a", "y"))).isEqualTo(Map.of("w", 1L));
        runsAgain(
                tx -> tx.mergeTree("a", Map.of("k", Map.of("i", 1))),
                rival -> rival.put(KeyPath.of("a", "k"), Map.of()));
    }

    @Test
    void moveReadsItsSourceByReferenceAndThePresenceOfItsTarget() {
        runsAgain(tx -> tx.move("a", "b"), rival -> rival.put(KeyPath.of("a", "x"), 8));
        assertThat(store.get(KeyPath.of("b", "x"))).isEqualTo(8L);
        store.put("t", 1);
        stands(tx -> tx.copy("b", "t"), rival -> rival.put("t", 2));
        assertThat(store.get("t")).isEqualTo(store.get("b"));
        runsAgain(tx -> tx.copy("b", "u"), rival -> rival.put("u", 2));
    }

    private void stands(Consumer<Transaction> body, Consumer<Store> rival) {
        assertThat(attempts(body, rival)).as("attempts").isEqualTo(1);
    }

    private void runsAgain(Consumer<Transaction> body, Consumer<Store> rival) {
        assertThat(attempts(body, rival)).as("attempts").isEqualTo(2);
    }

    private int attempts(Consumer<Transaction> body, Consumer<Store> rival) {
        boolean[] first = {true};
        return store.batch(tx -> {
                    body.accept(tx);
                    tx.set("mark", ++marks); // a batch that writes nothing has no race to lose
                    if (first[0]) {
                        first[0] = false;
                        Crew.elsewhere(() -> rival.accept(store));
                    }
                })
                .attempts();
    }
}
