package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
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
}
