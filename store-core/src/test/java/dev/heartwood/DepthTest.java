package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** 1,000 nested containers, counted from the root, however the tree was put together. */
class DepthTest {
    private static final List<UnaryOperator<Object>> WRAPPERS =
            List.of(DepthTest::inMap, DepthTest::inList, DepthTest::inArray, DepthTest::inHashMap, DepthTest::inVector);

    private final Store store = Store.create();

    private static Object inMap(Object inner) {
        return Collections.singletonMap("a", inner);
    }

    private static Object inList(Object inner) {
        return Collections.singletonList(inner);
    }

    private static Object inArray(Object inner) {
        return new Object[] {inner};
    }

    private static Object inHashMap(Object inner) {
        return HashMap.of("a", inner);
    }

    private static Object inVector(Object inner) {
        return Vector.of(inner);
    }

    /** So many containers around a leaf. */
    static Object nested(int containers, UnaryOperator<Object> wrapper) {
        Object value = "leaf";
        for (int i = 0; i < containers; i++) {
            value = wrapper.apply(value);
        }
        return value;
    }

    static KeyPath path(int steps, Object step) {
        return KeyPath.of(Collections.nCopies(steps, step));
    }

    private UnsupportedValueException refused(Runnable write) {
        Snapshot before = store.snapshot();
        UnsupportedValueException e = catchThrowableOfType(UnsupportedValueException.class, write::run);
        assertThat(e).hasMessageContaining("more than 1,000 nested containers");
        assertThat(store.snapshot()).isSameAs(before);
        return e;
    }

    @Test
    void aValueMayFillTheLimitAndNotMore() {
        for (UnaryOperator<Object> wrapper : WRAPPERS) {
            store.put("x", nested(999, wrapper));
            refused(() -> store.put("x", nested(1_000, wrapper)));
            store.put(KeyPath.of("m", "n"), nested(998, wrapper));
            refused(() -> store.put(KeyPath.of("m", "n"), nested(999, wrapper)));
        }
    }

    @Test
    void theChangesOfATreeThatIsElsewhereMayFillTheLimitAndNotMore() {
        KeyPath place = path(500, "a");
        for (UnaryOperator<Object> wrapper : WRAPPERS) {
            for (Map<String, Object> before :
                    List.<Map<String, Object>>of(Map.of(), Map.of("x", 1), Map.of("x", List.of(1, 2)))) {
                store.put(KeyPath.root(), Map.of());
                store.put(place, before);
                Snapshot old = Store.of(before).snapshot();
                Diff tooDeep =
                        old.diff(Store.of(Map.of("x", nested(500, wrapper))).snapshot());
                refused(() -> store.under(place).apply(tooDeep));
                refused(() -> store.batch(tx -> tx.under(place).apply(tooDeep)));
                if (before.get("x") instanceof List) {
                    Object longer = List.of(1, nested(499, wrapper), 2, 3, 4, 5);
                    refused(() -> store.under(place)
                            .apply(old.diff(Store.of(Map.of("x", longer)).snapshot())));
                }
                store.under(place)
                        .apply(old.diff(
                                Store.of(Map.of("x", nested(499, wrapper))).snapshot()));
            }
        }
    }

    @Test
    void theContainerThatIsTooDeepIsNamed() {
        for (UnaryOperator<Object> wrapper : WRAPPERS) {
            Object step = nested(1, wrapper) instanceof Map || nested(1, wrapper) instanceof HashMap ? "a" : 0;
            KeyPath tooDeep = KeyPath.of("x").resolve(path(999, step));
            assertThat(refused(() -> store.put("x", nested(1_000, wrapper))).path())
                    .isEqualTo(tooDeep);
            assertThat(refused(() -> store.put("x", nested(3_000, wrapper))).path())
                    .isEqualTo(tooDeep);
        }
    }

    @Test
    void theContainerThatAFunctionPutsTooDeepIsNamed() {
        store.put("x", nested(999, DepthTest::inVector));
        store.updateList("x", old -> old.append(nested(998, DepthTest::inVector)));
        KeyPath innermost = KeyPath.of("x").resolve(path(998, 0));
        assertThat(refused(() ->
                                store.updateList(innermost, old -> old.append(1).append(Vector.of(1))))
                        .path())
                .isEqualTo(innermost.child(2));
        assertThat(refused(() -> store.updateList(innermost, old -> old.update(0, Vector.of(1))))
                        .path())
                .isEqualTo(innermost.child(0));
    }

    @Test
    void aRootMayFillTheLimitAndNotMore() {
        Map<String, Object> fits = new LinkedHashMap<>(Map.of("a", nested(999, DepthTest::inMap)));
        Map<String, Object> tooDeep = new LinkedHashMap<>(Map.of("a", nested(1_000, DepthTest::inMap)));
        store.put(KeyPath.root(), fits);
        assertThatCode(() -> Store.of(fits).close()).doesNotThrowAnyException();
        refused(() -> store.put(KeyPath.root(), tooDeep));
        refused(() -> Store.of(tooDeep).close());
        refused(() ->
                Store.of(HashMap.of("a", nested(1_000, DepthTest::inHashMap))).close());
    }

    @Test
    void aPathMayHaveAThousandSteps() {
        store.put(path(1_000, "k"), 1);
        assertThat(store.get(path(1_000, "k"))).isEqualTo(1L);
        store.clear();
        refused(() -> store.put(path(1_001, "k"), 1));
        refused(() -> store.put(path(1_001, "k"), null));
        refused(() -> store.set(path(1_001, "k"), "x"));
        refused(() -> store.init(path(1_001, "k"), true));
        refused(() -> store.merge(path(1_001, "k"), 1, (a, b) -> b));
        refused(() -> store.put(path(1_000, "k"), Map.of()));
        refused(() -> store.put(path(1_000, "k"), List.of()));
        refused(() -> store.put(path(1_000, "k"), HashMap.empty()));
        refused(() -> store.put(path(1_000, "k"), Vector.empty()));
        refused(() -> store.put(path(100_000, "k"), 1));
        store.put(path(999, "k"), Map.of());
        store.put(path(999, "k").child("x"), 1);
        refused(() -> store.put(path(999, "k").child("x"), Map.of()));
    }

    @Test
    void readingTooDeepIsMissing() {
        assertThat(store.contains(path(5_000, "k"))).isFalse();
        assertThat(store.getOrDefault(path(5_000, 0), "no")).isEqualTo("no");
        assertThat(store.discard(path(5_000, "k"))).isFalse();
    }

    @Test
    void aTreeWrappedByFunctionsIsCounted() {
        store.put("x", Map.of());
        int wrapped = 0;
        UnsupportedValueException refusal = null;
        while (refusal == null && wrapped < 3_000) {
            refusal = catchThrowableOfType(
                    UnsupportedValueException.class,
                    () -> store.updateMap("x", old -> HashMap.of("in", old, "beside", 1)));
            wrapped += refusal == null ? 1 : 0;
        }
        assertThat(wrapped).isEqualTo(998);
        assertThat(refusal).hasMessageContaining("/x");
    }

    @Test
    void aListWrappedByFunctionsIsCounted() {
        store.put("x", List.of());
        int wrapped = 0;
        while (wrapped < 3_000
                && catchThrowableOfType(
                                UnsupportedValueException.class, () -> store.update("x", old -> Vector.of(1, old)))
                        == null) {
            wrapped++;
        }
        assertThat(wrapped).isEqualTo(998);
    }

    @Test
    void aRootWrappedThroughFunctionsViewsAndSnapshotsIsCounted() {
        List<UnaryOperator<Object>> ways = List.of(
                root -> HashMap.of("in", root),
                root -> Map.of("in", store.snapshot().root()),
                root -> Map.of("in", store.getMap(KeyPath.root())),
                root -> new LinkedHashMap<>(Map.of("in", store.snapshot())));
        for (UnaryOperator<Object> way : ways) {
            store.clear();
            int wrapped = 0;
            while (wrapped < 3_000
                    && catchThrowableOfType(
                                    UnsupportedValueException.class,
                                    () -> store.put(KeyPath.root(), way.apply(store.get(KeyPath.root()))))
                            == null) {
                wrapped++;
            }
            assertThat(wrapped).isEqualTo(999);
        }
    }

    @Test
    void aSubtreeMovedDeeperIsCounted() {
        store.put("x", nested(999, DepthTest::inMap));
        Object x = store.get("x");
        refused(() -> store.put(KeyPath.of("y", "z"), x));
        refused(() -> store.put("y", List.of(x)));
        refused(() -> store.put("y", store.snapshot().root()));
        refused(() -> store.update("x", old -> List.of(old)));
        refused(() -> store.updateMap("x", old -> old.put("deeper", old)));
        refused(() -> store.batch(tx -> tx.put("y", List.of(tx.get("x")))));
        store.put("y", x);
        assertThat(store.get("y")).isSameAs(x);
        Object inner = store.get(KeyPath.of("x", "a", "a"));
        store.put(KeyPath.of("y", "z"), inner);
        assertThat(store.get(KeyPath.of("y", "z"))).isSameAs(inner);
        refused(() -> store.put(KeyPath.of("p", "q", "r", "s"), inner));
    }

    /** A part of the map is known, with its height, and the rest is walked. */
    @Test
    void aLargeMapThatWasChangedAndMovedDeeperIsCounted() {
        Map<String, Object> large = new java.util.HashMap<>();
        for (int i = 0; i < 30_000; i++) {
            large.put("k" + i, i);
        }
        large.put("deep", nested(990, DepthTest::inMap));
        store.put("large", large);
        HashMap<String, Object> changed = store.mapAt("large").put("k7", 8L).put("k8", 9L);
        for (int depth : new int[] {10, 11, 100}) {
            UnsupportedValueException e = refused(() -> store.put(path(depth, "p"), changed));
            assertThat(e.path().startsWith(path(depth, "p"))).isTrue(); // or the part too deep, where it is walked
            refused(() -> store.put(path(depth - 1, "p"), List.of(changed)));
        }
        store.put(path(9, "p"), changed);
    }

    @Test
    void aLongListThatWasChangedAndMovedDeeperIsCounted() {
        List<Object> large = new ArrayList<>(Collections.nCopies(5_000, 1));
        large.set(1_500, nested(990, DepthTest::inMap));
        store.put("large", large);
        Vector<Object> changed = store.vectorAt("large").update(7, 8L).append(9L);
        for (int depth : new int[] {10, 11, 100}) {
            UnsupportedValueException e = refused(() -> store.put(path(depth, "p"), changed));
            assertThat(e.path().startsWith(path(depth, "p"))).isTrue(); // or the part too deep, where it is walked
        }
        store.put(path(9, "p"), changed);
    }

    @Test
    void aSubtreeMovedDeeperInsideAFunctionIsCounted() {
        store.put("x", nested(998, DepthTest::inHashMap));
        store.updateMap(
                KeyPath.root(),
                root -> root.put("y", HashMap.of("x", root.get("x").get())));
        refused(() -> store.updateMap(
                KeyPath.root(), root -> root.put("z", Vector.of(root.get("y").get()))));
        refused(() -> store.updateMap(KeyPath.root(), root -> HashMap.of("a", Vector.of(root))));
    }

    @Test
    void depthIsCountedAfterManyOtherTreesWereHandedOut() {
        store.put("x", nested(999, DepthTest::inMap));
        Object x = store.get("x");
        try (Store other = Store.create()) {
            for (int i = 0; i < 20_000; i++) {
                other.put("m", HashMap.of("i", i));
                other.get("m");
            }
        }
        store.put("y", x);
        refused(() -> store.put("y", List.of(x)));
        refused(() -> store.update("x", old -> List.of(old)));
    }

    @Test
    void sharedPartsCountAtTheirDeepestPlace() {
        Object deep = nested(500, DepthTest::inList);
        Object twice = List.of(deep, nested(499, DepthTest::inList), Collections.singletonList(deep));
        store.put("x", twice);
        Object x = store.get("x");
        store.put(path(498, "k"), x);
        refused(() -> store.put(path(499, "j"), x));
        List<Object> first = new ArrayList<>(List.of(deep, List.of(deep)));
        store.put(path(498, "l"), first);
        refused(() -> store.put(path(499, "l2"), first));
    }
}
