package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An error at any call between a won compare-and-set and the last hand-over ends no watching. */
@Timeout(120)
class HandOverErrorsTest {
    private static final Set<String> DELIVERY = Set.of(
            "Timeline",
            "FollowerIndex",
            "FollowerNode",
            "FollowerWalk",
            "ReadSet.Kind",
            "RingList",
            "ScheduledFollower",
            "Watch",
            "DeliveryLoop",
            "ChangeQueue",
            "NewestChange",
            "Waiter",
            "Update",
            "Delivery",
            "Failures",
            "RightOfWay");

    private final ClassLoader instrumented = new InstrumentedCode(DELIVERY);

    /** Errors as the virtual machine throws them: at a call, on the thread of the commit. */
    @SuppressWarnings("removal") // the error of Thread.stop, where that still works
    static Stream<Error> errors() {
        return Stream.of(
                new StackOverflowError("planted"),
                new OutOfMemoryError("planted"),
                new ThreadDeath(),
                new NoClassDefFoundError("planted"));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void everyWatcherHearsAllLaterStepsAndTheCommitHasItsAnswer(Error error) throws Exception {
        assertThat(eachCall(HandOverScenario.class, error))
                .as("the calls of all parts of the way are counted")
                .anyMatch(call -> call.startsWith("Timeline.handOver"))
                .anyMatch(call -> call.startsWith("ChangeQueue.add"))
                .anyMatch(call -> call.startsWith("NewestChange.add"))
                .anyMatch(call -> call.startsWith("Waiter.handIn"))
                .anyMatch(call -> call.startsWith("DeliveryLoop.send"))
                .anyMatch(call -> call.startsWith("Watch.call"));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void anErrorInARoundLeavesTheRestToTheNextCommit(Error error) throws Exception {
        assertThat(eachCall(HandOverScenario.OfARound.class, error))
                .as("the calls of all parts of the way are counted")
                .anyMatch(call -> call.startsWith("DeliveryLoop.run"))
                .anyMatch(call -> call.startsWith("DeliveryLoop.goOn"))
                .anyMatch(call -> call.startsWith("ScheduledFollower.tellRound"))
                .anyMatch(call -> call.startsWith("ChangeQueue.poll"))
                .anyMatch(call -> call.startsWith("NewestChange.poll"));
    }

    /** Runs the scenario with the error at each call in turn. Gives the calls. */
    private List<String> eachCall(Class<? extends HandOverScenario> type, Error error) throws Exception {
        // The first run initializes classes, whose calls come once.
        assertThat(scenario(type).apply(0, error)).isNotEmpty();
        List<String> calls = scenario(type).apply(0, error);
        for (int number = 1; number <= calls.size(); number++) {
            try {
                assertThat(scenario(type).apply(number, error)).hasSizeGreaterThanOrEqualTo(number);
            } catch (Throwable e) {
                throw new AssertionError(error + " at call " + number + ": " + calls.get(number - 1), e);
            }
        }
        return calls;
    }

    @SuppressWarnings("unchecked")
    private BiFunction<Integer, Error, List<String>> scenario(Class<?> type) throws Exception {
        Constructor<?> made = instrumented.loadClass(type.getName()).getDeclaredConstructor();
        made.setAccessible(true);
        return (BiFunction<Integer, Error, List<String>>) made.newInstance();
    }
}
