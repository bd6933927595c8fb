package dev.heartwood.tree;

import io.vavr.collection.Vector;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The length of the common prefix and suffix of two lists. If Vavr's tries are accessible, a shared node is skipped as
 * a whole: so the time depends on the changes, not on the lists.
 *
 * <p>Elements stand in arrays of 32, these in arrays of 32, and so on. No operation of a vector moves an element to
 * another place in its array, so two lists share a node only at the same position.
 */
public final class SharedVectors {
    private SharedVectors() {}

    /** How many elements at the front of both are the same. */
    public static int prefix(
            Vector<@Nullable Object> a,
            Vector<@Nullable Object> b,
            BiPredicate<@Nullable Object, @Nullable Object> same) {
        int most = Math.min(a.size(), b.size());
        int i = 0;
        while (i < most) {
            int shared = i == 0 || startsLeaf(a, i) ? sharedNode(a, i, b, i) : 0;
            if (shared > 0) {
                i += shared - place(a, i) % shared;
            } else if (same.test(a.get(i), b.get(i))) {
                i++;
            } else {
                return i;
            }
        }
        return most;
    }

    /** The first index from {@code start} on at which the two hold different references, or the shorter one's size. */
    static int sameUntil(Vector<@Nullable Object> a, Vector<@Nullable Object> b, int start) {
        int both = Math.min(a.size(), b.size());
        int i = start;
        while (i < both) {
            int shared = i == start || startsLeaf(a, i) ? sharedNode(a, i, b, i) : 0;
            if (shared > 0) {
                i += shared - place(a, i) % shared;
            } else if (a.get(i) == b.get(i)) {
                i++;
            } else {
                return i;
            }
        }
        return both;
    }

    /** How many elements at the back of both are the same, those of the {@code prefix} not counted. */
    public static int suffix(
            Vector<@Nullable Object> a,
            Vector<@Nullable Object> b,
            int prefix,
            BiPredicate<@Nullable Object, @Nullable Object> same) {
        int most = Math.min(a.size(), b.size()) - prefix;
        int i = 0;
        while (i < most) {
            int inA = a.size() - 1 - i;
            int inB = b.size() - 1 - i;
            int shared = i == 0 || startsLeaf(a, inA + 1) ? sharedNode(a, inA, b, inB) : 0;
            if (shared > 0) {
                i += place(a, inA) % shared + 1;
            } else if (same.test(a.get(inA), b.get(inB))) {
                i++;
            } else {
                return i;
            }
        }
        return most;
    }

    private static boolean startsLeaf(Vector<?> list, int index) {
        return VectorAccess.isOpen() && place(list, index) % VectorAccess.WIDTH == 0;
    }

    /** Where the element stands in the trie: taking from the front leaves a gap there, adding may begin far inside. */
    private static int place(Vector<?> list, int index) {
        return VectorAccess.offset(list) + index;
    }

    /** How many places the largest node has in which both elements stand at the same place; 0 if they share none. */
    private static int sharedNode(Vector<?> a, int inA, Vector<?> b, int inB) {
        if (!VectorAccess.isOpen()) {
            return 0;
        }
        int placeA = place(a, inA);
        int placeB = place(b, inB);
        int shift = Math.min(VectorAccess.shift(a), VectorAccess.shift(b));
        for (; shift >= 0; shift -= VectorAccess.BITS) {
            int size = VectorAccess.WIDTH << shift;
            if ((placeA ^ placeB) % size == 0
                    && VectorAccess.node(a, placeA, shift) == VectorAccess.node(b, placeB, shift)) {
                return size;
            }
        }
        return 0;
    }
}
