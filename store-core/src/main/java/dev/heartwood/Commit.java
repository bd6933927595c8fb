package dev.heartwood;

import org.jspecify.annotations.Nullable;

/** The outcome of a batch: the states before and after it. Immutable; keeping it keeps the two states. */
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

    /** This commit with the token of its root; the same where the root gives none. */
    Commit with(@Nullable Token tokenOfRoot) {
        return tokenOfRoot == null ? this : new Commit(before, after, attempts, tokenOfRoot);
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

    /** Names the state after it, for {@link Store#atLeast} in another process. */
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
