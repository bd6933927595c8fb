package dev.heartwood;

import dev.heartwood.tree.MapDelta;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.Steps;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the followers that one step concerns: one walk over the index and the trees before and after the step.
 *
 * <p>If the edits of the step are known, the walk follows their paths, and at the end of each walks through that part
 * of the two trees. It turns back where both trees are the same reference and where no follower is registered below. In
 * a replaced container it follows the differences, or looks up each registered place, whichever are fewer.
 */
final class FollowerWalk {
    /** So few places are looked up one by one: the differences of two containers need not be sought. */
    private static final int FEW = 8;
    /** Beside the bits of {@link ReadSet.Kind}: a comparison has failed. */
    private static final int UNSURE = 1 << 30;

    private final Snapshot before;
    private final Snapshot after;
    private final RingList ringing;
    /** Made when it is first needed: most steps concern nobody, or somebody on the path of an edit. */
    private @Nullable Deque<Visit> open;

    private boolean done = true;

    FollowerWalk(Snapshot before, Snapshot after, RingList ringing) {
        this.before = before;
        this.after = after;
        this.ringing = ringing;
    }

    /** Hands the step in to all whom it concerns. False: one of them has thrown, and does not have it. */
    boolean walk(FollowerNode everywhere, FollowerNode root, @Nullable Supplier<List<Edit>> edits) {
        for (FollowerNode.Entry entry = everywhere.first(); entry != null; entry = entry.next) {
            handIn(entry.follower, false);
        }
        if (!root.isBare()) {
            walk(root, edits);
        }
        return done;
    }

    private void walk(FollowerNode root, @Nullable Supplier<List<Edit>> edits) {
        if (edits instanceof Rewrite rewrite) {
            descend(root, rewrite);
            finish();
            return;
        }
        List<Edit> known = edits == null ? null : edits.get();
        if (known == null || (known.size() > FEW && MapDelta.skipsShared())) {
            push(root, before.tree(), after.tree(), null, 0);
        } else {
            for (Edit edit : known) {
                descend(root, before.tree(), after.tree(), edit.path(), 0);
                finish();
            }
        }
        finish();
    }

    private void finish() {
        for (Visit visit = next(); visit != null; visit = next()) {
            if (visit.path != null) {
                descend(visit.place, visit.before, visit.after, visit.path, visit.level);
            } else {
                tell(visit.place, visit.before, visit.after);
                children(visit.place, visit.before, visit.after);
            }
        }
    }

    /**
     * Walks down the path of one operation, which knows the node that it found at the end and the node that it made:
     * the trees are visited only above that, and only where a follower is registered.
     */
    private void descend(FollowerNode root, Rewrite rewrite) {
        KeyPath path = rewrite.changedPlace();
        FollowerNode place = root;
        for (int level = 0; level < path.size(); level++) {
            FollowerNode any = place.anyStep();
            if (any != null) {
                descend(place, look(before, path, level), look(after, path, level), path, level);
                return;
            }
            if (place.first() != null) {
                tell(place, look(before, path, level), look(after, path, level));
            }
            place = place.child(path.token(level));
            if (place == null) {
                return;
            }
        }
        Object old = rewrite.path() == path ? rewrite.found() : look(before, path, path.size());
        Object now = rewrite.path() == path ? rewrite.result() : look(after, path, path.size());
        tell(place, old, now);
        children(place, old, now);
    }

    private static @Nullable Object look(Snapshot state, KeyPath path, int level) {
        return PathCopy.look(state.tree(), path, level);
    }

    /** Down the path of an edit, from a level of it on. Beside the path nothing has changed. */
    private void descend(
            FollowerNode start, @Nullable Object startBefore, @Nullable Object startAfter, KeyPath path, int level) {
        FollowerNode place = start;
        Object old = startBefore;
        Object now = startAfter;
        for (int i = level; old != now; i++) {
            tell(place, old, now);
            if (i == path.size()) {
                children(place, old, now);
                return;
            }
            String token = path.token(i);
            FollowerNode below = place.child(token);
            FollowerNode any = place.anyStep();
            old = Nodes.child(old, token);
            now = Nodes.child(now, token);
            if (below != null && any != null) {
                push(any, old, now, path, i + 1);
            }
            if (below != null) {
                place = below;
            } else if (any != null) {
                place = any;
            } else {
                return;
            }
        }
    }

    /** Everything below a place at which two different things stand. */
    private void children(FollowerNode place, @Nullable Object old, @Nullable Object now) {
        FollowerNode any = place.anyStep();
        int count = place.childCount();
        if (any != null) {
            ChildDelta.forEach(old, now, (token, a, b) -> {
                push(any, a, b, null, 0);
                pushChild(place, token, a, b);
                return true;
            });
        } else if (count > 0 && !(isWorthWhile(count, old, now) && differences(place, old, now, count))) {
            for (FollowerNode child : place.children()) {
                push(child, Nodes.child(old, child.token()), Nodes.child(now, child.token()), null, 0);
            }
        }
    }

    /** Whether the differences of two containers may be fewer than the places registered in them. */
    private static boolean isWorthWhile(int count, @Nullable Object old, @Nullable Object now) {
        return count > FEW
                && (MapDelta.skipsShared() || count > Math.max(ChildDelta.sizeOf(old), ChildDelta.sizeOf(now)));
    }

    /** Follows the differences; false where they are more than the places. */
    private boolean differences(FollowerNode place, @Nullable Object old, @Nullable Object now, int most) {
        int[] left = {most};
        return ChildDelta.forEach(old, now, (token, a, b) -> {
            pushChild(place, token, a, b);
            return left[0]-- > 0;
        });
    }

    private void pushChild(FollowerNode place, String token, @Nullable Object old, @Nullable Object now) {
        FollowerNode child = place.child(token);
        if (child != null) {
            push(child, old, now, null, 0);
        }
    }

    private void push(
            FollowerNode place, @Nullable Object old, @Nullable Object now, @Nullable KeyPath path, int level) {
        Steps.count();
        if (old == now) {
            return;
        }
        if (open == null) {
            open = new ArrayDeque<>();
        }
        open.push(new Visit(place, old, now, path, level));
    }

    private @Nullable Visit next() {
        return open == null ? null : open.poll();
    }

    /** Hands the step in to those at one place whom the difference there concerns. */
    private void tell(FollowerNode place, @Nullable Object old, @Nullable Object now) {
        int compared = 0;
        int differing = 0;
        for (FollowerNode.Entry entry = place.first(); entry != null; entry = entry.next) {
            Steps.count();
            int asked = entry.kinds & ~compared;
            if (asked != 0) {
                differing |= differing(asked, old, now);
                compared |= asked;
            }
            if ((entry.kinds & differing) != 0) {
                handIn(entry.follower, differ(differing, old, now));
            }
        }
    }

    private static int differing(int kinds, @Nullable Object old, @Nullable Object now) {
        try {
            return ReadSet.Kind.differing(kinds, old, now);
        } catch (Throwable e) {
            // The equals of an opaque leaf is foreign code, and its failure must not reach the commit. The follower
            // that gets the step compares again, where a failure can be reported.
            return kinds | UNSURE;
        }
    }

    /** Whether two nodes are known to be unequal trees: where one is a leaf, a glance tells. */
    private static boolean differ(int differing, @Nullable Object old, @Nullable Object now) {
        return (differing & (ReadSet.Kind.VALUE.bit() | UNSURE)) == ReadSet.Kind.VALUE.bit()
                && !(Nodes.isContainer(old) && Nodes.isContainer(now));
    }

    private void handIn(Follower follower, boolean differs) {
        try {
            if (follower.handIn(before, after, differs)) {
                ringing.add(follower);
            }
        } catch (Throwable e) {
            done = false;
            FollowerIndex.fail(follower, e);
        }
    }

    /** A place with its nodes before and after; on the path of an edit, or, without one, below its end. */
    private record Visit(
            FollowerNode place,
            @Nullable Object before,
            @Nullable Object after,
            @Nullable KeyPath path,
            int level) {}
}
