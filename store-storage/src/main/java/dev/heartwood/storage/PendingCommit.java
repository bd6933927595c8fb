package dev.heartwood.storage;

import dev.heartwood.Snapshot;

/**
 * A commit that was accepted and is not decided yet.
 *
 * @param before the state that it was made on
 * @param after the state that it makes
 * @param change the form in which the root writes the commit down
 * @param owner the thread that waits to hear of its own commit
 * @param since when it was accepted, in nanoseconds of the queue's {@link NanoClock}
 */
public record PendingCommit<C>(Snapshot before, Snapshot after, C change, Thread owner, long since) {}
