package dev.heartwood;

import org.jspecify.annotations.Nullable;

/** A root could not read or write its storage; the message names the file and says what to do. */
public class StoreIOException extends StoreException {
    private static final long serialVersionUID = 1L;

    /** An exception that names the storage and says what happened. */
    public StoreIOException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
