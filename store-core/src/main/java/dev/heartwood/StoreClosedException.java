package dev.heartwood;

/** The store is closed. Snapshots and diffs taken from it stay usable. */
public final class StoreClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** An exception for a store that was closed before the call, or during it and before it could commit. */
    public StoreClosedException() {
        super("the store is closed");
    }
}
