package dev.heartwood.tree;

import static dev.heartwood.tree.Nodes.MISSING;

import io.vavr.collection.HashMap;
import org.jspecify.annotations.Nullable;

/**
 * The entries in which two hash maps differ, found in the time of the differences: two maps of which one was made from
 * the other share most of their trie, and a shared node is skipped whole.
 *
 * <p>One walk over both tries, level by level, at most seven levels deep. Needs {@link TrieAccess}.
 */
final class SharedTries {
    private static final int BITS = 5;
    private static final int WIDTH = 1 << BITS;

    private SharedTries() {}

    /** As {@link MapDelta#forEach}. */
    static boolean forEach(HashMap<?, ?> before, HashMap<?, ?> after, MapDelta.Visitor visitor) {
        return nodes(TrieAccess.trie(before), TrieAccess.trie(after), 0, visitor);
    }

    /** Two nodes in one place, not both null; null is no node. */
    private static boolean nodes(@Nullable Object before, @Nullable Object after, int shift, MapDelta.Visitor visitor) {
        if (before == after) {
            return true;
        }
        Object[] old = TrieAccess.arrayNodes(before);
        Object[] now = TrieAccess.arrayNodes(after);
        if (old != null && now != null) {
            return children(old, now, shift, visitor);
        }
        int bitmap = TrieAccess.bitmap(before);
        if (before != null && after != null && bitmap != 0 && bitmap == TrieAccess.bitmap(after)) {
            return children(TrieAccess.indexedNodes(before), TrieAccess.indexedNodes(after), shift, visitor);
        }
        if (!TrieAccess.branches(before) && !TrieAccess.branches(after)) {
            return leaves(before, after, visitor);
        }
        for (int fragment = 0; fragment < WIDTH; fragment++) {
            Object a = child(before, fragment, shift);
            Object b = child(after, fragment, shift);
            if (a != b && !nodes(a, b, shift + BITS, visitor)) {
                return false;
            }
        }
        return true;
    }

    /** Two nodes with children for the same fragments, and so at the same indices. */
    private static boolean children(Object[] before, Object[] after, int shift, MapDelta.Visitor visitor) {
        for (int i = 0; i < before.length; i++) {
            if (before[i] != after[i] && !nodes(before[i], after[i], shift + BITS, visitor)) {
                return false;
            }
        }
        return true;
    }

    /** The part of a node for one fragment of the hash; a leaf stands for the branch that it would be in. */
    private static @Nullable Object child(@Nullable Object node, int fragment, int shift) {
        Object[] array = TrieAccess.arrayNodes(node);
        if (array != null) {
            return array[fragment];
        }
        int bitmap = TrieAccess.bitmap(node);
        int bit = 1 << fragment;
        if (node == null || TrieAccess.isEmpty(node) || (bitmap != 0 && (bitmap & bit) == 0)) {
            return null;
        }
        if (bitmap != 0) {
            return TrieAccess.indexedNodes(node)[Integer.bitCount(bitmap & (bit - 1))];
        }
        return ((TrieAccess.hash(node) >>> shift) & (WIDTH - 1)) == fragment ? node : null;
    }

    private static boolean leaves(@Nullable Object before, @Nullable Object after, MapDelta.Visitor visitor) {
        int kept = 0;
        for (Object leaf = leaf(before); leaf != null; leaf = TrieAccess.tail(leaf)) {
            Object key = TrieAccess.key(leaf);
            Object old = TrieAccess.value(leaf);
            Object now = find(after, key);
            kept += now == MISSING ? 0 : 1;
            if (old != now && !visitor.differs(key, old, now)) {
                return false;
            }
        }
        return count(after) == kept || added(before, after, visitor);
    }

    private static boolean added(@Nullable Object before, @Nullable Object after, MapDelta.Visitor visitor) {
        for (Object leaf = leaf(after); leaf != null; leaf = TrieAccess.tail(leaf)) {
            Object key = TrieAccess.key(leaf);
            if (find(before, key) == MISSING && !visitor.differs(key, MISSING, TrieAccess.value(leaf))) {
                return false;
            }
        }
        return true;
    }

    private static int count(@Nullable Object node) {
        int count = 0;
        for (Object leaf = leaf(node); leaf != null; leaf = TrieAccess.tail(leaf)) {
            count++;
        }
        return count;
    }

    private static @Nullable Object find(@Nullable Object node, @Nullable Object key) {
        for (Object leaf = leaf(node); leaf != null; leaf = TrieAccess.tail(leaf)) {
            if (MapDelta.isSameKey(TrieAccess.key(leaf), key)) {
                return TrieAccess.value(leaf);
            }
        }
        return MISSING;
    }

    private static @Nullable Object leaf(@Nullable Object node) {
        return node == null || TrieAccess.isEmpty(node) ? null : node;
    }
}
