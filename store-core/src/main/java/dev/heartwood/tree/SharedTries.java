package dev.heartwood.tree;

import static dev.heartwood.tree.Nodes.MISSING;

import io.vavr.collection.HashMap;
import java.util.Objects;
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

    private final TrieAccess access;
    private final MapDelta.Visitor visitor;

    private SharedTries(TrieAccess access, MapDelta.Visitor visitor) {
        this.access = access;
        this.visitor = visitor;
    }

    /** As {@link MapDelta#forEach}. */
    static boolean forEach(TrieAccess access, HashMap<?, ?> before, HashMap<?, ?> after, MapDelta.Visitor visitor) {
        return new SharedTries(access, visitor).nodes(access.trie(before), access.trie(after), 0);
    }

    /** Two nodes in one place, not both null; null is no node. */
    private boolean nodes(@Nullable Object before, @Nullable Object after, int shift) {
        if (before == after) {
            return true;
        }
        Object[] old = access.arrayNodes(before);
        Object[] now = access.arrayNodes(after);
        if (old != null && now != null) {
            return children(old, now, shift);
        }
        if (!access.branches(before) && !access.branches(after)) {
            return leaves(before, after);
        }
        for (int fragment = 0; fragment < WIDTH; fragment++) {
            Object a = child(before, fragment, shift);
            Object b = child(after, fragment, shift);
            if (a != b && !nodes(a, b, shift + BITS)) {
                return false;
            }
        }
        return true;
    }

    /** Two array nodes: the children in the same place stand at the same index. */
    private boolean children(Object[] before, Object[] after, int shift) {
        for (int i = 0; i < before.length; i++) {
            if (before[i] != after[i] && !nodes(before[i], after[i], shift + BITS)) {
                return false;
            }
        }
        return true;
    }

    /** The part of a node for one fragment of the hash; a leaf stands for the branch that it would be in. */
    private @Nullable Object child(@Nullable Object node, int fragment, int shift) {
        if (access.branches(node)) {
            return access.child(node, fragment);
        }
        if (node == null || access.isEmpty(node)) {
            return null;
        }
        return ((access.hash(node) >>> shift) & (WIDTH - 1)) == fragment ? node : null;
    }

    private boolean leaves(@Nullable Object before, @Nullable Object after) {
        for (Object leaf = leaf(before); leaf != null; leaf = access.tail(leaf)) {
            Object key = access.key(leaf);
            Object old = access.value(leaf);
            Object now = find(after, key);
            if (old != now && !visitor.differs(key, old, now)) {
                return false;
            }
        }
        for (Object leaf = leaf(after); leaf != null; leaf = access.tail(leaf)) {
            Object key = access.key(leaf);
            if (find(before, key) == MISSING && !visitor.differs(key, MISSING, access.value(leaf))) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Object find(@Nullable Object node, @Nullable Object key) {
        for (Object leaf = leaf(node); leaf != null; leaf = access.tail(leaf)) {
            if (Objects.equals(access.key(leaf), key)) {
                return access.value(leaf);
            }
        }
        return MISSING;
    }

    private @Nullable Object leaf(@Nullable Object node) {
        return node == null || access.isEmpty(node) ? null : node;
    }
}
