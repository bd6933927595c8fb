package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Handles on one place. */
@Timeout(60)
class RefTest {
    private final Store store =
            Store.of(Map.of("stats", Map.of("hits", 1), "name", "x", "max", Integer.MAX_VALUE, "l", List.of(1, 2)));
    private final Snapshot start = store.snapshot();
    private final Ref<Long> hits = store.at("stats", "hits").typed(Long.class);

    @Test
    void itReadsAndWritesItsPlace() {
        assertThat(hits.path()).isEqualTo(KeyPath.of("stats", "hits"));
        assertThat(hits.get()).isEqualTo(1L);
        assertThat(hits.exists()).isTrue();
        assertThat(hits.find()).contains(1L);
        assertThat(hits.put(5L)).isEqualTo(1L);
        hits.set(6L);
        assertThat(hits.increment()).isEqualTo(7L);
        assertThat(hits.increment(3)).isEqualTo(10L);
        assertThat(hits.decrement()).isEqualTo(9L);
        assertThat(hits.decrement(4)).isEqualTo(5L);
        assertThat(hits.update(x -> x * 2)).isEqualTo(10L);
        assertThat(hits.replace(10L, 11L)).isTrue();
        assertThat(hits.replace(10L, 12L)).isFalse();
        assertThat(hits.merge(4L, Long::sum)).isEqualTo(15L);
        assertThat(hits.init(0L)).isFalse();
        assertThat(hits.remove()).isEqualTo(15L);
        assertThat(hits.exists()).isFalse();
        assertThat(hits.find()).isEmpty();
        assertThat(hits.discard()).isFalse();
        assertThat(hits.init(0L)).isTrue();
        assertThat(hits.discard()).isTrue();
        assertThat(hits.init(0L)).isTrue();
        assertThat(hits.put(1L)).isEqualTo(0L);
        assertThat(hits.merge(1L, (a, b) -> null)).isNull();
        assertThat(hits.put(1L)).isNull();
    }

    @Test
    void itComputesAsAMapDoes() {
        assertThat(hits.compute(x -> x == null ? 1 : x + 1)).isEqualTo(2L);
        assertThat(hits.compute(x -> null)).isNull();
        assertThat(hits.exists()).isFalse();
        assertThat(hits.compute(x -> x == null ? 7L : x)).isEqualTo(7L);
        assertThatThrownBy(() -> store.at("name").typed(Long.class).compute(x -> 1L))
                .isInstanceOf(TypeMismatchException.class);
        assertThat(store.get("name")).isEqualTo("x");
    }

    @Test
    void itAppendsAndIsAMap() {
        store.at("l").append(3);
        assertThat(store.getList("l")).isEqualTo(List.of(1L, 2L, 3L));
        store.at("stats").asMap().put("misses", 2);
        assertThat(store.get(KeyPath.of("stats", "misses"))).isEqualTo(2L);
    }

    @Test
    void itIsWatchedAndAwaited() throws Exception {
        List<String> told = new ArrayList<>();
        Subscription watch = hits.watch(Delivery.every(Runnable::run), u -> told.add(u.toString()));
        hits.increment();
        watch.close();
        assertThat(told).containsExactly("/stats/hits: 1 -> 2");
        assertThat(hits.await(n -> n == 2, Duration.ofSeconds(5))).isEqualTo(2L);
        hits.remove();
        Ref<Object> untyped = store.at("stats", "hits");
        assertThatThrownBy(() -> hits.await(n -> true, Duration.ZERO)).isInstanceOf(TimeoutException.class);
        untyped.put(null);
        assertThatThrownBy(() -> hits.await(n -> true, Duration.ZERO)).isInstanceOf(TimeoutException.class);
        assertThat(untyped.await(n -> n == null, Duration.ofSeconds(5))).isNull();
        untyped.put("x");
        assertThatThrownBy(() -> hits.await(n -> true, Duration.ofSeconds(5)))
                .isInstanceOf(TypeMismatchException.class);
    }

    @Test
    void itHoldsNoValue() {
        store.put(KeyPath.of("stats", "hits"), 9);
        assertThat(hits.get()).isEqualTo(9L);
        store.remove("stats");
        assertThatThrownBy(hits::get).isInstanceOf(NoSuchPathException.class);
    }

    @Test
    void anUntypedHandleTakesWhatComes() {
        Ref<Object> name = store.at("name");
        assertThat(name.get()).isEqualTo("x");
        assertThat(name.put(null)).isEqualTo("x");
        assertThat(name.exists()).isTrue();
        assertThat(name.get()).isNull();
        assertThat(name.find()).isEmpty();
        assertThat(store.at("l").at(1).get()).isEqualTo(2L);
        assertThat(store.at(KeyPath.of("l", 0)).typed(int.class).get()).isEqualTo(1);
    }

    @Test
    void whatIsNotOfItsTypeIsRefusedAndNothingIsChanged() {
        Ref<Long> name = store.at("name").typed(Long.class);
        Ref<Integer> max = store.at("max").typed(Integer.class);
        for (ThrowingCallable use : List.<ThrowingCallable>of(
                name::get,
                name::find,
                name::remove,
                () -> name.put(5L),
                () -> name.update(x -> x),
                () -> name.merge(1L, Long::sum),
                () -> name.increment(),
                max::increment,
                () -> max.increment(0.5),
                () -> max.decrement(1L << 40),
                () -> max.update(x -> null))) {
            assertThatThrownBy(use).isInstanceOf(TypeMismatchException.class);
        }
        assertThat(store.snapshot()).isSameAs(start);
    }

    @Test
    void aTypedUpdateThatGivesNullIsRefusedAndNothingIsChanged() {
        assertThatThrownBy(() -> store.update("max", Integer.class, x -> null))
                .isInstanceOf(TypeMismatchException.class)
                .hasMessageContaining("/max");
        assertThat(store.snapshot()).isSameAs(start);
    }

    @Test
    void theRootCannotBeRemoved() {
        assertThatThrownBy(() -> store.at().remove()).isInstanceOf(IllegalArgumentException.class);
        assertThat(store.at(KeyPath.root()).exists()).isTrue();
    }

    /** A tree has no sets, arrays and the like: they become lists and numbers. */
    @Test
    @SuppressWarnings("rawtypes") // a class has no type arguments
    void whatCannotBeReadBackAsItsTypeIsNotWrittenWhereNothingIs() {
        Store store = Store.create();
        Snapshot before = store.snapshot();
        Ref<Set> set = store.at("k").typed(Set.class);
        Ref<ArrayList> list = store.at("k").typed(ArrayList.class);
        Ref<AtomicLong> number = store.at("k").typed(AtomicLong.class);
        for (ThrowingCallable write : List.<ThrowingCallable>of(
                () -> set.compute(old -> Set.of(1)),
                () -> set.merge(Set.of(1), (old, added) -> old),
                () -> list.compute(old -> new ArrayList<>(List.of(1))),
                () -> number.compute(old -> new AtomicLong(1)),
                () -> number.merge(new AtomicLong(1), (old, added) -> old))) {
            assertThatThrownBy(write).isInstanceOf(StoreException.class);
            assertThat(store.snapshot()).isSameAs(before);
        }
    }

    @Test
    void anAwaitedValueMustBeThereAlsoWhereTheConditionHoldsForNull() throws Exception {
        Ref<Object> absent = Store.of(Map.of("a", 1)).at("absent");
        assertThatThrownBy(() -> absent.await(value -> value == null, Duration.ZERO))
                .isInstanceOf(TimeoutException.class);
        absent.put(null);
        assertThat(absent.await(value -> value == null, Duration.ZERO)).isNull();
    }
}
