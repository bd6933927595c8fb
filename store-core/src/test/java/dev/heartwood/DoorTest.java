package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that functions and callers try to bring in past the door. */
class DoorTest {
    private static final KeyPath M = KeyPath.of("m");

    /** An object that equals a string, while the string does not equal it. */
    private record Alias(String name) {
        @Override
        public boolean equals(Object other) {
            return name.equals(other) || (other instanceof Alias alias && name.equals(alias.name));
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @SuppressWarnings("unchecked")
    private static HashMap<String, Object> foreign(HashMap<?, ?> map, Object key, Object value) {
        return (HashMap<String, Object>) (HashMap<?, ?>) ((HashMap<Object, Object>) map).put(key, value);
    }

    /** A map of {@code size} keys, some with colliding hashes. */
    private static Map<String, Object> keys(int size) {
        Map<String, Object> map = new java.util.HashMap<>(Map.of("Aa", 1, "BB", 2));
        for (int i = 0; i < size; i++) {
            map.put("k" + i, i);
        }
        return map;
    }

    private static void refusesKeys(int size, UnaryOperator<HashMap<String, Object>> fn) {
        for (Map<String, Object> tree : List.of(Map.<String, Object>of("m", keys(size)))) {
            Store store = Store.of(tree);
            Snapshot before = store.snapshot();
            assertThatExceptionOfType(UnsupportedValueException.class)
                    .isThrownBy(() -> store.updateMap(M, fn))
                    .withMessageContaining("expected a String")
                    .satisfies(e -> assertThat(e.path()).isEqualTo(M));
            assertThatExceptionOfType(UnsupportedValueException.class)
                    .isThrownBy(() -> store.batch(tx -> tx.updateMap(M, fn)));
            assertThat(store.snapshot()).isSameAs(before);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 40, 2_000})
    void aKeyThatMerelyEqualsAStringIsRefused(int size) {
        for (String key : List.of("Aa", "BB")) {
            refusesKeys(size, map -> foreign(map, new Alias(key), map.get(key).get()));
            refusesKeys(
                    size,
                    map -> foreign(map.remove(key), new Alias(key), map.get(key).get()));
            refusesKeys(size, map -> foreign(map, new Alias(key), "other"));
        }
        refusesKeys(size, map -> foreign(map, new Alias("new"), 1L));
        refusesKeys(size, map -> foreign(map, null, 1L));
        refusesKeys(size, map -> foreign(map, 5, 1L));
    }

    @Test
    void aKeyThatMerelyEqualsAStringIsRefusedInEveryMap() {
        for (Object map : List.of(
                Map.of(new Alias("a"), 1),
                HashMap.of(new Alias("a"), 1),
                io.vavr.collection.LinkedHashMap.of(new Alias("a"), 1),
                Map.of("deep", List.of(Map.of(new Alias("a"), 1))))) {
            assertThatExceptionOfType(UnsupportedValueException.class)
                    .isThrownBy(() -> Store.create().put("x", map))
                    .withMessageContaining("the key a is a dev.heartwood.DoorTest$Alias, expected a String");
        }
    }

    @Test
    void whatStandsForNothingIsNoValue() {
        Store store = Store.of(Map.of("x", 1, "l", List.of(1)));
        Snapshot before = store.snapshot();
        List<Consumer<TreeEditor>> ways = List.of(
                editor -> editor.put("x", Nodes.MISSING),
                editor -> editor.set("x", Nodes.MISSING),
                editor -> editor.init("new", Nodes.MISSING),
                editor -> editor.put("x", List.of(Nodes.MISSING)),
                editor -> editor.put("x", Map.of("y", Nodes.MISSING)),
                editor -> editor.put("x", Arrays.asList(1, PathCopy.IMPOSSIBLE)),
                editor -> editor.append("l", Nodes.MISSING),
                editor -> editor.update("x", old -> Nodes.MISSING),
                editor -> editor.merge("x", 1, (old, added) -> Nodes.MISSING),
                editor -> editor.merge("new", Nodes.MISSING, (old, added) -> old),
                editor -> editor.updateList("l", list -> list.append(Nodes.MISSING)),
                editor -> editor.concat("l", List.of(Nodes.MISSING)),
                editor -> editor.replace("x", 1, Nodes.MISSING),
                editor -> editor.replace("new", Nodes.MISSING, 1));
        for (Consumer<TreeEditor> way : ways) {
            assertThatExceptionOfType(UnsupportedValueException.class)
                    .isThrownBy(() -> way.accept(store))
                    .withMessageContaining("not a value");
            assertThatExceptionOfType(UnsupportedValueException.class).isThrownBy(() -> store.batch(way));
        }
        assertThatExceptionOfType(UnsupportedValueException.class).isThrownBy(() -> Values.freeze(Nodes.MISSING));
        assertThatExceptionOfType(UnsupportedValueException.class)
                .isThrownBy(() -> Store.of(Map.of("x", Nodes.MISSING)));
        assertThat(store.snapshot()).isSameAs(before);
    }

    private static Object chain(int height) {
        Object node = Map.of("end", 1);
        for (int i = 1; i < height; i++) {
            node = Map.of("c", node);
        }
        return node;
    }

    private static KeyPath chainOf(int steps) {
        return KeyPath.of(java.util.Collections.nCopies(steps, "p"));
    }

    /** The result of a function has the height of the subtree that it kept, though that subtree was not walked. */
    @Test
    void aResultOfAFunctionCannotBeMovedBelowTheDepthLimit() {
        Store store = Store.of(Map.of("m", chain(700)));
        store.updateMap(M, map -> map.put("more", 1L));
        Object result = store.mapAt(M);
        assertThatExceptionOfType(UnsupportedValueException.class)
                .isThrownBy(() -> store.put(chainOf(699), result))
                .withMessageContaining("more than 1,000 nested containers");
        assertThatExceptionOfType(UnsupportedValueException.class)
                .isThrownBy(() -> store.batch(tx ->
                        tx.put(chainOf(699), tx.update(M, map -> Nodes.map(map).put("again", 1L)))));
        store.put(chainOf(300), result);
        assertThat(store.contains(chainOf(300).child("c"))).isTrue();
    }

    @Test
    void aResultOfAFunctionInAListCannotBeMovedBelowTheDepthLimit() {
        Store store = Store.of(Map.of("l", List.of(chain(700))));
        store.updateList("l", list -> list.append(1L));
        Object result = store.vectorAt("l");
        assertThatExceptionOfType(UnsupportedValueException.class)
                .isThrownBy(() -> store.put(chainOf(699), result))
                .withMessageContaining("more than 1,000 nested containers");
    }
}
