package dev.heartwood.file.context;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Tells a listener of events around the files; called on the thread that writes them, and must not throw. */
public interface Reporter {
    /** The kind of news. */
    enum Kind {
        /** Somebody else changed the file while we ran. */
        EXTERNAL_EDIT,
        /** A long recovery is under way. */
        PROGRESS,
        /** The file was opened as it is, and it differs from its newest copy. */
        ADOPTED,
        /** Something was restored, kept or given up when the file was opened. */
        RECOVERED,
        /** A write failed; the message explains the consequences for the commits. */
        TROUBLE
    }

    /** Nobody hears of it. */
    Reporter NOBODY = (kind, message, kept, cause) -> {};

    /** Reports an event; {@code kept} is the file in which something was kept. */
    void tell(Kind kind, String message, @Nullable Path kept, @Nullable Throwable cause);

    /** Reports an event for which nothing was kept. */
    default void tell(Kind kind, String message) {
        tell(kind, message, null, null);
    }
}
