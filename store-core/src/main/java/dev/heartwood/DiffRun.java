package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;
import static java.util.Objects.requireNonNull;

import dev.heartwood.tree.ListRuns;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.OpenList;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a diff at and below one list, applied in one pass. A run ends where a change does not apply: that
 * change is then applied by itself, and its exception names the problem.
 */
final class DiffRun {
    private final List<Change> changes;
    private final boolean ofWholeTrees;
    private final ListRuns lists = new ListRuns();

    DiffRun(List<Change> changes, boolean ofWholeTrees) {
        this.changes = changes;
        this.ofWholeTrees = ofWholeTrees;
        for (Change change : changes) {
            if (!(change instanceof Change.Replaced)) {
                lists.count(change.path().tokens());
            }
        }
    }

    /** The changes from an index on that belong together, and the place of their list. */
    record Run(int from, int end, KeyPath list) {}

    /** The run that begins with a change, if it pays to apply one. */
    @Nullable
    Run at(int from, Transaction tx) {
        KeyPath path = changes.get(from).path();
        tx.applyCommutes(path);
        int size = lists.listAbove(path.tokens(), 0);
        while (size >= 0 && !(PathCopy.look(tx.tree(), path, size) instanceof Vector)) {
            size = lists.listAbove(path.tokens(), size + 1);
        }
        if (size < 0) {
            return null;
        }
        int end = from + 1;
        while (end < changes.size() && ListRuns.isBelow(changes.get(end).path().tokens(), path.tokens(), size)) {
            end++;
        }
        return new Run(from, end, path.prefix(size));
    }

    /**
     * Whether the run moves no element of the list, because it only inserts at the end: that is cheap, and roots
     * receive it as an append.
     */
    boolean onlyAppends(Run run, Transaction tx) {
        int size = Nodes.size(requireNonNull(PathCopy.look(tx.tree(), run.list)));
        int below = 0;
        for (int i = run.from; i < run.end && below < ListRuns.FEWEST; i++) {
            Change change = changes.get(i);
            KeyPath path = change.path();
            boolean replaced = change instanceof Change.Replaced;
            if (path.size() > run.list.size() + 1) {
                below += replaced ? 0 : 1;
            } else if (!replaced && (change instanceof Change.Removed || Nodes.index(last(path)) != size++)) {
                return false; // a second insertion at the old end is not at the new end
            }
        }
        return below < ListRuns.FEWEST;
    }

    private static String last(KeyPath path) {
        return requireNonNull(path.last());
    }

    /** Applies the run, and returns the index of the first change that is not applied. */
    int apply(Run run, Transaction tx) {
        List<@Nullable Object> values = new ArrayList<>(run.end - run.from);
        for (int i = run.from; i < run.end; i++) {
            values.add(Diff.freeze(changes.get(i).path(), after(changes.get(i)), ofWholeTrees, tx));
        }
        int[] next = new int[1];
        tx.rewrite(new Rewrite(tx, run.list, Rewrite.Mode.CHANGE, found -> {
            OpenList open = new OpenList(Nodes.list(requireNonNull(found)), run.list.size());
            int i = run.from;
            while (i < run.end && apply(changes.get(i), values.get(i - run.from), open, tx)) {
                i++;
            }
            next[0] = i;
            return i == run.from ? found : open.close();
        }));
        return next[0];
    }

    private static @Nullable Object after(Change change) {
        if (change instanceof Change.Added added) {
            return added.value();
        }
        return change instanceof Change.Replaced replaced ? replaced.after() : null;
    }

    private static boolean apply(Change change, @Nullable Object value, OpenList open, Transaction tx) {
        List<String> place = change.path().tokens();
        boolean list = change.container() == Change.Container.LIST;
        if (!open.isIn(place, list)) {
            return false;
        } else if (change instanceof Change.Added) {
            return list
                    ? !change.path().endsWithDash() && open.insert(place, value)
                    : open.look(place) == MISSING && open.put(place, value);
        } else if (change instanceof Change.Removed removed) {
            return Diff.isExpected(change.path(), open.look(place), removed.value(), tx) && open.remove(place);
        }
        Object before = ((Change.Replaced) change).before();
        return Diff.isExpected(change.path(), open.look(place), before, tx) && open.put(place, value);
    }
}
