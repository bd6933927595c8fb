package dev.heartwood;

import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The places of a pattern at which two states differ, in the order of their paths.
 *
 * <p>A pattern that ends in {@code **} gives the deepest places that differ, as the changes of a {@link Diff} are: a
 * subtree that is new is one place, and lists are compared by position. Any other pattern gives each of its places whose
 * value differs. One walk over both trees, which turns back where both are the same reference.
 */
final class PatternDifferences {
    private final PathPattern pattern;
    private final Snapshot before;
    private final Snapshot after;
    private final List<Update> found = new ArrayList<>();
    private final Deque<Visit> open = new ArrayDeque<>();

    private PatternDifferences(PathPattern pattern, Snapshot before, Snapshot after) {
        this.pattern = pattern;
        this.before = before;
        this.after = after;
    }

    static List<Update> between(PathPattern pattern, Snapshot before, Snapshot after) {
        PatternDifferences differences = new PatternDifferences(pattern, before, after);
        differences.open.push(new Visit(null, "", pattern.start(), before.tree(), after.tree()));
        while (!differences.open.isEmpty()) {
            differences.visit(differences.open.pop());
        }
        return differences.found;
    }

    private void visit(Visit visit) {
        if (visit.before == visit.after) {
            return;
        }
        if (pattern.isAllBelow(visit.at)) {
            if (!areOfOneKind(visit.before, visit.after)) {
                report(visit);
                return;
            }
        } else if (pattern.isEnd(visit.at)) {
            report(visit);
        }
        pushChildren(visit);
    }

    private void report(Visit visit) {
        if (mayDiffer(visit)) {
            found.add(new Update(visit.path(), before, after));
        }
    }

    private static boolean mayDiffer(Visit visit) {
        try {
            return !TreeEquality.trees(visit.before, visit.after);
        } catch (Throwable e) {
            // The equals of an opaque leaf is foreign code, and its failure must not keep the other places. The
            // listener's side compares the place again, where a failure can be told.
            return true;
        }
    }

    private static boolean areOfOneKind(@Nullable Object a, @Nullable Object b) {
        return a != null
                && b != null
                && Nodes.isContainer(a)
                && Nodes.isContainer(b)
                && a instanceof HashMap == b instanceof HashMap;
    }

    private void pushChildren(Visit visit) {
        List<Visit> children = new ArrayList<>();
        String only = pattern.onlyStep(visit.at);
        if (only != null) {
            children.add(visit.child(pattern, only, Nodes.child(visit.before, only), Nodes.child(visit.after, only)));
        } else if (pattern.leadsOn(visit.at)) {
            boolean ignored = ChildDelta.forEach(visit.before, visit.after, (token, old, now) -> {
                children.add(visit.child(pattern, token, old, now));
                return true;
            });
            children.sort(
                    visit.before instanceof HashMap || visit.after instanceof HashMap
                            ? Comparator.comparing(Visit::token)
                            : Comparator.comparingInt(child -> Nodes.index(child.token)));
        }
        for (int i = children.size() - 1; i >= 0; i--) {
            open.push(children.get(i));
        }
    }

    /** A place that differs, and the positions in the pattern with which the walk came there. */
    private static final class Visit {
        final @Nullable Visit parent;
        final String token;
        final boolean[] at;
        final @Nullable Object before;
        final @Nullable Object after;

        Visit(@Nullable Visit parent, String token, boolean[] at, @Nullable Object before, @Nullable Object after) {
            this.parent = parent;
            this.token = token;
            this.at = at;
            this.before = before;
            this.after = after;
        }

        String token() {
            return token;
        }

        Visit child(PathPattern pattern, String step, @Nullable Object old, @Nullable Object now) {
            return new Visit(this, step, pattern.after(at, step), old, now);
        }

        KeyPath path() {
            int size = 0;
            for (Visit visit = this; visit.parent != null; visit = visit.parent) {
                size++;
            }
            String[] tokens = new String[size];
            for (Visit visit = this; visit.parent != null; visit = visit.parent) {
                tokens[--size] = visit.token;
            }
            return KeyPath.ofTokens(tokens);
        }
    }
}
