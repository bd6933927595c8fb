package dev.heartwood;

import org.jspecify.annotations.Nullable;

/** A failure of a store or a tree; each subclass names one cause, each message the path. */
public class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An exception with a message for people. */
    public StoreException(String message) {
        super(message);
    }

    /** An exception with a message for people and a cause. */
    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
