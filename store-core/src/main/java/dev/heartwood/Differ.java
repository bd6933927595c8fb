package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;
import static java.util.Objects.requireNonNull;

import dev.heartwood.tree.ListScript;
import dev.heartwood.tree.MapDelta;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.Same;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the changes between two trees: one walk over both, with a stack of its own. */
final class Differ {
    private final List<Change> changes = new ArrayList<>();

    /** What is still to be compared, the next on top: each is done with, all below it included, before the next. */
    private Pair[] open = new Pair[16];

    private int size;

    /** Two nodes in one place; either may be missing. */
    private record Pair(
            KeyPath parent,
            Change.Container container,
            String token,
            @Nullable Object before,
            @Nullable Object after) {}

    List<Change> differ(HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> after) {
        openEntries(KeyPath.root(), before, after);
        while (size > 0) {
            compare(open[--size]);
        }
        return changes;
    }

    private void compare(Pair pair) {
        if (Same.atAGlance(pair.before, pair.after)) {
            return;
        }
        KeyPath path = pair.parent.child(pair.token);
        if (pair.before == MISSING) {
            changes.add(new Change.Added(path, pair.after, pair.container));
        } else if (pair.after == MISSING) {
            changes.add(new Change.Removed(path, pair.before, pair.container));
        } else if (pair.before instanceof HashMap && pair.after instanceof HashMap) {
            openEntries(path, Nodes.map(pair.before), Nodes.map(pair.after));
        } else if (pair.before instanceof Vector && pair.after instanceof Vector) {
            openElements(path, Nodes.list(pair.before), Nodes.list(pair.after));
        } else {
            changes.add(new Change.Replaced(path, pair.before, pair.after, pair.container));
        }
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
        List<ListScript.Step> steps = ListScript.between(before, after);
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
