package dev.heartwood;

/** The value at the path is of another type than the operation needs, or cannot be converted exactly. */
public final class TypeMismatchException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final KeyPath path;

    TypeMismatchException(KeyPath path, String message) {
        super(message);
        this.path = path;
    }

    /** The path at which the value stands. */
    public KeyPath path() {
        return path;
    }
}
