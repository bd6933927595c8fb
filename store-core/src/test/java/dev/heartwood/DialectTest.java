package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DialectTest {
    private static final Dialect SHORT_KEYS = new Dialect() {
        @Override
        public Object admit(Object leaf) {
            return leaf;
        }

        @Override
        public void admitKey(String key) {
            if (key.length() > 3) {
                throw new IllegalArgumentException("the key is longer than 3");
            }
        }
    };

    private final Store store = Store.over(new MemoryRoot(new Timeline(0, Map.of(), SHORT_KEYS)));

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
}
