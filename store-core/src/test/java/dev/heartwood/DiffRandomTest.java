package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The laws of diffs, on seeded random trees and against a model that shares nothing with the library. */
class DiffRandomTest {
    private static final int ROUNDS = 300;

    private static void requireLaws(Snapshot a, Snapshot b, String label) {
        Map<String, Object> before = Plain.map(a.root());
        Map<String, Object> after = Plain.map(b.root());
        Diff diff = a.diff(b);
        assertThat(diff.isEmpty()).as(label).isEqualTo(before.equals(after)).isEqualTo(a.sameTree(b));
        assertThat(b.diff(a).isEmpty()).isEqualTo(diff.isEmpty());

        Map<String, Object> model = Plain.map(a.root());
        for (Change change : diff) {
            Plain.apply(model, change);
        }
        assertThat(model).as("%s: %s", label, diff).isEqualTo(after);
        for (Change change : diff.inverse()) {
            Plain.apply(model, change);
        }
        assertThat(model).as("%s: inverse of %s", label, diff).isEqualTo(before);

        Snapshot applied = a.edit(tx -> tx.apply(diff));
        assertThat(applied.sameTree(b)).as(label).isTrue();
        assertThat(b.edit(tx -> tx.apply(diff.inverse())).sameTree(a)).as(label).isTrue();
        try (Store store = Store.of(a.root())) {
            store.apply(diff);
            assertThat(store.snapshot().sameTree(b)).as(label).isTrue();
            for (Change change : diff.inverse()) {
                assertThat(change.inverse().inverse()).isEqualTo(change);
            }
        }
        assertThat(diff.inverse().inverse()).isEqualTo(diff).hasSameHashCodeAs(diff);
        for (Change change : diff) {
            for (KeyPath place = change.path(); place.parent() != null; place = place.parent()) {
                assertThat(a.diff(b, place)).as("%s: at %s", label, place).isEqualTo(alone(a, b, place));
            }
        }
    }

    /** The diff of two trees that hold nothing but the value at the place. */
    private static Diff alone(Snapshot a, Snapshot b, KeyPath place) {
        String key = place.last();
        return Diff.between(only(key, a, place), only(key, b, place)).below(place.parent());
    }

    private static HashMap<String, Object> only(String key, Snapshot state, KeyPath place) {
        return state.contains(place) ? HashMap.of(key, state.getOrDefault(place, null)) : HashMap.empty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void betweenTreesThatShareNoStructure(long seed) {
        RandomTrees trees = new RandomTrees(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Map<String, Object> before = trees.map(5);
            Map<String, Object> after = round % 5 == 0 ? trees.map(5) : trees.mutatedMap(before, 5);
            requireLaws(Store.of(before).snapshot(), Store.of(after).snapshot(), "seed " + seed + " round " + round);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void betweenStatesOfOneStore(long seed) {
        RandomTrees trees = new RandomTrees(seed);
        Random random = trees.random();
        try (Store store = Store.of(trees.map(5))) {
            Snapshot kept = store.snapshot();
            for (int round = 0; round < ROUNDS; round++) {
                List<KeyPath> paths =
                        store.leaves(KeyPath.root()).map(Map.Entry::getKey).toList();
                KeyPath path = paths.get(random.nextInt(paths.size()));
                if (path.size() == 0 || random.nextInt(40) == 0) {
                    store.put(trees.key(), trees.value(5));
                } else if (random.nextInt(3) == 0) {
                    store.remove(path.prefix(1 + random.nextInt(path.size())));
                } else {
                    store.put(path, trees.value(3));
                }
                Snapshot now = store.snapshot();
                requireLaws(kept, now, "seed " + seed + " round " + round);
                kept = random.nextInt(4) == 0 ? now : kept;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22})
    void betweenLongLists(long seed) {
        RandomTrees trees = new RandomTrees(seed);
        Random random = trees.random();
        for (int round = 0; round < 60; round++) {
            Object[] before = random.ints(random.nextInt(80), 0, 8)
                    .mapToObj(i -> element(i))
                    .toArray();
            Object[] after = random.ints(random.nextInt(80), 0, 8)
                    .mapToObj(i -> element(i))
                    .toArray();
            requireLaws(
                    Store.of(Map.of("l", before)).snapshot(),
                    Store.of(Map.of("l", after)).snapshot(),
                    "seed " + seed + " round " + round);
        }
    }

    private static Object element(int i) {
        return i < 4 ? (Object) i : i < 6 ? Map.of("i", i, "same", 1) : List.of(i, 1);
    }
}
