package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.tree.FrozenRegistry;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The live top level as a ConcurrentMap. */
@Timeout(60)
class LiveMapTest {
    private final Store store = Store.of(start());
    private final ConcurrentMap<String, Object> map = store.asMap();

    private static Map<String, Object> start() {
        Map<String, Object> start = new HashMap<>();
        start.put("a", 1);
        start.put("b", 2);
        start.put("none", null);
        return start;
    }

    @Test
    void itIsTheStore() {
        map.put("c", 3);
        assertThat(store.get("c")).isEqualTo(3L);
        store.put("d", 4);
        assertThat(map).containsEntry("d", 4L).hasSize(4);
        map.clear();
        assertThat(store.size()).isZero();
        assertThat(map).isEmpty();
    }

    @Test
    void aNullIsAbsent() {
        assertThat(map).containsOnlyKeys("a", "b").hasSize(2).doesNotContainKey("none");
        assertThat(map.get("none")).isNull();
        assertThat(map.getOrDefault("none", 5)).isEqualTo(5);
        assertThat(map.remove("none")).isNull();
        assertThat(map.replace("none", 5)).isNull();
        assertThat(map.computeIfPresent("none", (key, old) -> 5)).isNull();
        assertThat(map.compute("none", (key, old) -> old)).isNull();
        assertThat(store.contains("none")).isTrue();
        assertThat(map.putIfAbsent("none", 6)).isNull();
        assertThat(map.get("none")).isEqualTo(6L);
    }

    @Test
    void aNullIsRefused() {
        assertThatThrownBy(() -> map.put("x", null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> map.put(null, 1)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> map.putIfAbsent("x", null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> map.replace("a", null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> map.replace("a", 1, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> map.merge("a", null, (old, added) -> old)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void aStoreHasNoNullKey() {
        assertThatThrownBy(() -> store.put((String) null, 1)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> store.get((String) null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void everyOperationIsAsTheInterfaceHasIt() {
        assertThat(map.put("a", 10)).isEqualTo(1L);
        assertThat(map.putIfAbsent("a", 11)).isEqualTo(10L);
        assertThat(map.replace("a", 12)).isEqualTo(10L);
        assertThat(map.replace("a", 10, 13)).isFalse();
        assertThat(map.replace("a", 12, 13)).isTrue();
        assertThat(map.remove("a", 12)).isFalse();
        assertThat(map.remove("a", 13)).isTrue();
        assertThat(map.remove("a")).isNull();
        assertThat(map.remove("b")).isEqualTo(2L);
        Object noKey = 17;
        assertThat(map.remove(noKey)).isNull();
        assertThat(map.get(noKey)).isNull();
        assertThat(map.computeIfAbsent("c", key -> key + "!")).isEqualTo("c!");
        assertThat(map.computeIfAbsent("c", key -> "other")).isEqualTo("c!");
        assertThat(map.computeIfAbsent("d", key -> null)).isNull();
        assertThat(map.computeIfPresent("c", (key, old) -> old + "!")).isEqualTo("c!!");
        assertThat(map.computeIfPresent("c", (key, old) -> null)).isNull();
        assertThat(map.compute("e", (key, old) -> old == null ? 1 : 2)).isEqualTo(1L);
        assertThat(map.merge("e", 5, (old, added) -> (long) old + (long) added)).isEqualTo(6L);
        assertThat(map.merge("e", 5, (old, added) -> null)).isNull();
        assertThat(map).isEmpty();
    }

    @Test
    void anEntryThatARivalChangesMeanwhileIsNeitherReplacedNorRemoved() {
        InterposedRoot root = new InterposedRoot(Map.of("a", 1));
        Store racing = Store.over(root);
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.put("a", 2)));
        assertThat(racing.asMap().remove("a", 1)).isFalse();
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.put("a", 3)));
        assertThat(racing.asMap().replace("a", 2, 9)).isFalse();
        assertThat(racing.get("a")).isEqualTo(3L);
    }

    @Test
    void aFunctionIsGivenWhatStandsWhenItsResultIsPut() {
        InterposedRoot root = new InterposedRoot(Map.of("a", 1));
        Store racing = Store.over(root);
        ConcurrentMap<String, Object> live = racing.asMap();
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.remove("a")));
        assertThat(live.computeIfPresent("a", (key, old) -> old + " and more")).isNull();
        assertThat(racing.contains("a")).isFalse();
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.put("a", 5)));
        assertThat(live.computeIfAbsent("a", key -> "computed")).isEqualTo(5L);
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.put("a", 7)));
        assertThat(live.compute("a", (key, old) -> old + " and more")).isEqualTo("7 and more");
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.remove("a")));
        assertThat(live.merge("a", "first", (old, added) -> old + " and more")).isEqualTo("first");
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.remove("a")));
        assertThat(live.replace("a", "second")).isNull();
        assertThat(racing.contains("a")).isFalse();
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.put("a", 8)));
        assertThat(live.putIfAbsent("a", 9)).isEqualTo(8L);
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.put("a", 10)));
        assertThat(live.put("a", 11)).isEqualTo(10L);
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.put("a", 12)));
        assertThat(live.remove("a")).isEqualTo(12L);
        assertThat(racing.contains("a")).isFalse();
    }

    @Test
    void whatAFunctionThrowsComesOutAndNothingIsChanged() {
        Snapshot before = store.snapshot();
        IllegalStateException mine = new IllegalStateException("mine");
        assertThatThrownBy(() -> map.compute("a", (key, old) -> {
                    throw mine;
                }))
                .isSameAs(mine);
        assertThat(store.snapshot()).isSameAs(before);
    }

    @Test
    void clearEmptiesTheMapAtAPlaceAndNothingElse() {
        store.put("inner", Map.of("x", 1, "y", 2));
        Snapshot before = store.snapshot();

        store.asMap(KeyPath.of("nowhere")).clear();
        assertThat(store.snapshot()).isSameAs(before);
        store.asMap(KeyPath.of("inner")).clear();

        assertThat(store.size("inner")).isZero();
        assertThat(store.size()).isEqualTo(before.size());
        assertThatThrownBy(() -> store.asMap(KeyPath.of("a")).clear()).isInstanceOf(TypeMismatchException.class);
    }

    @Test
    void clearFindsWhatARivalHasPutInItsPlace() {
        InterposedRoot root = new InterposedRoot(Map.of("m", Map.of("x", 1)));
        Store racing = Store.over(root);
        KeyPath place = KeyPath.of("m");
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.put(place.child("y"), 2)));
        racing.asMap(place).clear();
        assertThat(racing.getMap(place)).isEmpty();
        racing.put(place, Map.of("x", 1));
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.put(place, "no map")));
        assertThatThrownBy(() -> racing.asMap(place).clear()).isInstanceOf(TypeMismatchException.class);
        assertThat(racing.get(place)).isEqualTo("no map");
        racing.put(place, Map.of("x", 1));
        root.beforeNextCommit(() -> Crew.elsewhere(() -> racing.remove(place)));
        racing.asMap(place).clear();
        assertThat(racing.contains(place)).isFalse();
    }

    @Test
    void iterationSeesOneState() {
        Iterator<Map.Entry<String, Object>> entries = map.entrySet().iterator();
        store.clear();
        assertThat(entries).toIterable().extracting(Map.Entry::getKey).containsExactlyInAnyOrder("a", "b");
        assertThatThrownBy(entries::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void removingAndSettingThroughTheIterationGoToTheStore() {
        Iterator<Map.Entry<String, Object>> entries = map.entrySet().iterator();
        assertThatThrownBy(entries::remove).isInstanceOf(IllegalStateException.class);
        Map.Entry<String, Object> first = entries.next();
        assertThat(first.setValue(7)).isNotNull();
        assertThat(store.get(first.getKey())).isEqualTo(7L);
        assertThat(first.getValue()).isEqualTo(7L);
        entries.remove();
        assertThat(store.contains(first.getKey())).isFalse();
        assertThatThrownBy(entries::remove).isInstanceOf(IllegalStateException.class);
        assertThat(map.keySet().removeIf(key -> true)).isTrue();
        assertThat(map).isEmpty();
    }

    @Test
    void aContainerInItEqualsNoCollectionOfJava() {
        map.put("l", List.of(1));
        assertThat(map.equals(Map.of("a", 1L, "b", 2L, "l", List.of(1L)))).isFalse();
        assertThat(map.entrySet()
                        .equals(Map.of("a", 1L, "b", 2L, "l", List.of(1L)).entrySet()))
                .isFalse();
        assertThat(map.equals(Map.of("a", 1L, "b", 2L, "l", io.vavr.collection.Vector.of(1L))))
                .isTrue();
    }

    @Test
    void aValueThatIsSetThroughAnEntryIsPutAlsoWhereTheKeyWasRemoved() {
        Map.Entry<String, Object> entry = map.entrySet().iterator().next();
        store.remove(entry.getKey());
        assertThat(entry.setValue(7)).isNotNull();
        assertThat(store.get(entry.getKey())).isEqualTo(7L);
        assertThat(entry.getValue()).isEqualTo(7L);
    }

    @Test
    void aCollectionWithAnObjectThatNoTreeCanHoldIsContainedInNoView() {
        assertThat(map.keySet().containsAll(Arrays.asList("a", 5))).isFalse();
        assertThat(map.keySet().containsAll(Arrays.asList("a", null))).isFalse();
        assertThat(map.values().containsAll(Arrays.asList(1L, new BitSet()))).isFalse();
        assertThat(map.values().containsAll(Arrays.asList(1L, null))).isFalse();
        assertThat(map.entrySet().containsAll(Arrays.asList(Map.entry("a", 1L), Map.entry(5, 1L))))
                .isFalse();
        assertThat(map.keySet().containsAll(List.of("a"))).isTrue();
    }

    @Test
    void anEntryIsRemovedOnlyIfItIsStillThatEntry() {
        assertThat(map.entrySet().remove(Map.entry("a", 2L))).isFalse();
        assertThat(map.entrySet().contains(Map.entry("a", 1L))).isTrue();
        assertThat(map.entrySet().remove(Map.entry("a", 1L))).isTrue();
        assertThat(store.contains("a")).isFalse();
        assertThat(map.values().remove(2L)).isTrue();
        assertThat(map).isEmpty();
    }

    @Test
    void aContainerOfTheMapGoesBackIn() {
        store.put("m", Map.of("k", List.of(1)));
        map.put("copy", map.get("m"));
        assertThat(store.get("copy")).isSameAs(store.get("m"));
        map.entrySet().forEach(entry -> store.put("again " + entry.getKey(), entry.getValue()));
        assertThat(store.get("again m")).isSameAs(store.get("m"));
    }

    @Test
    void itEqualsEveryMapOfTheSame() {
        store.put("l", List.of("x", 1));
        store.put("m", Map.of("k", List.of()));
        Map<String, Object> copy = new HashMap<>(map);
        assertThat(map.equals(copy)).isTrue();
        assertThat(copy.equals(map)).isTrue();
        assertThat(map.hashCode()).isEqualTo(copy.hashCode());
        assertThat(map.entrySet().equals(copy.entrySet())).isTrue();
        assertThat(copy.entrySet().equals(map.entrySet())).isTrue();
        assertThat(map.entrySet().hashCode()).isEqualTo(copy.entrySet().hashCode());
        assertThat(map.keySet().equals(copy.keySet())).isTrue();
        assertThat(map.keySet().hashCode()).isEqualTo(copy.keySet().hashCode());
        assertThat(map.equals(Store.of(copy).asMap())).isTrue();
        copy.put("a", 1);
        assertThat(map.equals(copy)).isFalse();
        assertThat(copy.equals(map)).isFalse();
    }

    @Test
    void aContainerInItEqualsWhatGetGives() {
        store.put("l", List.of("x"));
        assertThat(map.get("l")).isSameAs(store.get("l"));
        Map<String, Object> view = store.getMap(KeyPath.root());
        assertThat(map.equals(view)).isFalse();
        assertThat(view.equals(map)).isFalse();
        map.remove("l");
        store.remove("none");
        assertThat(map.equals(store.getMap(KeyPath.root()))).isTrue();
        assertThat(store.getMap(KeyPath.root()).equals(map)).isTrue();
    }

    @Test
    void itComparesAndPrintsAtAnyDepth() {
        Object deep = List.of();
        Object twin = List.of();
        for (int i = 0; i < 990; i++) {
            deep = List.of(deep);
            twin = List.of(twin);
        }
        map.put("deep", deep);
        Map<String, Object> other =
                Store.of(Map.of("a", 1, "b", 2, "deep", twin)).asMap();
        assertThat(map.equals(other)).isTrue();
        assertThat(map.toString()).startsWith("{").contains("[[[").doesNotContain("none");
        assertThat(map.containsValue(twin)).isTrue();
    }

    @Test
    void itIsEmptyWhenOnlyNullsAreLeft() {
        assertThat(map.isEmpty()).isFalse();
        map.remove("a");
        map.remove("b");
        assertThat(map.isEmpty()).isTrue();
        assertThat(map.keySet().isEmpty()).isTrue();
        assertThat(map.entrySet()).isEmpty();
        assertThat(map).isEqualTo(Map.of()).hasToString("{}");
        assertThat(store.size()).isEqualTo(1);
    }

    @Test
    void countingHandsNothingOut() {
        store.put("l", List.of("x"));
        Object list = store.snapshot().tree().getOrElse("l", null);
        forget(list);
        assertThat(map.size()).isEqualTo(3);
        assertThat(map.isEmpty()).isFalse();
        assertThat(map.keySet()).contains("l");
        assertThat(FrozenRegistry.height(list, store.dialect())).isNegative();
    }

    /** Fills the table of known values until this value is evicted. */
    private void forget(Object node) {
        while (FrozenRegistry.height(node, store.dialect()) >= 0) {
            FrozenRegistry.remember(io.vavr.collection.Vector.of(1), 1, store.dialect());
        }
    }

    @Test
    void manyThreadsCountExactly() {
        Crew.together(8, index -> {
            for (int i = 0; i < 500; i++) {
                String key = "k" + i % 7;
                switch (i % 3) {
                    case 0 -> map.merge(key, 1, (old, added) -> (long) old + (long) added);
                    case 1 -> map.compute(key, (same, old) -> old == null ? 1 : (long) old + 1);
                    default -> {
                        map.computeIfAbsent(key, same -> 0);
                        map.computeIfPresent(key, (same, old) -> (long) old + 1);
                    }
                }
            }
        });
        long sum = 0;
        for (int i = 0; i < 7; i++) {
            sum += store.get("k" + i, Long.class);
        }
        assertThat(sum).isEqualTo(8 * 500);
    }

    @Test
    void ofManyOnlyOneIsTheFirst() {
        AtomicInteger firsts = new AtomicInteger();
        AtomicInteger removals = new AtomicInteger();
        Crew.together(8, index -> {
            for (int i = 0; i < 300; i++) {
                if (map.putIfAbsent("first " + i, index) == null) {
                    firsts.incrementAndGet();
                }
                Object mine = "by " + index;
                if (map.computeIfAbsent("lazy " + i, key -> mine).equals(mine)) {
                    firsts.incrementAndGet();
                }
                if (map.remove("first " + (i - 5)) != null) {
                    removals.incrementAndGet();
                }
            }
        });
        assertThat(removals.get()
                        + map.keySet().stream()
                                .filter(key -> key.startsWith("first"))
                                .count())
                .isEqualTo(firsts.get() - 300);
    }
}
