package dev.heartwood.json;

import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.Numbers;
import dev.heartwood.tree.Same;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Equality as the {@code test} of RFC 6902 has it: of trees, but numbers are equal that are so in value, 1 and 1.0. */
final class SameValue {
    private record Pair(@Nullable Object a, @Nullable Object b) {}

    private final Deque<Pair> open = new ArrayDeque<>();

    private SameValue() {}

    static boolean trees(@Nullable Object a, @Nullable Object b) {
        SameValue comparison = new SameValue();
        comparison.open.push(new Pair(a, b));
        while (!comparison.open.isEmpty()) {
            Pair pair = comparison.open.pop();
            if (!comparison.compare(pair.a, pair.b)) {
                return false;
            }
        }
        return true;
    }

    private boolean compare(@Nullable Object a, @Nullable Object b) {
        if (Same.atAGlance(a, b)) {
            return true;
        } else if (a instanceof Number x && b instanceof Number y) {
            return Numbers.decimal(x).compareTo(Numbers.decimal(y)) == 0;
        } else if (a instanceof HashMap && b instanceof HashMap) {
            return openMaps(Nodes.map(a), Nodes.map(b));
        }
        return a instanceof Vector && b instanceof Vector && openLists(Nodes.list(a), Nodes.list(b));
    }

    private boolean openMaps(HashMap<String, @Nullable Object> a, HashMap<String, @Nullable Object> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (Tuple2<String, @Nullable Object> entry : a) {
            Object other = Nodes.child(b, entry._1);
            if (other == Nodes.MISSING) {
                return false;
            }
            open.push(new Pair(entry._2, other));
        }
        return true;
    }

    private boolean openLists(Vector<@Nullable Object> a, Vector<@Nullable Object> b) {
        if (a.size() != b.size()) {
            return false;
        }
        Iterator<@Nullable Object> others = b.iterator();
        for (Object element : a) {
            open.push(new Pair(element, others.next()));
        }
        return true;
    }
}
