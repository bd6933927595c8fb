package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.AbstractSet;
import java.util.BitSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Spliterator;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keys, values and entries of the live map, while others write. */
class LiveViewTest {
    private final Store store = Store.of(Map.of("a", 1, "b", 2));
    private final ConcurrentMap<String, Object> map = store.asMap();

    @Test
    void aStreamDoesNotVouchForASize() {
        for (Collection<?> view : List.of(map.keySet(), map.values(), map.entrySet())) {
            Spliterator<?> elements = view.spliterator();
            assertThat(elements.hasCharacteristics(Spliterator.SIZED)).isFalse();
            assertThat(elements.hasCharacteristics(Spliterator.NONNULL)).isTrue();
            assertThat(elements.hasCharacteristics(Spliterator.DISTINCT)).isEqualTo(view instanceof Set);
        }
    }

    @Test
    void aStreamSeesTheStateFromWhichItWasMade() {
        Stream<String> keys = map.keySet().stream();
        Stream<Object> values = map.values().stream();
        map.put("c", 3);
        map.remove("a");
        assertThat(keys.toList()).containsExactlyInAnyOrder("a", "b");
        assertThat(values.parallel().toList()).containsExactlyInAnyOrder(1L, 2L);
        assertThat(map.entrySet().stream().peek(entry -> map.clear()).toList()).hasSize(2);
    }

    @Test
    void equalityLooksAtOneState() {
        Set<String> keys = clearing(Set.of("a", "b"));
        assertThat(map.keySet().equals(keys)).isTrue();
        refill();
        Set<Map.Entry<String, Object>> entries = clearing(Set.of(Map.entry("a", 1L), Map.entry("b", 2L)));
        assertThat(map.entrySet().equals(entries)).isTrue();
        refill();
        assertThat(map.keySet().containsAll(clearing(Set.of("a", "b")))).isTrue();
        refill();
        assertThat(map.values().containsAll(clearing(Set.of(1L, 2L)))).isTrue();
        refill();
        assertThat(map.entrySet().containsAll(clearing(entries))).isTrue();
    }

    @Test
    void aSetWithFewerElementsOrMoreIsAnother() {
        assertThat(map.keySet().equals(Set.of("a"))).isFalse();
        assertThat(map.keySet().equals(Set.of("a", "b", "c"))).isFalse();
        assertThat(map.entrySet().equals(Set.of(Map.entry("a", 1L)))).isFalse();
        assertThat(map.keySet().equals(Set.of("b", "a"))).isTrue();
    }

    @Test
    void removeIfRemovesNothingThatItHasNotTested() {
        assertThat(map.values().removeIf(value -> rivalPuts("a", value))).isFalse();
        assertThat(map.entrySet().removeIf(entry -> rivalPuts("b", entry.getValue())))
                .isFalse();
        assertThat(map).containsEntry("a", "fresh").containsEntry("b", "fresh");
    }

    /** Accepts the numbers, while another writes to the key that holds this one. */
    private boolean rivalPuts(String key, Object tested) {
        boolean accepted = tested.equals(map.get(key)) && tested instanceof Long;
        if (accepted) {
            map.put(key, "fresh");
        }
        return accepted;
    }

    @Test
    void whatIsRemovedByItsValueIsRemovedOnlyWhileItStands() {
        Object wanted = new Told(() -> {});
        List<Predicate<Object>> removals =
                List.of(map.values()::remove, value -> map.values().removeAll(List.of(value)));
        for (Predicate<Object> removal : removals) {
            map.put("a", new Told(() -> map.put("a", "fresh")));
            assertThat(removal.test(wanted)).isFalse();
            assertThat(map).containsEntry("a", "fresh");
        }
    }

    /** The first one that equals it is another by the time of its removal: another one that equals it is still there. */
    @Test
    void ofTwoEqualValuesTheOtherIsRemovedWhereARivalChangesTheFirst() {
        InterposedRoot root = new InterposedRoot(Map.of("a", 1, "b", 1));
        Store racing = Store.over(root);
        String first = racing.asMap().keySet().iterator().next();
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.put(first, 2)));
        assertThat(racing.asMap().values().remove(1)).isTrue();
        assertThat(racing.toMap()).isEqualTo(Map.of(first, 2L));
    }

    /** A leaf that lets another thread write as soon as it is compared. */
    private static final class Told {
        private final Runnable write;
        private boolean told;

        Told(Runnable write) {
            this.write = write;
        }

        @Override
        public boolean equals(Object other) {
            if (!told && other instanceof Told) {
                told = true;
                write.run();
            }
            return other instanceof Told;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    @Test
    void whatIsRemovedByItsKeyGoesWhateverItHolds() {
        assertThat(map.keySet().removeIf(key -> map.put(key, "fresh") != null)).isTrue();
        assertThat(map).isEmpty();
        refill();
        assertThat(map.keySet().retainAll(Set.of("a", 7))).isTrue();
        assertThat(map.keySet().removeAll(List.of("a", "a", 7))).isTrue();
        assertThat(map.keySet().removeAll(List.of("a"))).isFalse();
        assertThat(map).isEmpty();
    }

    @Test
    void removeIfDoesNotClaimWhatAnotherHasRemoved() {
        assertThat(map.keySet().removeIf(key -> map.remove(key) != null)).isFalse();
    }

    @Test
    void anIteratorRemovesWhatTheKeyHolds() {
        Iterator<Object> values = map.values().iterator();
        Object first = values.next();
        String key = first.equals(1L) ? "a" : "b";
        map.put(key, "fresh");
        values.remove();
        assertThat(map).hasSize(1).doesNotContainKey(key);
    }

    @Test
    void anIteratorRemovesEachElementOnce() {
        Iterator<String> keys = map.keySet().iterator();
        String first = keys.next();
        keys.remove();
        map.put(first, "fresh");
        assertThatThrownBy(keys::remove).isInstanceOf(IllegalStateException.class);
        assertThat(map).containsKey(first);
    }

    @Test
    void whatIsLookedForIsTakenAsPutTakesIt() {
        store.clear();
        List<Object> put = List.of(1, 'c', List.of("x"), Map.of("k", Set.of(2)), new int[] {3}, 0.5f);
        for (Object value : put) {
            map.put("v", value);
            assertThat(map.containsValue(value)).isTrue();
            assertThat(map.values().contains(value)).isTrue();
            assertThat(map.values().containsAll(List.of(value))).isTrue();
            assertThat(map.entrySet().contains(Map.entry("v", value))).isTrue();
            assertThat(map.entrySet().containsAll(Set.of(Map.entry("v", value))))
                    .isTrue();
            assertThat(map.values().retainAll(List.of(value))).isFalse();
            assertThat(map.entrySet().retainAll(Set.of(Map.entry("v", value)))).isFalse();
            assertThat(map.replace("v", value, value)).isTrue();
            assertThat(map.values().remove(value)).isTrue();
            map.put("v", value);
            assertThat(map.values().removeAll(List.of(value))).isTrue();
            map.put("v", value);
            assertThat(map.entrySet().remove(Map.entry("v", value))).isTrue();
        }
        assertThat(map).isEmpty();
    }

    @Test
    void whatNoTreeCanHoldIsNowhere() {
        List<Object> nowhere = List.of(new BitSet(), Double.NaN, Map.of(1, 1));
        for (Object value : nowhere) {
            assertThat(map.containsValue(value)).isFalse();
            assertThat(map.entrySet().contains(Map.entry("a", value))).isFalse();
            assertThat(map.values().remove(value)).isFalse();
            assertThat(map.remove("a", value)).isFalse();
            assertThat(map.replace("a", value, 2)).isFalse();
        }
        assertThat(map.containsValue(null)).isFalse();
        assertThat(map.values().contains(1.0)).isFalse();
        Set<?> entries = map.entrySet();
        assertThat(entries.contains(Map.entry(1, 1L))).isFalse();
        assertThat(entries.contains("a")).isFalse();
        assertThat(map).hasSize(2);
    }

    private void refill() {
        map.putAll(Map.of("a", 1, "b", 2));
    }

    private <E> Set<E> clearing(Set<E> elements) {
        return rival(elements, store::clear);
    }

    /** A set, with a concurrent write during a look into it. */
    private static <E> Set<E> rival(Set<E> elements, Runnable write) {
        return new AbstractSet<>() {
            @Override
            public Iterator<E> iterator() {
                write.run();
                return elements.iterator();
            }

            @Override
            public int size() {
                return elements.size();
            }
        };
    }
}
