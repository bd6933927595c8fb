package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of a store comes between any two steps of the thread that delivers its changes. */
@Timeout(120)
class EndOfStreamTest {
    private final ClassLoader instrumented = new InstrumentedCode(Set.of(
            "Timeline",
            "UpdateSubscription",
            "ScheduledFollower",
            "DeliveryLoop",
            "NewestChange",
            "ChangeQueue",
            "Watch",
            "Reevaluation",
            "DerivedWatch"));

    @ParameterizedTest
    @ValueSource(strings = {"commit, close", "commit, failure, close", "failure, close", "failure"})
    void theLastChangeComesBeforeTheEndAndAFailureIsNotTakenForAClose(String ending) throws Exception {
        // The first run initializes classes, whose calls come once.
        assertThat(scenario().apply(0, ending)).isNotEmpty();
        List<String> calls = scenario().apply(0, ending);
        assertThat(calls)
                .anyMatch(call -> call.startsWith("Timeline.handInUpTo"))
                .anyMatch(call -> call.startsWith("UpdateSubscription.signal"));
        for (int number = 1; number <= calls.size(); number++) {
            try {
                assertThat(scenario().apply(number, ending)).hasSizeGreaterThanOrEqualTo(number);
            } catch (Throwable e) {
                throw new AssertionError("before call " + number + ", " + calls.get(number - 1), e);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private BiFunction<Integer, String, List<String>> scenario() throws ReflectiveOperationException {
        Constructor<?> constructor =
                instrumented.loadClass(EndOfStreamScenario.class.getName()).getDeclaredConstructor();
        constructor.setAccessible(true);
        return (BiFunction<Integer, String, List<String>>) constructor.newInstance();
    }
}
