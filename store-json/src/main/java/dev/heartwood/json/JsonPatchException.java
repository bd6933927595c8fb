package dev.heartwood.json;

import dev.heartwood.StoreException;

/** JSON that is no patch; the message names the wrong operation and the expected form. */
public final class JsonPatchException extends StoreException {
    private static final long serialVersionUID = 1L;

    JsonPatchException(String message) {
        super(message);
    }
}
