package dev.heartwood;

import org.jspecify.annotations.Nullable;

/** One follower at one place of the {@link FollowerIndex}, and the ways of having read the place that concern it. */
final class FollowerEntry {
    final Follower follower;
    /** {@link ReadKind#bit}s: the follower is told of a step in which one of them differs. */
    final int kinds;

    /** Kept when this is removed, for threads that stand at it. */
    volatile @Nullable FollowerEntry next;

    /** For threads that hold the lock of the index. */
    @Nullable
    FollowerEntry previous;

    /** Null until it is added. */
    @Nullable
    FollowerNode node;

    FollowerEntry(Follower follower, int kinds) {
        this.follower = follower;
        this.kinds = kinds;
    }
}
