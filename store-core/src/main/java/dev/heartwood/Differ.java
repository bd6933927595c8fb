package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;
import static java.util.Objects.requireNonNull;

import dev.heartwood.tree.ListScript;
import dev.heartwood.tree.MapDelta;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.Steps;
import dev.heartwood.tree.TreeComparison;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the changes between two trees: one walk over both, with a stack of its own.
 *
 * <p>A container that stands at many paths may differ at each of them, and has as many changes. Past a budget, one that
 * was taken apart {@link #MOST_TIMES} times already is compared as a whole, and reported as replaced. So a diff is as
 * long as the two trees have distinct parts, not paths.
 */
final class Differ {
    /** The number of pairs of containers that are compared before results are remembered. */
    private static final int BUDGET = 4_096;

    private static final int MOST_TIMES = 8;

    private final List<Change> changes = new ArrayList<>();

    /** The pairs still to be compared, the next on top: each is done with, all below it included, before the next. */
    private Pair[] open = new Pair[16];

    private int size;

    private int takenApart;
    private @Nullable IdentityHashMap<Object, Integer> times;
    private @Nullable TreeComparison comparison;

    /** Two nodes in one place; either may be missing. */
    private record Pair(
            KeyPath parent,
            Change.Container container,
            String token,
            @Nullable Object before,
            @Nullable Object after) {}

    List<Change> differ(HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> after) {
        openEntries(KeyPath.root(), before, after);
        return differ();
    }

    /** The changes of the value at one place, not the root; its parent may have been, or be, of any kind, or missing. */
    List<Change> differAt(KeyPath place, @Nullable Object parentBefore, @Nullable Object parentAfter) {
        String token = requireNonNull(place.last());
        Object before = Nodes.child(parentBefore, token);
        Object after = Nodes.child(parentAfter, token);
        // The container that a change needs: the old one, but an addition the new one.
        Change.Container container = Change.Container.of(before == MISSING ? parentAfter : parentBefore);
        if (container != null) {
            push(new Pair(requireNonNull(place.parent()), container, token, before, after));
        }
        return differ();
    }

    private List<Change> differ() {
        while (size > 0) {
            compare(open[--size]);
        }
        return changes;
    }

    private void compare(Pair pair) {
        if (TreeEquality.atAGlance(pair.before, pair.after)) {
            return;
        }
        KeyPath path = pair.parent.child(pair.token);
        if (pair.before == MISSING) {
            changes.add(new Change.Added(path, pair.after, pair.container));
        } else if (pair.after == MISSING) {
            changes.add(new Change.Removed(path, pair.before, pair.container));
        } else if (!isOneKind(pair.before, pair.after)) {
            changes.add(new Change.Replaced(path, pair.before, pair.after, pair.container));
        } else if (isTooOften(requireNonNull(pair.before))) {
            if (!comparison().sameOfMany(pair.before, pair.after)) {
                changes.add(new Change.Replaced(path, pair.before, pair.after, pair.container));
            }
        } else if (pair.before instanceof HashMap) {
            openEntries(path, Nodes.map(pair.before), Nodes.map(requireNonNull(pair.after)));
        } else {
            openElements(path, Nodes.list(pair.before), Nodes.list(requireNonNull(pair.after)));
        }
    }

    private static boolean isOneKind(@Nullable Object before, @Nullable Object after) {
        return (before instanceof HashMap && after instanceof HashMap)
                || (before instanceof Vector && after instanceof Vector);
    }

    private boolean isTooOften(Object before) {
        Steps.count();
        if (++takenApart <= BUDGET) {
            return false;
        }
        if (times == null) {
            times = new IdentityHashMap<>();
        }
        return times.merge(before, 1, Integer::sum) > MOST_TIMES;
    }

    private TreeComparison comparison() {
        if (comparison == null) {
            comparison = new TreeComparison();
        }
        return comparison;
    }

    private void openEntries(
            KeyPath path, HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> after) {
        int bottom = size;
        MapDelta.forEach(
                before,
                after,
                (key, old, now) -> push(new Pair(path, Change.Container.MAP, (String) requireNonNull(key), old, now)));
        Arrays.sort(open, bottom, size, (a, b) -> b.token.compareTo(a.token));
    }

    private void openElements(KeyPath path, Vector<@Nullable Object> before, Vector<@Nullable Object> after) {
        List<ListScript.Step> steps = ListScript.between(before, after, comparison());
        for (int i = steps.size() - 1; i >= 0; i--) {
            ListScript.Step step = steps.get(i);
            Object old = step.before() < 0 ? MISSING : before.get(step.before());
            Object now = step.after() < 0 ? MISSING : after.get(step.after());
            push(new Pair(path, Change.Container.LIST, Integer.toString(step.at()), old, now));
        }
    }

    /** Answers true, as a visitor that goes on. */
    private boolean push(Pair pair) {
        if (size == open.length) {
            open = Arrays.copyOf(open, 2 * size);
        }
        open[size++] = pair;
        return true;
    }
}
