package dev.heartwood.stress.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.heartwood.stress.LostUpdate;
import dev.heartwood.stress.seam.Seam;
import dev.heartwood.stress.seam.Unscheduled;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.openjdk.jcstress.annotations.Expect;

/**
 * Every jcstress suite, its actors interleaved at each step of the loop in every order there is: no forbidden outcome
 * comes up, and each control shows its fault, at every run of this test.
 */
class EverySuiteUnderEveryScheduleTest {
    private static final int MOST_SCHEDULES = 200_000;

    @AfterEach
    void stepAside() {
        Seam.between(null);
    }

    @TestFactory
    Stream<DynamicTest> everySuite() {
        return Suite.beside(LostUpdate.class).stream()
                .map(suite -> dynamicTest(suite.name(), () -> runUnderEverySchedule(suite)));
    }

    private static void runUnderEverySchedule(Suite suite) {
        Unscheduled unscheduled = suite.annotation(Unscheduled.class);
        if (unscheduled != null) {
            abort(unscheduled.value());
        }
        Seam.between(suite.actors() > 2 ? ScheduledRoot::readsAndSwaps : ScheduledRoot::everyStep);
        Map<String, Integer> outcomes = new TreeMap<>();

        int schedules = Schedule.every(MOST_SCHEDULES, schedule -> {
            String outcome = suite.run(schedule);
            outcomes.merge(outcome, 1, Integer::sum);
            assertThat(suite.expect(outcome)).as("outcome " + outcome).isNotEqualTo(Expect.FORBIDDEN);
        });

        System.out.printf("%-48s %6d schedules  %s%n", suite.name(), schedules, outcomes);
        assertThat(outcomes.keySet().stream()
                        .anyMatch(outcome -> suite.expect(outcome) == Expect.ACCEPTABLE_INTERESTING))
                .as("the fault shows")
                .isEqualTo(suite.isControl());
    }
}
