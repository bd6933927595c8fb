package dev.heartwood;

/**
 * The values that a root can hold, where they are fewer than what a tree can hold, or where its reader gives a leaf
 * back in another form: a storage that writes JSON refuses opaque leaves, for one.
 *
 * <p>Every leaf and every key passes here on its way in, once, so that the store holds before a restart what it will
 * hold after it. Must be thread-safe, free of side effects, and idempotent.
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
     * The leaf as the root will hold it; never asked about null.
     *
     * @throws IllegalArgumentException if the root cannot hold it; the message says what was expected, and the path is
     *     added to it
     */
    Object admit(Object leaf);

    /**
     * Checks a key of a map.
     *
     * @throws IllegalArgumentException if the root cannot hold it; the message says what was expected
     */
    default void admitKey(String key) {}
}
