package dev.heartwood.tree;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The edits from one list to another: which elements go, come, or change in place.
 *
 * <p>The common prefix and suffix are removed, then the elements that occur on one side only; in the rest, a longest
 * common subsequence counts as unchanged. In the gaps between, removed and added elements of the same kind are paired,
 * so that a change inside an element is one change.
 */
public final class ListScript {
    /**
     * One step. {@code at} is its index in the list at that moment; {@code before} and {@code after} are indices in the
     * two lists, or -1.
     */
    public record Step(int at, int before, int after) {}

    private final int prefix;
    private final @Nullable Object[] before;
    private final @Nullable Object[] after;
    private final TreeComparison comparison;
    private final List<Step> steps = new ArrayList<>();

    /** Between the common prefix and suffix; the indices of the steps count the prefix. */
    private ListScript(int prefix, @Nullable Object[] before, @Nullable Object[] after, TreeComparison comparison) {
        this.prefix = prefix;
        this.before = before;
        this.after = after;
        this.comparison = comparison;
    }

    /** The steps, in the order in which they apply; elements that stay have none. */
    public static List<Step> between(
            Vector<@Nullable Object> before, Vector<@Nullable Object> after, TreeComparison comparison) {
        int prefix = SharedVectors.prefix(before, after, comparison::sameOfMany);
        int suffix = SharedVectors.suffix(before, after, prefix, comparison::sameOfMany);
        ListScript script =
                new ListScript(prefix, middle(before, prefix, suffix), middle(after, prefix, suffix), comparison);
        script.write();
        return script.steps;
    }

    private static @Nullable Object[] middle(Vector<@Nullable Object> list, int prefix, int suffix) {
        return list.slice(prefix, list.size() - suffix).toJavaArray();
    }

    private void write() {
        int i = 0;
        int j = 0;
        for (int[] match : stays()) {
            gap(i, match[0], j, match[1]);
            i = match[0] + 1;
            j = match[1] + 1;
        }
        gap(i, before.length, j, after.length);
    }

    /** The pairs of indices that stay. */
    private List<int[]> stays() {
        if (before.length == 0 || after.length == 0) {
            return List.of();
        }
        ElementIds ids = new ElementIds(before, after, comparison);
        int[] a = ids.of(before);
        int[] b = ids.of(after);
        int[] inA = shared(a, b, ids.count());
        int[] inB = shared(b, a, ids.count());
        List<int[]> stays = new ArrayList<>();
        for (int[] match : Lcs.of(pick(a, inA), pick(b, inB))) {
            stays.add(new int[] {inA[match[0]], inB[match[1]]});
        }
        return stays;
    }

    /** The indices of {@code a} whose id occurs in {@code b}: the others have no part in a common subsequence. */
    private static int[] shared(int[] a, int[] b, int idCount) {
        boolean[] occurs = new boolean[idCount];
        for (int id : b) {
            occurs[id] = true;
        }
        return IntStream.range(0, a.length).filter(i -> occurs[a[i]]).toArray();
    }

    private static int[] pick(int[] values, int[] indices) {
        int[] picked = new int[indices.length];
        for (int i = 0; i < indices.length; i++) {
            picked[i] = values[indices[i]];
        }
        return picked;
    }

    /** Elements between unchanged ones: elements of the same kind are paired, as many as possible in their order. */
    private void gap(int fromBefore, int toBefore, int fromAfter, int toAfter) {
        int same = 0;
        int shorter = Math.min(toBefore - fromBefore, toAfter - fromAfter);
        while (same < shorter && kind(before[fromBefore + same]) == kind(after[fromAfter + same])) {
            step(fromAfter + same, fromBefore + same, fromAfter + same);
            same++;
        }
        int restBefore = fromBefore + same;
        int restAfter = fromAfter + same;
        int i = restBefore;
        int j = restAfter;
        if (same < shorter) {
            for (int[] pair : Lcs.of(kinds(before, i, toBefore), kinds(after, j, toAfter))) {
                replace(i, restBefore + pair[0], j, restAfter + pair[1]);
                i = restBefore + pair[0];
                j = restAfter + pair[1];
                step(j, i++, j++);
            }
        }
        replace(i, toBefore, j, toAfter);
    }

    private void replace(int fromBefore, int toBefore, int fromAfter, int toAfter) {
        for (int i = fromBefore; i < toBefore; i++) {
            step(fromAfter, i, -1);
        }
        for (int j = fromAfter; j < toAfter; j++) {
            step(j, -1, j);
        }
    }

    private void step(int at, int i, int j) {
        steps.add(new Step(prefix + at, i < 0 ? -1 : prefix + i, j < 0 ? -1 : prefix + j));
    }

    private static int[] kinds(@Nullable Object[] elements, int from, int end) {
        return IntStream.range(from, end).map(i -> kind(elements[i])).toArray();
    }

    private static int kind(@Nullable Object node) {
        return node instanceof HashMap ? 1 : node instanceof Vector ? 2 : 0;
    }
}
