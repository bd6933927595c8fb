package dev.heartwood;

/** The tree is not as a diff or patch expects it; nothing was changed. */
public final class ConflictException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final KeyPath path;

    /** An exception for the first place that is not as expected. */
    public ConflictException(KeyPath path, String message) {
        super(message);
        this.path = path;
    }

    /** The path at which the tree is not as expected. */
    public KeyPath path() {
        return path;
    }
}
