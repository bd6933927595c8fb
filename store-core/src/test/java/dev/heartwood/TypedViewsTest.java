package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Lists and maps of one type: views that convert exactly, element by element. */
class TypedViewsTest {
    private final Store store = Store.of(Map.of(
            "numbers", List.of(1, 2, 3),
            "prices", Map.of("tea", 2, "cake", 3),
            "users", List.of(Map.of("name", "ada"), Map.of("name", "bob")),
            "mixed", Arrays.asList(1, "two", null, 4.5)));

    @Test
    void elementsAreOfTheTypeThatIsAskedFor() {
        List<Integer> numbers = store.getList("numbers", Integer.class);

        assertThat(numbers).containsExactly(1, 2, 3);
        assertThat(numbers.stream().mapToInt(Integer::intValue).sum()).isEqualTo(6);
        assertThat(store.getList("numbers", int.class)).isEqualTo(List.of(1, 2, 3));
        assertThat(store.getList("numbers", Double.class)).isEqualTo(List.of(1.0, 2.0, 3.0));
    }

    @Test
    void valuesAreOfTheTypeThatIsAskedFor() {
        Map<String, Integer> prices = store.getMap("prices", Integer.class);

        assertThat(prices).isEqualTo(Map.of("tea", 2, "cake", 3)).hasSize(2);
        assertThat(prices.get("tea")).isEqualTo(2);
        assertThat(prices.get("gin")).isNull();
        assertThat(prices.getOrDefault("gin", 9)).isEqualTo(9);
        assertThat(prices.keySet()).containsExactlyInAnyOrder("tea", "cake");
        assertThat(prices.values().stream().collect(Collectors.summingInt(p -> p)))
                .isEqualTo(5);
        assertThat(prices.hashCode()).isEqualTo(Map.of("tea", 2, "cake", 3).hashCode());
        assertThat(prices).hasToString(new LinkedHashMap<>(prices).toString());
    }

    @Test
    void theSetsOfATypedMapAnswerAsThoseOfAHashMapDo() {
        JavaViewsTest.requireSetsLikeThoseOf(
                store.getMap("prices", Integer.class), new LinkedHashMap<>(Map.of("tea", 2, "cake", 3)));
    }

    @Test
    void containersComeAsViewsOrAsVavrHasThem() {
        assertThat((Object) store.getList("users", Map.class).get(1)).isEqualTo(Map.of("name", "bob"));
        assertThat((Object) store.getList("users", HashMap.class).get(0)).isSameAs(store.get(KeyPath.of("users", 0)));
    }

    @Test
    void whatIsNotExactlyOfTheTypeIsRefusedWhenItIsAskedFor() {
        List<Integer> mixed = store.getList("mixed", Integer.class);

        assertThat(mixed.get(0)).isEqualTo(1);
        for (int i = 1; i < 4; i++) {
            int index = i;
            assertThatThrownBy(() -> mixed.get(index))
                    .isInstanceOf(TypeMismatchException.class)
                    .hasMessageContaining("/mixed/" + i);
        }
        assertThatThrownBy(() -> store.getMap("prices", String.class).get("tea"))
                .isInstanceOf(TypeMismatchException.class)
                .hasMessageContaining("/prices/tea");
        assertThatThrownBy(() -> mixed.get(4)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aNullInAMapIsRefusedWhenItIsAskedFor() {
        store.set(KeyPath.of("prices", "gin"), null);
        Map<String, Integer> prices = store.getMap("prices", Integer.class);
        assertThat(prices.containsKey("gin")).isTrue();
        assertThatThrownBy(() -> prices.get("gin"))
                .isInstanceOf(TypeMismatchException.class)
                .hasMessageContaining("/prices/gin");
    }

    @Test
    void theKeysOfAMapCanBeReadWhateverItsValuesAre() {
        store.put("mixed", Map.of("a", 1, "b", "two"));
        Map<String, Integer> mixed = store.getMap("mixed", Integer.class);

        assertThat(mixed.keySet()).containsExactlyInAnyOrder("a", "b");
        assertThat(mixed.containsKey("b")).isTrue();
        assertThatThrownBy(() -> new ArrayList<>(mixed.values()))
                .isInstanceOf(TypeMismatchException.class)
                .hasMessageContaining("/mixed/b");
    }

    @Test
    void theContainerMustBeThereAndOfItsKind() {
        assertThatThrownBy(() -> store.getList("none", Integer.class)).isInstanceOf(NoSuchPathException.class);
        assertThatThrownBy(() -> store.getList("prices", Integer.class)).isInstanceOf(TypeMismatchException.class);
        assertThatThrownBy(() -> store.getMap("numbers", Integer.class)).isInstanceOf(TypeMismatchException.class);
    }

    @Test
    void theyStayAsTheyAreWhateverIsWrittenLater() {
        List<Integer> numbers = store.getList("numbers", Integer.class);
        store.append("numbers", 4);
        assertThat(numbers).containsExactly(1, 2, 3);
    }

    @Test
    void theyGoBackAsTheSameNode() {
        store.put("copy", store.getList("numbers", Integer.class));
        store.put("more", store.getMap("prices", Integer.class));
        assertThat(store.get("copy")).isSameAs(store.get("numbers"));
        assertThat(store.get("more")).isSameAs(store.get("prices"));
    }

    private static void removeFirst(Iterator<?> elements) {
        elements.next();
        elements.remove();
    }

    @Test
    void theyRefuseEveryChange() {
        List<Integer> numbers = store.getList("numbers", Integer.class);
        Map<String, Integer> prices = store.getMap("prices", Integer.class);
        for (ThrowingCallable change : List.<ThrowingCallable>of(
                () -> numbers.add(1),
                () -> numbers.set(0, 1),
                () -> numbers.remove(0),
                () -> numbers.removeIf(n -> false),
                numbers::clear,
                () -> numbers.sort(null),
                () -> removeFirst(numbers.iterator()),
                () -> prices.put("a", 1),
                () -> prices.remove("none"),
                () -> prices.merge("tea", 1, Integer::sum),
                () -> prices.keySet().clear(),
                () -> prices.keySet().remove("none"),
                () -> prices.keySet().removeIf(key -> false),
                () -> prices.values().clear(),
                () -> prices.values().remove(9),
                () -> prices.values().retainAll(List.of(2, 3)),
                () -> prices.entrySet().iterator().next().setValue(1),
                prices::clear)) {
            assertThatThrownBy(change).isInstanceOf(UnsupportedOperationException.class);
        }
    }
}
