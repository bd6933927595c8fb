package dev.heartwood;

import dev.heartwood.tree.EqualNodes;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.Steps;
import dev.heartwood.tree.TreeComparison;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Equality as {@code java.util} collections have it, between a container of a tree and anything. Past a budget, pairs
 * are remembered by identity, so that parts that occur many times, on either side, are compared once.
 */
final class JavaEquality {
    private static final int BUDGET = 512;

    private final Deque<Map.Entry<Object, Object>> open = new ArrayDeque<>();
    private final TreeComparison trees = new TreeComparison();
    private int visited;
    private @Nullable EqualNodes equal;

    private JavaEquality() {}

    /** Whether {@code other} is a {@code java.util} collection with the contents of {@code container}. */
    static boolean test(Object container, @Nullable Object other) {
        JavaEquality equality = new JavaEquality();
        boolean same = equality.meet(container, other);
        while (same && !equality.open.isEmpty()) {
            Map.Entry<Object, Object> pair = equality.open.pop();
            same = pair.getKey() instanceof HashMap
                    ? equality.maps(Nodes.map(pair.getKey()), (Map<?, ?>) pair.getValue())
                    : equality.lists(Nodes.list(pair.getKey()), (List<?>) pair.getValue());
        }
        return same;
    }

    private boolean meet(@Nullable Object node, @Nullable Object other) {
        Steps.count();
        // Not those of one type: their elements are converted, and need not be those of the node.
        if (other instanceof JavaViews.MapView || other instanceof JavaViews.ListView) {
            return trees.same(node, ((JavaViews.View) other).node());
        }
        if (node == null || other == null) {
            return node == other;
        }
        if (node instanceof HashMap ? other instanceof Map : node instanceof Vector && other instanceof List) {
            if (++visited <= BUDGET || equal().merge(node, other)) {
                open.push(Map.entry(node, other));
            }
            return true;
        }
        return !Nodes.isContainer(node) && node.equals(other);
    }

    private EqualNodes equal() {
        if (equal == null) {
            equal = new EqualNodes();
        }
        return equal;
    }

    private boolean maps(HashMap<String, @Nullable Object> map, Map<?, ?> other) {
        if (map.size() != other.size()) {
            return false;
        }
        for (Tuple2<String, @Nullable Object> entry : map) {
            Object value = at(other, entry._1);
            if (value == Nodes.MISSING || !meet(entry._2, value)) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Object at(Map<?, ?> map, String key) {
        try {
            Object value = map.get(key);
            return value != null || map.containsKey(key) ? value : Nodes.MISSING;
        } catch (ClassCastException e) {
            return Nodes.MISSING; // a sorted map of other keys cannot even compare it
        }
    }

    private boolean lists(Vector<@Nullable Object> list, List<?> other) {
        if (list.size() != other.size()) {
            return false;
        }
        Iterator<?> elements = other.iterator();
        for (Object element : list) {
            if (!elements.hasNext() || !meet(element, elements.next())) {
                return false;
            }
        }
        return true;
    }
}
