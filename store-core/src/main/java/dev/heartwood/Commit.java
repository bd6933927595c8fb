package dev.heartwood;

/** The outcome of a batch: the states before and after it. Immutable; keeping it keeps the two states. */
public final class Commit {
    private final Snapshot before;
    private final Snapshot after;
    private final int attempts;

    Commit(Snapshot before, Snapshot after, int attempts) {
        this.before = before;
        this.after = after;
        this.attempts = attempts;
    }

    /** The state that the commit was made on. */
    public Snapshot before() {
        return before;
    }

    /** The state that it made; the same as {@link #before} when it changed nothing. */
    public Snapshot after() {
        return after;
    }

    /** Whether there is a new state. */
    public boolean changed() {
        return before != after;
    }

    /** How often the body ran: 1, unless other commits changed what it had read. */
    public int attempts() {
        return attempts;
    }

    /** The changes that it made; computed at each call. */
    public Diff diff() {
        return before.diff(after);
    }

    @Override
    public String toString() {
        return "Commit[version " + before.version() + " -> " + after.version() + ", attempts " + attempts + "]";
    }
}
