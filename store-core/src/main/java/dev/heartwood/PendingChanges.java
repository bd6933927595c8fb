package dev.heartwood;

import org.jspecify.annotations.Nullable;

/**
 * The changes at a watched place that wait for the listener. Handed in by any number of threads, in version order; taken
 * by one thread at a time. Lock-free.
 */
interface PendingChanges {
    /** Starts anew: steps up to {@code base} are none of the listener's business. */
    void startFrom(Snapshot base);

    /**
     * Adds a change. One that was added before, or that the base has, is ignored.
     *
     * @param differs as {@link Follower#handIn} has it
     */
    void add(Snapshot before, Snapshot after, boolean differs);

    /** The next update, or null if nothing waits. */
    @Nullable
    Update poll();

    /** Whether nothing waits. */
    boolean isEmpty();

    /** Whether more changes came than may wait. Then none waits any longer, and none is added. */
    boolean isOverflown();

    /** Drops all pending changes, and all later ones. */
    void close();
}
