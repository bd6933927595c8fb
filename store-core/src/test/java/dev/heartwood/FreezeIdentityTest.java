package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Values that are kept as the same instance, and the freezing of a function's result. */
class FreezeIdentityTest {
    private static final KeyPath LIST = KeyPath.of("user", "tags");

    private final Store store = Store.of(Map.of("user", Map.of("tags", List.of("a", Map.of("b", 1)), "name", "x")));

    private void standsAsTheSame(Object back, KeyPath at, Object original) {
        store.put("copy", back);
        assertThat(store.get("copy")).isSameAs(original);
        long version = store.version();
        store.put(at, back);
        store.set(at, back);
        assertThat(store.version()).as("putting back what stands there").isEqualTo(version);
        assertThat(store.get(at)).isSameAs(original);
    }

    @Test
    void whatWasHandedOutGoesBackAsTheSameInstance() {
        KeyPath user = KeyPath.of("user");
        standsAsTheSame(store.get("user"), user, store.get("user"));
        standsAsTheSame(store.mapAt("user"), user, store.get("user"));
        standsAsTheSame(store.getMap("user"), user, store.get("user"));
        standsAsTheSame(store.get("user", Map.class), user, store.get("user"));
        standsAsTheSame(store.get("user", HashMap.class), user, store.get("user"));
        standsAsTheSame(store.getOrDefault("user", null), user, store.get("user"));
        standsAsTheSame(store.find("user", Map.class).orElseThrow(), user, store.get("user"));
        standsAsTheSame(store.get(LIST), LIST, store.get(LIST));
        standsAsTheSame(store.vectorAt(LIST), LIST, store.get(LIST));
        standsAsTheSame(store.getList(LIST), LIST, store.get(LIST));
        standsAsTheSame(store.get(LIST, List.class), LIST, store.get(LIST));
        standsAsTheSame(store.getMap("user").get("tags"), LIST, store.get(LIST));
        standsAsTheSame(store.getList(LIST).get(1), LIST.child(1), store.get(LIST.child(1)));
    }

    @Test
    void aRootGoesBackAsTheSameInstance() {
        Snapshot snapshot = store.snapshot();
        HashMap<String, Object> root = snapshot.root();
        store.put(KeyPath.root(), root);
        assertThat(store.snapshot()).isSameAs(snapshot);
        store.put("backup", root);
        assertThat(store.get("backup")).isSameAs(root);
        try (Store other = Store.of(root)) {
            assertThat(other.snapshot().root()).isSameAs(root);
        }
        store.put(KeyPath.root(), snapshot);
        assertThat(store.snapshot().root()).isSameAs(root);
    }

    @Test
    void whatAWriteGivesBackGoesBackAsTheSameInstance() {
        Object user = store.get("user");
        assertThat(store.put("user", 1)).isSameAs(user);
        store.put("again", user);
        assertThat(store.remove("again")).isSameAs(user);
        store.put("user", user);
        assertThat(store.get("user")).isSameAs(user);
    }

    @Test
    void viewsInForeignCollectionsAreUnwrapped() {
        Object user = store.get("user");
        store.put("x", Arrays.asList(store.getMap("user"), HashMap.of("u", store.getMap("user")), user));
        assertThat(store.get(KeyPath.of("x", 0))).isSameAs(user);
        assertThat(store.get(KeyPath.of("x", 1, "u"))).isSameAs(user);
        assertThat(store.get(KeyPath.of("x", 2))).isSameAs(user);
    }

    @Test
    void aForeignHashMapThatNeedsNoChangeIsKept() {
        HashMap<String, Object> map = HashMap.of("a", 1L, "b", HashMap.of("c", "x", "d", null));
        store.put("m", map);
        assertThat(store.get("m")).isSameAs(map);
    }

    @Test
    void aForeignHashMapIsRebuiltOnlyWhereItMustChange() {
        HashMap<String, Object> fine = HashMap.of("x", 1L);
        HashMap<String, Object> map = HashMap.of("fine", fine, "array", new int[] {1}, "list", new ArrayList<>());
        store.put("m", map);
        assertThat(store.get("m")).isEqualTo(HashMap.of("fine", fine, "array", Vector.of(1L), "list", Vector.empty()));
        assertThat(store.get(KeyPath.of("m", "fine"))).isSameAs(fine);
        assertThat(map.get("array").get()).isInstanceOf(int[].class);
    }

    @Test
    void whatOccursTwiceIsOneNode() {
        List<Object> shared = new ArrayList<>(List.of(1));
        store.put("v", List.of(shared, shared, Map.of("x", shared)));
        assertThat(store.get(KeyPath.of("v", 0)))
                .isSameAs(store.get(KeyPath.of("v", 1)))
                .isSameAs(store.get(KeyPath.of("v", 2, "x")));
    }

    @Test
    void aFunctionsResultIsFrozenWhereItDiffers() {
        Object tags = store.get(LIST);
        store.updateMap("user", old -> old.put("x", 3).put("f", 0.5f).put("l", new int[] {1}));
        assertThat(store.get(KeyPath.of("user", "x"))).isEqualTo(3L);
        assertThat(store.get(KeyPath.of("user", "f"))).isEqualTo(0.5);
        assertThat(store.get(KeyPath.of("user", "l"))).isEqualTo(Vector.of(1L));
        assertThat(store.get(LIST)).isSameAs(tags);
    }

    @Test
    void aFunctionsListIsFrozenWhereItDiffers() {
        Object map = store.get(LIST.child(1));
        store.updateList(LIST, old -> old.append(3).update(0, new StringBuilder("s").length()));
        assertThat(store.getList(LIST)).isEqualTo(List.of(1L, Map.of("b", 1L), 3L));
        assertThat(store.get(LIST.child(1))).isSameAs(map);
    }

    @Test
    void aFunctionsListIsFrozenHoweverLongItIs() {
        for (int size : new int[] {0, 1, 31, 32, 33, 100, 1_100}) {
            Object[] numbers = new Object[size];
            Arrays.setAll(numbers, i -> (long) i);
            for (int changed : new int[] {0, 1, 5, 1_100}) {
                store.put("l", numbers);
                Object[] expected = numbers.clone();
                Arrays.setAll(expected, i -> i < changed ? Long.valueOf(-1) : numbers[i]);
                store.updateList("l", old -> {
                    Vector<Object> list = old;
                    for (int i = 0; i < Math.min(changed, size); i++) {
                        list = list.update(i, -1);
                    }
                    return list;
                });
                assertThat(store.getList("l")).isEqualTo(Arrays.asList(expected));
                store.updateList("l", old -> old.take(size / 2).append(7));
                assertThat(store.size("l")).isEqualTo(size / 2 + 1);
                assertThat(store.get(KeyPath.of("l", size / 2))).isEqualTo(7L);
                assertThat(store.getList("l").subList(0, size / 2))
                        .isEqualTo(Arrays.asList(expected).subList(0, size / 2));
            }
        }
    }

    @Test
    void aFunctionsNestedResultIsFrozen() {
        store.updateMap(
                KeyPath.root(),
                root -> root.put("user", ((HashMap<?, ?>) root.get("user").get()).toJavaMap())
                        .put("n", 1));
        assertThat(store.get("n")).isEqualTo(1L);
        assertThat(store.get("user")).isInstanceOf(HashMap.class);
        store.update(LIST, list -> new ArrayList<>(List.of(1, list)));
        assertThat(store.get(LIST)).isInstanceOf(Vector.class);
        assertThat(store.get(LIST.child(0))).isEqualTo(1L);
    }

    @Test
    void aFunctionThatGivesBackItsInputChangesNothing() {
        Snapshot before = store.snapshot();
        store.update("user", x -> x);
        store.updateMap("user", x -> x);
        store.updateList(LIST, x -> x);
        store.update("user", Map.class, x -> x);
        store.update(LIST, List.class, x -> x);
        store.update(KeyPath.root(), x -> x);
        store.merge("user", 1, (old, one) -> old);
        assertThat(store.snapshot()).isSameAs(before);
    }

    @Test
    void aFunctionsResultIsRefusedWithTheExactPath() {
        assertThatExceptionOfType(UnsupportedValueException.class)
                .isThrownBy(() -> store.updateMap("user", old -> old.put("d", List.of(1, new BitSet()))))
                .withMessageContaining("/user/d/1");
        assertThatExceptionOfType(UnsupportedValueException.class)
                .isThrownBy(() -> store.updateList(LIST, old -> old.append(1).append(Double.NaN)))
                .withMessageContaining("/user/tags/3");
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void aFunctionsForeignKeysAreRefused() {
        assertThatExceptionOfType(UnsupportedValueException.class)
                .isThrownBy(() -> store.updateMap("user", old -> ((HashMap) old).put(1, 1)))
                .withMessageContaining("/user");
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void aFunctionsNullKeyIsRefused() {
        assertThatExceptionOfType(UnsupportedValueException.class)
                .isThrownBy(() -> store.updateMap("user", old -> ((HashMap) old).put(null, 1)))
                .withMessageContaining("/user");
        assertThatExceptionOfType(UnsupportedValueException.class)
                .isThrownBy(() -> store.updateMap(
                        "user", old -> ((HashMap) old).put(null, 1).put("d", new BitSet())))
                .withMessageContaining("/user");
    }

    @Test
    void anElementMovedByAFunctionIsStillFrozen() {
        store.put("l", List.of(1, 2, 3));
        store.updateList("l", old -> old.prepend(0).append(new int[] {4}).insert(2, 'c'));
        assertThat(store.getList("l")).isEqualTo(Arrays.asList(0L, 1L, "c", 2L, 3L, List.of(4L)));
    }
}
