package dev.heartwood.storage;

import dev.heartwood.Snapshot;

/**
 * A commit that was accepted and is not decided yet.
 *
 * @param before the state that it was made on
 * @param after the state that it makes
 * @param change the form in which the root writes the commit
 * @param owner the thread that waits for the outcome of its commit
 * @param since the time since which its owner waits, in nanoseconds of the queue's {@link NanoClock}: when it was accepted, or the one
 *     before it, which was rolled back while the storage took none
 */
public record PendingCommit<C>(Snapshot before, Snapshot after, C change, Thread owner, long since) {}
