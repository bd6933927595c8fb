package dev.heartwood;

import org.jspecify.annotations.Nullable;

/**
 * A commit would have broken a {@linkplain StoreOptions#guard guard}, or a store would have started with a tree that
 * breaks it. Nothing was changed. Where the guard threw an exception instead of answering, that is the cause.
 */
public final class GuardException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final KeyPath path;
    private final String tried;

    GuardException(Guard guard, String tried, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.name = guard.name();
        this.path = guard.path();
        this.tried = tried;
    }

    /** The name of the guard. */
    public String name() {
        return name;
    }

    /** The place that the guard protects. */
    public KeyPath path() {
        return path;
    }

    /**
     * The refused changes at and below the place, in words: {@code /accounts/a4: 25 -> -57}; only the first few of
     * many. If the opening of a store was refused, its initial value, cut off if it is long.
     */
    public String tried() {
        return tried;
    }
}
