package dev.heartwood.tree;

import static dev.heartwood.tree.Nodes.MISSING;

import io.vavr.collection.Vector;
import org.jspecify.annotations.Nullable;

/**
 * The indices at which two lists hold different references, found in the time of the differences where Vavr's tries can
 * be looked into: nodes that both lists share are passed over whole ({@link SharedVectors}).
 */
public final class VectorDelta {
    /** Visits each index that differs. */
    @FunctionalInterface
    public interface Visitor {
        /** One index; {@link Nodes#MISSING} on the side that is too short for it. Answers whether to go on. */
        boolean differs(int index, @Nullable Object before, @Nullable Object after);
    }

    private VectorDelta() {}

    /** Visits the differing elements, in the order of the indices; false if the visitor stopped it. */
    public static boolean forEach(Vector<@Nullable Object> before, Vector<@Nullable Object> after, Visitor visitor) {
        int both = Math.min(before.size(), after.size());
        int all = Math.max(before.size(), after.size());
        for (int i = SharedVectors.sameUntil(before, after, 0);
                i < both;
                i = SharedVectors.sameUntil(before, after, i + 1)) {
            if (!visitor.differs(i, before.get(i), after.get(i))) {
                return false;
            }
        }
        for (int i = both; i < all; i++) {
            boolean longer = before.size() == all;
            if (!visitor.differs(i, longer ? before.get(i) : MISSING, longer ? MISSING : after.get(i))) {
                return false;
            }
        }
        return true;
    }
}
