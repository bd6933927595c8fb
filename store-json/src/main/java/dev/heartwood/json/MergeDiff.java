package dev.heartwood.json;

import static dev.heartwood.tree.Nodes.MISSING;

import dev.heartwood.KeyPath;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.tree.MapDelta;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeCursor;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the merge patch between two trees: one walk over the differences, with an explicit stack. */
final class MergeDiff {
    private record Difference(
            String key, @Nullable Object before, @Nullable Object after) {}

    /** Two maps under one key, and their difference so far. */
    private static final class Level {
        final String key;
        final Iterator<Difference> differences;
        HashMap<String, @Nullable Object> patch = HashMap.empty();

        Level(String key, HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> after) {
            this.key = key;
            List<Difference> found = new ArrayList<>();
            MapDelta.forEach(
                    before, after, (name, old, now) -> found.add(new Difference(String.valueOf(name), old, now)));
            this.differences = found.iterator();
        }
    }

    private final List<Level> open = new ArrayList<>();

    private MergeDiff() {}

    static HashMap<String, @Nullable Object> between(
            HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> after) {
        return new MergeDiff().differ(new Level("", before, after));
    }

    private HashMap<String, @Nullable Object> differ(Level root) {
        open.add(root);
        for (; ; ) {
            Level level = open.get(open.size() - 1);
            if (level.differences.hasNext()) {
                compare(level, level.differences.next());
                continue;
            }
            open.remove(open.size() - 1);
            if (open.isEmpty()) {
                return level.patch;
            }
            Level parent = open.get(open.size() - 1);
            if (!level.patch.isEmpty()) {
                parent.patch = parent.patch.put(level.key, level.patch);
            }
        }
    }

    private void compare(Level level, Difference difference) {
        Object before = difference.before;
        Object after = difference.after;
        if (after == MISSING) {
            level.patch = level.patch.put(difference.key, null);
        } else if (before instanceof HashMap && after instanceof HashMap) {
            open.add(new Level(difference.key, Nodes.map(before), Nodes.map(after)));
        } else if (!TreeEquality.trees(before, after)) {
            requireNoNull(difference);
            level.patch = level.patch.put(difference.key, after);
        }
    }

    /** In a merge patch a null means a removal, as the value itself and in objects; a list is put unchanged. */
    private void requireNoNull(Difference difference) {
        int list = Integer.MAX_VALUE;
        for (TreeCursor walk = new TreeCursor(difference.after, true); walk.next(); ) {
            if (walk.node() == null && walk.depth() <= list) {
                throw refusal(difference, walk);
            }
            if (walk.node() instanceof Vector && walk.depth() <= list) {
                list = walk.step() == TreeCursor.Step.ENTER ? walk.depth() : Integer.MAX_VALUE;
            }
        }
    }

    private UnsupportedValueException refusal(Difference difference, TreeCursor walk) {
        List<Object> steps = new ArrayList<>();
        open.stream().skip(1).forEach(level -> steps.add(level.key));
        steps.add(difference.key);
        steps.addAll(walk.tokens());
        return new UnsupportedValueException(
                KeyPath.of(steps), "a merge patch cannot put a null, which means a removal: use a JsonPatch");
    }
}
