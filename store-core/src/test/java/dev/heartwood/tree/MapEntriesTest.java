package dev.heartwood.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MapEntriesTest {
    private static List<List<Object>> entries(HashMap<String, Object> map) {
        List<List<Object>> entries = new ArrayList<>();
        MapEntries.forEach(map, (key, value) -> entries.add(Arrays.asList(key, value)));
        return entries;
    }

    private static List<List<Object>> byIterator(HashMap<String, Object> map) {
        List<List<Object>> entries = new ArrayList<>();
        MapEntries.byIterator(map, (key, value) -> entries.add(Arrays.asList(key, value)));
        return entries;
    }

    @Test
    void anEmptyMapHasNone() {
        assertThat(entries(HashMap.empty())).isEmpty();
    }

    @Test
    void aNullIsAValue() {
        assertThat(entries(HashMap.of("a", null))).containsExactly(Arrays.asList("a", null));
    }

    @Test
    void keysOfOneHashAreAllVisited() {
        assertThat(entries(HashMap.of("Aa", 1, "BB", 2, "C#", 3)))
                .containsExactlyInAnyOrder(List.of("Aa", 1), List.of("BB", 2), List.of("C#", 3));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyEntryIsVisitedOnceAndInTheMapsOrder(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            HashMap<String, Object> map = HashMap.empty();
            for (int i = random.nextInt(random.nextInt(300) + 1); i > 0; i--) {
                String key = random.nextBoolean() ? "k" + random.nextInt(300) : "AaBB".repeat(random.nextInt(3));
                map = random.nextInt(5) == 0 ? map.remove(key) : map.put(key, random.nextInt());
            }
            assertThat(entries(map)).as("seed %s, round %s", seed, round).isEqualTo(byIterator(map));
        }
    }
}
