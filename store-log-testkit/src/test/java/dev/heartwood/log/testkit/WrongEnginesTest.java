package dev.heartwood.log.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.log.SharedLog;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The log contract fails for engines with plausible faults. */
@Timeout(120)
class WrongEnginesTest {
    /** A fault, how a connection that has it behaves, and the test that notices. */
    enum Fault {
        READS_THE_END_AND_THE_ENTRIES_ONE_AFTER_THE_OTHER(WrongEngines.Torn::new, "aTailIsThatOfOneMoment"),
        READS_THE_ENTRIES_AND_THE_END_ONE_AFTER_THE_OTHER(WrongEngines.TornBack::new, "aTailIsThatOfOneMoment"),
        COMPARES_THE_NUMBER_ALONE(WrongEngines.ByNumber::new, "anAppendComparesTheIdOfTheEndAndNotTheNumberAlone"),
        IGNORES_CASE(WrongEngines.CaseBlind::new, "idsAndNamesAreComparedCharForChar"),
        GUARDS_BY_THE_ENTRY_BEFORE(WrongEngines.ByPredecessor::new, "anAppendOnAPassedEndLosesBesideATrim"),
        FORGETS_THE_END_WITH_THE_LAST_ENTRY(WrongEngines.Forgetful::new, "whatIsStoredOutlivesItsConnections"),
        SORTS_NAMES_AS_PEOPLE_DO(WrongEngines.Collated::new, "aRangeOfNamesIsThatOfTheirChars"),
        COMPARES_THE_POINTER_BEFORE_IT_WRITES(WrongEngines.LookThenSwap::new, "oneOfManyCheckpointsOnTheSameWins"),
        READS_FROM_A_STANDBY(WrongEngines.Behind::new, "everyAnswerIsKnownToAllFromThatMomentOn"),
        TAKES_AN_EMPTY_TEXT_FOR_NONE(WrongEngines.NoEmptyText::new, "anEmptyTextIsAText"),
        GIVES_UP_WHEN_INTERRUPTED(WrongEngines.Interruptible::new, "anInterruptEndsNoRequest"),
        KEEPS_THE_NEWEST_CLAIM(WrongEngines.NewestClaim::new, "theLongestLosingStreakIsToldToTheWinners"),
        ANSWERS_WHEN_CLOSED(WrongEngines.NeverClosed::new, "aClosedConnectionRefusesAndOthersGoOn"),
        TELLS_NOBODY_OF_APPENDS(WrongEngines.Silent::new, "commitsOfOthersAreHeardWithoutAsking"),
        CALLS_WHO_HAS_CLOSED(WrongEngines.Clinging::new, "aListenerHearsNothingOnceItIsClosedAndOthersGoOn");

        @SuppressWarnings("ImmutableEnumChecker") // a constructor
        private final UnaryOperator<SharedLog> connection;

        private final String noticedBy;

        Fault(UnaryOperator<SharedLog> connection, String noticedBy) {
            this.connection = connection;
            this.noticedBy = noticedBy;
        }
    }

    @ParameterizedTest
    @EnumSource
    void turnRed(Fault fault) throws Exception {
        assertThat(run(fault.noticedBy, UnaryOperator.identity()))
                .as("a sound engine")
                .isTrue();
        assertThat(run(fault.noticedBy, fault.connection)).as("%s", fault).isFalse();
    }

    private static boolean run(String test, UnaryOperator<SharedLog> connection) throws Exception {
        InMemoryLogs logs = new InMemoryLogs();
        LogContract contract = new LogContract() {
            @Override
            protected SharedLog connect(String name) {
                return connection.apply(logs.connect(name));
            }

            @Override
            Duration longestWakeUp() {
                // Within one process a wake-up comes before the append has returned.
                return Duration.ofMillis(100);
            }
        };
        try {
            method(test).invoke(contract);
            return true;
        } catch (InvocationTargetException e) {
            return false;
        } finally {
            contract.closeAll();
        }
    }

    private static Method method(String test) {
        for (Class<?> type : new Class<?>[] {LogContract.class, LogRacingContract.class}) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().equals(test) && method.isAnnotationPresent(Test.class)) {
                    method.setAccessible(true);
                    return method;
                }
            }
        }
        throw new AssertionError(
                "no test is called " + test + ": " + Arrays.toString(LogContract.class.getDeclaredMethods()));
    }
}
