package dev.heartwood.stress.lincheck;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * Every history of a few operations has an order in which a single thread would have got the same answers. The model
 * checker switches threads at any access to shared memory, inside the store and Vavr too; its clock stands still.
 */
class LincheckTest {
    /** How many scenarios of random operations: {@code -Dlincheck.iterations=200} for the long run. */
    private static final int ITERATIONS = Integer.getInteger("lincheck.iterations", 6);

    @Test
    void operationsAreLinearizableAtEverySwitchOfThreads() {
        modelChecking().check(Operations.class);
    }

    @Test
    void operationsAreLinearizableOnRunningThreads() {
        stress().check(Operations.class);
    }

    @Test
    void aStoreThatReadsAndThenPutsIsCaughtAtASwitchOfThreads() {
        assertThatThrownBy(() -> modelChecking().minimizeFailedScenario(false).check(BrokenOperations.class))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Invalid execution results");
    }

    private static ModelCheckingOptions modelChecking() {
        return new ModelCheckingOptions()
                .iterations(ITERATIONS)
                .invocationsPerIteration(100)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(1);
    }

    private static StressOptions stress() {
        return new StressOptions()
                .iterations(ITERATIONS)
                .invocationsPerIteration(1_000)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(1);
    }
}
