package dev.heartwood.file.recovery;

/** A crash broke a promise, and which one. */
final class InvariantBroken extends AssertionError {
    private static final long serialVersionUID = 1L;

    /** What must hold after every crash. */
    enum Invariant {
        /** What was acknowledged is there. */
        ACKNOWLEDGED,
        /** What is there is a state of the commit order, and no batch is there in part. */
        PREFIX,
        /** The file parses at every instant. */
        PARSES,
        /** What a crash leaves is no damage: it opens. */
        OPENS,
        /** Opening again, also after a crash in the recovery, comes to the same. */
        REPEATABLE
    }

    private final Invariant invariant;

    InvariantBroken(Invariant invariant, String how, Throwable cause) {
        super(invariant + ": " + how, cause);
        this.invariant = invariant;
    }

    Invariant invariant() {
        return invariant;
    }
}
