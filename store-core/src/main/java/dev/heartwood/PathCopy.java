package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;

import dev.heartwood.tree.MapUpdate;
import dev.heartwood.tree.Marker;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Rewriting a tree along one path: the nodes on the path are copied, everything beside it is shared. */
final class PathCopy {
    /** The answer of a step that cannot be done. */
    static final Object IMPOSSIBLE = new Marker("impossible");

    private PathCopy() {}

    /** The node at the path, or {@link Nodes#MISSING}; a scalar or a bad index on the way is missing. */
    static @Nullable Object look(@Nullable Object root, KeyPath path) {
        return look(root, path, path.size());
    }

    /** The node at the first {@code size} steps of the path, as {@link #look(Object, KeyPath)} has it. */
    static @Nullable Object look(@Nullable Object root, KeyPath path, int size) {
        Object node = root;
        for (int i = 0; i < size; i++) {
            node = Nodes.child(node, path.token(i));
        }
        return node;
    }

    /** The container with {@code after} under {@code token}, where {@code before} is; either may be missing. */
    static Object with(Object container, String token, @Nullable Object before, @Nullable Object after) {
        if (container instanceof HashMap) {
            return MapUpdate.with(Nodes.map(container), token, before, after);
        }
        Vector<@Nullable Object> list = Nodes.list(container);
        if (token.equals(Nodes.DASH)) {
            return list.append(after);
        }
        int index = Nodes.index(token);
        return after == MISSING ? list.removeAt(index) : list.update(index, after);
    }

    /**
     * The tree with {@code step} applied to the node at the path, which may be missing on either side; null where a
     * parent is missing, of another kind, or too short. Makes no parents.
     */
    static @Nullable HashMap<String, @Nullable Object> rewrite(
            HashMap<String, @Nullable Object> tree, KeyPath path, UnaryOperator<@Nullable Object> step) {
        int size = path.size();
        Object[] nodes = new Object[size + 1];
        nodes[0] = tree;
        for (int i = 0; i < size; i++) {
            if (!takes(nodes[i], path.token(i))) {
                return null;
            }
            nodes[i + 1] = Nodes.child(nodes[i], path.token(i));
        }
        Object made = step.apply(nodes[size]);
        if (TreeEquality.atAGlance(made, nodes[size])) {
            return tree;
        }
        for (int i = size; made != IMPOSSIBLE && i > 0; i--) {
            made = with(nodes[i - 1], path.token(i - 1), nodes[i], made);
        }
        return made instanceof HashMap ? Nodes.map(made) : null;
    }

    /** Whether the token can name a place in the node: any key of a map, an index within a list. */
    private static boolean takes(@Nullable Object node, String token) {
        if (node instanceof Vector<?> list) {
            int index = Nodes.index(token);
            return index >= 0 && index < list.size();
        }
        return node instanceof HashMap;
    }
}
