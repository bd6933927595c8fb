package dev.heartwood;

import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import org.jspecify.annotations.Nullable;

/**
 * One step of a commit as a storage writes it down. The edits of a commit have absolute paths that do not contain each
 * other, so their order does not matter; applied to the state before the commit they give the state after it, and
 * applied once more they change nothing. Values are compared as trees, however deep.
 */
public sealed interface Edit {
    /** Where the edit stands, from the root. */
    KeyPath path();

    /**
     * Puts a node under an existing parent: a key of a map, an index of a list that is long enough, or the root.
     *
     * <p>Two puts are equal when their paths and values are: {@code container} does not count.
     *
     * @param path the place
     * @param value the node; null is a node
     * @param container the kind of the parent container: the put does not apply to another kind. Null for the root, and
     *     for a put that was made from a path alone, below the top level; a root never receives such a put
     */
    record Put(KeyPath path, @Nullable Object value, Change.@Nullable Container container) implements Edit {
        /** A put into a known kind of container. */
        public Put {
            if (value == Nodes.MISSING) {
                throw new IllegalArgumentException("a put needs a value: to remove, use Edit.Remove");
            }
        }

        /** A put by its path alone, as a storage reads it that does not write down the kind of the container. */
        public Put(KeyPath path, @Nullable Object value) {
            this(path, value, path.size() == 1 ? Change.Container.MAP : null);
        }

        static Put in(@Nullable Object parent, KeyPath path, @Nullable Object value) {
            return new Put(path, value, path.isRoot() ? null : Change.Container.of(parent));
        }

        /** Whether the parent container is of the expected kind. */
        private boolean fits(HashMap<String, @Nullable Object> tree) {
            KeyPath parent = path.parent();
            return container == null || parent == null || Change.Container.of(PathCopy.look(tree, parent)) == container;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Put put && path.equals(put.path) && TreeEquality.trees(value, put.value);
        }

        @Override
        public int hashCode() {
            return 31 * path.hashCode() + TreeEquality.hash(value);
        }

        @Override
        public String toString() {
            return "Put[" + path.forPeople() + ", " + TreePrinter.brief(value) + "]";
        }
    }

    /** Removes a key of a map; does not apply to an element of a list. */
    record Remove(KeyPath path) implements Edit {}

    /** Appends to the list at {@code path}, which has {@code expectedSize} elements; skipped at another size. */
    record Append(KeyPath path, int expectedSize, Vector<@Nullable Object> elements) implements Edit {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Append append
                    && path.equals(append.path)
                    && expectedSize == append.expectedSize
                    && TreeEquality.trees(elements, append.elements);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * path.hashCode() + expectedSize) + TreeEquality.hash(elements);
        }

        @Override
        public String toString() {
            return "Append[" + path.forPeople() + " at " + expectedSize + ", " + TreePrinter.brief(elements) + "]";
        }
    }

    /**
     * The tree with this edit applied, or null where it does not apply: a parent is not there, or of another kind. An
     * {@code Append} at another size answers the same tree.
     */
    default @Nullable HashMap<String, @Nullable Object> applyTo(HashMap<String, @Nullable Object> tree) {
        if (this instanceof Append append) {
            return PathCopy.rewrite(tree, append.path(), list -> {
                if (!(list instanceof Vector)) {
                    return PathCopy.IMPOSSIBLE;
                }
                Vector<@Nullable Object> vector = Nodes.list(list);
                return vector.size() == append.expectedSize() ? vector.appendAll(append.elements()) : list;
            });
        }
        if (this instanceof Put put) {
            return put.fits(tree) ? PathCopy.rewrite(tree, path(), found -> put.value()) : null;
        }
        // A path does not tell a key of digits from an index: a list that gets shorter is put as a whole.
        KeyPath parent = path().parent();
        return parent != null && PathCopy.look(tree, parent) instanceof HashMap
                ? PathCopy.rewrite(tree, path(), found -> Nodes.MISSING)
                : null;
    }
}
