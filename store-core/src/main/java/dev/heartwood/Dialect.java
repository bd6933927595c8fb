package dev.heartwood;

/**
 * The values that a root can hold, if a tree can hold more, and the form in which its reader returns each leaf. For
 * example, a storage that writes JSON refuses opaque leaves.
 *
 * <p>Every leaf and every key passes through here once when it is written, so that the store has the same values before
 * and after a restart. Must be thread-safe, free of side effects, and idempotent.
 */
public interface Dialect {
    /** The dialect of memory: holds every leaf as it is. */
    Dialect ANYTHING = new Dialect() {
        @Override
        public Object admit(Object leaf) {
            return leaf;
        }
    };

    /**
     * The leaf in the form in which the root holds it; never called for null.
     *
     * @throws IllegalArgumentException if the root cannot hold it; the message names the expected values, and the path is
     *     added to it
     */
    Object admit(Object leaf);

    /**
     * Checks a key of a map.
     *
     * @throws IllegalArgumentException if the root cannot hold it; the message names the expected keys
     */
    default void admitKey(String key) {}
}
