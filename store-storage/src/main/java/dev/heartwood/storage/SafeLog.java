package dev.heartwood.storage;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Writes to the log of the application. A log that fails fails nothing else: where there is no memory or no file descriptor left, its
 * handler may need one (that of the platform reads a file of time zones for its first line).
 */
public final class SafeLog {
    private SafeLog() {}

    /** Logs a message, and what has caused it, or null; never throws. */
    public static void log(Logger logger, Level level, String message, @Nullable Throwable cause) {
        try {
            logger.log(level, message, cause);
        } catch (RuntimeException | Error e) {
            // Nobody can be told of it.
        }
    }
}
