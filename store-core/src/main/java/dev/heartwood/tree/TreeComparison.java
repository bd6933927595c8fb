package dev.heartwood.tree;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One or several comparisons of trees that remember their results: parts that occur at many paths are compared once.
 *
 * <p>A tree whose parts are shared has up to 2<sup>60</sup> paths in a few hundred bytes. Ordinary comparisons visit few
 * nodes and keep nothing; past {@link #BUDGET} pairs, pairs are remembered by identity.
 *
 * <p>Not thread-safe; confined to one operation.
 */
public final class TreeComparison {
    /** The number of pairs of containers that are visited before results are remembered. */
    static final int BUDGET = 512;

    /** A leaf of more characters or bits than this is compared once, too. */
    private static final int LARGE = 1_024;

    private final BiPredicate<Object, Object> leaves;
    /** The pairs still to be compared: first and second node in turn. */
    private final Deque<Object> open = new ArrayDeque<>();

    private int visited;
    private @Nullable EqualNodes equal;
    private @Nullable Fingerprints fingerprints;

    /** A comparison as {@link TreeEquality} has it. */
    public TreeComparison() {
        this(Object::equals);
    }

    /** A comparison in which two different leaves that are not null are equal if {@code leaves} says so. */
    public TreeComparison(BiPredicate<Object, Object> leaves) {
        this.leaves = leaves;
    }

    /** Whether two trees are equal, however deep they are; shared parts are skipped. */
    public boolean same(@Nullable Object a, @Nullable Object b) {
        int mark = equal == null ? 0 : equal.mark();
        boolean same = meet(a, b);
        while (same && !open.isEmpty()) {
            same = sameChildren(open.pop(), open.pop());
        }
        if (!same) {
            open.clear();
            if (equal != null) {
                equal.undo(mark); // these were assumptions
            }
        }
        return same;
    }

    /**
     * As {@link #same}, for a caller that compares many pairs of which most may differ: past the budget, two large trees
     * are first told apart by fingerprints that are remembered.
     */
    public boolean sameOfMany(@Nullable Object a, @Nullable Object b) {
        if (a == b) {
            return true;
        }
        return (visited < BUDGET || fingerprint(a) == fingerprint(b)) && same(a, b);
    }

    /** A hash that trees share which are the same, and hardly any others. */
    long fingerprint(@Nullable Object node) {
        if (fingerprints == null) {
            fingerprints = new Fingerprints();
        }
        return fingerprints.of(node);
    }

    private boolean sameChildren(Object b, Object a) {
        if (a instanceof HashMap) {
            return MapDelta.forEach(Nodes.map(a), Nodes.map(b), (key, left, right) -> meet(left, right));
        }
        Vector<@Nullable Object> list = Nodes.list(a);
        return SharedVectors.prefix(list, Nodes.list(b), this::meet) == list.size();
    }

    /** Compares two nodes at a glance if possible, and defers two containers of the same kind and size. */
    private boolean meet(@Nullable Object a, @Nullable Object b) {
        if (a == b) {
            return true;
        } else if (a == null || b == null) {
            return false;
        }
        Steps.count();
        if (!Nodes.isContainer(a) || !Nodes.isContainer(b)) {
            return !Nodes.isContainer(a) && !Nodes.isContainer(b) && sameLeaves(a, b);
        }
        if (a.getClass() != b.getClass() || Nodes.size(a) != Nodes.size(b)) {
            return false;
        }
        if (++visited <= BUDGET || equal().merge(a, b)) {
            open.push(a);
            open.push(b);
        }
        return true;
    }

    private boolean sameLeaves(Object a, Object b) {
        if (!isLarge(a) || !isLarge(b)) {
            return leaves.test(a, b);
        }
        int mark = equal().mark();
        if (equal().merge(a, b) && !leaves.test(a, b)) {
            equal().undo(mark);
            return false;
        }
        return true;
    }

    private EqualNodes equal() {
        if (equal == null) {
            equal = new EqualNodes();
        }
        return equal;
    }

    /** Whether it takes long to look at all of the leaf. */
    static boolean isLarge(Object leaf) {
        if (leaf instanceof String string) {
            return string.length() > LARGE;
        }
        return leaf instanceof BigInteger number
                ? number.bitLength() > LARGE
                : leaf instanceof BigDecimal decimal && decimal.unscaledValue().bitLength() > LARGE;
    }
}
