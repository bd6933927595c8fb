package dev.heartwood;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A commit may or may not have been applied, and its root cannot tell. The store does not try again, since nothing may
 * be applied twice. Ask {@link Store#outcomeOf}, or read and decide.
 */
public final class IndeterminateCommitException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String commitId;

    /** An exception whose message describes the state of the commit. */
    public IndeterminateCommitException(String message, @Nullable Throwable cause) {
        this(message, cause, null);
    }

    /**
     * An exception of a root that can look for the commit later.
     *
     * @param commitId the id by which the root finds the commit, for {@link Store#outcomeOf}; null if it cannot
     */
    public IndeterminateCommitException(String message, @Nullable Throwable cause, @Nullable String commitId) {
        super(message, cause);
        this.commitId = commitId;
    }

    /** The id by which the root finds the commit; empty if it cannot. */
    public Optional<String> commitId() {
        return Optional.ofNullable(commitId);
    }
}
