package dev.heartwood.tree;

import io.vavr.collection.HashMap;
import java.util.Arrays;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Computes a hash of trees from the leaves upwards, without recursion. Parts that occur at many paths are hashed once:
 * past a budget of nodes, the hashes of containers are remembered by identity, and those of large leaves at once.
 *
 * <p>Not thread-safe; confined to one operation.
 */
abstract class TreeHash {
    private static final int BUDGET = 512;

    private int visited;
    private @Nullable IdentityHashMap<Object, Long> known;

    /** The hash of a leaf. */
    abstract long leaf(@Nullable Object leaf);

    /** The hash of an empty container. */
    abstract long start(boolean map);

    /** The hash of a list, given that of the elements before, and that of the next element. */
    abstract long withElement(long list, long element);

    /** The hash of a map, given that of other entries, and that of a value. */
    abstract long withEntry(long map, String key, long value);

    /** The hash of a tree. */
    final long of(@Nullable Object root) {
        long[] hashes = new long[4];
        for (TreeCursor walk = new TreeCursor(root, false); walk.next(); ) {
            int depth = walk.depth();
            if (depth == hashes.length) {
                hashes = Arrays.copyOf(hashes, 2 * depth);
            }
            Object node = walk.node();
            long hash;
            if (walk.step() == TreeCursor.Step.EXIT) {
                hash = hashes[depth];
                remember(node, hash);
            } else if (walk.step() == TreeCursor.Step.LEAF) {
                hash = hashLeaf(node);
            } else {
                Long before = known(node);
                if (before == null) {
                    hashes[depth] = start(node instanceof HashMap);
                    continue;
                }
                walk.skip();
                hash = before;
            }
            if (depth == 0) {
                return hash;
            }
            long parent = hashes[depth - 1];
            hashes[depth - 1] = walk.inMap() ? withEntry(parent, walk.token(), hash) : withElement(parent, hash);
        }
        throw new AssertionError("every walk comes back to its root");
    }

    private long hashLeaf(@Nullable Object leaf) {
        if (leaf == null || !TreeComparison.isLarge(leaf)) {
            return leaf(leaf);
        }
        Long before = known(leaf);
        if (before != null) {
            return before;
        }
        long hash = leaf(leaf);
        known = known == null ? new IdentityHashMap<>() : known;
        known.put(leaf, hash);
        return hash;
    }

    private @Nullable Long known(@Nullable Object node) {
        return known == null ? null : known.get(node);
    }

    private void remember(@Nullable Object container, long hash) {
        if (++visited > BUDGET) {
            known = known == null ? new IdentityHashMap<>() : known;
            known.put(container, hash);
        }
    }

    /** The hash that {@code java.util} collections of the same contents have. */
    static final class OfJava extends TreeHash {
        @Override
        long leaf(@Nullable Object leaf) {
            return leaf == null ? 0 : leaf.hashCode();
        }

        @Override
        long start(boolean map) {
            return map ? 0 : 1;
        }

        @Override
        long withElement(long list, long element) {
            return (int) (31 * list + element);
        }

        @Override
        long withEntry(long map, String key, long value) {
            return (int) (map + (key.hashCode() ^ (int) value));
        }
    }
}
