package dev.heartwood.tree;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Equality of trees: same kind and equal, containers element by element. 1 is not 1.0, 0.0 is not -0.0, decimals
 * compare with their scale, opaque leaves by their own {@code equals}.
 */
public final class Same {
    private Same() {}

    /** Whether two nodes are one reference or equal leaves: the cheap look, which takes no container apart. */
    public static boolean atAGlance(@Nullable Object a, @Nullable Object b) {
        if (a == b) {
            return true;
        }
        return a != null && b != null && !Nodes.isContainer(a) && !Nodes.isContainer(b) && a.equals(b);
    }

    /** Whether two trees are equal, however deep they are; shared parts are skipped. */
    public static boolean trees(@Nullable Object a, @Nullable Object b) {
        Deque<Object[]> pairs = new ArrayDeque<>();
        if (!compare(a, b, pairs)) {
            return false;
        }
        for (Object[] pair = pairs.poll(); pair != null; pair = pairs.poll()) {
            boolean same = pair[0] instanceof HashMap
                    ? maps(Nodes.map(pair[0]), Nodes.map(pair[1]), pairs)
                    : lists(Nodes.list(pair[0]), Nodes.list(pair[1]), pairs);
            if (!same) {
                return false;
            }
        }
        return true;
    }

    /** A hash that equal trees share, the one that {@code java.util} collections of the same contents have. */
    public static int hash(@Nullable Object root) {
        return hash(root, false);
    }

    /**
     * A hash that equal trees share, and few others: in {@link #hash}, the points {@code {x, y}} of a grid have hardly
     * more hashes than the grid has rows.
     */
    static int fingerprint(@Nullable Object root) {
        return hash(root, true);
    }

    private static int hash(@Nullable Object root, boolean stirred) {
        int[] hashes = new int[4];
        for (Walk walk = new Walk(root, false); walk.next(); ) {
            int depth = walk.depth();
            if (depth == hashes.length) {
                hashes = Arrays.copyOf(hashes, 2 * depth);
            }
            if (walk.step() == Walk.Step.ENTER) {
                hashes[depth] = walk.node() instanceof HashMap ? 0 : 1;
                continue;
            }
            int hash = walk.step() == Walk.Step.EXIT ? hashes[depth] : Objects.hashCode(walk.node());
            if (depth == 0) {
                return hash;
            }
            int before = hashes[depth - 1];
            if (!walk.inMap()) {
                hashes[depth - 1] = 31 * before + (stirred ? stir(hash) : hash);
            } else if (stirred) {
                hashes[depth - 1] = before + stir(31 * walk.token().hashCode() + stir(hash));
            } else {
                hashes[depth - 1] = before + (walk.token().hashCode() ^ hash);
            }
        }
        throw new AssertionError("every walk comes back to its root");
    }

    /** Lets every bit bear on every other: the finalizer of MurmurHash3 (A. Appleby, public domain). */
    private static int stir(int hash) {
        int h = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return h ^ (h >>> 16);
    }

    private static boolean maps(
            HashMap<String, @Nullable Object> a, HashMap<String, @Nullable Object> b, Deque<Object[]> pairs) {
        return a.size() == b.size() && MapDelta.forEach(a, b, (key, left, right) -> compare(left, right, pairs));
    }

    private static boolean lists(Vector<@Nullable Object> a, Vector<@Nullable Object> b, Deque<Object[]> pairs) {
        return a.size() == b.size()
                && SharedVectors.prefix(a, b, (left, right) -> compare(left, right, pairs)) == a.size();
    }

    /** Decides what can be decided at a glance, and defers two containers of one kind. */
    private static boolean compare(@Nullable Object a, @Nullable Object b, Deque<Object[]> pairs) {
        if (atAGlance(a, b)) {
            return true;
        }
        if (a != null && b != null && Nodes.isContainer(a) && a.getClass() == b.getClass()) {
            pairs.push(new Object[] {a, b});
            return true;
        }
        return false;
    }
}
