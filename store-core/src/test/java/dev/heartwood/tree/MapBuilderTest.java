package dev.heartwood.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MapBuilderTest {
    private static final int MOST = 8;

    private final MapBuilder builder = new MapBuilder(MOST);

    @BeforeEach
    void onlyWhereItCanBuild() {
        assumeTrue(MapBuilder.isOpen(), "io.vavr.collection is not open here");
    }

    /** The shortest string of low chars with this hash code: its digits to the base of 31. */
    private static String keyOfHash(int hash) {
        StringBuilder key = new StringBuilder();
        for (long rest = Integer.toUnsignedLong(hash); rest > 0; rest /= 31) {
            key.append((char) (rest % 31));
        }
        return key.reverse().toString();
    }

    /** Keys that meet on every level of the trie, few of one hash. */
    private static String key(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> "key" + random.nextInt(1_000);
            case 1 -> keyOfHash(random.nextInt(32) << (5 * random.nextInt(7)));
            case 2 -> keyOfHash(random.nextInt(4) << 30);
            case 3 -> (random.nextBoolean() ? "Aa" : "BB") + random.nextInt(20);
            default -> "";
        };
    }

    private HashMap<String, Object> built(Map<String, Object> entries) {
        entries.forEach(builder::add);
        return builder.build();
    }

    private static HashMap<String, Object> put(Map<String, Object> entries) {
        HashMap<String, Object> map = HashMap.empty();
        for (Map.Entry<String, Object> entry : entries.entrySet()) {
            map = map.put(entry.getKey(), entry.getValue());
        }
        return map;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatIsBuiltIsWhatIsPutTogether(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            Map<String, Object> entries = new LinkedHashMap<>();
            for (int i = random.nextInt(random.nextInt(400) + 1); i > 0; i--) {
                entries.put(key(random), random.nextInt(4) == 0 ? null : (Object) random.nextInt());
            }
            HashMap<String, Object> built = built(entries);
            HashMap<String, Object> put = put(entries);

            assertThat(built).as("seed %s, round %s", seed, round).isEqualTo(put);
            assertThat(built.size()).isEqualTo(put.size());
            assertThat(keys(built)).as("seed %s, round %s", seed, round).isEqualTo(keys(put));
            assertThat(grownAndShrunk(built, seed + round)).isEqualTo(grownAndShrunk(put, seed + round));
        }
    }

    /** In the order of the trie's nodes, keys of one hash by name. */
    private static List<List<String>> keys(HashMap<String, Object> map) {
        List<List<String>> keys = new ArrayList<>();
        int last = 0;
        for (String key : map.keySet()) {
            if (keys.isEmpty() || key.hashCode() != last) {
                keys.add(new ArrayList<>());
            }
            keys.get(keys.size() - 1).add(key);
            keys.get(keys.size() - 1).sort(null);
            last = key.hashCode();
        }
        return keys;
    }

    private static HashMap<String, Object> grownAndShrunk(HashMap<String, Object> map, long seed) {
        Random random = new Random(seed);
        HashMap<String, Object> changed = map;
        List<String> keys = new ArrayList<>(map.keySet().toJavaSet());
        keys.sort(null);
        for (int i = 0; i < 30; i++) {
            String known = keys.isEmpty() ? "" : keys.get(random.nextInt(keys.size()));
            changed = random.nextBoolean() ? changed.remove(known) : changed.put(key(random), i);
        }
        return changed;
    }

    @Test
    void aKeyThatStandsTwiceGivesNothing() {
        builder.add("a", 1);
        builder.add("b", 2);
        builder.add("a", 3);
        assertThat(builder.build()).isNull();
    }

    @Test
    void aKeyThatStandsTwiceAmongThoseOfItsHashGivesNothing() {
        for (String key : new String[] {"Aa", "x", "BB", "Aa"}) {
            builder.add(key, 1);
        }
        assertThat(builder.build()).isNull();
    }

    @Test
    void tooManyKeysOfOneHashGiveNothing() {
        Set<String> keys = new LinkedHashSet<>();
        for (int i = 0; i <= MOST; i++) {
            StringBuilder key = new StringBuilder();
            for (int bit = 0; bit < 4; bit++) {
                key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            keys.add(key.toString());
        }
        keys.stream().limit(MOST).forEach(key -> builder.add(key, key));
        assertThat(builder.build()).hasSize(MOST);

        keys.forEach(key -> builder.add(key, key));
        assertThat(builder.build()).isNull();
    }

    @Test
    void afterNothingComesAMapAgain() {
        builder.add("a", 1);
        builder.add("a", 2);
        assertThat(builder.build()).isNull();
        assertThat(builder.build()).isSameAs(HashMap.empty());

        builder.add("a", null);
        assertThat(builder.build()).isEqualTo(HashMap.of("a", null));
    }

    @Test
    void mapsThatAreBuiltShareNothing() {
        HashMap<String, Object> first = built(Map.of("a", 1, "b", 2, "c", 3));
        HashMap<String, Object> second = built(Map.of("a", 4, "d", 5));
        assertThat(first).isEqualTo(HashMap.of("a", 1, "b", 2, "c", 3));
        assertThat(second).isEqualTo(HashMap.of("a", 4, "d", 5));
    }
}
