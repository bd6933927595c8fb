package dev.heartwood;

/**
 * Tells a snapshot which store it belongs to, and whether it was committed there. Identities are compared by reference.
 *
 * <p>A snapshot holds this in the place of its store, so that an old snapshot keeps neither the newest tree nor the
 * watchers of a store that is no longer used alive. It does keep the store's {@link Dialect}, which drafts need.
 */
final class StoreIdentity {
    /** The dialect of states that lack parts of the tree. No node of them is known as frozen for a store. */
    static final Dialect PARTS = leaf -> leaf;

    private final Dialect dialect;
    /** The identity of the store's drafts; in that identity, itself. */
    private final StoreIdentity drafts;
    /** The origin of states of which nothing is recorded: they share it, so they allocate nothing for it. */
    private final Origin unrecorded;

    StoreIdentity(Dialect dialect) {
        this.dialect = dialect;
        this.drafts = new StoreIdentity(this);
        // Last: a snapshot that arrives through a data race leads to this object through final fields of its own, and
        // sees every assignment before its origin was made.
        this.unrecorded = Origin.unrecorded(this);
    }

    private StoreIdentity(StoreIdentity committed) {
        this.dialect = committed.dialect;
        this.drafts = this;
        this.unrecorded = Origin.unrecorded(this);
    }

    /** An identity for states that lack parts of the tree. */
    static StoreIdentity ofParts() {
        return new StoreIdentity(PARTS);
    }

    /** Whether its states lack parts of the tree, so that none of them can be the tree of a store. */
    boolean isPartial() {
        return dialect == PARTS;
    }

    Dialect dialect() {
        return dialect;
    }

    /** The identity that drafts of the same store have. */
    StoreIdentity drafts() {
        return drafts;
    }

    /** The origin of states of which nothing is recorded. */
    Origin unrecorded() {
        return unrecorded;
    }

    boolean isDraft() {
        return drafts == this;
    }

    /** Whether both belong to one store, as committed states or as drafts. */
    boolean isSameStore(StoreIdentity other) {
        return drafts == other.drafts;
    }
}
