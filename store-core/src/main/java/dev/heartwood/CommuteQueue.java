package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;

import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeCursor;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The functions that a batch applies when it commits, by place. No place lies at or below another: the batch applies a
 * function at once when that would be so.
 *
 * <p>Immutable, so that a part of a batch that fails takes its functions away by one assignment. A trie of path tokens, so
 * that a look at a place costs the length of its path.
 */
final class CommuteQueue {
    /** A queue without functions. */
    static final CommuteQueue EMPTY = new CommuteQueue(MISSING);

    /** Maps of tokens, nested as the paths are; a {@link Commute} stands where a path ends. */
    private final @Nullable Object trie;

    private CommuteQueue(@Nullable Object trie) {
        this.trie = trie;
    }

    /** The functions for one place, the first first. */
    record Commute(KeyPath path, Vector<UnaryOperator<@Nullable Object>> functions) {
        /** Applies the functions, one after the other, as {@code update} does. */
        Rewrite rewrite(TreeEditor editor) {
            Dialect dialect = editor.dialect();
            return new Rewrite(editor, path, Rewrite.Mode.UPDATE, found -> {
                Object value = found;
                for (UnaryOperator<@Nullable Object> function : functions) {
                    Object next = Freeze.result(path, function.apply(value), value, dialect);
                    value = Freeze.handOut(next, path.size(), dialect);
                }
                return value;
            });
        }
    }

    /** The functions for all places. */
    List<Commute> all() {
        return below(trie);
    }

    /** The functions for the places that are, contain, or lie in the one at the path. */
    List<Commute> overlapping(KeyPath path) {
        Object node = trie;
        for (int i = 0; i < path.size() && !(node instanceof Commute); i++) {
            node = Nodes.child(node, path.token(i));
        }
        return node instanceof Commute commute ? List.of(commute) : below(node);
    }

    /** The functions for exactly this place, or null. */
    @Nullable
    Commute at(KeyPath path) {
        return PathCopy.look(trie, path) instanceof Commute commute ? commute : null;
    }

    /** This queue, with one more function for a place that overlaps no other. */
    CommuteQueue with(KeyPath path, UnaryOperator<@Nullable Object> function) {
        Commute queued = at(path);
        Vector<UnaryOperator<@Nullable Object>> functions = queued == null ? Vector.empty() : queued.functions;
        return new CommuteQueue(replaced(path, new Commute(path, functions.append(function))));
    }

    /** This queue, without the functions for one place. */
    CommuteQueue without(Commute commute) {
        Object rest = replaced(commute.path, MISSING);
        return rest == MISSING ? EMPTY : new CommuteQueue(rest);
    }

    private @Nullable Object replaced(KeyPath path, Object leaf) {
        int size = path.size();
        Object[] nodes = new Object[size];
        Object node = trie;
        for (int i = 0; i < size; i++) {
            nodes[i] = node instanceof HashMap ? node : HashMap.empty();
            node = Nodes.child(nodes[i], path.token(i));
        }
        Object next = leaf;
        for (int i = size - 1; i >= 0; i--) {
            HashMap<String, @Nullable Object> map = Nodes.map(nodes[i]);
            HashMap<String, @Nullable Object> made =
                    next == MISSING ? map.remove(path.token(i)) : map.put(path.token(i), next);
            next = made.isEmpty() ? MISSING : made;
        }
        return next;
    }

    private static List<Commute> below(@Nullable Object node) {
        if (node == MISSING) {
            return List.of();
        }
        List<Commute> found = new ArrayList<>();
        for (TreeCursor cursor = new TreeCursor(node, true); cursor.next(); ) {
            if (cursor.node() instanceof Commute commute) {
                found.add(commute);
            }
        }
        return found;
    }
}
