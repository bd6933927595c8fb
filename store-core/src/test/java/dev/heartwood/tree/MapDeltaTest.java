package dev.heartwood.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MapDeltaTest {
    /** Keys of one hash, keys whose hashes share their low bits, and one that is no string. */
    private static final List<Object> KEYS = new ArrayList<>(
            Arrays.asList("AaAa", "AaBB", "BBAa", "BBBB", "Aa", "BB", "C#", "a", "b", "", 2112, 0, null, "\u0000"));

    static {
        for (int i = 0; i < 40; i++) {
            KEYS.add(i << 5);
            KEYS.add(i << 25);
            KEYS.add("k" + i);
        }
    }

    private static Map<Object, List<Object>> delta(HashMap<?, ?> before, HashMap<?, ?> after) {
        Map<Object, List<Object>> delta = new LinkedHashMap<>();
        boolean whole = MapDelta.forEach(before, after, (key, old, now) -> {
            assertThat(delta.put(key, Arrays.asList(old, now)))
                    .as("%s is visited twice", key)
                    .isNull();
            return true;
        });
        assertThat(whole).isTrue();
        return delta;
    }

    private static Map<Object, List<Object>> naive(HashMap<Object, Object> before, HashMap<Object, Object> after) {
        Map<Object, List<Object>> delta = new LinkedHashMap<>();
        for (Object key : KEYS) {
            Object old = before.containsKey(key) ? before.get(key).get() : Nodes.MISSING;
            Object now = after.containsKey(key) ? after.get(key).get() : Nodes.MISSING;
            if (old != now) {
                delta.put(key, Arrays.asList(old, now));
            }
        }
        return delta;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatDiffersIsVisitedOnceWhateverTheHistory(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 1_000; round++) {
            HashMap<Object, Object> before = HashMap.empty();
            HashMap<Object, Object> after = HashMap.empty();
            int size = random.nextInt(KEYS.size() + 1);
            for (int i = random.nextInt(200); i > 0 && size > 0; i--) {
                Object key = KEYS.get(random.nextInt(size));
                Object value = random.nextInt(4) == 0 ? null : "v" + random.nextInt(2);
                int side = random.nextInt(5);
                boolean removes = random.nextInt(4) == 0;
                before = side < 4 ? removes ? before.remove(key) : before.put(key, value) : before;
                after = side > 0 ? removes ? after.remove(key) : after.put(key, value) : after;
            }
            assertThat(delta(before, after)).as("seed %d round %d", seed, round).isEqualTo(naive(before, after));
        }
    }

    @Test
    void oneMapIsNotEvenLookedAt() {
        HashMap<String, Object> map = HashMap.of("a", 1);
        assertThat(MapDelta.forEach(map, map, (key, old, now) -> false)).isTrue();
        assertThat(MapDelta.forEach(HashMap.empty(), HashMap.empty(), (key, old, now) -> false))
                .isTrue();
    }

    @Test
    void aVisitorStopsTheWalk() {
        List<Object> visited = new ArrayList<>();
        boolean whole = MapDelta.forEach(HashMap.of("a", 1, "b", 2, "c", 3), HashMap.empty(), (key, old, now) -> {
            visited.add(key);
            return visited.size() < 2;
        });
        assertThat(whole).isFalse();
        assertThat(visited).hasSize(2);
    }

    @Test
    void valuesDifferByReference() {
        Object one = new ArrayList<>();
        Object other = new ArrayList<>();
        assertThat(delta(HashMap.of("a", one), HashMap.of("a", other))).containsOnlyKeys("a");
        assertThat(delta(HashMap.of("a", one), HashMap.of("a", one))).isEmpty();
        assertThat(delta(HashMap.of("a", null), HashMap.empty())).containsOnlyKeys("a");
        assertThat(delta(HashMap.empty(), HashMap.of("a", null))).containsOnlyKeys("a");
    }
}
