package dev.heartwood.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vavr.collection.Vector;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedVectorsTest {
    private static final int[] SIZES = {0, 1, 31, 32, 33, 63, 64, 65, 1_023, 1_024, 1_025, 2_100, 32_767, 32_768, 32_800
    };

    private static void requireAsElementByElement(Vector<Object> a, Vector<Object> b, String label) {
        int shorter = Math.min(a.size(), b.size());
        int prefix = 0;
        while (prefix < shorter && Objects.equals(a.get(prefix), b.get(prefix))) {
            prefix++;
        }
        int suffix = 0;
        while (suffix < shorter - prefix
                && Objects.equals(a.get(a.size() - 1 - suffix), b.get(b.size() - 1 - suffix))) {
            suffix++;
        }
        assertThat(SharedVectors.prefix(a, b, Objects::equals)).as(label).isEqualTo(prefix);
        assertThat(SharedVectors.suffix(a, b, prefix, Objects::equals))
                .as(label)
                .isEqualTo(suffix);
    }

    /** Boxed or of primitives: Vavr keeps the array that it was made from as it is. */
    private static Vector<Object> made(Random random, int size) {
        return Vector.narrow(
                random.nextBoolean()
                        ? Vector.ofAll(random.longs(size, 0, 3).toArray())
                        : Vector.ofAll(random.longs(size, 0, 3).boxed().toList()));
    }

    private static Vector<Object> changed(Vector<Object> list, Random random) {
        int size = list.size();
        int few = random.nextInt(70);
        int index = size == 0 ? 0 : random.nextInt(size);
        Object element = random.nextInt(20) == 0 ? "no number" : (Object) (long) random.nextInt(3);
        return switch (random.nextInt(9)) {
            case 0 -> list.drop(random.nextInt(8) == 0 ? index : few);
            case 1 -> list.dropRight(random.nextInt(8) == 0 ? index : few);
            case 2 -> list.appendAll(made(random, few));
            case 3 -> list.prependAll(made(random, few));
            case 4 -> list.append(element);
            case 5 -> list.prepend(element);
            case 6 -> size == 0 ? list : list.removeAt(index);
            default -> size == 0 ? list : list.update(index, element);
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void sharedPartsArePassedOverWhateverTheHistory(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 1_000; round++) {
            int sizes = round % 50 == 0 ? SIZES.length : SIZES.length - 3;
            Vector<Object> a = made(random, SIZES[random.nextInt(sizes)]);
            for (int i = random.nextInt(4); i > 0; i--) {
                a = changed(a, random);
            }
            Vector<Object> b = a;
            for (int i = random.nextInt(5); i > 0; i--) {
                b = changed(b, random);
                requireAsElementByElement(a, b, "seed " + seed + " round " + round);
                requireAsElementByElement(b, a, "seed " + seed + " round " + round);
            }
            requireAsElementByElement(a, made(random, 40), "seed " + seed + " round " + round);
        }
    }

    @Test
    void aChangeInALongListTakesFewLooks() {
        assumeTrue(VectorAccess.isOpen(), "io.vavr.collection is not open here");
        Vector<Object> list = Vector.narrow(Vector.range(0L, 100_000L));
        List<Vector<Object>> others =
                List.of(list.update(54_321, -1L), list.append(1L), list.prepend(1L), list.drop(3), list.dropRight(40));
        for (Vector<Object> other : others) {
            int[] looks = new int[1];
            BiPredicate<Object, Object> same = (a, b) -> looks[0]++ >= 0 && Objects.equals(a, b);
            SharedVectors.suffix(list, other, SharedVectors.prefix(list, other, same), same);
            assertThat(looks[0]).isLessThan(100);
        }
    }
}
