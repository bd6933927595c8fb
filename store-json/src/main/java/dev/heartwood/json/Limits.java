package dev.heartwood.json;

import dev.heartwood.tree.Nodes;

/**
 * The maximum sizes of a document and its parts, the same for reading and for writing.
 *
 * @param depth nested containers
 * @param number characters of a number
 * @param string chars of a string
 * @param key chars of a key
 * @param document bytes of a document, or chars where it is text
 */
record Limits(int depth, int number, int string, int key, long document) {
    static final Limits DEFAULT = new Limits(Nodes.DEPTH_LIMIT, 1_000, 20_000_000, 50_000, 256L << 20);

    /** Every long and every double fits: 24 characters, as {@code -1.2345678901234567E-308} has. */
    static final int LEAST_NUMBER = 24;

    /** The largest power of ten on either side of a number: beyond it, one addition could take practically for ever. */
    static final int SCALE = 100_000;

    /** The number of containers that the library may put around a tree: a line of a journal is a list of edits. */
    static final int ENVELOPE = 2;

    Limits {
        requireWithin("depth", depth, 0, Nodes.DEPTH_LIMIT + ENVELOPE);
        requireWithin("number length", number, LEAST_NUMBER, Integer.MAX_VALUE);
        requireWithin("string length", string, 0, Integer.MAX_VALUE);
        requireWithin("key length", key, 0, Integer.MAX_VALUE);
        requireWithin("document length", document, 1, Long.MAX_VALUE);
    }

    static void requireWithin(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "expected a " + what + " between " + least + " and " + most + ", not " + value);
        }
    }
}
