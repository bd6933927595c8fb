package dev.heartwood.spring.boot;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says why no store was opened, and the remedy, in place of a stack trace. */
public final class StoreFailureAnalyzer extends AbstractFailureAnalyzer<HeartwoodConfigurationException> {
    /** For Spring Boot. */
    public StoreFailureAnalyzer() {}

    @Override
    protected FailureAnalysis analyze(Throwable root, HeartwoodConfigurationException cause) {
        return new FailureAnalysis("No store was opened. " + cause.problem(), cause.action(), cause);
    }
}
