package dev.heartwood.history;

import dev.heartwood.StoreException;

/** The history does not have the state that was asked for. The message says which states it has. */
public final class NoSuchStateException extends StoreException {
    private static final long serialVersionUID = 1L;

    NoSuchStateException(String message) {
        super(message);
    }
}
