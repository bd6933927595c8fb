package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another thread comes between any two steps of a watcher's round. */
@Timeout(120)
class BesideRoundTest {
    private final ClassLoader instrumented = new InstrumentedCode(Set.of(
            "AsyncAwait",
            "ChangeQueue",
            "DeliveryLoop",
            "DerivedWatch",
            "NewestChange",
            "Reevaluation",
            "ScheduledFollower",
            "Timeline",
            "Watch"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "every: a commit",
                "latest: a commit",
                "every: the next task",
                "latest: the next task",
                "every: a refused task"
            })
    void theListenerIsCalledOnceAtATimeWhereAnotherThreadCommits(String scenario) throws Exception {
        assertThat(eachCall(scenario)).anyMatch(call -> call.startsWith("DeliveryLoop.goOn"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"every: the same task", "latest: the same task"})
    void theListenerIsCalledOnceAtATimeWhereAnotherThreadRunsTheSameTask(String scenario) throws Exception {
        assertThat(eachCall(scenario)).anyMatch(call -> call.startsWith("DeliveryLoop.rounds"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a derived value: close", "awaitAsync: cancel"})
    void whoEndsWhileItMovesToOtherPlacesLeavesNothingBehind(String scenario) throws Exception {
        assertThat(eachCall(scenario))
                .anyMatch(call -> call.startsWith("ScheduledFollower.move > dev/heartwood/Timeline"));
    }

    @Test
    void aStreamThatIsCancelledWhileACommitIsHandedInKeepsNothing() throws Exception {
        assertThat(eachCall("a stream: cancel")).anyMatch(call -> call.startsWith("ScheduledFollower.handIn"));
    }

    private List<String> eachCall(String scenario) throws Exception {
        // The first run initializes classes, whose calls come once.
        assertThat(scenario().apply(0, scenario)).isNotEmpty();
        List<String> calls = scenario().apply(0, scenario);
        for (int number = 1; number <= calls.size(); number++) {
            try {
                assertThat(scenario().apply(number, scenario)).hasSizeGreaterThanOrEqualTo(number);
            } catch (Throwable e) {
                throw new AssertionError("before call " + number + ", " + calls.get(number - 1), e);
            }
        }
        return calls;
    }

    @SuppressWarnings("unchecked")
    private BiFunction<Integer, String, List<String>> scenario() throws ReflectiveOperationException {
        Constructor<?> constructor =
                instrumented.loadClass(BesideRoundScenario.class.getName()).getDeclaredConstructor();
        constructor.setAccessible(true);
        return (BiFunction<Integer, String, List<String>>) constructor.newInstance();
    }
}
