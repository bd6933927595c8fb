package dev.heartwood;

/**
 * Takes each step of a store, in version order, for recorders such as the history: {@link Store#record}. Commits of other
 * processes are among them. Applications watch with {@link Store#watch} instead.
 *
 * <p>{@link #record} is called on the threads that commit, before the commit returns, so each method must be quick. It must
 * not block, throw, or use the store: all other commits wait behind it.
 */
public interface CommitRecorder {
    /** Starts from {@code base}, and forgets everything recorded. Repeated while commits interfere with the start. */
    void startFrom(Snapshot base);

    /**
     * Takes the step from {@code before} to {@code after}. May be called more than once for one step, also by several
     * threads at the same time, but never before it was called for each step that leads to this one. So a step whose
     * version is not larger than that of the last one taken is to be ignored.
     */
    void record(Snapshot before, Snapshot after);

    /** Steps up to the version {@code upTo} could not be told, for want of memory or stack, and will not be. */
    void missed(long upTo);

    /** The store is closed, and all its steps have been told. */
    default void ended() {}
}
