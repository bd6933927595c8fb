package dev.heartwood.tree;

import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one hash map, in the map's own order. Where its trie can be read they are visited in place; Vavr's
 * iterator makes a tuple for each, and takes three times as long.
 */
public final class MapEntries {
    /** Takes entries. */
    public interface Visitor {
        /** Takes the next entry. */
        void visit(String key, @Nullable Object value);
    }

    private MapEntries() {}

    /** Visits every entry once. */
    public static void forEach(HashMap<String, @Nullable Object> map, Visitor visitor) {
        if (TrieAccess.isOpen()) {
            Object trie = TrieAccess.trie(map);
            if (!TrieAccess.isEmpty(trie)) {
                inTrie(trie, visitor);
            }
        } else {
            byIterator(map, visitor);
        }
    }

    static void byIterator(HashMap<String, @Nullable Object> map, Visitor visitor) {
        for (Tuple2<String, @Nullable Object> entry : map) {
            visitor.visit(entry._1, entry._2);
        }
    }

    /** Seven levels deep at most, as a hash has bits for no more. */
    private static void inTrie(Object node, Visitor visitor) {
        Object[] children = TrieAccess.children(node);
        if (children == null) {
            leaves(node, visitor);
            return;
        }
        for (Object child : children) {
            // Most are leaves: a call for each of them takes longer than all else.
            if (TrieAccess.isSingle(child)) {
                visitor.visit((String) key(child), TrieAccess.value(child));
            } else if (!TrieAccess.isEmpty(child)) {
                inTrie(child, visitor);
            }
        }
    }

    private static void leaves(Object first, Visitor visitor) {
        for (Object leaf = first; leaf != null; leaf = TrieAccess.tail(leaf)) {
            visitor.visit((String) key(leaf), TrieAccess.value(leaf));
        }
    }

    private static Object key(Object leaf) {
        Object key = TrieAccess.key(leaf);
        if (key == null) {
            throw new AssertionError("no tree of ours has a null key");
        }
        return key;
    }
}
