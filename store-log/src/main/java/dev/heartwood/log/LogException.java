package dev.heartwood.log;

import org.jspecify.annotations.Nullable;

/** A request to a {@link SharedLog} has failed. The three kinds differ in the possible outcomes of the request. */
public abstract sealed class LogException extends Exception {
    private static final long serialVersionUID = 1L;

    private LogException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The request may be applied: it was, or will be later, or never. Its answer was lost or did not come in time. */
    public static final class InDoubt extends LogException {
        private static final long serialVersionUID = 1L;

        /** An exception whose message describes the lost answer. */
        public InDoubt(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The request was definitely not applied, and never will be; the same request may succeed later. */
    public static final class Unavailable extends LogException {
        private static final long serialVersionUID = 1L;

        /** An exception whose message names the obstacle. */
        public Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The request was definitely not applied, and trying again is useless: no room, no right, too large. */
    public static final class Refused extends LogException {
        private static final long serialVersionUID = 1L;

        /** An exception whose message gives the reason and a remedy for an operator. */
        public Refused(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
