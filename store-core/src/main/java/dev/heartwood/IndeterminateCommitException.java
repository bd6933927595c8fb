package dev.heartwood;

import org.jspecify.annotations.Nullable;

/**
 * A commit may or may not have been applied, and its root cannot tell. The store does not try again, since nothing may
 * be applied twice: read, and decide.
 */
public final class IndeterminateCommitException extends StoreException {
    private static final long serialVersionUID = 1L;

    /** An exception that says what happened to the commit. */
    public IndeterminateCommitException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
