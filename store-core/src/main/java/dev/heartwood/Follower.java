package dev.heartwood;

/**
 * The boundary between the timeline, which decides who is told of a step, and delivery, which decides how: a watcher, or
 * a thread that awaits.
 *
 * <p>Steps come on the threads that commit. A step may be handed in twice and by several threads at once, but never before
 * each step that leads to it has been. No method may block, and an exception from one harms no other follower.
 */
interface Follower {
    /** Starts from {@code base}, and forgets all that was handed in. Repeated while commits interfere with the start. */
    void startFrom(Snapshot base);

    /**
     * Takes the step from {@code before} to {@code after}. If it throws, the step is handed in again with the next commit.
     * Calls nobody else's code except {@code equals} of opaque leaves: the followers behind wait for this.
     */
    void handIn(Snapshot before, Snapshot after);

    /** Begins to deliver what was handed in. May run a listener. */
    void ring();

    /** The timeline is closed, and all its steps have been handed in. */
    void ended();

    /** Steps up to the version {@code upTo} could not be handed in, and are given up. */
    void missedSteps(long upTo);

    /** A method of this follower threw {@code failure} on the thread of a commit. */
    void failed(Throwable failure);
}
