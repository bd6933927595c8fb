package dev.heartwood;

/**
 * A commit required a {@link Session} that has ended, or an ended session was asked to own a place. Nothing is changed by
 * it. The places that the session owned may belong to somebody else by now: stop the work that depends on them, and open a
 * new session.
 */
public final class SessionEndedException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final long fence;

    SessionEndedException(String name, long fence) {
        super("the session " + TreePrinter.brief(name) + " with fence " + fence
                + " has ended: nothing is changed. Its places may belong to others now; open a new session");
        this.fence = fence;
    }

    /** The fencing number of the session. */
    public long fence() {
        return fence;
    }
}
