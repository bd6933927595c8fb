package dev.heartwood.tree;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers for the elements of two lists: elements of one number are equal.
 *
 * <p>A container that stands in both lists is known by its identity, and is not looked into. Other elements are told
 * apart by fingerprint. Where many different ones share a fingerprint, as opaque leaves with a poor {@code hashCode} do,
 * those past {@link #MOST_OF_ONE_FINGERPRINT} get a number each, equal or not: a diff is then longer than it had to be,
 * and no less true.
 */
final class ElementIds {
    static final int MOST_OF_ONE_FINGERPRINT = 16;

    private record Numbered(@Nullable Object element, int id) {}

    private final TreeComparison comparison;
    private final IdentityHashMap<Object, Integer> inBoth = new IdentityHashMap<>();
    private final Map<Long, List<Numbered>> byFingerprint = new HashMap<>();
    private int count;

    ElementIds(@Nullable Object[] before, @Nullable Object[] after, TreeComparison comparison) {
        this.comparison = comparison;
        IdentityHashMap<Object, Boolean> inBefore = new IdentityHashMap<>();
        for (Object element : before) {
            if (element != null && Nodes.isContainer(element)) {
                inBefore.put(element, true);
            }
        }
        for (Object element : after) {
            if (element != null && inBefore.containsKey(element) && !inBoth.containsKey(element)) {
                inBoth.put(element, count++);
            }
        }
    }

    /** How many numbers there are. */
    int count() {
        return count;
    }

    /** The numbers of the elements. */
    int[] of(@Nullable Object[] elements) {
        int[] ids = new int[elements.length];
        for (int i = 0; i < ids.length; i++) {
            Integer known = inBoth.get(elements[i]);
            ids[i] = known != null ? known : byValue(elements[i]);
        }
        return ids;
    }

    private int byValue(@Nullable Object element) {
        List<Numbered> alike =
                byFingerprint.computeIfAbsent(comparison.fingerprint(element), any -> new ArrayList<>(1));
        for (Numbered other : alike) {
            if (comparison.same(element, other.element)) {
                return other.id;
            }
        }
        int id = count++;
        if (alike.size() < MOST_OF_ONE_FINGERPRINT) {
            alike.add(new Numbered(element, id));
        }
        return id;
    }
}
