package dev.heartwood.file.recovery;

/** A crash broke a promise, and which one. */
final class InvariantBroken extends AssertionError {
    private static final long serialVersionUID = 1L;

    /** The invariants that must hold after every crash. */
    enum Invariant {
        /** Every acknowledged commit is there. */
        ACKNOWLEDGED,
        /** The opened tree is a state of the commit order, and no batch is there in part. */
        PREFIX,
        /** The file parses at every instant. */
        PARSES,
        /** A crash leaves no damage: the files open. */
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
