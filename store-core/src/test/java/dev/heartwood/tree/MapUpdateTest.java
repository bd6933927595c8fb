package dev.heartwood.tree;

import static dev.heartwood.tree.Nodes.MISSING;
import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MapUpdateTest {
    /** Keys of which some share a hash code: {@code Aa} and {@code BB} do, in any combination. */
    private static List<String> keys(int size) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            keys.add(i % 5 == 0 ? (i % 2 == 0 ? "Aa" : "BB") + i / 10 : "key" + i);
        }
        return keys;
    }

    private static HashMap<String, @Nullable Object> map(List<String> keys) {
        HashMap<String, @Nullable Object> map = HashMap.empty();
        for (String key : keys) {
            map = map.put(key, 0L);
        }
        return map;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 16, 17, 33, 400})
    void anUpdatedMapIsTheOneThatPutMakes(int size) {
        List<String> keys = keys(size);
        HashMap<String, @Nullable Object> updated = map(keys);
        HashMap<String, @Nullable Object> expected = updated;
        Random random = new Random(size);
        for (int i = 0; i < 1_000; i++) {
            String key = keys.get(random.nextInt(size));
            Object before = updated.getOrElse(key, MISSING);
            Object after = random.nextInt(4) == 0 ? MISSING : (Object) (long) i;
            updated = MapUpdate.with(updated, key, before, after);
            expected = after == MISSING ? expected.remove(key) : expected.put(key, after);
            assertThat(updated)
                    .as("seed %s, step %s", size, i)
                    .isEqualTo(expected)
                    .hasSameSizeAs(expected);
        }
        for (String key : keys) {
            assertThat(updated.get(key)).isEqualTo(expected.get(key));
            updated = updated.remove(key);
        }
        assertThat(updated).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 16, 17, 33, 400})
    void theMapBeforeStaysAsItIs(int size) {
        List<String> keys = keys(size);
        HashMap<String, @Nullable Object> before = map(keys);
        for (String key : keys) {
            assertThat(MapUpdate.with(before, key, 0L, 1L).get(key)).contains(1L);
        }
        assertThat(before).isEqualTo(map(keys));
    }

    @Test
    void aNullIsAValueLikeOthers() {
        HashMap<String, @Nullable Object> map = HashMap.of("a", 1L);
        HashMap<String, @Nullable Object> withNull = MapUpdate.with(map, "a", 1L, null);
        assertThat(withNull.getOrElse("a", MISSING)).isNull();
        assertThat(MapUpdate.with(withNull, "a", null, 2L)).isEqualTo(HashMap.of("a", 2L));
    }
}
