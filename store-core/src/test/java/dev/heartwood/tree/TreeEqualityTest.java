package dev.heartwood.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeEqualityTest {
    @Test
    void leavesAreEqualByKindAndValue() {
        List<Object> different = new ArrayList<>(Arrays.asList(
                null,
                1L,
                1.0,
                0.0,
                -0.0,
                new BigDecimal("1"),
                new BigDecimal("1.0"),
                BigInteger.ONE,
                "1",
                "",
                true,
                false,
                HashMap.empty(),
                Vector.empty(),
                HashMap.of("a", null),
                HashMap.of("b", null),
                Vector.of((Object) null),
                Vector.of(Vector.empty()),
                Vector.of(HashMap.empty()),
                Nodes.MISSING));
        for (int i = 0; i < different.size(); i++) {
            for (int j = 0; j < different.size(); j++) {
                assertThat(TreeEquality.trees(different.get(i), different.get(j)))
                        .as("%d, %d", i, j)
                        .isEqualTo(i == j);
                assertThat(TreeEquality.trees(Vector.of(different.get(i)), Vector.of(different.get(j))))
                        .isEqualTo(i == j);
                assertThat(TreeEquality.trees(HashMap.of("k", different.get(i)), HashMap.of("k", different.get(j))))
                        .isEqualTo(i == j);
            }
        }
    }

    @Test
    void theGlanceTakesNoContainerApart() {
        Vector<Object> list = Vector.of(1L);
        assertThat(TreeEquality.atAGlance(list, list)).isTrue();
        assertThat(TreeEquality.atAGlance(list, Vector.of(1L))).isFalse();
        assertThat(TreeEquality.atAGlance("a", new String(new char[] {'a'}))).isTrue();
        assertThat(TreeEquality.atAGlance(null, null)).isTrue();
        assertThat(TreeEquality.atAGlance(null, "a")).isFalse();
        assertThat(TreeEquality.atAGlance("a", null)).isFalse();
    }

    private static Object tree(Random random, int depth) {
        int kind = depth == 0 ? 2 : random.nextInt(4);
        if (kind > 1) {
            return random.nextInt(3) == 0 ? null : (Object) (long) random.nextInt(2);
        }
        HashMap<String, Object> map = HashMap.empty();
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            map = map.put(List.of("AaAa", "AaBB", "BBAa", "BBBB", "x").get(random.nextInt(5)), tree(random, depth - 1));
            list.add(tree(random, depth - 1));
        }
        return kind == 0 ? map : Vector.ofAll(list);
    }

    private static Object plain(Object node) {
        if (node instanceof HashMap<?, ?> map) {
            Map<Object, Object> plain = new java.util.HashMap<>();
            map.forEach((key, value) -> plain.put(key, plain(value)));
            return plain;
        }
        return node instanceof Vector<?> list
                ? new ArrayList<>(list.map(e -> plain(e)).asJava())
                : node;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void treesAreEqualAsPlainCollectionsAre(long seed) {
        Random random = new Random(seed);
        int equal = 0;
        for (int round = 0; round < 5_000; round++) {
            Object a = tree(random, 3);
            Object b = tree(random, 3);
            boolean expected = java.util.Objects.equals(plain(a), plain(b));
            equal += expected ? 1 : 0;
            assertThat(TreeEquality.trees(a, b))
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(expected);
            assertThat(TreeEquality.hash(a)).isEqualTo(java.util.Objects.hashCode(plain(a)));
            if (expected) {
                assertThat(new Fingerprints().of(a)).isEqualTo(new Fingerprints().of(b));
            }
        }
        assertThat(equal).isGreaterThan(100);
    }

    @Test
    void theFingerprintsOfAGridDiffer() {
        Set<Long> fingerprints = new HashSet<>();
        for (long x = 0; x < 100; x++) {
            for (long y = 0; y < 100; y++) {
                fingerprints.add(new Fingerprints().of(HashMap.of("x", x, "y", y)));
            }
        }
        assertThat(fingerprints).hasSizeGreaterThan(9_900);
    }

    @Test
    void aLongLeafThatStandsInManyPlacesIsComparedOnce() {
        AtomicInteger compared = new AtomicInteger();
        BiPredicate<Object, Object> leaves = (a, b) -> {
            compared.incrementAndGet();
            return a.equals(b);
        };
        Vector<Object> one = Vector.fill(100, "long".repeat(1_000));
        Vector<Object> other = Vector.fill(100, "long".repeat(1_000));
        assertThat(new TreeComparison(leaves).same(one, other)).isTrue();
        assertThat(compared).as("comparisons of 4,000 characters").hasValue(1);
        assertThat(new TreeComparison(leaves).same(one, other.update(99, "long".repeat(999) + "lone")))
                .isFalse();
    }
}
