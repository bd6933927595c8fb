package dev.heartwood.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class FingerprintsTest {
    private static final int MANY = 4_096;

    private final Fingerprints fingerprints = new Fingerprints();

    private void differ(IntFunction<Object> leaves) {
        Set<Long> found = new HashSet<>();
        for (int i = 0; i < MANY; i++) {
            found.add(fingerprints.of(leaves.apply(i)));
        }
        assertThat(found).hasSize(MANY);
    }

    /** Strings of one length that all have the same hash code. */
    static String colliding(int i) {
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < 14; bit++) {
            text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return text.toString();
    }

    @Test
    void leavesOfOneHashCodeHaveManyFingerprints() {
        assertThat(colliding(5).hashCode()).isEqualTo(colliding(9).hashCode());
        differ(i -> (long) i << 32 | i);
        differ(i -> Double.longBitsToDouble((long) i << 32 | i));
        differ(FingerprintsTest::colliding);
        differ(i -> HashMap.of(colliding(i), 1L));
        differ(i -> Vector.of((long) i << 32 | i));
        differ(i -> BigInteger.valueOf(i)
                .shiftLeft(64 + 32)
                .or(BigInteger.valueOf(i).shiftLeft(64)));
        differ(i -> new BigDecimal(BigInteger.valueOf((long) i << 32 | i), 2));
    }

    @Test
    void equalTreesHaveOneFingerprint() {
        for (Object leaf : List.of("text", 5L, 2.5, true, new BigDecimal("1.50"), BigInteger.TWO.pow(99), List.of())) {
            Object copy = leaf instanceof String text ? new String(text.toCharArray()) : leaf;
            assertThat(fingerprints.of(Vector.of(leaf, HashMap.of("k", leaf))))
                    .isEqualTo(new Fingerprints().of(Vector.of(copy, HashMap.of("k", copy))));
        }
    }

    @Test
    void aMapIsNoListAndTheOrderOfAListCounts() {
        assertThat(fingerprints.of(HashMap.empty())).isNotEqualTo(fingerprints.of(Vector.empty()));
        assertThat(fingerprints.of(Vector.of(1L, 2L))).isNotEqualTo(fingerprints.of(Vector.of(2L, 1L)));
    }

    @Test
    void opaqueLeavesOfOneHashCodeDoNotMakeADiffSlow() {
        record Poor(int i) {
            @Override
            public int hashCode() {
                return 0;
            }
        }
        List<Object> elements = new java.util.ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            elements.add(new Poor(i));
        }
        Vector<Object> before = Vector.ofAll(elements);
        Vector<Object> after = before.prepend("x").append("y");
        long started = Steps.ofThread();
        assertThat(ListScript.between(before, after, new TreeComparison())).isNotEmpty();
        assertThat(Steps.ofThread() - started).isLessThan(200_000);
    }
}
