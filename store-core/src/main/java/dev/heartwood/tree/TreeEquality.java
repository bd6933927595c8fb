package dev.heartwood.tree;

import org.jspecify.annotations.Nullable;

/**
 * Equality of trees: same kind and equal, containers element by element. 1 is not 1.0, 0.0 is not -0.0, decimals
 * compare with their scale, opaque leaves by their own {@code equals}.
 */
public final class TreeEquality {
    private TreeEquality() {}

    /** Whether two nodes are one reference or equal leaves: the cheap look, which takes no container apart. */
    public static boolean atAGlance(@Nullable Object a, @Nullable Object b) {
        if (a == b) {
            return true;
        }
        return a != null && b != null && !Nodes.isContainer(a) && !Nodes.isContainer(b) && a.equals(b);
    }

    /**
     * Whether two trees are equal, however deep they are. Shared parts are skipped, and parts that occur at many paths
     * are compared once.
     */
    public static boolean trees(@Nullable Object a, @Nullable Object b) {
        boolean containers = Nodes.isContainer(a) && Nodes.isContainer(b);
        return a == b || (containers ? new TreeComparison().same(a, b) : atAGlance(a, b));
    }

    /** A hash that equal trees share, the one that {@code java.util} collections of the same contents have. */
    public static int hash(@Nullable Object root) {
        return Nodes.isContainer(root) ? (int) new TreeHash.OfJava().of(root) : root == null ? 0 : root.hashCode();
    }
}
