package dev.heartwood.spring.boot;

/** The properties {@code heartwood.*} do not say enough to open a store, or a module is missing. Nothing was opened. */
public final class HeartwoodConfigurationException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String action;

    HeartwoodConfigurationException(String problem, String action) {
        super(problem + " " + action);
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
