package dev.heartwood.json.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is copied from the last text is what would have been spelled. */
class SpellerTest {
    private static final TreeFormat FORMAT = CrashHarness.FORMAT;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyTextIsThatOfTheFormat(long seed) throws IOException {
        Random random = new Random(seed);
        Speller speller = new Speller(FORMAT, 1 << 20);
        HashMap<String, Object> tree = HashMap.empty();
        for (int step = 0; step < 3_000; step++) {
            tree = changed(tree, random, step);
            assertThat(text(speller.spell(tree)))
                    .as("seed %d, step %d", seed, step)
                    .isEqualTo(text(pretty(tree)));
        }
    }

    /** Mostly other values for keys that are there; more keys at first, and now and then one more or one less. */
    private static HashMap<String, Object> changed(HashMap<String, Object> before, Random random, int step) {
        HashMap<String, Object> tree = before;
        if (step < 60 || random.nextInt(40) == 0) {
            return tree.put(key(random, 200), value(random, 3));
        } else if (random.nextInt(60) == 0) {
            return tree.remove(key(random, 200));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            tree = tree.put(tree.keySet().toVector().get(random.nextInt(tree.size())), value(random, 3));
        }
        return tree;
    }

    private static String key(Random random, int most) {
        return "k\"\n\u00e9 ".substring(0, random.nextInt(6)) + random.nextInt(most);
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 3 : 6)) {
            case 0 -> random.nextLong();
            case 1 -> "line\n  \"x\": \u2028".repeat(random.nextInt(4));
            case 2 -> random.nextBoolean();
            case 3 -> Vector.fill(random.nextInt(5), () -> value(random, depth - 1));
            case 4 -> HashMap.of(key(random, 9), value(random, depth - 1), "  \"b", value(random, depth - 1));
            default -> HashMap.empty();
        };
    }

    @Test
    void afterATextThatWasTooLongTheNextIsRightAgain() throws IOException {
        HashMap<String, Object> tree = HashMap.empty();
        for (int i = 0; i < 100; i++) {
            tree = tree.put("k" + i, (long) i);
        }
        Speller speller = new Speller(FORMAT, 2_000);
        speller.spell(tree);
        speller.spell(tree.put("k1", "x"));
        HashMap<String, Object> large = tree.put("k1", "x".repeat(2_000)).put("k2", "lost");
        assertThatThrownBy(() -> speller.spell(large)).isInstanceOf(SmallBuffer.FullException.class);
        HashMap<String, Object> small = large.put("k1", "small");
        assertThat(text(speller.spell(small))).isEqualTo(text(pretty(small)));
    }

    private static byte[] pretty(HashMap<String, Object> tree) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FORMAT.pretty(tree, out);
        return out.toByteArray();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
