package dev.heartwood.history;

/** Where a history has its states from. */
interface Source {
    /** All states that are known now. */
    Records records();

    /**
     * Undoes commits of the store.
     *
     * @throws IllegalStateException if there is no store
     */
    UndoLog undoLog();

    /** Ends the recording. Idempotent. */
    void close();
}
