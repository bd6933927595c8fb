package dev.heartwood.json;

import dev.heartwood.KeyPath;
import dev.heartwood.StoreException;
import org.jspecify.annotations.Nullable;

/** The value at the path cannot be made an object of the class asked for, or an object cannot be made a tree. */
public final class MappingException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final KeyPath path;

    MappingException(KeyPath path, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.path = path;
    }

    /** The path at which the value stands, or was to stand. */
    public KeyPath path() {
        return path;
    }
}
