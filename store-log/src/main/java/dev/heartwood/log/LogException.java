package dev.heartwood.log;

import org.jspecify.annotations.Nullable;

/** A request to a {@link SharedLog} has failed. The three kinds differ in what may have happened to the request. */
public abstract sealed class LogException extends Exception {
    private static final long serialVersionUID = 1L;

    private LogException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The request may be applied: it was, or will be later, or never. Its answer was lost or did not come in time. */
    public static final class InDoubt extends LogException {
        private static final long serialVersionUID = 1L;

        /** An exception that says what happened to the answer. */
        public InDoubt(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The request was definitely not applied, and never will be; the same request may succeed later. */
    public static final class Unavailable extends LogException {
        private static final long serialVersionUID = 1L;

        /** An exception that says what stands in the way. */
        public Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The request was definitely not applied, and trying again is useless: no room, no right, too large. */
    public static final class Refused extends LogException {
        private static final long serialVersionUID = 1L;

        /** An exception that says why, and what an operator can do. */
        public Refused(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
