package dev.heartwood.storage;

import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeEquality;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import org.jspecify.annotations.Nullable;

/**
 * Reconciles a value that was read from a shared storage with the value known before: equal parts become the same instance
 * again. So a place that other processes left unchanged stays valid for a batch that has read it, and diffs skip it.
 */
public final class Reconciler {
    /** Below this depth a value is kept as a whole or not at all, so that the recursion needs little stack. */
    private static final int LEVELS = 16;

    private Reconciler() {}

    /** {@code after}, made of parts of {@code before}; {@code before} itself when they are equal. */
    public static @Nullable Object onto(@Nullable Object before, @Nullable Object after) {
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
        HashMap<String, @Nullable Object> reconciled = before;
        for (Tuple2<String, @Nullable Object> entry : after) {
            Object old = Nodes.child(before, entry._1);
            Object kept = onto(old, entry._2, levels);
            if (kept != old) {
                reconciled = reconciled.put(entry._1, kept);
            }
        }
        if (reconciled.size() > after.size()) {
            for (String key : before.keysIterator()) {
                if (!after.containsKey(key)) {
                    reconciled = reconciled.remove(key);
                }
            }
        }
        return reconciled;
    }

    private static Object lists(Vector<@Nullable Object> before, Vector<@Nullable Object> after, int levels) {
        int common = Math.min(before.size(), after.size());
        Vector<@Nullable Object> reconciled = before;
        for (int i = 0; i < common; i++) {
            Object old = before.get(i);
            Object kept = onto(old, after.get(i), levels);
            if (kept != old) {
                reconciled = reconciled.update(i, kept);
            }
        }
        if (before.size() != after.size()) {
            reconciled = reconciled.take(common).appendAll(after.drop(common));
        }
        return reconciled;
    }
}
