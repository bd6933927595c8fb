package dev.heartwood.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of one kind are written by what was found out about the first: it must not show. */
class KeyOrderTest {
    private static final List<String> KEYS = new ArrayList<>(
            List.of("", "a", "b", "Aa", "BB", "\"", "\\", "\n", "é", "漢", "😀", "\uD800", "\uFFFF", "a/b", "~"));

    static {
        KEYS.add("k".repeat(40_000));
        KEYS.add("ü".repeat(49_999));
        for (int i = 0; i < 80; i++) {
            KEYS.add("key" + i);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anyMixOfRecordsIsWrittenAsEachByItself(long seed) {
        Random random = new Random(seed);
        List<List<String>> kinds = new ArrayList<>();
        for (int kind = 0; kind < 200; kind++) {
            List<String> keys = new ArrayList<>(random.nextInt(20) == 0 ? KEYS : KEYS.subList(17, KEYS.size()));
            Collections.shuffle(keys, random);
            kinds.add(keys.subList(0, random.nextInt(random.nextInt(10) == 0 ? 80 : 10)));
        }
        List<Object> records = new ArrayList<>();
        List<String> each = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            List<String> kind = kinds.get(random.nextInt(random.nextInt(kinds.size()) + 1));
            Map<String, Object> record = new LinkedHashMap<>();
            for (String key : kind) {
                // Now and then an equal key that is another string.
                record.put(random.nextInt(50) == 0 ? String.valueOf(key.toCharArray()) : key, random.nextInt(100));
            }
            records.add(record);
            each.add(naive(record));
        }
        String written = Json.write(records);
        assertThat(written.equals("[" + String.join(",", each) + "]"))
                .as("seed %s", seed)
                .isTrue();
        assertThat(Json.write(Json.readValue(written))).isEqualTo(written);
    }

    /** Sizes on both sides of what the writer's arrays hold at first, and when they have grown. */
    @ParameterizedTest
    @ValueSource(ints = {1, 31, 32, 33, 64, 65})
    void recordsOfOneSizeAndOtherKeysAreWrittenInTheirOwnOrder(int size) {
        List<Object> records = new ArrayList<>();
        List<String> each = new ArrayList<>();
        for (int kind = 0; kind < 40; kind++) {
            Map<String, Object> record = new LinkedHashMap<>();
            for (int i = 0; i < size; i++) {
                record.put("k" + (kind * 7919 + i * 104_729) % 100_003, i);
            }
            records.add(record);
            records.add(record);
            each.add(naive(record));
            each.add(naive(record));
        }
        assertThat(Json.write(records)).isEqualTo("[" + String.join(",", each) + "]");
    }

    /** What stood at a place last is the guess for what stands there next; the guess must not show where it is wrong. */
    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void recordsInRecordsAndListsAreWrittenAsEachByItself(long seed) {
        Random random = new Random(seed);
        List<Object> documents = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            documents.add(nested(random, 0));
        }
        String each = documents.stream().map(Json::write).collect(Collectors.joining(",", "[", "]"));
        assertThat(Json.write(documents)).as("seed %s", seed).isEqualTo(each);
        // No key and no string here has white space.
        assertThat(Json.pretty(documents).replaceAll("\\s", ""))
                .as("seed %s", seed)
                .isEqualTo(each);
    }

    /** Few keys, so that maps at one place are often alike, or begin alike. */
    private static Object nested(Random random, int depth) {
        int kind = depth == 0 ? 0 : random.nextInt(5);
        if (kind > 2 || depth == 5) {
            return random.nextBoolean() ? random.nextInt(5) : "text";
        } else if (kind == 2) {
            List<Object> list = new ArrayList<>();
            for (int i = random.nextInt(random.nextInt(10) == 0 ? 70 : 4); i > 0; i--) {
                list.add(nested(random, depth + 1));
            }
            return list;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            map.put(KEYS.get(17 + random.nextInt(random.nextInt(4) == 0 ? 80 : 5)), nested(random, depth + 1));
        }
        return map;
    }

    private static String naive(Map<String, Object> record) {
        return new TreeMap<>(record)
                .entrySet().stream()
                        .map(entry -> Json.write(entry.getKey()) + ":" + entry.getValue())
                        .collect(Collectors.joining(",", "{", "}"));
    }
}
