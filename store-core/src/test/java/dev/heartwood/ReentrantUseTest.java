package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** A store inside its own functions: every call is refused at once, and does no harm. */
@Timeout(60)
class ReentrantUseTest {
    private final Store store =
            Store.of(Map.of("a", 1, "t", "x", "m", Map.of("k", 1), "l", List.of(1), "v", List.of(1)));
    private final Snapshot start = store.snapshot();
    private final Snapshot draft = start.edit(tx -> tx.put("a", 2));

    private Map<String, Crew.Action> uses() {
        Map<String, Crew.Action> uses = new LinkedHashMap<>();
        KeyPath l = KeyPath.of("l");
        UnaryOperator<Object> same = value -> value;
        BinaryOperator<Object> first = (old, added) -> old;
        uses.put("get", () -> store.get("a"));
        uses.put("get typed", () -> store.get("a", Long.class));
        uses.put("find", () -> store.find("a", Long.class));
        uses.put("getOrDefault", () -> store.getOrDefault("a", 0));
        uses.put("getOrDefault typed", () -> store.getOrDefault("a", Long.class, 0L));
        uses.put("contains", () -> store.contains("a"));
        uses.put("mapAt", () -> store.mapAt("m"));
        uses.put("vectorAt", () -> store.vectorAt("l"));
        uses.put("getMap", () -> store.getMap("m"));
        uses.put("getList", () -> store.getList("l"));
        uses.put("toMap", store::toMap);
        uses.put("size", () -> store.size());
        uses.put("size at", () -> store.size("l"));
        uses.put("keys", () -> store.keys());
        uses.put("keys at", () -> store.keys("m"));
        uses.put("leaves", () -> store.leaves("m"));
        uses.put("put", () -> store.put("a", 2));
        uses.put("put the same", () -> store.put("a", 1));
        uses.put("set", () -> store.set("a", 2));
        uses.put("init", () -> store.init("a", 2));
        uses.put("update", () -> store.update("a", same));
        uses.put("update typed", () -> store.update("a", Long.class, value -> value));
        uses.put("updateMap", () -> store.updateMap("m", map -> map));
        uses.put("updateList", () -> store.updateList("l", list -> list));
        uses.put("merge", () -> store.merge("a", 1, first));
        uses.put("merge typed", () -> store.merge("a", Long.class, 1L, Long::sum));
        uses.put("increment", () -> store.increment("a"));
        uses.put("decrement", () -> store.decrement("a"));
        uses.put("append", () -> store.append("l", 1));
        uses.put("insert", () -> store.insert(l.child(0), 1));
        uses.put("concat", () -> store.concat("t", "y"));
        uses.put("remove", () -> store.remove("a"));
        uses.put("discard", () -> store.discard("a"));
        uses.put("replace", () -> store.replace("a", 1, 2));
        uses.put("apply", () -> store.apply(start.diff(draft)));
        uses.put("clear", store::clear);
        uses.put("snapshot", store::snapshot);
        uses.put("version", store::version);
        uses.put("batch", () -> store.batch(tx -> {}));
        uses.put("transact", () -> store.<Object, RuntimeException>transactChecked(tx -> 1));
        uses.put("compareAndSet", () -> store.compareAndSet(start, draft));
        uses.put("restore", () -> store.restore(start));
        uses.put("at", () -> store.at("a").get());
        uses.put("at, written", () -> store.at("a").typed(Long.class).increment());
        uses.put("watch", () -> store.watch("a", Delivery.latest(Runnable::run), update -> {}));
        uses.put("await", () -> store.await(view -> true, Duration.ZERO));
        uses.put("asMap, read", () -> store.asMap().get("a"));
        uses.put("asMap, written", () -> store.asMap().put("a", 2));
        uses.put("asMap, iterated", () -> store.asMap().forEach((key, value) -> {}));
        uses.put("as", () -> store.as("somebody"));
        uses.put("under", () -> store.under("m").get("k"));
        uses.put("watch a pattern", () -> {
            store.watch(PathPattern.parse("/m/*"), Delivery.latest(Runnable::run), update -> {});
        });
        uses.put("watch a derived value", () -> {
            store.derive(view -> 1).watch(Delivery.latest(Runnable::run), (before, after) -> {});
        });
        uses.put(
                "awaitAsync",
                () -> store.awaitAsync(view -> true, Runnable::run).join());
        uses.put("publisher", () -> store.publisher(KeyPath.of("a")));
        uses.put("session", () -> store.session("somebody", Duration.ofMinutes(1)));
        uses.put("onSessionEnd", () -> store.onSessionEnd("given back", (tx, path) -> {}));
        uses.put("record", () -> store.record(new NoRecorder()));
        uses.put("fresh", store::fresh);
        uses.put("atLeast", () -> store.atLeast(new Token("log", 1, "entry"), Duration.ZERO));
        uses.put("outcomeOf", () -> store.outcomeOf(new IndeterminateCommitException("x", null)));
        uses.put("statistics", store::statistics);
        uses.put("flush", store::flush);
        uses.put("close", store::close);
        return uses;
    }

    @TestFactory
    List<DynamicTest> everyUseInsideOfAFunctionOrABatchIsRefused() {
        return uses().entrySet().stream()
                .map(use -> DynamicTest.dynamicTest(use.getKey(), () -> isRefusedInside(use.getValue())))
                .toList();
    }

    private void isRefusedInside(Crew.Action use) {
        Snapshot before = store.snapshot();
        int[] refused = new int[1];
        Runnable inside = () -> {
            assertThatThrownBy(use::run).isInstanceOf(ReentrantUseException.class);
            refused[0]++;
        };
        store.update("v", value -> {
            inside.run();
            return value;
        });
        store.merge("v", 1, (old, added) -> {
            inside.run();
            return old;
        });
        store.asMap().compute("v", (key, value) -> {
            inside.run();
            return value;
        });
        store.batch(tx -> inside.run());
        store.batch(tx -> tx.update("v", value -> {
            inside.run();
            return value;
        }));
        assertThat(refused[0]).isEqualTo(5);
        assertThat(store.snapshot()).isSameAs(before);
        assertThat(store.increment("a")).isEqualTo(2L);
        store.restore(start);
        assertThat(store.snapshot().sameTree(start)).isTrue();
    }

    @Test
    void itComesOutOfTheBodyThatDoesNotCatchIt() {
        assertThatThrownBy(() -> store.batch(tx -> {
                    tx.put("a", 2);
                    store.get("a");
                }))
                .isInstanceOf(ReentrantUseException.class)
                .hasMessageContaining("Transaction");
        assertThat(store.snapshot()).isSameAs(start);
        assertThat(store.increment("a")).isEqualTo(2L);
    }

    @Test
    void anotherThreadMayUseTheStoreMeanwhile() {
        store.batch(tx -> {
            Crew.elsewhere(() -> store.increment("a"));
            tx.put("b", 1);
        });
        assertThat(store.toMap()).containsEntry("a", 2L).containsEntry("b", 1L);
    }

    @Test
    void anotherStoreMayBeUsed() {
        Store other = Store.of(Map.of("n", 0));
        store.batch(tx -> {
            other.increment("n");
            other.batch(inner -> inner.increment("n"));
            tx.put("b", other.get("n"));
            assertThatThrownBy(() -> store.get("a")).isInstanceOf(ReentrantUseException.class);
        });
        assertThat(store.get("b")).isEqualTo(2L);
    }

    @Test
    void inNestedStoresEachIsRefusedInsideItsOwnFunctionOnly() {
        Store other = Store.of(Map.of("n", 0));
        store.update("a", outer -> {
            other.update("n", inner -> {
                assertThatThrownBy(() -> store.get("a")).isInstanceOf(ReentrantUseException.class);
                assertThatThrownBy(() -> other.get("n")).isInstanceOf(ReentrantUseException.class);
                return 1;
            });
            assertThat(other.get("n")).isEqualTo(1L);
            assertThatThrownBy(() -> store.get("a")).isInstanceOf(ReentrantUseException.class);
            return 2;
        });
        other.update("n", value -> store.get("a"));
        assertThat(other.get("n")).isEqualTo(2L);
    }

    @Test
    void manyStoresMayBeNested() {
        assertThat(nested(20)).isEqualTo(20L);
        assertThat(store.increment("a")).isEqualTo(2L);
    }

    private static long nested(int depth) {
        if (depth == 0) {
            return 0;
        }
        Store here = Store.of(Map.of("n", 0));
        return here.update("n", Long.class, n -> {
            long below = nested(depth - 1);
            assertThatThrownBy(() -> here.get("n")).isInstanceOf(ReentrantUseException.class);
            return below + 1;
        });
    }

    @Test
    void theStoreIsUsableInAfterCommitAndInListeners() {
        long[] seen = new long[2];
        store.watch("a", Delivery.every(Runnable::run), update -> seen[0] = store.get("a", Long.class));
        store.batch(tx -> {
            tx.increment("a");
            tx.afterCommit(() -> seen[1] = store.get("a", Long.class));
        });
        assertThat(seen).containsExactly(2, 2);
    }

    private static final class NoRecorder implements CommitRecorder {
        @Override
        public void startFrom(Snapshot base) {}

        @Override
        public void record(Snapshot before, Snapshot after) {}

        @Override
        public void missed(long upTo) {}
    }

    private static void within(List<Store> stores, Runnable innermost) {
        if (stores.isEmpty()) {
            innermost.run();
        } else {
            stores.get(0).batch(tx -> within(stores.subList(1, stores.size()), innermost));
        }
    }

    @Test
    void anOuterStoreIsRefusedHoweverManyOthersAreInBetween() {
        List<Store> stores = Stream.generate(Store::create).limit(6).toList();
        within(stores, () -> {
            for (Store outer : stores) {
                assertThatThrownBy(() -> outer.put("a", 1)).isInstanceOf(ReentrantUseException.class);
            }
        });
        stores.forEach(store -> store.put("a", 1));
    }

    @Test
    void anOuterListenerIsNotWaitedForHoweverManyOthersAreInBetween() {
        List<Store> stores = Stream.generate(Store::create).limit(6).toList();
        List<Throwable> refusals = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int next = i + 1;
            stores.get(i).watch("a", Delivery.every(Runnable::run), update -> {
                if (next < 6) {
                    stores.get(next).put("a", 1);
                    return;
                }
                for (Store outer : stores) {
                    refusals.add(catchThrowable(() -> outer.awaitTransact(tx -> tx.retry(), Duration.ZERO)));
                }
            });
        }
        stores.get(0).put("a", 1);
        assertThat(refusals).hasSize(6).allMatch(refusal -> refusal instanceof IllegalStateException);
    }
}
