package dev.heartwood;

/**
 * The boundary between the timeline, which chooses the followers of a step, and delivery, which calls them: a watcher,
 * or a waiting thread.
 *
 * <p>Steps arrive on the committing threads. A step may be handed over twice and by several threads at once, but never
 * before all earlier steps. No method may block, and an exception from one harms no other follower.
 */
interface Follower {
    /** Starts from {@code base}, and forgets all earlier steps. Repeated while commits interfere with the start. */
    void startFrom(Snapshot base);

    /**
     * Takes the step from {@code before} to {@code after}, in which something differs that concerns this follower. If it
     * throws, the step is handed in again with the next commit. Calls nobody else's code: the followers behind wait for
     * this.
     *
     * @param differs whether the values there are known to differ, and not only to be two containers, which may be equal
     * @return whether this is to be {@linkplain #ring rung} once all followers have the step
     */
    boolean handIn(Snapshot before, Snapshot after, boolean differs);

    /**
     * Begins to deliver the steps that were handed over. May run a listener. If it throws, the next commit rings again.
     */
    void ring();

    /** The timeline is closed, and all its steps have been handed in. May be called several times. */
    void ended();

    /** Nothing can be committed any more: {@link Timeline#failure} says why. Reads go on. */
    default void storageFailed() {}

    /** Steps up to the version {@code upTo} could not be handed in, and are given up. */
    void missedSteps(long upTo);

    /** A method of this follower threw {@code failure} on the thread of a commit. */
    void failed(Throwable failure);
}
