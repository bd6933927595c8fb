package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;

import dev.heartwood.tree.MapDelta;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.VectorDelta;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares the reads and writes of a batch with the commits of others since then, and applies the changes of the others
 * to the tree of the batch.
 *
 * <p>One walk over three things at once: the batch's {@link ReadWriteSet}, the tree before, and the tree after. It
 * turns back where the two trees are the same reference, and follows either the differences of two containers or the
 * places that the batch touched in them, whichever are fewer. So the cost follows the changes of the others: after a
 * write to one key, a batch that has read and written 100,000 keys is validated and rebased in a few steps.
 *
 * <p>If the tries are not accessible ({@link MapDelta#skipsShared}), the time is that of the places touched, or of the
 * maps that differ, whichever is less.
 */
final class Rebase {
    /** Up to this number of places are looked up one by one, without searching for the differences of two maps. */
    private static final int FEW = 8;

    private final Deque<Visit> open = new ArrayDeque<>();
    /** The changes of others at places that the batch has not written. */
    private final List<Edit> theirs = new ArrayList<>();

    private final int most;
    /** The place whose read does not hold any more. */
    private @Nullable KeyPath conflict;

    private boolean mergeable;
    private int looked;

    private Rebase(int most) {
        this.most = most;
        this.mergeable = most > 0;
    }

    /**
     * Walks.
     *
     * @param most the maximum number of changes of others that are collected for {@link #onto}: about as many as the
     *     batch has edits, which otherwise would be applied anew
     */
    static Rebase of(
            ReadWriteSet readWriteSet,
            HashMap<String, @Nullable Object> before,
            HashMap<String, @Nullable Object> after,
            int most) {
        Rebase rebase = new Rebase(most);
        rebase.open.push(new Visit(null, readWriteSet, before, after, most > 0));
        while (rebase.holds() && !rebase.open.isEmpty()) {
            rebase.visit(rebase.open.pop());
        }
        return rebase;
    }

    /** Whether everything that the batch has read is the same in both trees. */
    boolean holds() {
        return conflict == null;
    }

    /** A place that the batch has read and that differs in the tree after; null if everything {@link #holds}. */
    @Nullable
    KeyPath conflict() {
        return conflict;
    }

    /** The number of places that were compared or looked up, which is the cost of the walk: for tests. */
    int looked() {
        return looked;
    }

    /**
     * The tree that the batch makes of the tree after.
     *
     * @param made the tree that the batch made from the tree before
     * @return null if the batch's own edits must be applied to the tree after instead
     */
    @Nullable
    HashMap<String, @Nullable Object> onto(HashMap<String, @Nullable Object> made) {
        HashMap<String, @Nullable Object> merged = mergeable ? made : null;
        for (int i = 0; merged != null && i < theirs.size(); i++) {
            merged = theirs.get(i).applyTo(merged);
        }
        return merged;
    }

    private void visit(Visit visit) {
        looked++;
        if (visit.before == visit.after) {
            return;
        }
        if (!visit.place.sameHere(visit.before, visit.after)) {
            conflict = visit.path();
            return;
        }
        boolean collect = mergeable && visit.collect && !visit.place.isWritten();
        if (collect && !visit.place.hasWrites()) {
            collect(visit.parent == null ? null : visit.parent.after, visit.path(), visit.after);
            collect = false;
        }
        if (visit.place.childCount() > 0) {
            children(visit, collect);
        }
    }

    private void children(Visit visit, boolean collect) {
        boolean seek = collect || visit.place.childCount() > FEW;
        boolean found = false;
        if (seek && isMapOrNone(visit.before) && isMapOrNone(visit.after)) {
            found = entries(visit, mapOrEmpty(visit.before), mapOrEmpty(visit.after), collect);
        } else if (seek && visit.before instanceof Vector<?> before && visit.after instanceof Vector<?> after) {
            found = elements(visit, Nodes.list(before), Nodes.list(after), collect && before.size() == after.size());
            mergeable &= !collect || before.size() == after.size();
        }
        if (!found) {
            mergeable &= !collect;
            eachChild(visit);
        }
    }

    /** Looks each place up in both trees. */
    private void eachChild(Visit visit) {
        for (ReadWriteSet child = visit.place.firstChild(); child != null; child = child.next()) {
            Object before = Nodes.child(visit.before, child.token());
            Object after = Nodes.child(visit.after, child.token());
            looked++;
            if (before != after) {
                open.push(new Visit(visit, child, before, after, false));
            }
        }
    }

    /** Follows the differences of two maps; false if there are more differences than places touched. */
    private boolean entries(
            Visit visit,
            HashMap<String, @Nullable Object> before,
            HashMap<String, @Nullable Object> after,
            boolean collect) {
        if (!isWorthWhile(visit, Math.max(before.size(), after.size()))) {
            return false;
        }
        int end = looked + (collect ? most : visit.place.childCount());
        return MapDelta.forEach(
                before, after, (key, old, now) -> looked++ < end && differing(visit, (String) key, old, now, collect));
    }

    /** Follows the differences of two lists; false if there are more differences than places touched. */
    private boolean elements(
            Visit visit, Vector<@Nullable Object> before, Vector<@Nullable Object> after, boolean collect) {
        if (!isWorthWhile(visit, Math.max(before.size(), after.size()))) {
            return false;
        }
        int end = looked + (collect ? most : visit.place.childCount());
        return VectorDelta.forEach(
                before,
                after,
                (index, old, now) -> looked++ < end && differing(visit, Integer.toString(index), old, now, collect));
    }

    /** Whether the differences of two containers may be fewer than the places touched in them. */
    private static boolean isWorthWhile(Visit visit, int size) {
        return MapDelta.skipsShared() || visit.place.childCount() > size;
    }

    /** Answers true, as a visitor that goes on. */
    private boolean differing(
            Visit visit, @Nullable String token, @Nullable Object before, @Nullable Object after, boolean collect) {
        if (token == null) {
            throw new AssertionError("no tree of ours has a null key");
        }
        ReadWriteSet child = visit.place.find(token);
        if (child != null) {
            open.push(new Visit(visit, child, before, after, collect));
        } else if (collect) {
            collect(visit.after, visit.path().child(token), after);
        }
        return true;
    }

    private void collect(@Nullable Object parent, KeyPath path, @Nullable Object now) {
        theirs.add(now == MISSING ? new Edit.Remove(path) : Edit.Put.in(parent, path, now));
    }

    /** A leaf, and nothing at all, have no children, as an empty map has none. */
    private static boolean isMapOrNone(@Nullable Object node) {
        return !(node instanceof Vector);
    }

    private static HashMap<String, @Nullable Object> mapOrEmpty(@Nullable Object node) {
        return node instanceof HashMap ? Nodes.map(node) : HashMap.empty();
    }

    /** One place with its nodes in two trees, and whether changes of others there must still be collected. */
    private record Visit(
            @Nullable Visit parent,
            ReadWriteSet place,
            @Nullable Object before,
            @Nullable Object after,
            boolean collect) {
        KeyPath path() {
            String[] tokens = new String[8];
            int size = 0;
            for (Visit visit = this; visit.parent != null; visit = visit.parent) {
                if (size == tokens.length) {
                    tokens = Arrays.copyOf(tokens, 2 * size);
                }
                tokens[size++] = visit.place.token();
            }
            String[] fromRoot = new String[size];
            for (int i = 0; i < size; i++) {
                fromRoot[i] = tokens[size - 1 - i];
            }
            return KeyPath.ofTokens(fromRoot);
        }
    }
}
