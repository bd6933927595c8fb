package dev.heartwood;

/** The outcome of a commit whose answer was an {@link IndeterminateCommitException}. */
public enum CommitOutcome {
    /** The commit was applied, once. */
    COMMITTED,
    /** The commit was not applied, and never will be. */
    NOT_COMMITTED,
    /** The root cannot tell: it keeps no record of commits, the record does not reach back so far, or the storage has another past now. */
    UNKNOWN
}
