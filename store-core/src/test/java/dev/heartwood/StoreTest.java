package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
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
}
