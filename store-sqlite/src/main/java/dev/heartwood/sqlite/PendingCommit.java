package dev.heartwood.sqlite;

import dev.heartwood.Snapshot;
import java.util.Set;

/**
 * A commit that was accepted and is not decided yet.
 *
 * @param before the state that it was made on
 * @param after the state that it makes
 * @param keys the keys of the top level under which something changes
 * @param owner the thread that waits to hear of its own commit
 * @param since when it was accepted, as {@code System.nanoTime} has it
 */
record PendingCommit(Snapshot before, Snapshot after, Set<String> keys, Thread owner, long since) {}
