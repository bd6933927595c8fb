package dev.heartwood;

/** A value that no tree can hold: a key that is no string, a cycle, NaN, something mutable, or nested too deeply. */
public final class UnsupportedValueException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final KeyPath path;

    /** An exception for the value at {@code path}; {@code reason} describes the value and the expected values. */
    public UnsupportedValueException(KeyPath path, String reason) {
        super("unsupported value at " + path.forPeople() + ": " + reason);
        this.path = path;
    }

    /** The path at which the value would stand. */
    public KeyPath path() {
        return path;
    }
}
