package dev.heartwood.file.reading;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Reporter.Kind;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What counts as a fault of a store; that each is found, {@code JsonFileRecoveryTest} and {@code ReadOnlyTest} show. */
class FileCheckTest {
    @Test
    void theProgressOfALongReadingIsNoFaultAndEachFaultCountsOnce() {
        Set<String> faults = new LinkedHashSet<>();
        Reporter reporter = FileCheck.into(faults);
        reporter.tell(Kind.PROGRESS, "156454 of 700000 commits");
        for (int reading = 0; reading < 2; reading++) {
            reporter.tell(Kind.RECOVERED, "the last ones are lost");
            reporter.tell(Kind.EXTERNAL_EDIT, "was changed by somebody else");
        }
        assertThat(faults).containsExactly("the last ones are lost", "was changed by somebody else");
    }
}
