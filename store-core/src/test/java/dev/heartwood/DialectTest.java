package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DialectTest {
    private static final Dialect SHORT = new Dialect() {
        @Override
        public Object admit(Object leaf) {
            if (leaf.toString().length() > 5) {
                throw new IllegalArgumentException("the text is longer than 5");
            }
            return leaf;
        }

        @Override
        public void admitKey(String key) {
            if (key.length() > 3) {
                throw new IllegalArgumentException("the key is longer than 3");
            }
        }
    };

    private final Store store = Store.over(new MemoryRoot(new Timeline(0, Map.of(), SHORT)));

    @Test
    void keyInAValueIsAskedAbout() {
        assertThatThrownBy(() -> store.put("a", Map.of("long", 1))).isInstanceOf(UnsupportedValueException.class);
        assertThat(store.version()).isZero();
    }

    @Test
    void keyOfThePathIsAskedAbout() {
        assertThatThrownBy(() -> store.put("long", 1))
                .isInstanceOf(UnsupportedValueException.class)
                .hasMessageContaining("longer than 3");
        assertThat(store.version()).isZero();
    }

    @Test
    void keyOfAParentThatWouldBeMadeIsAskedAbout() {
        assertThatThrownBy(() -> store.set(KeyPath.of("a", "long", "b"), 1))
                .isInstanceOf(UnsupportedValueException.class)
                .hasMessageContaining("/a/long");
        assertThatThrownBy(() -> store.batch(tx -> tx.init(KeyPath.of("long", "b"), 1)))
                .isInstanceOf(UnsupportedValueException.class);
        assertThat(store.version()).isZero();
    }

    @Test
    void whatTwoStringsMakeIsAskedAbout() {
        store.put("a", "abc");
        store.concat("a", "de");
        assertThatThrownBy(() -> store.concat("a", "f"))
                .isInstanceOf(UnsupportedValueException.class)
                .hasMessageContaining("/a")
                .hasMessageContaining("longer than 5");
        assertThatThrownBy(() -> store.batch(tx -> tx.concat("a", "f"))).isInstanceOf(UnsupportedValueException.class);
        assertThat(store.get("a")).isEqualTo("abcde");
    }

    @Test
    void whatIsWrittenAtAPlaceIsAskedAbout() {
        store.put("p", Map.of("a", "abc"));
        KeyPath place = KeyPath.of("p");
        for (Consumer<TreeEditor> way : List.<Consumer<TreeEditor>>of(
                editor -> editor.put("a", "too long"),
                editor -> editor.put("a", Map.of("long", 1)),
                editor -> editor.update("a", old -> "too long"),
                editor -> editor.concat("a", "def"))) {
            assertThatThrownBy(() -> way.accept(store.under(place))).isInstanceOf(UnsupportedValueException.class);
            assertThatThrownBy(() -> store.batch(tx -> way.accept(tx.under(place))))
                    .isInstanceOf(UnsupportedValueException.class);
            assertThatThrownBy(() -> store.snapshot().edit(tx -> way.accept(tx.under(place))))
                    .isInstanceOf(UnsupportedValueException.class);
        }
        assertThat(store.get(place.child("a"))).isEqualTo("abc");
    }

    @Test
    void whatALiveMapTakesIsAskedAbout() {
        Map<String, Object> map = store.asMap(KeyPath.of("m"));
        map.put("a", "abc");
        for (Consumer<Map<String, Object>> way : List.<Consumer<Map<String, Object>>>of(
                live -> live.put("a", "too long"),
                live -> live.put("long", 1),
                live -> live.putIfAbsent("b", "too long"),
                live -> live.replace("a", "too long"),
                live -> live.compute("a", (key, old) -> "too long"),
                live -> live.merge("a", "def", (old, added) -> "" + old + added),
                live -> live.entrySet().iterator().next().setValue("too long"))) {
            assertThatThrownBy(() -> way.accept(map)).isInstanceOf(UnsupportedValueException.class);
        }
        assertThat(store.getMap("m")).isEqualTo(Map.of("a", "abc"));
    }

    @Test
    void whatACommutedFunctionGivesIsAskedAbout() {
        store.put("a", "abc");
        assertThatThrownBy(() -> store.batch(tx -> {
                    tx.commute("a", String.class, old -> old + "def");
                    tx.put("b", 1);
                }))
                .isInstanceOf(UnsupportedValueException.class)
                .hasMessageContaining("longer than 5");
        assertThat(store.getMap(KeyPath.root())).isEqualTo(Map.of("a", "abc"));
    }

    @Test
    void whatADiffOfAnotherStoreBringsIsAskedAbout() {
        Snapshot before = Store.of(Map.of("a", 1)).snapshot();
        store.put("a", 1);
        for (Diff diff : List.of(
                before.diff(before.edit(tx -> tx.put("a", "too long"))),
                before.diff(before.edit(tx -> tx.put("b", "too long"))))) {
            assertThatThrownBy(() -> store.apply(diff)).isInstanceOf(UnsupportedValueException.class);
        }
        assertThat(store.snapshot().root()).isEqualTo(before.root());
    }

    @Test
    void theSumOfTwoNumbersIsAskedAbout() {
        store.put("a", 99_999);
        for (Consumer<TreeEditor> way : List.<Consumer<TreeEditor>>of(
                editor -> editor.increment("a"),
                editor -> editor.increment(KeyPath.of("a"), 1, sum -> {}),
                editor -> editor.decrement("a", -1))) {
            assertThatThrownBy(() -> way.accept(store))
                    .isInstanceOf(UnsupportedValueException.class)
                    .hasMessageContaining("longer than 5");
            assertThatThrownBy(() -> store.batch(way)).isInstanceOf(UnsupportedValueException.class);
        }
        assertThat(store.get("a")).isEqualTo(99_999L);
    }

    @Test
    void whatAnotherStoreHeldIsAskedAboutWhenItIsRestored() {
        store.put("a", 1);
        Snapshot before = store.snapshot();
        for (Map<String, Object> tree : List.<Map<String, Object>>of(
                Map.of("b", Map.of("c", "too long")), Map.of("b", Map.of("long", 1)), Map.of("long", 1))) {
            Snapshot elsewhere = Store.of(tree).snapshot();
            assertThatThrownBy(() -> store.restore(elsewhere))
                    .isInstanceOf(UnsupportedValueException.class)
                    .hasMessageContaining("is longer than");
            assertThatThrownBy(() -> store.compareAndSet(before, elsewhere))
                    .isInstanceOf(UnsupportedValueException.class)
                    .hasMessageContaining("is longer than");
        }
        assertThat(store.snapshot()).isSameAs(before);

        store.restore(Store.of(Map.of("b", List.of("abc"))).snapshot());
        assertThat(store.getList("b")).isEqualTo(List.of("abc"));
    }

    @Test
    void aLeafOfAnotherStoreIsRestoredInTheFormThatThisOneGivesIt() {
        Store upperCase = Store.over(new MemoryRoot(
                new Timeline(0, Map.of(), leaf -> leaf instanceof String text ? text.toUpperCase(Locale.ROOT) : leaf)));
        Map<String, Object> users = new HashMap<>();
        for (int i = 0; i < 2_000; i++) {
            users.put("user" + i, List.of("name"));
        }
        Store memory = Store.of(Map.of("users", users));
        memory.put(KeyPath.of("copy", "users"), memory.get("users")); // memory knows its parts by now

        upperCase.restore(memory.snapshot());

        assertThat(upperCase.leaves(KeyPath.root()).map(Map.Entry::getValue).distinct())
                .containsExactly("NAME");
        assertThat(upperCase.size("users")).isEqualTo(2_000);
    }

    /** One value each at a time, and a run of elements in one pass. */
    @Test
    void theChangesOfAnotherStoreFitWhereThisOneHoldsTheSameInItsOwnForm() {
        Store upperCase = Store.over(new MemoryRoot(
                new Timeline(0, Map.of(), leaf -> leaf instanceof String text ? text.toUpperCase(Locale.ROOT) : leaf)));
        List<Object> many = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            many.add(i % 2 == 0 ? Map.of("name", "element " + i) : "element " + i);
        }
        Store memory =
                Store.of(Map.of("name", "ann", "part", Map.of("of", List.of("it")), "many", many, "gone", "leaf"));
        upperCase.restore(memory.snapshot());
        Snapshot before = memory.snapshot();
        memory.put("name", "bob");
        memory.remove("part");
        memory.remove("gone");
        memory.put(
                "many",
                many.stream()
                        .filter(element -> many.indexOf(element) % 3 > 0)
                        .map(element -> element instanceof Map ? Map.of("name", "new") : element)
                        .toList());
        Diff diff = before.diff(memory.snapshot());
        Map<String, Object> old = upperCase.snapshot().toMap();

        upperCase.apply(diff);
        assertThat(upperCase.get("name")).isEqualTo("BOB");
        assertThat(upperCase.keys()).containsExactlyInAnyOrder("name", "many");
        assertThat(upperCase.size("many")).isEqualTo(20);
        upperCase.apply(diff.inverse());
        assertThat(upperCase.toMap()).isEqualTo(old);

        upperCase.put("name", "eve");
        assertThatThrownBy(() -> upperCase.apply(diff)).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> store.apply(diff)).isInstanceOf(ConflictException.class);
    }
}
