package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Values that share their parts are small in memory, and endless to a walk that goes everywhere twice. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedValuesTest {
    private final Store store = Store.create();

    /** Each level holds the one below twice. */
    private static Object doubled(int levels) {
        Object value = 1;
        for (int i = 0; i < levels; i++) {
            value = switch (i % 4) {
                case 0 -> Arrays.asList(value, value);
                case 1 -> Map.of("a", value, "b", value);
                case 2 -> HashMap.of("a", value, "b", value);
                default -> new Object[] {value, Vector.of(value)};
            };
        }
        return value;
    }

    /** Each level holds the two below: its longest way down is not the first one looked at. */
    private static Object twoBelow(int levels) {
        Object below = List.of(1);
        Object value = List.of(2);
        for (int i = 0; i < levels; i++) {
            Object next = List.of(value, below);
            below = value;
            value = next;
        }
        return value;
    }

    @Test
    void whatIsSharedIsWalkedOnce() {
        store.put("x", doubled(25));
        store.put("x", doubled(500));
        store.update("x", old -> List.of(old, old, doubled(100)));
        store.updateMap(KeyPath.root(), root -> root.put("y", doubled(100)).put("z", doubled(100)));
        assertThat(store.size()).isEqualTo(3);
    }

    @Test
    void whatIsSharedIsMeasuredOnce() {
        store.put("x", twoBelow(400));
        Snapshot snapshot = store.snapshot();
        store.put("old", snapshot.root());
        store.put(KeyPath.of("deeper", "still"), snapshot);
        assertThat(store.get(KeyPath.of("deeper", "still"))).isSameAs(snapshot.root());
        assertThatExceptionOfType(UnsupportedValueException.class)
                .isThrownBy(() -> store.put(KeyPath.of(java.util.Collections.nCopies(900, "k")), snapshot.root()))
                .withMessageContaining("this value alone has 402");
    }

    @Test
    void aMessageAboutASharedValueIsShort() {
        store.put("x", doubled(100));
        assertThatExceptionOfType(TypeMismatchException.class)
                .isThrownBy(() -> store.increment("x"))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
        assertThat(store.snapshot().diff(Store.create().snapshot()).toString())
                .startsWith("- /x = [")
                .hasSizeLessThan(500);
    }
}
