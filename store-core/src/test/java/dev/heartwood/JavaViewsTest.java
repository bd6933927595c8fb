package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The {@code java.util} views: whole collections, for reading only. */
class JavaViewsTest {
    private final Map<String, Object> plain = new LinkedHashMap<>();
    private final Store store;
    private final Map<String, Object> map;
    private final List<Object> list;

    JavaViewsTest() {
        plain.put("null", null);
        plain.put("n", 1L);
        plain.put("m", Map.of("k", "v"));
        plain.put("l", Arrays.asList("a", null, Map.of("x", 1L), "a"));
        store = Store.of(Map.of("v", plain));
        map = store.getMap("v");
        list = store.getList(KeyPath.of("v", "l"));
    }

    @Test
    void aMapViewReadsLikeTheMap() {
        assertThat(map).hasSize(4).isEqualTo(plain).hasSameHashCodeAs(plain);
        assertThat(plain).isEqualTo(map);
        assertThat(map.get("n")).isEqualTo(1L);
        assertThat(map.get("null")).isNull();
        assertThat(map.containsKey("null")).isTrue();
        assertThat(map.getOrDefault("null", "no")).isNull();
        assertThat(map.getOrDefault("absent", "no")).isEqualTo("no");
        assertThat(map.containsKey("absent")).isFalse();
        assertThat(map.containsValue(null)).isTrue();
        assertThat(map.containsValue(Map.of("k", "v"))).isTrue();
        assertThat(map.get((Object) 1)).isNull();
        assertThat(map.get(null)).isNull();
        assertThat(map.containsKey(null)).isFalse();
        assertThat(map.keySet()).isEqualTo(plain.keySet());
        assertThat(map.entrySet()).isEqualTo(plain.entrySet());
        assertThat(map.entrySet()).hasSameHashCodeAs(plain.entrySet());
        assertThat(map.values()).containsExactlyInAnyOrderElementsOf(plain.values());
        assertThat(map.get("m")).isInstanceOf(Map.class).isEqualTo(Map.of("k", "v"));
    }

    @Test
    void theSetsOfAMapViewAnswerAsThoseOfAHashMapDo() {
        requireSetsLikeThoseOf(map, plain);
    }

    /** Asks the key set, the entry set and the values of a map what they contain and equal, also for what is not there. */
    static <V> void requireSetsLikeThoseOf(Map<String, V> view, Map<String, V> plain) {
        assertThat(view.keySet()).hasSize(plain.size());
        assertThat(view.entrySet()).hasSize(plain.size());
        assertThat(view.values().size()).isEqualTo(plain.size());
        String here = plain.keySet().iterator().next();
        for (Object asked : Arrays.asList(here, "absent", null, 1, plain)) {
            assertThat(view.containsKey(asked)).isEqualTo(plain.containsKey(asked));
            assertThat(view.keySet().contains(asked)).isEqualTo(plain.containsKey(asked));
        }
        for (Map.Entry<String, V> entry : plain.entrySet()) {
            V value = entry.getValue();
            assertThat(view.entrySet().contains(entry)).isTrue();
            assertThat(view.values().contains(value)).isTrue();
            assertThat(view.entrySet().contains(new SimpleEntry<>("absent", value)))
                    .isFalse();
            assertThat(view.entrySet().contains(new SimpleEntry<>(entry.getKey(), "another")))
                    .isFalse();
        }
        Collection<?> entries = view.entrySet();
        assertThat(entries.contains("no entry")).isFalse();
        Collection<?> values = view.values();
        assertThat(values.contains("no value")).isFalse();
        for (Map.Entry<String, V> entry : view.entrySet()) {
            SimpleEntry<String, V> same = new SimpleEntry<>(entry.getKey(), entry.getValue());
            assertThat(entry).isEqualTo(same).hasSameHashCodeAs(same).hasToString(same.toString());
            assertThat(entry.equals(new SimpleEntry<>("absent", entry.getValue())))
                    .isFalse();
            assertThat(entry.equals(new SimpleEntry<>(entry.getKey(), "another")))
                    .isFalse();
            assertThat(entry.equals((Object) entry.getKey())).isFalse();
        }
        Map<String, V> other = new LinkedHashMap<>(plain);
        other.put("absent", other.remove(here));
        assertThat(view.keySet()).isEqualTo(plain.keySet()).isNotEqualTo(other.keySet());
        assertThat(view.entrySet()).isEqualTo(plain.entrySet()).isNotEqualTo(other.entrySet());
        other.remove("absent");
        assertThat(view.keySet()).isNotEqualTo(other.keySet()).isNotEqualTo(List.copyOf(plain.keySet()));
        assertThat(view.entrySet()).isNotEqualTo(other.entrySet());
    }

    @Test
    void aListViewReadsLikeTheList() {
        List<Object> expected = Plain.asList(plain.get("l"));
        assertThat(list.equals(expected)).isTrue();
        assertThat(expected.equals(list)).isTrue();
        assertThat(list.hashCode()).isEqualTo(expected.hashCode());
        assertThat(list).hasToString(expected.toString());
        assertThat(list.indexOf("a")).isZero();
        assertThat(list.lastIndexOf("a")).isEqualTo(3);
        assertThat(list.contains(Map.of("x", 1L))).isTrue();
        assertThat(list.contains(null)).isTrue();
        assertThat(list.subList(1, 3)).isEqualTo(Arrays.asList(null, Map.of("x", 1L)));
        assertThat(list.toArray()).hasSize(4);
        assertThat(list.stream().filter(Map.class::isInstance)).hasSize(1);
        ListIterator<Object> back = list.listIterator(4);
        assertThat(back.previous()).isEqualTo("a");
        for (int index : new int[] {-1, 4, Integer.MIN_VALUE}) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> list.get(index));
        }
        Iterator<Object> iterator = list.iterator();
        for (int i = 0; i < 4; i++) {
            iterator.next();
        }
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
    }

    @Test
    void viewsCompareAsCollectionsDo() {
        assertThat(map.equals(store.getMap("v"))).isTrue();
        assertThat(map.equals(Map.of("n", 1L))).isFalse();
        Map<String, Object> other = new LinkedHashMap<>(plain);
        other.put("n", 1);
        assertThat(map.equals(other)).isFalse();
        assertThat(other.equals(map)).isFalse();
        other.put("n", 1L);
        other.remove("null");
        other.put("other", null);
        assertThat(map.equals(other)).isFalse();
        assertThat(map.equals(list)).isFalse();
        assertThat(list.equals(map)).isFalse();
        assertThat(list.equals(List.of("a"))).isFalse();
        assertThat(map.equals(null)).isFalse();
        assertThat(map.equals((Object) "x")).isFalse();
        assertThat(list.equals(new ArrayList<>(list))).isTrue();
    }

    @Test
    void aViewAndOneOfAnotherTypeAreEqualOnlyIfTheirElementsAre() {
        Store numbers = Store.of(Map.of("l", List.of(1, 2), "m", Map.of("a", 1)));
        List<?> longs = numbers.getList("l");
        Map<String, ?> entries = numbers.getMap("m");
        assertThat(longs.equals(numbers.getList("l", Long.class))).isTrue();
        assertThat(entries.equals(numbers.getMap("m", Long.class))).isTrue();

        List<Integer> ints = numbers.getList("l", Integer.class);
        Map<String, Integer> intEntries = numbers.getMap("m", Integer.class);
        assertThat(ints.equals(longs)).isFalse();
        assertThat(longs.equals(ints)).isFalse();
        assertThat(intEntries.equals(entries)).isFalse();
        assertThat(entries.equals(intEntries)).isFalse();
    }

    @Test
    void aMapThatCannotEvenBeAskedIsNotEqual() {
        Map<String, Object> one = Store.of(Map.of("v", Map.of("a", 2L))).getMap("v");
        Map<Object, Object> sorted = new TreeMap<>(Map.of(1, 2L));
        assertThat(one.equals(sorted)).isFalse();
        Map<String, Object> nested =
                Store.of(Map.of("v", Map.of("a", Map.of("b", 1)))).getMap("v");
        assertThat(nested.equals(Map.of("a", sorted))).isFalse();
    }

    @Test
    void nothingCanBeWrittenThroughAView() {
        Snapshot before = store.snapshot();
        List<Runnable> writes = List.of(
                () -> map.put("n", 2L),
                () -> map.remove("n"),
                map::clear,
                () -> map.putAll(Map.of("a", 1)),
                () -> map.merge("n", 1L, (a, b) -> 3L),
                () -> map.compute("n", (k, v) -> 3L),
                () -> map.computeIfAbsent("x", k -> 3L),
                () -> map.replaceAll((k, v) -> 1),
                () -> map.keySet().remove("n"),
                () -> map.values().remove(1L),
                () -> map.entrySet().clear(),
                () -> map.entrySet().iterator().next().setValue(1),
                () -> removeFirst(map.keySet().iterator()),
                () -> list.add("x"),
                () -> list.add(0, "x"),
                () -> list.set(0, "x"),
                () -> list.remove(0),
                () -> list.remove("a"),
                list::clear,
                () -> list.sort(Comparator.comparing(String::valueOf)),
                () -> list.replaceAll(x -> x),
                () -> list.subList(0, 1).clear(),
                () -> removeFirst(list.iterator()),
                () -> Plain.asMap(list.get(2)).put("x", 1),
                () -> store.keys("v").remove("n"));
        for (Runnable write : writes) {
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(write::run);
        }
        assertThat(store.snapshot()).isSameAs(before);
        assertThat(map).isEqualTo(plain);
    }

    private static void removeFirst(Iterator<?> iterator) {
        iterator.next();
        iterator.remove();
    }

    @Test
    void aViewStaysAsItWas() {
        store.put(KeyPath.of("v", "n"), 2);
        store.remove(KeyPath.of("v", "l"));
        assertThat(map).isEqualTo(plain);
        assertThat(list).hasSize(4);
    }

    @Test
    void aCopyIsMutableAllTheWayDown() {
        Map<String, Object> copy = store.toMap();
        assertThat(copy).isEqualTo(Map.of("v", plain));
        Map<String, Object> inner = Plain.asMap(copy.get("v"));
        Plain.asList(inner.get("l")).add("more");
        Plain.asMap(inner.get("m")).put("more", null);
        inner.clear();
        copy.remove("v");
        assertThat(store.getMap("v")).isEqualTo(plain);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void viewsOfRandomTreesAreEqualToTheirSource(long seed) {
        RandomTrees trees = new RandomTrees(seed);
        for (int round = 0; round < 200; round++) {
            Map<String, Object> source = trees.map(4);
            Map<String, Object> mutated = trees.mutatedMap(source, 4);
            Map<String, Object> view = Store.of(source).getMap(KeyPath.root());
            Map<String, Object> other = Store.of(mutated).getMap(KeyPath.root());
            assertThat(view.equals(source)).as("seed %d", seed).isTrue();
            assertThat(source.equals(view)).isTrue();
            assertThat(view.hashCode()).isEqualTo(source.hashCode());
            assertThat(view.equals(other)).isEqualTo(source.equals(mutated));
            assertThat(view.equals(mutated)).isEqualTo(source.equals(mutated));
            assertThat(view.toString().length()).isEqualTo(source.toString().length());
            assertThat(Plain.of(view)).isEqualTo(source);
        }
    }
}
