package dev.heartwood.testkit;

/** A storage that is held up: commits are accepted, and wait for their durability. */
public interface Hold {
    /** Lets go: everything that waits becomes durable. */
    void release();

    /**
     * Rolls back all waiting commits, as after a failed write, and releases the hold: commits that are accepted from
     * now on become durable.
     *
     * @return whether the root can do so; if not, nothing happened
     */
    default boolean takeBack() {
        return false;
    }
}
