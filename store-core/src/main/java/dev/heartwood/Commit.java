package dev.heartwood;

import org.jspecify.annotations.Nullable;

/** The outcome of a batch: the states before and after it. Immutable; it retains both states. */
public final class Commit {
    private final Snapshot before;
    private final Snapshot after;
    private final int attempts;
    private final @Nullable Token token;

    Commit(Snapshot before, Snapshot after, int attempts) {
        this(before, after, attempts, null);
    }

    private Commit(Snapshot before, Snapshot after, int attempts, @Nullable Token token) {
        this.before = before;
        this.after = after;
        this.attempts = attempts;
        this.token = token;
    }

    /** This commit with the token of its root; this commit itself if the root has none. */
    Commit with(@Nullable Token tokenOfRoot) {
        return tokenOfRoot == null ? this : new Commit(before, after, attempts, tokenOfRoot);
    }

    /** The state that the commit was made on. */
    public Snapshot before() {
        return before;
    }

    /** The state that the commit made; the same as {@link #before} if it changed nothing. */
    public Snapshot after() {
        return after;
    }

    /** Whether there is a new state. */
    public boolean changed() {
        return before != after;
    }

    /** The number of runs of the body: 1, unless other commits changed something that it had read. */
    public int attempts() {
        return attempts;
    }

    /** Identifies the state after the commit, for {@link Store#atLeast} in another process. */
    public Token token() {
        return token == null ? new Token("", after.version(), "") : token;
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
