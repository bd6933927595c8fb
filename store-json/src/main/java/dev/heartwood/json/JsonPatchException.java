package dev.heartwood.json;

import dev.heartwood.StoreException;

/** JSON that is no patch; the message says which operation is wrong and what was expected. */
public final class JsonPatchException extends StoreException {
    private static final long serialVersionUID = 1L;

    JsonPatchException(String message) {
        super(message);
    }
}
