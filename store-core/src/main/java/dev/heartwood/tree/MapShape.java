package dev.heartwood.tree;

import io.vavr.collection.HashMap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The trie of a map without its values. Another map of the very same keys is a copy of it: no key is hashed or compared,
 * since where a key hangs depends on the keys alone.
 *
 * <p>Only where {@link MapBuilder#isOpen}. Immutable.
 */
final class MapShape {
    /** A node: a branch where it has children, else a leaf. */
    private static final class Part {
        final @Nullable Part @Nullable [] children;
        /** The bitmap of an indexed node; 0 for an array node, which has a place for each fragment. */
        final int bitmap;
        /** How many children an array node has. */
        final int count;
        /** How many entries lie below. */
        final int size;

        final int hash;
        final String key;
        /** Where the value of a leaf stands among the values. */
        final int place;
        /** The next leaf of the same hash. */
        final @Nullable Part tail;

        Part(@Nullable Part[] children, int bitmap, int count, int size) {
            this.children = children;
            this.bitmap = bitmap;
            this.count = count;
            this.size = size;
            this.hash = 0;
            this.key = "";
            this.place = -1;
            this.tail = null;
        }

        Part(int hash, String key, int place, @Nullable Part tail) {
            this.children = null;
            this.bitmap = 0;
            this.count = 0;
            this.size = 1;
            this.hash = hash;
            this.key = key;
            this.place = place;
            this.tail = tail;
        }
    }

    private final String[] keys;
    private final Part root;

    private MapShape(String[] keys, Part root) {
        this.keys = keys;
        this.root = root;
    }

    /** The shape of a map that is not empty; {@code keys} are its keys in the order in which values will come. */
    static MapShape of(HashMap<String, @Nullable Object> map, String[] keys) {
        return new MapShape(keys, part(TrieAccess.trie(map), keys));
    }

    /** How many keys there are. */
    int size() {
        return keys.length;
    }

    /** Whether the keys between two indexes are these very strings in this order. */
    boolean isOf(String[] others, int from, int to) {
        if (keys.length != to - from) {
            return false;
        }
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != others[from + i]) {
                return false;
            }
        }
        return true;
    }

    /** The map of the keys and the values that stand in their order from an index on. */
    HashMap<String, @Nullable Object> with(@Nullable Object[] values, int from) {
        return TrieParts.map(node(root, values, from));
    }

    private static Object node(Part part, @Nullable Object[] values, int from) {
        @Nullable Part[] parts = part.children;
        if (parts == null) {
            return leaf(part, values, from);
        }
        Object[] nodes = new Object[parts.length];
        for (int i = 0; i < parts.length; i++) {
            Part child = parts[i];
            if (child == null) {
                nodes[i] = TrieParts.empty();
            } else {
                nodes[i] = child.children == null ? leaf(child, values, from) : node(child, values, from);
            }
        }
        return part.bitmap != 0
                ? TrieParts.indexed(part.bitmap, part.size, nodes)
                : TrieParts.array(part.count, part.size, nodes);
    }

    private static Object leaf(Part part, @Nullable Object[] values, int from) {
        Object value = values[from + part.place];
        return part.tail == null
                ? TrieParts.leaf(part.hash, part.key, value)
                : TrieParts.leaf(part.hash, part.key, value, leaf(part.tail, values, from));
    }

    private static Part part(Object node, String[] keys) {
        Steps.count();
        Object @Nullable [] nodes = TrieAccess.arrayNodes(node);
        if (nodes != null) {
            return new Part(parts(nodes, keys), 0, TrieAccess.count(node), TrieAccess.size(node));
        }
        int bitmap = TrieAccess.bitmap(node);
        return bitmap != 0
                ? new Part(parts(TrieAccess.indexedNodes(node), keys), bitmap, 0, TrieAccess.size(node))
                : leaf(node, keys);
    }

    private static @Nullable Part[] parts(Object[] nodes, String[] keys) {
        @Nullable Part[] parts = new Part[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            parts[i] = TrieAccess.isEmpty(nodes[i]) ? null : part(nodes[i], keys);
        }
        return parts;
    }

    private static Part leaf(Object leaf, String[] keys) {
        Object key = TrieAccess.key(leaf);
        int place = Arrays.asList(keys).indexOf(key);
        if (place < 0) {
            throw new IllegalArgumentException("the map has the key " + key + ", which is not among its keys");
        }
        Object tail = TrieAccess.tail(leaf);
        return new Part(TrieAccess.hash(leaf), keys[place], place, tail == null ? null : leaf(tail, keys));
    }
}
