package dev.heartwood.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The longest common subsequence of two sequences, by the greedy algorithm of E. W. Myers, "An O(ND) Difference
 * Algorithm and Its Variations" (1986).
 *
 * <p>Time and memory grow with the square of the number of differences, so that number is bounded; beyond it, only
 * elements that are equal at the same position count as unchanged.
 */
final class Lcs {
    /** At most 2 million steps and 16 MB. */
    static final int MOST_DIFFERENCES = 2_000;

    private final int[] a;
    private final int[] b;
    /** For each number of differences, how far each diagonal got: the diagonals -d..d, from index 0 on. */
    private final List<int[]> trace = new ArrayList<>();

    private Lcs(int[] a, int[] b) {
        this.a = a;
        this.b = b;
    }

    /** The pairs of indices that match, ascending. */
    static List<int[]> of(int[] a, int[] b) {
        return new Lcs(a, b).matches();
    }

    private List<int[]> matches() {
        int bound = Math.min(a.length + b.length, MOST_DIFFERENCES);
        int[] reach = new int[2 * bound + 3];
        for (int d = 0; d <= bound; d++) {
            if (extend(reach, bound + 1, d)) {
                return backtrack(d);
            }
            trace.add(Arrays.copyOfRange(reach, bound + 1 - d, bound + 2 + d));
        }
        return byPosition();
    }

    /** Extends every diagonal by one difference and the matches after it; true when the ends are reached. */
    private boolean extend(int[] reach, int zero, int d) {
        for (int k = -d; k <= d; k += 2) {
            boolean down = k == -d || (k != d && reach[zero + k - 1] < reach[zero + k + 1]);
            int x = d == 0 ? 0 : down ? reach[zero + k + 1] : reach[zero + k - 1] + 1;
            int y = x - k;
            while (x < a.length && y < b.length && a[x] == b[y]) {
                x++;
                y++;
            }
            reach[zero + k] = x;
            if (x >= a.length && y >= b.length) {
                return true;
            }
        }
        return false;
    }

    private List<int[]> backtrack(int differences) {
        List<int[]> matches = new ArrayList<>();
        int x = a.length;
        int y = b.length;
        for (int d = differences; d > 0; d--) {
            int[] reach = trace.get(d - 1);
            int zero = d - 1;
            int k = x - y;
            boolean down = k == -d || (k != d && at(reach, zero + k - 1) < at(reach, zero + k + 1));
            int fromK = down ? k + 1 : k - 1;
            int fromX = reach[zero + fromK];
            int fromY = fromX - fromK;
            int startX = down ? fromX : fromX + 1;
            while (x > startX) {
                matches.add(new int[] {--x, --y});
            }
            x = fromX;
            y = fromY;
        }
        while (x > 0) {
            matches.add(new int[] {--x, --y});
        }
        Collections.reverse(matches);
        return matches;
    }

    /** A diagonal that did not exist yet got nowhere. */
    private static int at(int[] reach, int index) {
        return index < 0 || index >= reach.length ? -1 : reach[index];
    }

    private List<int[]> byPosition() {
        List<int[]> matches = new ArrayList<>();
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            if (a[i] == b[i]) {
                matches.add(new int[] {i, i});
            }
        }
        return matches;
    }
}
