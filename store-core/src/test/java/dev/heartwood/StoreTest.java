package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class StoreTest {
    @Test
    void updateReplacesTheValueWithTheFunctionOfIt() {
        try (Store store = Store.of(Map.of("counter", 0, "user", Map.of("tags", List.of("a", "b"))))) {
            assertThat(store.update("counter", Integer.class, n -> n + 1)).isEqualTo(1);
            Snapshot before = store.snapshot();
            store.append(KeyPath.of("user", "tags"), "x");
            store.put(KeyPath.of("deep", "er", "still"), 1.5);
            assertThat(before.diff(store.snapshot()).toString())
                    .isEqualTo("+ /deep = {\"er\": {\"still\": 1.5}}\n+ /user/tags/2 = \"x\"");
            assertThatThrownBy(() -> store.get("/user/tags")).hasMessageContaining("KeyPath.parse");
            assertThatThrownBy(() -> store.update("counter", v -> store.get("counter")))
                    .isInstanceOf(ReentrantUseException.class);
            Commit c = store.batch(tx -> {
                tx.increment("counter");
                tx.remove(KeyPath.of("user", "tags", 0));
            });
            assertThat(c.diff().toString()).isEqualTo("~ /counter: 1 -> 2\n- /user/tags/0 = \"a\"");
            store.restore(before);
            assertThat(store.snapshot().sameTree(before)).isTrue();
        }
    }

    @Test
    void whatWasChosenStaysWhateverIsChosenAfterIt() {
        Consumer<Throwable> handler = failure -> {};
        List<UnaryOperator<StoreOptions>> choices = List.of(
                StoreOptions::strict,
                options -> options.rightOfWay(Duration.ofMillis(7)),
                options -> options.failureHandler(handler),
                options -> options.origins(Origins.WHO),
                options -> options.guard("first", KeyPath.of("a"), view -> true),
                options -> options.guard("second", KeyPath.of("a"), view -> true));
        for (int first = 0; first < choices.size(); first++) {
            StoreOptions options = Store.options();
            for (int i = 0; i < choices.size(); i++) {
                options = choices.get((first + i) % choices.size()).apply(options);
            }
            assertThat(options.isStrict()).isTrue();
            assertThat(options.rightOfWay()).isEqualTo(Duration.ofMillis(7));
            assertThat(options.failureHandler()).isSameAs(handler);
            assertThat(options.origins()).isEqualTo(Origins.WHO);
            assertThat(options.guards()).extracting(Guard::name).containsExactlyInAnyOrder("first", "second");
        }
        Delivery every = Delivery.every(Runnable::run).backlog(5).failureHandler(handler);
        Delivery again = Delivery.every(Runnable::run).failureHandler(handler).backlog(5);
        for (Delivery delivery : List.of(every, again, every.orHandler(failure -> {}))) {
            assertThat(delivery.isEvery()).isTrue();
            assertThat(delivery.backlog()).isEqualTo(5);
            assertThat(delivery.orHandler(failure -> {})).isSameAs(delivery);
        }
    }
}
