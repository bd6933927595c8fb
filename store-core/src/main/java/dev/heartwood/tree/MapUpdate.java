package dev.heartwood.tree;

import static dev.heartwood.tree.Nodes.MISSING;

import io.vavr.collection.HashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A hash map with another value under one key. If its trie is accessible, and the key exists, this copies only the
 * nodes on the path to the key. Vavr's {@code put} does that, too, but handles all possible cases at each node.
 */
public final class MapUpdate {
    private static final int BITS = 5;
    private static final int WIDTH = 1 << BITS;
    /** The sizes of the maps that are tried out, beside their two first keys, which share a hash code. */
    private static final Set<Integer> TRIED = Set.of(1, 2, 10, 18, 32, 65, 200);

    private static final boolean OPEN = TrieParts.isOpen() && tryOut();

    private MapUpdate() {}

    /**
     * The map with {@code after} under the key.
     *
     * @param before the present value; {@link Nodes#MISSING} if there is none
     * @param after not the same; {@link Nodes#MISSING} to remove the key
     */
    public static HashMap<String, @Nullable Object> with(
            HashMap<String, @Nullable Object> map, String key, @Nullable Object before, @Nullable Object after) {
        if (after == MISSING) {
            return map.remove(key);
        }
        return OPEN && before != MISSING ? replaced(map, key, after) : map.put(key, after);
    }

    /** The map with another value under a key that it has. */
    private static HashMap<String, @Nullable Object> replaced(
            HashMap<String, @Nullable Object> map, String key, @Nullable Object value) {
        Object node = TrieAccess.trie(map);
        int hash = key.hashCode();
        Object trie = TrieAccess.isSingle(node) ? TrieParts.leaf(hash, key, value) : branch(node, hash, 0, key, value);
        return trie == null ? map.put(key, value) : TrieParts.map(trie);
    }

    /**
     * The node with another value under a key that is below it; null where several keys have that hash. A leaf is made here, not
     * by a call of this for it: maps of up to some hundred keys then need no recursion, and the JIT makes straight code of it.
     */
    private static @Nullable Object branch(Object node, int hash, int shift, String key, @Nullable Object value) {
        int fragment = (hash >>> shift) & (WIDTH - 1);
        int bitmap = TrieAccess.bitmap(node);
        Object[] children = bitmap != 0 ? TrieAccess.indexedNodes(node) : TrieAccess.arrayNodes(node);
        if (children == null) {
            return null;
        }
        int index = bitmap != 0 ? Integer.bitCount(bitmap & ((1 << fragment) - 1)) : fragment;
        Object child = children[index];
        Object next = TrieAccess.isSingle(child)
                ? TrieParts.leaf(hash, key, value)
                : branch(child, hash, shift + BITS, key, value);
        if (next == null) {
            return null;
        }
        Object[] copy = children.clone();
        copy[index] = next;
        return bitmap != 0
                ? TrieParts.indexed(bitmap, TrieAccess.size(node), copy)
                : TrieParts.array(TrieAccess.count(node), TrieAccess.size(node), copy);
    }

    /**
     * Updates maps of many shapes, so that a Vavr that only looks the same is not trusted: keys of one hash code, nodes with a bitmap
     * and nodes with an array of children, one level and two. Each check compares a whole map, and nothing is compiled yet: so only a few
     * sizes are checked.
     */
    private static boolean tryOut() {
        try {
            HashMap<String, @Nullable Object> map =
                    HashMap.<String, @Nullable Object>of("Aa", 0).put("BB", 0);
            for (int i = 0; i < 200; i++) {
                String key = "key" + i * 31;
                map = map.put(key, i);
                if (!TRIED.contains(i + 1)) {
                    continue;
                }
                HashMap<String, @Nullable Object> updated = replaced(replaced(map, key, "other"), "BB", key);
                if (!updated.equals(map.put(key, "other").put("BB", key))
                        || updated.size() != map.size()
                        || !updated.put(key, i).put("BB", 0).equals(map.put("BB", 0))
                        || updated.remove(key).size() != map.size() - 1) {
                    return false;
                }
            }
            return true;
        } catch (RuntimeException | LinkageError | AssertionError e) {
            return false;
        }
    }
}
