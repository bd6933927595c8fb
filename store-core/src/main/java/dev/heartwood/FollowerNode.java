package dev.heartwood;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A place in the {@link FollowerIndex}: the followers that are registered there, and the places below it.
 *
 * <p>Changed by threads that hold the lock of the index; read by committing threads without it. An entry is added at the
 * front, and keeps its {@code next} when it is removed. So a thread that walks the entries meets each one that was there
 * when it began and still is.
 */
final class FollowerNode {
    /** A child that stands for each step, as {@code *} does in a pattern. */
    private volatile @Nullable FollowerNode anyStep;

    private volatile @Nullable ConcurrentHashMap<String, FollowerNode> children;
    private volatile @Nullable Entry first;

    private final @Nullable FollowerNode parent;
    /** Null where this stands for any step, and at the root. */
    private final @Nullable String token;

    /** The root of an index. */
    FollowerNode() {
        this(null, null);
    }

    private FollowerNode(@Nullable FollowerNode parent, @Nullable String token) {
        this.parent = parent;
        this.token = token;
    }

    // ---- for threads that commit

    @Nullable
    Entry first() {
        return first;
    }

    @Nullable
    FollowerNode child(String name) {
        ConcurrentHashMap<String, FollowerNode> all = children;
        return all == null ? null : all.get(name);
    }

    @Nullable
    FollowerNode anyStep() {
        return anyStep;
    }

    /** How many children have a name. */
    int childCount() {
        ConcurrentHashMap<String, FollowerNode> all = children;
        return all == null ? 0 : all.size();
    }

    /** The children that have a name. */
    Iterable<FollowerNode> children() {
        ConcurrentHashMap<String, FollowerNode> all = children;
        return all == null ? java.util.List.of() : all.values();
    }

    /** The step that leads here; not for the root, nor for a child that stands for any step. */
    String token() {
        if (token == null) {
            throw new AssertionError("this place has no step of its own");
        }
        return token;
    }

    // ---- for threads that hold the lock of the index

    FollowerNode childOrNew(String name) {
        ConcurrentHashMap<String, FollowerNode> all = children;
        if (all == null) {
            all = new ConcurrentHashMap<>(4);
            children = all;
        }
        return all.computeIfAbsent(name, key -> new FollowerNode(this, key));
    }

    FollowerNode anyStepOrNew() {
        FollowerNode any = anyStep;
        if (any == null) {
            any = new FollowerNode(this, null);
            anyStep = any;
        }
        return any;
    }

    void add(Entry entry) {
        Entry second = first;
        entry.next = second;
        if (second != null) {
            second.previous = entry;
        }
        first = entry;
    }

    void remove(Entry entry) {
        Entry after = entry.next;
        Entry before = entry.previous;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        }
    }

    /** Removes this place from the index if it serves nothing any more, and then those above it. */
    void prune() {
        FollowerNode node = this;
        for (FollowerNode above = node.parent; above != null && node.isBare(); above = node.parent) {
            above.drop(node);
            node = above;
        }
    }

    /** Whether nobody is registered here or below. */
    boolean isBare() {
        return first == null && anyStep == null && children == null;
    }

    private void drop(FollowerNode child) {
        ConcurrentHashMap<String, FollowerNode> all = children;
        if (child.token == null) {
            anyStep = null;
        } else if (all != null) {
            all.remove(child.token);
            if (all.isEmpty()) {
                children = null;
            }
        }
    }

    /** One follower at one place of the {@link FollowerIndex}, and the ways of having read the place that concern it. */
    static final class Entry {
        final Follower follower;
        /** {@link ReadSet.Kind#bit}s: the follower gets a step in which one of them differs. */
        final int kinds;

        /** Kept when this is removed, for threads that stand at it. */
        volatile @Nullable Entry next;

        /** For threads that hold the lock of the index. */
        @Nullable
        Entry previous;

        /** Null until it is added. */
        @Nullable
        FollowerNode node;

        Entry(Follower follower, int kinds) {
            this.follower = follower;
            this.kinds = kinds;
        }
    }
}
