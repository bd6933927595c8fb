package dev.heartwood;

/** The store is closed. Snapshots and diffs taken from it stay usable. */
public final class StoreClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** An exception for a store that was closed before the call, or during it and before it could commit. */
    public StoreClosedException() {
        super("the store is closed");
    }

    /** An exception for a handle that was closed while its store may go on. */
    StoreClosedException(String author) {
        super("this handle of the store, as \"" + author + "\", is closed. The store itself may still be open:"
                + " ask it for a new handle with as()");
    }
}
