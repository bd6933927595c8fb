package dev.heartwood;

import static java.util.Objects.requireNonNull;

import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import org.jspecify.annotations.Nullable;

/**
 * One step of a {@link Diff}. Values have the form that they have in the tree, and are compared as trees, at any depth.
 *
 * <p>Two changes are equal when their paths and values are: {@link #container} does not count.
 */
public sealed interface Change {
    /**
     * The kind of container of a changed place. The path alone does not determine it: {@code /x/1} is a key of a map or
     * an element of a list.
     */
    enum Container {
        /** The place is a key of a map. */
        MAP,
        /** The place is an element of a list. */
        LIST;

        /** The kind of a node; null for a leaf and for none. */
        static @Nullable Container of(@Nullable Object node) {
            return node instanceof HashMap ? MAP : node instanceof Vector ? LIST : null;
        }
    }

    /** The path of the change, valid after the changes before it. */
    KeyPath path();

    /**
     * The kind of container of the place. A diff applies only to a container of the same kind; otherwise it throws a
     * {@link ConflictException}.
     *
     * @return null for a change that was made from a path alone, below the top level; no diff has such changes
     */
    @Nullable
    Container container();

    /** The change that undoes this one. */
    Change inverse();

    private static @Nullable Container atTopLevel(KeyPath path) {
        return path.size() == 1 ? Container.MAP : null;
    }

    private static void requirePlace(KeyPath path) {
        if (requireNonNull(path, "path must not be null").isRoot()) {
            throw new IllegalArgumentException("the root is no place in a map or a list: expected a path below it");
        }
    }

    private static void requireValue(@Nullable Object value) {
        if (value == Nodes.MISSING) {
            throw new IllegalArgumentException("a change needs a value");
        }
    }

    /** A new key, or an element that is inserted before the index. */
    record Added(
            KeyPath path, @Nullable Object value, @Nullable Container container) implements Change {
        /** An addition to a known kind of container; null for any kind. */
        public Added {
            requirePlace(path);
            requireValue(value);
        }

        /** An addition by its path alone. */
        public Added(KeyPath path, @Nullable Object value) {
            this(path, value, atTopLevel(path));
        }

        @Override
        public Change inverse() {
            return new Removed(path, value, container);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Added added && path.equals(added.path) && TreeEquality.trees(value, added.value);
        }

        @Override
        public int hashCode() {
            return 31 * path.hashCode() + TreeEquality.hash(value);
        }

        /** For people: {@code + /user/tags/2 = "x"}. */
        @Override
        public String toString() {
            return "+ " + path.onOneLine() + " = " + TreePrinter.brief(value);
        }
    }

    /** A removed key, or a removed element; the elements after it move up. */
    record Removed(
            KeyPath path, @Nullable Object value, @Nullable Container container) implements Change {
        /** A removal from a known kind of container; null for any kind. */
        public Removed {
            requirePlace(path);
            requireValue(value);
        }

        /** A removal by its path alone. */
        public Removed(KeyPath path, @Nullable Object value) {
            this(path, value, atTopLevel(path));
        }

        @Override
        public Change inverse() {
            return new Added(path, value, container);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Removed removed
                    && path.equals(removed.path)
                    && TreeEquality.trees(value, removed.value);
        }

        @Override
        public int hashCode() {
            return 31 * path.hashCode() + TreeEquality.hash(value) + 1;
        }

        /** For people, with the value that was removed: {@code - /tmp = 3}. */
        @Override
        public String toString() {
            return "- " + path.onOneLine() + " = " + TreePrinter.brief(value);
        }
    }

    /** A different value at the same place. */
    record Replaced(
            KeyPath path,
            @Nullable Object before,
            @Nullable Object after,
            @Nullable Container container) implements Change {
        /** A replacement in a known kind of container; null for any kind. */
        public Replaced {
            requirePlace(path);
            requireValue(before);
            requireValue(after);
        }

        /** A replacement by its path alone. */
        public Replaced(KeyPath path, @Nullable Object before, @Nullable Object after) {
            this(path, before, after, atTopLevel(path));
        }

        @Override
        public Change inverse() {
            return new Replaced(path, after, before, container);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Replaced replaced
                    && path.equals(replaced.path)
                    && TreeEquality.trees(before, replaced.before)
                    && TreeEquality.trees(after, replaced.after);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * path.hashCode() + TreeEquality.hash(before)) + TreeEquality.hash(after);
        }

        /** For people: {@code ~ /counter: 4 -> 5}. */
        @Override
        public String toString() {
            return "~ " + path.onOneLine() + ": " + TreePrinter.brief(before) + " -> " + TreePrinter.brief(after);
        }
    }
}
