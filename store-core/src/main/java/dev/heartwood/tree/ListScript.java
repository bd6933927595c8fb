package dev.heartwood.tree;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What leads from one list to another: which elements go, come, or change in place.
 *
 * <p>The common prefix and suffix are cut, then elements that occur on one side only; in what is left, a longest common
 * subsequence stays. In the gaps between, elements that went and came pair up if they are of one kind, so that a change
 * inside an element is seen as one.
 */
public final class ListScript {
    /**
     * One step. {@code at} is its index in the list at that moment; {@code before} and {@code after} are indices in the
     * two lists, or -1.
     */
    public record Step(int at, int before, int after) {}

    private final @Nullable Object[] before;
    private final @Nullable Object[] after;
    private final List<Step> steps = new ArrayList<>();

    private ListScript(@Nullable Object[] before, @Nullable Object[] after) {
        this.before = before;
        this.after = after;
    }

    /** The steps, in the order in which they apply; elements that stay have none. */
    public static List<Step> between(Vector<@Nullable Object> before, Vector<@Nullable Object> after) {
        ListScript script = new ListScript(before.toJavaArray(), after.toJavaArray());
        script.write();
        return script.steps;
    }

    private void write() {
        int shorter = Math.min(before.length, after.length);
        int prefix = 0;
        while (prefix < shorter && Same.trees(before[prefix], after[prefix])) {
            prefix++;
        }
        int suffix = 0;
        while (suffix < shorter - prefix
                && Same.trees(before[before.length - 1 - suffix], after[after.length - 1 - suffix])) {
            suffix++;
        }
        int i = prefix;
        int j = prefix;
        for (int[] match : stays(prefix, before.length - suffix, after.length - suffix)) {
            gap(i, match[0], j, match[1]);
            i = match[0] + 1;
            j = match[1] + 1;
        }
        gap(i, before.length - suffix, j, after.length - suffix);
    }

    /** The pairs of indices that stay, between {@code from} and the two ends. */
    private List<int[]> stays(int from, int beforeEnd, int afterEnd) {
        if (from == beforeEnd || from == afterEnd) {
            return List.of();
        }
        Map<Element, Integer> ids = new java.util.HashMap<>();
        int[] a = ids(before, from, beforeEnd, ids);
        int[] b = ids(after, from, afterEnd, ids);
        int[] inA = shared(a, b, ids.size());
        int[] inB = shared(b, a, ids.size());
        List<int[]> stays = new ArrayList<>();
        for (int[] match : Lcs.of(pick(a, inA), pick(b, inB))) {
            stays.add(new int[] {from + inA[match[0]], from + inB[match[1]]});
        }
        return stays;
    }

    private static int[] ids(@Nullable Object[] elements, int from, int end, Map<Element, Integer> ids) {
        int[] result = new int[end - from];
        for (int i = from; i < end; i++) {
            result[i - from] = ids.computeIfAbsent(new Element(elements[i]), element -> ids.size());
        }
        return result;
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

    /** Elements between what stays: those of one kind pair up, as many as can in their order. */
    private void gap(int fromBefore, int toBefore, int fromAfter, int toAfter) {
        int same = 0;
        int shorter = Math.min(toBefore - fromBefore, toAfter - fromAfter);
        while (same < shorter && kind(before[fromBefore + same]) == kind(after[fromAfter + same])) {
            steps.add(new Step(fromAfter + same, fromBefore + same, fromAfter + same));
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
                steps.add(new Step(j, i++, j++));
            }
        }
        replace(i, toBefore, j, toAfter);
    }

    private void replace(int fromBefore, int toBefore, int fromAfter, int toAfter) {
        for (int i = fromBefore; i < toBefore; i++) {
            steps.add(new Step(fromAfter, i, -1));
        }
        for (int j = fromAfter; j < toAfter; j++) {
            steps.add(new Step(j, -1, j));
        }
    }

    private static int[] kinds(@Nullable Object[] elements, int from, int end) {
        return IntStream.range(from, end).map(i -> kind(elements[i])).toArray();
    }

    private static int kind(@Nullable Object node) {
        return node instanceof HashMap ? 1 : node instanceof Vector ? 2 : 0;
    }

    /** An element as a key: equal when the trees are. */
    private static final class Element {
        private final @Nullable Object node;
        private final int hash;

        Element(@Nullable Object node) {
            this.node = node;
            this.hash = Same.fingerprint(node);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Element element && hash == element.hash && Same.trees(node, element.node);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
