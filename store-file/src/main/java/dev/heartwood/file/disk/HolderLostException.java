package dev.heartwood.file.disk;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The store's files are no longer those of this opening: nothing that is written from now on may be acknowledged. */
public final class HolderLostException extends IOException {
    private static final long serialVersionUID = 1L;

    HolderLostException(String message) {
        super(message);
    }

    /**
     * Returns the failure, or the cause of it, if that is a loss of the store; null if the failure has another cause.
     */
    public static @Nullable HolderLostException in(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HolderLostException lost) {
                return lost;
            }
        }
        return null;
    }
}
