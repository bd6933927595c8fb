package dev.heartwood.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LcsTest {
    private static int longest(int[] a, int[] b) {
        int[][] length = new int[a.length + 1][b.length + 1];
        for (int i = 1; i <= a.length; i++) {
            for (int j = 1; j <= b.length; j++) {
                length[i][j] =
                        a[i - 1] == b[j - 1] ? length[i - 1][j - 1] + 1 : Math.max(length[i - 1][j], length[i][j - 1]);
            }
        }
        return length[a.length][b.length];
    }

    private static void requireCommonSubsequence(int[] a, int[] b, List<int[]> matches, String label) {
        int i = -1;
        int j = -1;
        for (int[] match : matches) {
            assertThat(match[0]).as(label).isGreaterThan(i);
            assertThat(match[1]).as(label).isGreaterThan(j);
            assertThat(a[match[0]]).as(label).isEqualTo(b[match[1]]);
            i = match[0];
            j = match[1];
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void nothingLongerIsCommon(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 3_000; round++) {
            int letters = 1 + random.nextInt(6);
            int[] a = random.ints(random.nextInt(20), 0, letters).toArray();
            int[] b = random.ints(random.nextInt(20), 0, letters).toArray();
            List<int[]> matches = Lcs.of(a, b);
            String label = "seed " + seed + " round " + round;
            requireCommonSubsequence(a, b, matches, label);
            assertThat(matches.size()).as(label).isEqualTo(longest(a, b));
        }
    }

    @Test
    void upToTheBoundItIsTheLongest() {
        Random random = new Random(7);
        int[] a = random.ints(900, 0, 50).toArray();
        int[] b = random.ints(900, 0, 50).toArray();
        assertThat(a.length + b.length).isLessThan(Lcs.MOST_DIFFERENCES);
        assertThat(Lcs.of(a, b)).hasSize(longest(a, b));
    }

    @Test
    void pastTheBoundElementsMatchByPosition() {
        Random random = new Random(7);
        int[] a = random.ints(50_000, 0, 1_000).toArray();
        int[] b = random.ints(60_000, 0, 1_000).toArray();
        int[] middle = random.ints(10, 0, 50_000).toArray();
        for (int i : middle) {
            b[i] = a[i];
        }
        List<int[]> matches = Lcs.of(a, b);
        requireCommonSubsequence(a, b, matches, "seed 7");
        assertThat(matches).allMatch(match -> match[0] == match[1]).hasSizeGreaterThan(9);
    }

    @Test
    void nothingIsCommonWithNothing() {
        assertThat(Lcs.of(new int[0], new int[0])).isEmpty();
        assertThat(Lcs.of(new int[] {1}, new int[0])).isEmpty();
        assertThat(Lcs.of(new int[0], new int[] {1})).isEmpty();
    }
}
