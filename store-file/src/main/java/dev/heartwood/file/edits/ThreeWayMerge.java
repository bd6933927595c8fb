package dev.heartwood.file.edits;

import dev.heartwood.KeyPath;
import dev.heartwood.TreeEditor;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A three-way merge of an edit by hand: its changes, from a base to the saved text, are applied to a tree that has
 * changed since, too. Maps are merged key by key. A place that both have changed is a conflict, a list as a whole; but
 * where both have only appended to a list, both additions are kept, ours first. The merge takes the whole edit or, if
 * there is a conflict, nothing of it.
 */
public final class ThreeWayMerge {
    /** The number of conflicts that a message names. */
    private static final int MOST_NAMED = 5;

    private final HashMap<String, @Nullable Object> base;
    private final HashMap<String, @Nullable Object> theirs;
    private final boolean repeated;

    /** The same place was changed on both sides, in different ways. */
    public static final class Conflict extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Conflict(List<KeyPath> places) {
            super(
                    "at "
                            + String.join(
                                    ", ",
                                    places.stream()
                                            .limit(MOST_NAMED)
                                            .map(KeyPath::toString)
                                            .toList())
                            + (places.size() > MOST_NAMED
                                    ? " and " + (places.size() - MOST_NAMED) + " other places"
                                    : ""),
                    null,
                    false,
                    false);
        }
    }

    /**
     * A merge of an edit.
     *
     * @param repeated whether it may have been merged before: then elements that were appended to a list are not
     *     appended again
     */
    public ThreeWayMerge(
            HashMap<String, @Nullable Object> base, HashMap<String, @Nullable Object> theirs, boolean repeated) {
        this.base = base;
        this.theirs = theirs;
        this.repeated = repeated;
    }

    /**
     * Applies the edit to a tree. Reads only the places that it changes.
     *
     * @throws Conflict if that is not possible; the tree must be thrown away then
     */
    public void into(TreeEditor ours) {
        List<KeyPath> conflicts = new ArrayList<>();
        map(KeyPath.root(), base, theirs, ours, conflicts);
        if (!conflicts.isEmpty()) {
            throw new Conflict(conflicts);
        }
    }

    private void map(
            KeyPath at,
            HashMap<String, @Nullable Object> before,
            HashMap<String, @Nullable Object> after,
            TreeEditor ours,
            List<KeyPath> conflicts) {
        for (String key : before.keySet().union(after.keySet())) {
            place(
                    at.child(key),
                    before.getOrElse(key, Nodes.MISSING),
                    after.getOrElse(key, Nodes.MISSING),
                    ours,
                    conflicts);
        }
    }

    private void place(
            KeyPath at, @Nullable Object before, @Nullable Object after, TreeEditor ours, List<KeyPath> conflicts) {
        if (before instanceof HashMap && after instanceof HashMap) {
            map(at, Nodes.map(before), Nodes.map(after), ours, conflicts);
            return;
        } else if (same(before, after)) {
            return;
        }
        Object here = ours.contains(at) ? ours.get(at) : Nodes.MISSING;
        if (same(here, after)) {
            return;
        } else if (same(here, before)) {
            change(at, before, after, ours, conflicts);
        } else if (before == Nodes.MISSING && after instanceof HashMap && here instanceof HashMap) {
            map(at, HashMap.empty(), Nodes.map(after), ours, conflicts);
        } else if (!append(at, before, after, here, ours)) {
            conflicts.add(at);
        }
    }

    /** Our value is unchanged since the base: the edited value replaces it. */
    private static void change(
            KeyPath at, @Nullable Object before, @Nullable Object after, TreeEditor ours, List<KeyPath> conflicts) {
        KeyPath parent = at.parent();
        if (after == Nodes.MISSING) {
            ours.remove(at);
        } else if (before == Nodes.MISSING && parent != null && !isMap(ours, parent)) {
            // The edit has added something to a value that was removed or replaced here.
            conflicts.add(at);
        } else {
            ours.set(at, after);
        }
    }

    private static boolean isMap(TreeEditor ours, KeyPath parent) {
        return parent.size() == 0 || (ours.contains(parent) && ours.get(parent) instanceof HashMap);
    }

    private boolean append(
            KeyPath at, @Nullable Object before, @Nullable Object after, @Nullable Object here, TreeEditor ours) {
        if (!(before instanceof Vector && after instanceof Vector && here instanceof Vector)) {
            return false;
        }
        Vector<@Nullable Object> old = Nodes.list(before);
        Vector<@Nullable Object> written = Nodes.list(after);
        Vector<@Nullable Object> now = Nodes.list(here);
        if (!startsWith(written, old) || !startsWith(now, old)) {
            return false;
        }
        if (!repeated || !startsWith(now, written)) {
            ours.concat(at, written.drop(old.size()));
        }
        return true;
    }

    private static boolean startsWith(Vector<@Nullable Object> list, Vector<@Nullable Object> start) {
        return list.size() >= start.size() && TreeEquality.trees(list.take(start.size()), start);
    }

    private static boolean same(@Nullable Object one, @Nullable Object other) {
        return one == other || (one != Nodes.MISSING && other != Nodes.MISSING && TreeEquality.trees(one, other));
    }

    /** The number of places in which two trees differ, counted up to a limit. A list is one place. */
    static int distance(HashMap<String, @Nullable Object> one, HashMap<String, @Nullable Object> other, int limit) {
        int count = 0;
        for (String key : one.keySet().union(other.keySet())) {
            if (count >= limit) {
                return limit;
            }
            Object before = one.getOrElse(key, Nodes.MISSING);
            Object after = other.getOrElse(key, Nodes.MISSING);
            if (before instanceof HashMap && after instanceof HashMap) {
                count += distance(Nodes.map(before), Nodes.map(after), limit - count);
            } else if (!same(before, after)) {
                count++;
            }
        }
        return count;
    }
}
