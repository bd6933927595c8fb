package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that a caller still holds can change the tree. */
class FreezeAliasTest {
    private final Store store = Store.create();

    private static Object[] array(int size) {
        Object[] array = new Object[size];
        Arrays.setAll(array, i -> "ok " + i);
        return array;
    }

    private void unharmed(Object[] array, Runnable write) {
        write.run();
        String before = store.snapshot().toMap().toString();
        Arrays.fill(array, "evil");
        assertThat(store.snapshot().toMap()).hasToString(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 31, 32, 33, 64, 1024, 1025, 2000})
    void aChangedArrayChangesNothing(int size) {
        Object[] direct = array(size);
        unharmed(direct, () -> store.put("a", direct));
        Object[] asList = array(size);
        unharmed(asList, () -> store.put("a", Arrays.asList(asList)));
        Object[] vector = array(size);
        unharmed(vector, () -> store.put("a", Vector.of(vector)));
        Object[] ofAll = array(size);
        unharmed(ofAll, () -> store.put("a", Vector.ofAll(Arrays.asList(ofAll))));
        Object[] vavrArray = array(size);
        unharmed(vavrArray, () -> store.put("a", io.vavr.collection.Array.of(vavrArray)));
        Object[] nested = array(size);
        unharmed(nested, () -> store.put("a", HashMap.of("x", List.of(Vector.of(nested)))));
        Object[] element = array(size);
        unharmed(element, () -> store.put("a", List.of(1)));
        unharmed(element, () -> store.append("a", Vector.of(element)));
        Object[] more = array(size);
        unharmed(more, () -> store.concat("a", Vector.of(more)));
        Object[] merged = array(size);
        unharmed(merged, () -> store.merge("b", Vector.of(merged), (a, b) -> b));
        Object[] root = array(size);
        unharmed(root, () -> store.put(KeyPath.root(), Map.of("r", Vector.of(root))));
    }

    @Test
    void aChangedPrimitiveArrayChangesNothing() {
        long[] longs = new long[32];
        double[][] doubles = {{1}, {2}};
        store.put("a", Vector.ofAll(longs));
        store.put("b", doubles);
        longs[0] = 1;
        doubles[0][0] = 3;
        doubles[1] = new double[0];
        assertThat(store.get(KeyPath.of("a", 0))).isEqualTo(0L);
        assertThat(store.getList("b")).isEqualTo(List.of(List.of(1.0), List.of(2.0)));
    }

    @Test
    void aChangedCollectionChangesNothing() {
        List<Object> inner = new ArrayList<>(List.of(1));
        Map<String, Object> middle = new LinkedHashMap<>(Map.of("inner", inner));
        store.put("java", middle);
        store.put("vavr", HashMap.of("middle", Vector.of(middle)));
        inner.add(2);
        middle.put("more", 1);
        assertThat(store.toMap().toString()).isEqualTo("{java={inner=[1]}, vavr={middle=[{inner=[1]}]}}");
    }

    /** A function may return an array that it keeps, in any of the shapes that Vavr builds over an array. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 31, 32, 33, 64, 2000})
    void whatAFunctionKeepsChangesNothing(int size) {
        Object[] array = array(32);
        List<Supplier<Vector<Object>>> shapes = List.of(
                () -> Vector.of(array),
                () -> Vector.of(array).append("x"),
                () -> Vector.of(array).prepend("x"),
                () -> Vector.of(array).appendAll(List.of("x", "y")),
                () -> Vector.of(array).appendAll(Vector.range(0, 2000)),
                () -> Vector.of(array).prependAll(List.of("x", "y")),
                () -> Vector.of(array).append("x").tail(),
                () -> Vector.of(array).append("x").drop(5),
                () -> Vector.of(array).take(8));
        for (Supplier<Vector<Object>> shape : shapes) {
            store.put("list", array(size));
            unharmed(array, () -> store.updateList("list", old -> shape.get()));
            Arrays.setAll(array, i -> "ok " + i);
            unharmed(array, () -> store.updateMap(KeyPath.root(), old -> old.put("list", shape.get())));
            Arrays.setAll(array, i -> "ok " + i);
        }
    }

    @Test
    void whatAFunctionKeepsOfTheOldElementsChangesNothing() {
        store.put("list", array(33));
        Object[] kept = new Object[32];
        unharmed(
                kept,
                () -> store.updateList("list", old -> {
                    System.arraycopy(old.toJavaArray(), 0, kept, 0, 32);
                    return Vector.of(kept).append(old.last());
                }));
    }

    @Test
    void whatAFunctionKeepsOfPrimitivesChangesNothing() {
        long[] kept = new long[32];
        store.put("list", List.of());
        store.updateList("list", old -> Vector.<Object>narrow(Vector.ofAll(kept).append(5L)));
        kept[3] = 9;
        assertThat(store.get(KeyPath.of("list", 3))).isEqualTo(0L);
        store.put(KeyPath.of("list", 0), null);
        store.put(KeyPath.of("list", 1), "x");
        assertThat(store.getList("list").subList(0, 3)).isEqualTo(Arrays.asList(null, "x", 0L));
    }

    /** Two keys of one hash stand in one leaf of the trie. */
    @Test
    void aCollectionUnderEachOfSeveralKeysOfOneHashIsCopied() {
        List<List<Object>> kept = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        store.put("m", HashMap.of("AaAa", kept.get(0), "BBBB", kept.get(1), "AaBB", kept.get(2)));
        kept.forEach(list -> list.add("evil"));
        assertThat(store.getMap("m")).isEqualTo(Map.of("AaAa", List.of(), "BBBB", List.of(), "AaBB", List.of()));
    }

    /** Parts of the list are known, and the one with the collection is not, wherever the list begins. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 1023, 1024, 1025})
    void aCollectionBesideKnownPartsOfALongListIsCopied(int dropped) {
        store.put("known", array(4_096));
        Vector<Object> known = store.vectorAt("known");
        for (int at : new int[] {1_025, 1_030, 2_047, 2_048, 3_000, 4_095}) {
            List<Object> kept = new ArrayList<>();
            store.put("a", known.update(at, kept).drop(dropped));
            kept.add("evil");
            assertThat(store.getList("a").get(at - dropped)).as("at %d", at).isEqualTo(List.of());
        }
    }

    @Test
    void whatTheStoreHandsOutCannotBeChanged() {
        store.put("m", Map.of("l", List.of(1)));
        Object[] array = store.vectorAt(KeyPath.of("m", "l")).toJavaArray();
        array[0] = "evil";
        store.toMap().clear();
        assertThat(store.get(KeyPath.of("m", "l"))).isEqualTo(Vector.of(1L));
    }
}
