package dev.heartwood;

import org.jspecify.annotations.Nullable;

/** One step of a {@link Diff}. Values are as they stand in the tree. */
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

        /** For people: {@code ~ /counter: 4 -> 5}. */
        @Override
        public String toString() {
            return "~ " + path + ": " + Text.brief(before) + " -> " + Text.brief(after);
        }
    }
}
