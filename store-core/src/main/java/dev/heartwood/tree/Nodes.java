package dev.heartwood.tree;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import org.jspecify.annotations.Nullable;

/** Looking at one node of a tree, and rewriting one level of it. */
public final class Nodes {
    /** How many containers may be nested, the root counted: Jackson reads no more by default. */
    public static final int DEPTH_LIMIT = 1_000;

    /** The token that names the place after the last element of a list (RFC 6901). */
    public static final String DASH = "-";

    /** Stands where nothing is: a JSON null is a value, this is not. */
    public static final Object MISSING = new Marker("missing");

    private Nodes() {}

    /** Whether the node is a map or a list. */
    public static boolean isContainer(@Nullable Object node) {
        return node instanceof HashMap || node instanceof Vector;
    }

    /** The node as the map that it is known to be. */
    @SuppressWarnings("unchecked")
    public static HashMap<String, @Nullable Object> map(Object node) {
        return (HashMap<String, @Nullable Object>) node;
    }

    /** The node as the list that it is known to be. */
    @SuppressWarnings("unchecked")
    public static Vector<@Nullable Object> list(Object node) {
        return (Vector<@Nullable Object>) node;
    }

    /** The child that {@code token} names, or {@link #MISSING}. */
    public static @Nullable Object child(@Nullable Object node, String token) {
        if (node instanceof HashMap<?, ?>) {
            // A null value is there: only a default of our own tells it from an absent key.
            return map(node).getOrElse(token, MISSING);
        }
        if (node instanceof Vector<?> list) {
            int index = index(token);
            return index >= 0 && index < list.size() ? list.get(index) : MISSING;
        }
        return MISSING;
    }

    /** How many children a container has. */
    public static int size(Object container) {
        return container instanceof HashMap<?, ?> map ? map.size() : ((Vector<?>) container).size();
    }

    /** The list index that a token spells (no sign, no leading zeros), or -1. */
    public static int index(String token) {
        int length = token.length();
        if (length == 0 || length > 10 || (token.charAt(0) == '0' && length > 1)) {
            return -1;
        }
        long index = 0;
        for (int i = 0; i < length; i++) {
            char digit = token.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            index = index * 10 + (digit - '0');
        }
        return index <= Integer.MAX_VALUE ? (int) index : -1;
    }

    /** The noun for a node in messages. */
    public static String kind(@Nullable Object node) {
        if (node == MISSING) {
            return "nothing";
        } else if (node == null) {
            return "null";
        } else if (node instanceof HashMap) {
            return "a map";
        } else if (node instanceof Vector) {
            return "a list";
        } else if (node instanceof String) {
            return "a string";
        } else if (node instanceof Boolean) {
            return "a boolean";
        } else if (node instanceof Number) {
            return "a number";
        }
        return "a " + node.getClass().getName();
    }
}
