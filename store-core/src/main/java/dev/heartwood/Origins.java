package dev.heartwood;

/**
 * The level of detail of the origins that a store records for its commits. Each level includes the level before it. The
 * record is made by the commit itself, on the committing thread, and is read with {@link Snapshot#origin}.
 */
public enum Origins {
    /**
     * Nothing; {@link Store#as} and {@link Transaction#label} have no effect. A history or a root that keeps commits
     * still has the time of each.
     */
    NONE,
    /** Author and label where the program gives them. The default: a commit without them allocates nothing more. */
    NAMED,
    /** Also the thread and the time of each commit, and how often its function ran; about 50 bytes a commit. */
    WHO,
    /**
     * Also the first line of code outside the library, found by a walk of the stack: a few microseconds a commit. For
     * debugging.
     */
    WHERE
}
