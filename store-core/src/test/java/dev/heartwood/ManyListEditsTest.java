package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Diffs with many changes in one list are applied in one pass, with the same result as one by one. */
class ManyListEditsTest {
    private static Snapshot state(Object list) {
        return Store.of(Map.of("l", list)).snapshot();
    }

    private static List<Object> numbers(int from, int end, int step) {
        List<Object> numbers = new ArrayList<>();
        for (int i = from; i < end; i += step) {
            numbers.add("e" + i);
        }
        return numbers;
    }

    private static void leadsThereAndBack(Snapshot before, Snapshot after) {
        Diff diff = before.diff(after);
        try (Store store = Store.of(before.root())) {
            store.apply(diff);
            assertThat(store.snapshot().sameTree(after)).isTrue();
            store.apply(diff.inverse());
            assertThat(store.snapshot().sameTree(before)).isTrue();
        }
    }

    @Test
    void everySecondElementGoesAndComesBack() {
        leadsThereAndBack(state(numbers(0, 2_000, 1)), state(numbers(0, 2_000, 2)));
    }

    private static Object randomList(Random random, int depth) {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(30); i > 0; i--) {
            int kind = depth == 0 ? 0 : random.nextInt(3);
            Object leaf = (long) random.nextInt(6);
            list.add(
                    kind == 0
                            ? leaf
                            : kind == 1 ? Map.of("l", randomList(random, depth - 1)) : randomList(random, depth - 1));
        }
        return list;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void nestedListsLeadThereAndBack(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            leadsThereAndBack(state(randomList(random, 3)), state(randomList(random, 3)));
        }
    }

    @Test
    void aKeyThatOthersHavePutMeanwhileIsAConflictAndNotOverwritten() {
        List<Object> list = numbers(0, 20, 1);
        list.add(0, Map.of("n", 1));
        List<Object> next = numbers(0, 20, 2);
        next.add(0, Map.of("n", 1, "k", 2));
        Snapshot before = state(list);
        Diff diff = before.diff(state(next));
        Store store = Store.of(before.root());
        store.put(KeyPath.of("l", 0, "k"), "theirs");
        Snapshot state = store.snapshot();
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> store.apply(diff))
                .satisfies(e -> assertThat(e.path()).isEqualTo(KeyPath.of("l", 0, "k")));
        assertThat(store.snapshot()).isSameAs(state);
    }

    @Test
    void aValueInAnElementThatOthersHaveReplacedMeanwhileIsAConflictAndNotOverwritten() {
        List<Object> list = numbers(0, 20, 1);
        list.add(0, Map.of("n", 1));
        List<Object> next = numbers(0, 20, 2);
        next.add(0, Map.of("n", 2));
        Snapshot before = state(list);
        Diff diff = before.diff(state(next));
        Store store = Store.of(before.root());
        store.put(KeyPath.of("l", 0, "n"), "theirs");
        Snapshot state = store.snapshot();
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> store.apply(diff))
                .satisfies(e -> assertThat(e.path()).isEqualTo(KeyPath.of("l", 0, "n")));
        assertThat(store.snapshot()).isSameAs(state);
    }

    /** The keys of the map look like indices, and the value stands at the same place of a list. */
    @Test
    void aMapThatOthersHaveReplacedByAListMeanwhileIsAConflictThoughTheValueIsThere() {
        List<Object> list = numbers(0, 20, 1);
        list.add(0, Map.of("0", "x", "n", 1));
        List<Object> next = numbers(0, 20, 2);
        next.add(0, Map.of("n", 1));
        Snapshot before = state(list);
        Diff diff = before.diff(state(next));
        Store store = Store.of(before.root());
        store.put(KeyPath.of("l", 0), List.of("x", "y"));
        Snapshot state = store.snapshot();
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> store.apply(diff))
                .withMessageContaining("expected a map at /l/0")
                .satisfies(e -> assertThat(e.path()).isEqualTo(KeyPath.of("l", 0, "0")));
        assertThat(store.snapshot()).isSameAs(state);
    }

    @Test
    void aConflictInTheMiddleChangesNothingAndNamesItsPlace() {
        Snapshot before = state(numbers(0, 100, 1));
        Diff diff = before.diff(state(numbers(0, 100, 2)));
        List<Object> other = numbers(0, 100, 1);
        other.set(51, "another");
        Store store = Store.of(Map.of("l", other));
        Snapshot state = store.snapshot();
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> store.apply(diff))
                .withMessageContaining("\"e51\"")
                .withMessageContaining("\"another\"")
                .satisfies(e -> assertThat(e.path()).isEqualTo(KeyPath.of("l", 26)));
        assertThat(store.snapshot()).isSameAs(state);
    }

    @Test
    void aListThatIsShorterThanExpectedIsAConflict() {
        Diff diff = state(numbers(0, 100, 2)).diff(state(numbers(0, 100, 1)));
        Store store = Store.of(Map.of("l", numbers(0, 20, 2)));
        assertThatExceptionOfType(ConflictException.class).isThrownBy(() -> store.apply(diff));
        assertThat(store.getList("l")).isEqualTo(numbers(0, 20, 2));
    }

    @Test
    void whatIsOnlyAppendedIsToldToRootsAsSuch() {
        Diff diff = state(numbers(0, 50, 1)).diff(state(numbers(0, 100, 1)));
        List<Edit> edits = new ArrayList<>();
        InterposedRoot root = new InterposedRoot(Map.of("l", numbers(0, 50, 1)));
        root.onEdits((before, after, made) -> edits.addAll(made.get()));
        Store store = Store.over(root);
        store.apply(diff);
        assertThat(edits).singleElement().isInstanceOf(Edit.Append.class);
    }

    private static boolean onlyAppends(Snapshot before, Diff diff) {
        boolean[] answer = new boolean[1];
        before.edit(tx -> {
            DiffRun runs = new DiffRun(diff.stream().toList(), true);
            answer[0] = runs.onlyAppends(Objects.requireNonNull(runs.at(0, tx)), tx);
        });
        return answer[0];
    }

    @Test
    void insertionsAtWhatWasTheEndAreNoneAtTheEnd() {
        Snapshot half = state(numbers(0, 50, 1));
        Snapshot whole = state(numbers(0, 100, 1));
        assertThat(onlyAppends(half, half.diff(whole))).isTrue();
        assertThat(onlyAppends(half, whole.diff(half).inverse())).isFalse();
        leadsThereAndBack(whole, half);
    }
}
