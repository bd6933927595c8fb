package dev.heartwood.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordBuilderTest {
    private static final int MOST = 8;
    /** Entries that belong to no map stand before and behind those that do. */
    private static final int BEFORE = 3;

    private static @Nullable HashMap<String, @Nullable Object> build(
            RecordBuilder builder, List<String> keys, List<@Nullable Object> values) {
        String[] allKeys = new String[keys.size() + 2 * BEFORE];
        @Nullable Object[] allValues = new Object[allKeys.length];
        Arrays.fill(allKeys, "elsewhere");
        for (int i = 0; i < keys.size(); i++) {
            allKeys[BEFORE + i] = keys.get(i);
            allValues[BEFORE + i] = values.get(i);
        }
        return builder.build(allKeys, allValues, BEFORE, BEFORE + keys.size());
    }

    private static HashMap<String, @Nullable Object> put(List<String> keys, List<@Nullable Object> values) {
        HashMap<String, @Nullable Object> map = HashMap.empty();
        for (int i = 0; i < keys.size(); i++) {
            map = map.put(keys.get(i), values.get(i));
        }
        return map;
    }

    private static List<@Nullable Object> values(int size, Random random) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            values.add(random.nextInt(4) == 0 ? null : (Object) random.nextInt());
        }
        return values;
    }

    /** Keys of which many meet in the trie: "Aa" and "BB" have one hash code. */
    private static List<String> pool(Random random) {
        List<String> pool = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            pool.add("key" + i * 31);
            pool.add((random.nextBoolean() ? "Aa" : "BB") + (random.nextBoolean() ? "Aa" : "BB") + i / 4);
        }
        return new ArrayList<>(new LinkedHashSet<>(pool));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void mapsOfOneShapeAreThoseThatArePutTogether(long seed) {
        Random random = new Random(seed);
        List<String> pool = pool(random);
        RecordBuilder builder = new RecordBuilder(MOST);
        List<List<String>> kinds = new ArrayList<>();
        for (int round = 0; round < 3_000; round++) {
            if (kinds.isEmpty() || random.nextInt(20) == 0) {
                Collections.shuffle(pool, random);
                kinds.add(new ArrayList<>(pool.subList(0, random.nextInt(pool.size()))));
            }
            List<String> keys = new ArrayList<>(kinds.get(random.nextInt(kinds.size())));
            if (!keys.isEmpty() && random.nextInt(8) == 0) {
                keys.remove(random.nextInt(keys.size()));
            }
            List<@Nullable Object> values = values(keys.size(), random);

            HashMap<String, @Nullable Object> built = build(builder, keys, values);

            assertThat(built).as("seed %s, round %s", seed, round).isEqualTo(put(keys, values));
            assertThat(built).hasSameSizeAs(keys);
            assertThat(changed(built, pool, seed + round)).isEqualTo(changed(put(keys, values), pool, seed + round));
        }
    }

    private static HashMap<String, @Nullable Object> changed(
            HashMap<String, @Nullable Object> map, List<String> pool, long seed) {
        Random random = new Random(seed);
        HashMap<String, @Nullable Object> changed = map;
        for (int i = 0; i < 20; i++) {
            String key = pool.get(random.nextInt(pool.size()));
            changed = random.nextBoolean() ? changed.remove(key) : changed.put(key, i);
        }
        return changed;
    }

    @Test
    void copiesIterateAsTheFirstMapDoes() {
        List<String> keys = List.of("name", "Aa", "id", "BB", "about", "C#", "tags");
        RecordBuilder builder = new RecordBuilder(MOST);
        List<String> first = List.of();
        for (int i = 0; i < 4; i++) {
            HashMap<String, @Nullable Object> map = build(builder, keys, Collections.nCopies(keys.size(), i));
            List<String> order = map.keysIterator().toJavaList();
            assertThat(order).containsExactlyElementsOf(i == 0 ? order : first);
            assertThat(map.valuesIterator().toJavaSet()).containsExactly(i);
            first = order;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aKeyThatStandsTwiceGivesNothingHoweverOftenItComes(boolean open) {
        RecordBuilder builder = new RecordBuilder(MOST, open && MapBuilder.isOpen());
        for (int i = 0; i < 4; i++) {
            assertThat(build(builder, List.of("a", "b", "a"), List.of(1, 2, 3))).isNull();
            assertThat(build(builder, List.of("a", "b"), List.of(1, 2))).isEqualTo(HashMap.of("a", 1, "b", 2));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tooManyKeysOfOneHashGiveNothing(boolean open) {
        RecordBuilder builder = new RecordBuilder(MOST, open && MapBuilder.isOpen());
        List<String> keys = new ArrayList<>();
        for (int i = 0; i <= MOST; i++) {
            String bits = Integer.toBinaryString(16 + i);
            keys.add(bits.replace("0", "Aa").replace("1", "BB"));
        }
        List<@Nullable Object> values = Collections.nCopies(MOST + 1, 0L);
        for (int i = 0; i < 3; i++) {
            assertThat(build(builder, keys, values)).isNull();
            assertThat(build(builder, keys.subList(1, MOST + 1), values)).hasSize(MOST);
        }
    }

    @Test
    void equalKeysThatAreOtherStringsAreBuiltAsWell() {
        RecordBuilder builder = new RecordBuilder(MOST);
        for (int i = 0; i < 5; i++) {
            List<String> keys = List.of(new String("a"), new String("b"));
            assertThat(build(builder, keys, List.of(i, "x"))).isEqualTo(HashMap.of("a", i, "b", "x"));
        }
    }

    /** A reader makes another string of such a key each time, so the shape would never come again, and keep the key. */
    @Test
    void aShapeWithALongKeyIsNotLearned() {
        for (int length : new int[] {256, 257}) {
            RecordBuilder builder = new RecordBuilder(MOST);
            List<String> keys = List.of("a", "k".repeat(length));
            for (int i = 0; i < 3; i++) {
                assertThat(build(builder, keys, List.of(i, "x"))).hasSize(2);
            }
            boolean learns = MapBuilder.isOpen() && length == 256;
            assertThat(builder.learned()).as("%d chars", length).isEqualTo(learns ? 2 : 0);
        }
    }

    @Test
    void theWorkGrowsWithTheEntriesWhateverShapesCome() {
        assertThat(Steps.areCounted()).isTrue();
        long few = steps(2_000);
        long many = steps(8_000);
        assertThat(many).isLessThan(5 * few);
        // Each entry is dealt out once, and learned once more at most, with a branch for every entry at the very most.
        assertThat(many).isLessThan(4 * 8_000 * 24);
    }

    /** Each sequence of keys comes twice in a row, to be learned in vain. */
    private static long steps(int shapes) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            keys.add("key" + i);
        }
        RecordBuilder builder = new RecordBuilder(MOST);
        Random random = new Random(7);
        long before = Steps.ofThread();
        for (int i = 0; i < shapes / 2; i++) {
            Collections.shuffle(keys, random);
            for (int twice = 0; twice < 2; twice++) {
                assertThat(build(builder, keys, Collections.nCopies(24, i))).hasSize(24);
            }
        }
        return Steps.ofThread() - before;
    }
}
