package dev.heartwood.spring.boot;

import org.jspecify.annotations.Nullable;

/**
 * No store was opened: the properties {@code heartwood.*} are incomplete, a module is missing, or the named storage
 * cannot be opened. In the last case the cause has the reason.
 */
public final class HeartwoodConfigurationException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String action;

    HeartwoodConfigurationException(String problem, String action) {
        this(problem, action, null);
    }

    HeartwoodConfigurationException(String problem, String action, @Nullable Throwable cause) {
        super(problem + " " + action, cause);
        this.problem = problem;
        this.action = action;
    }

    /** Why no store was opened, as a sentence. */
    public String problem() {
        return problem;
    }

    /** The remedy, as a sentence. */
    public String action() {
        return action;
    }
}
