package dev.heartwood;

import dev.heartwood.tree.Same;
import org.jspecify.annotations.Nullable;

/** One step of a {@link Diff}. Values are as they stand in the tree, and compared as trees, however deep. */
public sealed interface Change {
    /** Where it stands, valid after the changes before it. */
    KeyPath path();

    /** The change that takes this one back. */
    Change inverse();

    /** A key that was not there, or an element that goes in before the index. */
    record Added(KeyPath path, @Nullable Object value) implements Change {
        @Override
        public Change inverse() {
            return new Removed(path, value);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Added added && path.equals(added.path) && Same.trees(value, added.value);
        }

        @Override
        public int hashCode() {
            return 31 * path.hashCode() + Same.hash(value);
        }

        /** For people: {@code + /user/tags/2 = "x"}. */
        @Override
        public String toString() {
            return "+ " + path + " = " + Text.brief(value);
        }
    }

    /** A key that is no longer there, or an element after which the rest moves up. */
    record Removed(KeyPath path, @Nullable Object value) implements Change {
        @Override
        public Change inverse() {
            return new Added(path, value);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Removed removed && path.equals(removed.path) && Same.trees(value, removed.value);
        }

        @Override
        public int hashCode() {
            return 31 * path.hashCode() + Same.hash(value) + 1;
        }

        /** For people: {@code - /tmp}. */
        @Override
        public String toString() {
            return "- " + path;
        }
    }

    /** Another value in the same place. */
    record Replaced(
            KeyPath path, @Nullable Object before, @Nullable Object after) implements Change {
        @Override
        public Change inverse() {
            return new Replaced(path, after, before);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Replaced replaced
                    && path.equals(replaced.path)
                    && Same.trees(before, replaced.before)
                    && Same.trees(after, replaced.after);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * path.hashCode() + Same.hash(before)) + Same.hash(after);
        }

        /** For people: {@code ~ /counter: 4 -> 5}. */
        @Override
        public String toString() {
            return "~ " + path + ": " + Text.brief(before) + " -> " + Text.brief(after);
        }
    }
}
