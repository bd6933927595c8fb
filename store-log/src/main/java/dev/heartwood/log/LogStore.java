package dev.heartwood.log;

import dev.heartwood.Store;
import dev.heartwood.history.History;

/**
 * Opens stores whose tree lives in a {@link SharedLog}: several processes on several machines read and change one tree.
 *
 * <p>Each process has a replica of the tree in memory. Local reads cost as much as reads in memory. A commit is one
 * append to the log, and commits of many threads of a process share one append. Versions are equal on all replicas.
 */
public final class LogStore {
    private LogStore() {}

    /** Opens the tree in a log with the default {@link LogOptions}. The store owns the connection and closes it. */
    public static Store over(SharedLog log) {
        return options().over(log);
    }

    /**
     * The commits that a log still has, read without opening a store: those after its newest checkpoint, with author,
     * label and time. The checkpoint represents all commits before it, as one state; {@link LogOptions#checkpointEvery}
     * sets how often there is one. Changes nothing; the connection stays open, and the caller must close it.
     *
     * @throws dev.heartwood.StoreIOException if the log does not answer, or refuses
     * @throws dev.heartwood.StoreException if the log holds no tree, or one of a newer version of the library
     */
    public static History history(SharedLog log) {
        return History.of(LogHistory.read(log));
    }

    /** The default options; each method of {@link LogOptions} names its default. */
    public static LogOptions options() {
        return LogOptions.DEFAULT;
    }
}
