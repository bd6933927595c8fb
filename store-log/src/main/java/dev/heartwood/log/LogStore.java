package dev.heartwood.log;

import dev.heartwood.Store;

/**
 * Opens stores whose tree lives in a {@link SharedLog}: several processes on several machines read and change one tree.
 *
 * <p>Each process has a replica of the tree in memory. Reads cost what they cost in memory; a commit is one append to
 * the log, and commits of many threads of a process share one. Versions are equal on all replicas.
 */
public final class LogStore {
    private LogStore() {}

    /** Opens the tree in a log with the default {@link LogOptions}. The store owns the connection and closes it. */
    public static Store over(SharedLog log) {
        return options().over(log);
    }

    /** Options. */
    public static LogOptions options() {
        return LogOptions.DEFAULT;
    }
}
