package dev.heartwood.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vavr.collection.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedTriesTest {
    private static final int PAIRS = 5_000;

    @Test
    void theTrieIsOpenWhereTheModuleOrTheClassPathOpensItUnlessItIsKeptClosed() {
        Module vavr = HashMap.class.getModule();
        boolean opened = vavr.isOpen("io.vavr.collection", TrieAccess.class.getModule())
                && !Boolean.getBoolean("dev.heartwood.keepVavrClosed");

        assertThat(TrieAccess.isOpen()).isEqualTo(opened);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void bothWaysFindTheSameDifferencesOfRandomMaps(long seed) {
        assumeTrue(TrieAccess.isOpen(), "io.vavr.collection is not open here");
        Random random = new Random(seed);
        for (int pair = 0; pair < PAIRS; pair++) {
            HashMap<String, Object> before = change(HashMap.empty(), random, random.nextInt(random.nextInt(300) + 1));
            HashMap<String, Object> after =
                    random.nextInt(10) == 0 ? change(HashMap.empty(), random, 50) : change(before, random, 20);

            assertThat(shared(before, after)).as("seed %s, pair %s", seed, pair).isEqualTo(inStep(before, after));
        }
    }

    @Test
    void aVisitorThatStopsIsNotCalledAgain() {
        HashMap<String, Object> before = HashMap.of("Aa", 1, "BB", 2, "c", 3);
        int[] calls = new int[1];

        boolean whole = MapDelta.forEach(before, HashMap.empty(), (key, old, now) -> ++calls[0] < 2);

        assertThat(whole).isFalse();
        assertThat(calls[0]).isEqualTo(2);
    }

    private static HashMap<String, Object> change(HashMap<String, Object> map, Random random, int changes) {
        HashMap<String, Object> changed = map;
        for (int i = 0; i < changes; i++) {
            String key = key(random);
            changed = random.nextInt(3) == 0
                    ? changed.remove(key)
                    : changed.put(key, random.nextInt(5) == 0 ? null : (Object) random.nextInt(4));
        }
        return changed;
    }

    /** Few enough keys that many collide: "Aa" and "BB" have one hash, and so has every mix of them. */
    private static String key(Random random) {
        if (random.nextBoolean()) {
            return "key" + random.nextInt(200);
        }
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            key.append(random.nextBoolean() ? "Aa" : "BB");
        }
        return key.toString();
    }

    private static Map<String, String> shared(HashMap<String, Object> before, HashMap<String, Object> after) {
        Map<String, String> found = new TreeMap<>();
        SharedTries.forEach(before, after, (key, old, now) -> note(found, key, old, now));
        return found;
    }

    private static Map<String, String> inStep(HashMap<String, Object> before, HashMap<String, Object> after) {
        Map<String, String> found = new TreeMap<>();
        MapDelta.forEachInStep(before, after, (key, old, now) -> note(found, key, old, now));
        return found;
    }

    private static boolean note(Map<String, String> found, Object key, Object old, Object now) {
        assertThat(found.put((String) key, old + " -> " + now))
                .as("%s twice", key)
                .isNull();
        return true;
    }
}
