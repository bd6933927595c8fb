package dev.heartwood.history;

/** The source of the states of a history. */
interface Source {
    /** All states that are known now. */
    Records records();

    /**
     * Undoes commits of the store.
     *
     * @throws IllegalStateException if there is no store, or its commits are not all recorded, or no longer
     */
    UndoLog undoLog();

    /** Ends the recording. Idempotent. */
    void close();
}
