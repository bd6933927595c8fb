package dev.heartwood.sqlite;

import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeEquality;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import org.jspecify.annotations.Nullable;

/**
 * A value that was read anew, with all that is equal to what stood there before as the same instance: what a neighbour
 * did not change stays valid for those who have read it, and is skipped by diffs.
 */
final class Reconciler {
    /** Deeper than this a value is kept as a whole or not at all, so that the stack need not be deep. */
    private static final int LEVELS = 16;

    private Reconciler() {}

    /** {@code after}, made of parts of {@code before}; {@code before} itself when they are equal. */
    static @Nullable Object onto(@Nullable Object before, @Nullable Object after) {
        return onto(before, after, LEVELS);
    }

    private static @Nullable Object onto(@Nullable Object before, @Nullable Object after, int levels) {
        if (TreeEquality.atAGlance(before, after)) {
            return before;
        } else if (levels == 0) {
            return TreeEquality.trees(before, after) ? before : after;
        } else if (before instanceof HashMap && after instanceof HashMap) {
            return maps(Nodes.map(before), Nodes.map(after), levels - 1);
        } else if (before instanceof Vector && after instanceof Vector) {
            return lists(Nodes.list(before), Nodes.list(after), levels - 1);
        }
        return after;
    }

    private static Object maps(
            HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> after, int levels) {
        HashMap<String, @Nullable Object> grafted = before;
        for (Tuple2<String, @Nullable Object> entry : after) {
            Object old = Nodes.child(before, entry._1);
            Object kept = onto(old, entry._2, levels);
            if (kept != old) {
                grafted = grafted.put(entry._1, kept);
            }
        }
        if (grafted.size() > after.size()) {
            for (String key : before.keysIterator()) {
                if (!after.containsKey(key)) {
                    grafted = grafted.remove(key);
                }
            }
        }
        return grafted;
    }

    private static Object lists(Vector<@Nullable Object> before, Vector<@Nullable Object> after, int levels) {
        int common = Math.min(before.size(), after.size());
        Vector<@Nullable Object> grafted = before;
        for (int i = 0; i < common; i++) {
            Object old = before.get(i);
            Object kept = onto(old, after.get(i), levels);
            if (kept != old) {
                grafted = grafted.update(i, kept);
            }
        }
        if (before.size() != after.size()) {
            grafted = grafted.take(common).appendAll(after.drop(common));
        }
        return grafted;
    }
}
