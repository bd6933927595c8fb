package dev.heartwood.history;

import dev.heartwood.StoreException;

/** The history does not have the requested state. The message names the states that it has. */
public final class NoSuchStateException extends StoreException {
    private static final long serialVersionUID = 1L;

    NoSuchStateException(String message) {
        super(message);
    }
}
