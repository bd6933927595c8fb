package dev.heartwood.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.testkit.HistoryModel.Kind;
import dev.heartwood.testkit.HistoryModel.Outcome;
import dev.heartwood.testkit.RecordedHistory.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The checker of histories explains what can be, and nothing else. The histories here are written by hand. */
class HistoryCheckerTest {
    private static final HistoryModel START = HistoryModel.start();
    private static final HistoryProgram SPOILING = HistoryProgram.spoiling();
    private static final HistoryProgram WAKING = HistoryProgram.waking();
    private static final Outcome SPOILED = START.run(SPOILING);
    private static final Outcome WOKEN = SPOILED.after().run(WAKING);
    /** It is told something else in each of the three states. */
    private static final HistoryProgram READING = reading();

    private final List<Call> calls = new ArrayList<>();
    private boolean plainReadsAreFresh = true;
    private Map<String, Long> end = WOKEN.after().contents();

    private static HistoryProgram reading() {
        for (long seed = 0; ; seed++) {
            HistoryProgram program = HistoryProgram.quiet(new Random(seed));
            long answers = List.of(START, SPOILED.after(), WOKEN.after()).stream()
                    .map(state -> state.run(program).told())
                    .distinct()
                    .count();
            if (answers == 3) {
                return program;
            }
        }
    }

    private void spoiled(long began, long ended, long number) {
        calls.add(new Call(0, false, SPOILING, began, ended, Kind.COMMITTED, SPOILED.told(), number));
    }

    private void woken(long began, long ended, long number) {
        calls.add(new Call(0, false, WAKING, began, ended, Kind.COMMITTED, WOKEN.told(), number));
    }

    /** The commits of most histories here: one ends before the other begins. */
    private void bothCommits() {
        spoiled(10, 20, 1);
        woken(30, 40, 2);
    }

    /** A read outside of batches that saw this state. */
    private void read(int store, HistoryModel state, long began, long ended) {
        List<String> told = state.run(READING).told();
        calls.add(new Call(store, true, READING, began, ended, Kind.CHANGED_NOTHING, told, 0));
    }

    private Optional<String> fault() {
        return HistoryChecker.fault(calls, plainReadsAreFresh, end);
    }

    @Test
    void aReadBesideACommitMaySeeTheStateBeforeItOrAfterIt() {
        bothCommits();
        read(0, START, 11, 19);
        read(1, SPOILED.after(), 12, 18);
        read(1, SPOILED.after(), 21, 29);
        read(0, WOKEN.after(), 41, 42);
        assertThat(fault()).isEmpty();
    }

    @Test
    void anAnswerThatNoStateGivesHasNoExplanation() {
        bothCommits();
        calls.add(new Call(0, true, READING, 1, 50, Kind.CHANGED_NOTHING, List.of("something else"), 0));
        assertThat(fault()).isPresent();
    }

    @Test
    void anAnswerOfACommitThatItWouldNotGetAloneHasNoExplanation() {
        calls.add(new Call(0, false, SPOILING, 10, 20, Kind.COMMITTED, List.of("something else"), 1));
        woken(30, 40, 2);
        assertThat(fault()).isPresent();
    }

    @Test
    void aReadThatBeganAfterACommitSeesIt() {
        bothCommits();
        read(0, START, 21, 22);
        assertThat(fault()).isPresent();
    }

    @Test
    void aReadSeesNoCommitThatBeganAfterIt() {
        bothCommits();
        read(1, WOKEN.after(), 21, 29);
        assertThat(fault()).isPresent();
        plainReadsAreFresh = false;
        assertThat(fault()).isPresent();
    }

    @Test
    void aReadThatBeganAfterAnotherDoesNotSeeAnOlderState() {
        spoiled(10, 30, 1);
        woken(40, 50, 2);
        read(0, SPOILED.after(), 11, 12);
        read(1, START, 13, 14);
        assertThat(fault()).isPresent();
    }

    @Test
    void aPlainReadOfAnotherStoreMayBeBehindIfThatIsPromisedOnly() {
        plainReadsAreFresh = false;
        bothCommits();
        read(1, START, 21, 22);
        assertThat(fault()).isEmpty();
        plainReadsAreFresh = true;
        assertThat(fault()).isPresent();
    }

    @Test
    void aPlainReadThatMayBeBehindDoesNotGoBackInItsStore() {
        plainReadsAreFresh = false;
        bothCommits();
        read(1, SPOILED.after(), 41, 42);
        read(1, START, 43, 44);
        assertThat(fault()).isPresent();
    }

    @Test
    void aPlainReadThatMayBeBehindSeesTheCommitsOfItsOwnStore() {
        plainReadsAreFresh = false;
        bothCommits();
        read(0, START, 21, 22);
        assertThat(fault()).isPresent();
    }

    @Test
    void aBatchIsNotBehindWherePlainReadsMayBe() {
        plainReadsAreFresh = false;
        bothCommits();
        List<String> told = START.run(READING).told();
        calls.add(new Call(1, false, READING, 21, 22, Kind.CHANGED_NOTHING, told, 0));
        assertThat(fault()).isPresent();
    }

    @Test
    void aLongReadOfAnOlderStateLetsNoLaterCallGoBack() {
        bothCommits();
        read(1, SPOILED.after(), 21, 22);
        read(1, START, 1, 50);
        assertThat(fault()).isEmpty();
        for (boolean fresh : new boolean[] {true, false}) {
            plainReadsAreFresh = fresh;
            read(1, START, 60, 61);
            assertThat(fault()).isPresent();
            calls.remove(calls.size() - 1);
        }
    }

    @Test
    void aBatchThatWasRefusedThoughNoStateRefusesItHasNoExplanation() {
        bothCommits();
        calls.add(new Call(1, false, WAKING, 1, 50, Kind.REFUSED_BY_A_GUARD, List.of(), 0));
        assertThat(fault()).isPresent();
    }

    @Test
    void aCommitThatAloneIsRefusedOrWaitsHasNoExplanation() {
        end = START.contents();
        for (Kind kind : List.of(Kind.REFUSED_BY_A_GUARD, Kind.WAITS)) {
            HistoryProgram program = programThatEnds(kind);
            calls.add(new Call(0, false, program, 10, 20, Kind.COMMITTED, List.of(), 1));
            assertThat(fault()).as("%s", kind).isPresent();
            calls.clear();
            calls.add(new Call(0, false, program, 10, 20, kind, List.of(), 0));
            assertThat(fault()).as("%s", kind).isEmpty();
            calls.clear();
        }
    }

    /** A program that ends so if it is the first. */
    private static HistoryProgram programThatEnds(Kind kind) {
        for (long seed = 0; ; seed++) {
            HistoryProgram program = HistoryProgram.writing(new Random(seed));
            if (START.run(program).kind() == kind) {
                return program;
            }
        }
    }

    @Test
    void aCommitThatBeganAfterAnotherComesBehindIt() {
        spoiled(30, 40, 1);
        woken(10, 20, 2);
        assertThat(fault()).isPresent();
    }

    @Test
    void commitsBesideEachOtherMayComeInEitherOrder() {
        spoiled(10, 40, 1);
        woken(11, 39, 2);
        assertThat(fault()).isEmpty();
    }

    @Test
    void aCommitThatBeganAfterAReadHadSeenItHasNoExplanation() {
        spoiled(10, 20, 1);
        woken(30, 40, 2);
        calls.add(new Call(
                1,
                false,
                READING,
                1,
                2,
                Kind.CHANGED_NOTHING,
                SPOILED.after().run(READING).told(),
                0));
        assertThat(fault()).isPresent();
    }

    @Test
    void aNumberThatIsMissingOrThereTwiceIsAFault() {
        spoiled(10, 20, 1);
        woken(30, 40, 3);
        assertThat(fault()).isPresent();
        calls.clear();
        spoiled(10, 20, 1);
        woken(30, 40, 1);
        assertThat(fault()).isPresent();
    }

    @Test
    void aTreeAtTheEndThatTheCommitsDoNotMakeIsAFault() {
        bothCommits();
        end = SPOILED.after().contents();
        assertThat(fault()).isPresent();
        end = new TreeMap<>(WOKEN.after().contents());
        end.merge("/c", 1L, Long::sum);
        assertThat(fault()).isPresent();
    }

    @Test
    void aProgramThatWaitsThoughTheLastStateLetsItGoOnWasNotWoken() {
        HistoryProgram waiting = HistoryProgram.waitingForTheSpoiled();
        spoiled(10, 20, 1);
        calls.add(new Call(1, false, waiting, 21, 60, Kind.WAITS, List.of(), 0));
        end = SPOILED.after().contents();
        assertThat(fault()).isEmpty();
        woken(30, 40, 2);
        end = WOKEN.after().contents();
        assertThat(fault()).isPresent();
    }
}
