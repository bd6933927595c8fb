package dev.heartwood.tree;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Classes of nodes that were found equal, or are assumed to be until the comparison that assumes it has ended: a
 * disjoint-set forest over the identity of nodes (B. A. Galler, M. J. Fischer, "An improved equivalence algorithm",
 * 1964).
 *
 * <p>Equality is transitive, so {@code n} nodes can be merged {@code n - 1} times at most. A comparison that goes on
 * below a pair only when it merges two classes therefore takes the time of the distinct nodes, however many paths lead
 * to them, and however differently the two trees share their parts.
 *
 * <p>Not thread-safe.
 */
public final class EqualNodes {
    private final IdentityHashMap<Object, Member> members = new IdentityHashMap<>();
    /** The roots that became children, in this order, so that an assumption can be given up. */
    private final List<Member> merged = new ArrayList<>();

    /** Puts two nodes into one class. Returns false if they were in one already. */
    public boolean merge(Object a, Object b) {
        Member left = root(a);
        Member right = root(b);
        if (left == right) {
            return false;
        }
        Member child = left.rank < right.rank ? left : right;
        Member parent = child == left ? right : left;
        parent.rank += child.rank == parent.rank ? 1 : 0;
        child.parent = parent;
        merged.add(child);
        return true;
    }

    /** A mark for {@link #undo}. */
    int mark() {
        return merged.size();
    }

    /** Takes back all merges since the mark. */
    void undo(int mark) {
        for (int i = merged.size() - 1; i >= mark; i--) {
            merged.remove(i).parent = null;
        }
    }

    /** Without path compression, which could not be undone: ranks alone keep the way to the root logarithmic. */
    private Member root(Object node) {
        Member member = members.computeIfAbsent(node, any -> new Member());
        while (member.parent != null) {
            member = member.parent;
        }
        return member;
    }

    private static final class Member {
        private @Nullable Member parent;
        private int rank;
    }
}
