package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read is what was written: by the one who wrote it, by another, and after a restart. */
class ExactnessTest {
    @TempDir
    Path directory;

    static List<Object> leaves() {
        return Arrays.asList(
                0L,
                -1L,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                new BigInteger("9223372036854775808"),
                new BigInteger("-123456789012345678901234567890123456789012345678901234567890"),
                9007199254740993L,
                0.1,
                -0.0,
                1.0,
                Double.MIN_VALUE,
                Double.MAX_VALUE,
                2.2250738585072014E-308,
                new BigDecimal("0.1000000000000000000000000000000000000001"),
                new BigDecimal("1E+400"),
                true,
                false,
                null,
                "",
                "null",
                "a\0b\u0001\u001f\u007f\u2028\u2029\ufeff\uffff",
                "\ud800",
                "x\udfff\ud800y",
                "\ud83d\ude00 \u00e4",
                "\"'\\/%_;--",
                Map.of(),
                List.of(),
                List.of(Map.of(), List.of(), List.of(List.of())),
                Arrays.asList(null, 1L, null));
    }

    static List<String> keys() {
        return List.of(
                "",
                " ",
                "a",
                "A",
                "\u00e4",
                "a\u0308",
                "\"",
                "\"quoted\"",
                "\"\\ud800\"",
                "\ud800",
                "\ud801",
                "\udc00",
                "x\udfff",
                "\ud83d\ude00",
                "\0",
                "a\0",
                "a\0b",
                "a\0c",
                "'; DROP TABLE kv; --",
                "/a~1b/~0",
                "%",
                "null",
                "1",
                "01",
                "1.0",
                "\n\r\t",
                "\ufeff",
                "\uffff");
    }

    @ParameterizedTest
    @MethodSource("leaves")
    void valueComesBackAsItWas(Object value) {
        roundTrip(store -> {
            store.put("k", value);
            store.put(KeyPath.of("deep", "er"), value);
            store.put("list", Arrays.asList(value, value));
        });
    }

    @Test
    void aKeyWithANulIsReadableJsonInTheFile() throws Exception {
        Path file = directory.resolve("shared.db");
        try (Store store = SqliteStore.open(file)) {
            store.put("a\0b", 1);
        }

        assertThat(Sql.ask(file, "SELECT k FROM kv")).isEqualTo("\"a\\u0000b\"");
    }

    @Test
    void keysAreKeptApartWhateverTheirCharacters() {
        List<String> keys = keys();
        Snapshot read = roundTrip(store -> {
            for (int i = 0; i < keys.size(); i++) {
                store.put(keys.get(i), Map.of(keys.get(i), i));
            }
        });
        assertThat(read.keys()).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void keysAreRemovedOneByOneWhateverTheirCharacters() {
        List<String> keys = keys();
        try (Store store = SqliteStore.open(directory.resolve("a.db"));
                Store other = SqliteStore.open(directory.resolve("a.db"))) {
            keys.forEach(key -> store.put(key, 1));
            for (int i = 0; i < keys.size(); i++) {
                store.remove(keys.get(i));
                assertThat(other.keys()).containsExactlyInAnyOrderElementsOf(keys.subList(i + 1, keys.size()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 32, 33, 100})
    void anyNumberOfKeysIsWrittenByOneCommit(int count) {
        Snapshot read = roundTrip(store -> {
            store.batch(tx -> {
                for (int i = 0; i < count; i++) {
                    tx.put("key" + i, i);
                }
            });
            store.batch(tx -> {
                for (int i = 0; i < count; i += 2) {
                    tx.remove("key" + i);
                }
                for (int i = 1; i < count; i += 2) {
                    tx.put("key" + i, List.of(i));
                }
            });
        });
        assertThat(read.size()).isEqualTo(count / 2);
    }

    @Test
    void treeAsDeepAsATreeMayBeComesBack() {
        Object value = List.of();
        for (int i = 0; i < 998; i++) {
            value = i % 2 == 0 ? List.of(value) : Map.of("k", value);
        }
        Object deep = value;
        roundTrip(store -> store.put("deep", deep));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomTreesAndChangesComeBack(long seed) {
        Random random = new Random(seed);
        roundTrip(store -> {
            for (int i = 0; i < 60; i++) {
                String key = keys().get(random.nextInt(keys().size()));
                if (random.nextInt(4) == 0) {
                    store.discard(key);
                } else {
                    store.put(key, tree(random, 4));
                }
            }
        });
    }

    private interface Work {
        void on(Store store);
    }

    /** Compares what the writer holds with what another reads at once, and both with what is read after a restart. */
    private Snapshot roundTrip(Work work) {
        Path file = directory.resolve("a.db");
        Snapshot written;
        try (Store store = SqliteStore.open(file);
                Store other = SqliteStore.open(file)) {
            work.on(store);
            written = store.snapshot();
            assertSame(other.snapshot(), written);
        }
        try (Store store = SqliteStore.open(file)) {
            assertSame(store.snapshot(), written);
            return store.snapshot();
        }
    }

    private static void assertSame(Snapshot read, Snapshot written) {
        assertThat(written.diff(read)).isEmpty();
        assertThat(read.sameTree(written)).isTrue();
    }

    private static Object tree(Random random, int depth) {
        int kind = random.nextInt(depth == 0 ? 1 : 3);
        if (kind == 0) {
            return leaves().get(random.nextInt(leaves().size()));
        } else if (kind == 1) {
            List<Object> list = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                list.add(tree(random, depth - 1));
            }
            return list;
        }
        Map<String, Object> map = new HashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            map.put(keys().get(random.nextInt(keys().size())), tree(random, depth - 1));
        }
        return map;
    }
}
