package dev.heartwood.json;

import dev.heartwood.KeyPath;
import dev.heartwood.StoreException;
import org.jspecify.annotations.Nullable;

/** The value at the path cannot be converted to the requested class, or an object cannot be converted to a tree. */
public final class MappingException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final KeyPath path;

    MappingException(KeyPath path, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.path = path;
    }

    /** The path of the value, or the path at which it was to be written. */
    public KeyPath path() {
        return path;
    }
}
