package dev.heartwood;

import org.jspecify.annotations.Nullable;

/** A root could not read or write its storage; the message names the file and the remedy. */
public class StoreIOException extends StoreException {
    private static final long serialVersionUID = 1L;

    /** An exception whose message names the storage and describes the failure. */
    public StoreIOException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
