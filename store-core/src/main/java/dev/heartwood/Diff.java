package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;
import static java.util.Objects.requireNonNull;

import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The changes from one tree to another in the order in which they apply, each path valid after those before it,
 * the keys of a map in their natural order. Immutable.
 *
 * <p>Parts that the two trees share are skipped. In lists, the unchanged elements are a longest common subsequence. The
 * work for that is bounded; beyond the bound, elements are paired by position. A diff has no moves. If a container
 * occurs at many paths, its changes are listed at the first few; a large diff reports it as replaced at the other
 * paths. So the number of changes depends on the distinct parts of the two trees, not on the number of paths to them.
 */
public final class Diff implements Iterable<Change> {
    private static final int MOST_LINES = 1_000;

    private final List<Change> changes;
    /** Whether each value stood at its path in a whole tree of a store: then memory takes it as it is. */
    private final boolean ofWholeTrees;

    private Diff(List<Change> changes, boolean ofWholeTrees) {
        this.changes = Collections.unmodifiableList(changes);
        this.ofWholeTrees = ofWholeTrees;
    }

    static Diff between(HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> after) {
        return new Diff(new Differ().differ(before, after), true);
    }

    /** The same changes, where one of the trees is not whole. */
    Diff ofParts() {
        return new Diff(changes, false);
    }

    /** The changes of the value at one place of two trees. */
    static Diff at(KeyPath place, HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> after) {
        KeyPath parent = place.parent();
        return parent == null
                ? between(before, after)
                : new Diff(
                        new Differ().differAt(place, PathCopy.look(before, parent), PathCopy.look(after, parent)),
                        true);
    }

    /** Whether the two trees are equal. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** The number of changes. */
    public int size() {
        return changes.size();
    }

    @Override
    public Iterator<Change> iterator() {
        return ReadOnly.iterator(changes.iterator(), change -> change);
    }

    /** The changes, in order. */
    public Stream<Change> stream() {
        return changes.stream();
    }

    /** The diff that undoes this one. */
    public Diff inverse() {
        List<Change> inverse = new ArrayList<>(changes.size());
        for (Change change : changes) {
            inverse.add(change.inverse());
        }
        Collections.reverse(inverse);
        return new Diff(inverse, ofWholeTrees);
    }

    /**
     * The changes at or below the path: a filter for reading; the result may not apply by itself. It has no change of a
     * container above the path; {@link Snapshot#diff(Snapshot, KeyPath)} tells how a place changed with it.
     */
    public Diff under(KeyPath path) {
        requireNonNull(path, "path must not be null");
        return new Diff(
                changes.stream()
                        .filter(change -> change.path().startsWith(path))
                        .collect(Collectors.toList()),
                ofWholeTrees);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Diff diff && changes.equals(diff.changes);
    }

    @Override
    public int hashCode() {
        return changes.hashCode();
    }

    /** One line a change, for people: at most the first thousand changes, and the number of further ones. */
    @Override
    public String toString() {
        String lines = changes.stream().limit(MOST_LINES).map(Change::toString).collect(Collectors.joining("\n"));
        int more = changes.size() - MOST_LINES;
        return more > 0 ? lines + "\n… and " + more + " more changes" : lines;
    }

    /** The same changes, with paths for a tree that is at a place in another tree. */
    Diff below(KeyPath place) {
        return new Diff(changes.stream().map(change -> below(place, change)).collect(Collectors.toList()), false);
    }

    private static Change below(KeyPath place, Change change) {
        KeyPath path = place.resolve(change.path());
        if (change instanceof Change.Added added) {
            return new Change.Added(path, added.value(), added.container());
        } else if (change instanceof Change.Removed removed) {
            return new Change.Removed(path, removed.value(), removed.container());
        }
        Change.Replaced replaced = (Change.Replaced) change;
        return new Change.Replaced(path, replaced.before(), replaced.after(), replaced.container());
    }

    /** Applies all changes to the batch, or throws at the first that does not fit. */
    void applyTo(Transaction tx) {
        DiffRun runs = new DiffRun(changes, ofWholeTrees);
        int next = 0;
        while (next < changes.size()) {
            DiffRun.Run run = runs.at(next, tx);
            int end = run == null ? next + 1 : run.end();
            if (run != null && !runs.onlyAppends(run, tx)) {
                next = runs.apply(run, tx);
                end = Math.min(next + 1, run.end());
            }
            while (next < end) {
                apply(changes.get(next++), ofWholeTrees, tx);
            }
        }
    }

    private static void apply(Change change, boolean ofWholeTree, Transaction tx) {
        try {
            tx.rewrite(rewrite(change, ofWholeTree, tx));
        } catch (NoSuchPathException | TypeMismatchException e) {
            throw new ConflictException(
                    change.path(), "conflict at " + change.path().forPeople() + ": " + e.getMessage());
        }
    }

    private static Rewrite rewrite(Change change, boolean ofWholeTree, Transaction tx) {
        KeyPath path = change.path();
        boolean inList = requireContainer(change, tx) instanceof Vector;
        if (change instanceof Change.Added added) {
            Object value = freeze(path, added.value(), ofWholeTree, tx);
            return inList
                    ? new Rewrite(tx, path, Rewrite.Mode.INSERT, found -> value)
                    : new Rewrite(tx, path, Rewrite.Mode.ANY, expecting(path, MISSING, value, tx));
        } else if (change instanceof Change.Removed removed) {
            return new Rewrite(tx, path, Rewrite.Mode.CHANGE, expecting(path, removed.value(), MISSING, tx));
        }
        Change.Replaced replaced = (Change.Replaced) change;
        Object value = freeze(path, replaced.after(), ofWholeTree, tx);
        return new Rewrite(tx, path, Rewrite.Mode.CHANGE, expecting(path, replaced.before(), value, tx));
    }

    /**
     * A value of a change. One that stood at this path in a whole tree of a store is taken unchanged by memory, but perhaps not by another
     * dialect. Of the others, a part may be no value, or the path may be too long for it.
     */
    static @Nullable Object freeze(KeyPath path, @Nullable Object value, boolean ofWholeTree, Transaction tx) {
        return ofWholeTree && tx.dialect() == Dialect.ANYTHING ? value : tx.freeze(path, value);
    }

    /** The parent map or list of the change: a diff creates none, and never treats a list as a map. */
    private static Object requireContainer(Change change, Transaction tx) {
        KeyPath path = change.path();
        KeyPath parent = requireNonNull(path.parent(), "a root is never changed by a step of its own");
        // Only the presence: the following write records the kind.
        Object node = PathCopy.look(tx.tree(parent, ReadSet.Kind.PRESENCE), parent);
        boolean list = change.container() == Change.Container.LIST;
        if (!(list ? node instanceof Vector : node instanceof HashMap)) {
            tx.tree(parent, ReadSet.Kind.VALUE); // the message reveals more than the presence
            throw new ConflictException(
                    path,
                    "conflict at " + path.forPeople() + ": expected " + (list ? "a list" : "a map") + " at "
                            + parent.forPeople() + ", but there is " + Nodes.kind(node));
        }
        return requireNonNull(node);
    }

    /** Whether a value is the one that the change expects, also where that is spelled as another store holds it. */
    static boolean isExpected(KeyPath path, @Nullable Object found, @Nullable Object expected, Transaction tx) {
        if (TreeEquality.trees(found, expected)) {
            return true;
        } else if (tx.dialect() == Dialect.ANYTHING || found == MISSING || expected == MISSING) {
            return false;
        }
        try {
            return TreeEquality.trees(found, tx.freeze(path, expected));
        } catch (UnsupportedValueException e) {
            return false; // this store cannot hold it, so it is not what is there
        }
    }

    private static UnaryOperator<@Nullable Object> expecting(
            KeyPath path, @Nullable Object expected, @Nullable Object next, Transaction tx) {
        return found -> {
            if (!isExpected(path, found, expected, tx)) {
                throw new ConflictException(
                        path,
                        "conflict at " + path.forPeople() + ": expected " + TreePrinter.brief(expected)
                                + ", but there is " + TreePrinter.brief(found));
            }
            return next;
        };
    }
}
