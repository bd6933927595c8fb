package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;
import static java.util.Objects.requireNonNull;

import dev.heartwood.tree.ListScript;
import dev.heartwood.tree.MapDelta;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.Same;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the changes between two trees: one walk over both, with a stack of its own. */
final class Differ {
    private final List<Change> changes = new ArrayList<>();
    private final Deque<Pair> open = new ArrayDeque<>();

    /** Two nodes in one place; either may be missing. */
    private record Pair(
            KeyPath path, @Nullable Object before, @Nullable Object after) {}

    List<Change> differ(HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> after) {
        open.push(new Pair(KeyPath.root(), before, after));
        while (!open.isEmpty()) {
            compare(open.pop());
        }
        return changes;
    }

    private void compare(Pair pair) {
        KeyPath path = pair.path;
        if (Same.atAGlance(pair.before, pair.after)) {
            return;
        }
        if (pair.before == MISSING) {
            changes.add(new Change.Added(path, pair.after));
        } else if (pair.after == MISSING) {
            changes.add(new Change.Removed(path, pair.before));
        } else if (pair.before instanceof HashMap && pair.after instanceof HashMap) {
            openAll(entries(path, Nodes.map(pair.before), Nodes.map(pair.after)));
        } else if (pair.before instanceof Vector && pair.after instanceof Vector) {
            openAll(elements(path, Nodes.list(pair.before), Nodes.list(pair.after)));
        } else {
            changes.add(new Change.Replaced(path, pair.before, pair.after));
        }
    }

    /** Each pair is done with, all below it included, before the next: so paths are valid in order. */
    private void openAll(List<Pair> pairs) {
        for (int i = pairs.size() - 1; i >= 0; i--) {
            open.push(pairs.get(i));
        }
    }

    private static List<Pair> entries(
            KeyPath path, HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> after) {
        record Entry(
                String key,
                @Nullable Object before,
                @Nullable Object after) {}
        List<Entry> entries = new ArrayList<>();
        MapDelta.forEach(
                before, after, (key, old, now) -> entries.add(new Entry((String) requireNonNull(key), old, now)));
        entries.sort(Comparator.comparing(Entry::key));
        List<Pair> pairs = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            pairs.add(new Pair(path.child(entry.key), entry.before, entry.after));
        }
        return pairs;
    }

    private static List<Pair> elements(KeyPath path, Vector<@Nullable Object> before, Vector<@Nullable Object> after) {
        List<Pair> pairs = new ArrayList<>();
        for (ListScript.Step step : ListScript.between(before, after)) {
            Object old = step.before() < 0 ? MISSING : before.get(step.before());
            Object now = step.after() < 0 ? MISSING : after.get(step.after());
            pairs.add(new Pair(path.child(Integer.toString(step.at())), old, now));
        }
        return pairs;
    }
}
