package dev.heartwood.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.CommitRecorder;
import dev.heartwood.CommitRecording;
import dev.heartwood.KeyPath;
import dev.heartwood.Origin;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A history has the states of its store, and says of each change who made it. */
class HistoryTest {
    private static final KeyPath RENT = KeyPath.of("account", "rent");

    private final Store store = Store.of(Map.of("account", Map.of("rent", 0), "counter", 0));

    @Test
    void itHasTheStateThatItStartedFromAndAllAfterIt() {
        Snapshot before = store.snapshot();
        try (History history = History.of(store)) {
            store.increment("counter");
            store.increment("counter");

            assertThat(history.states()).hasSize(3).first().isSameAs(before);
            assertThat(history.states().get(2)).isSameAs(store.snapshot());
            assertThat(history.states().stream().map(state -> state.get("counter")))
                    .containsExactly(0L, 1L, 2L);
        }
    }

    @Test
    void blameNamesTheLastCommitThatChangedAPlace() {
        try (History history = History.of(store)) {
            store.as("planner").batch(tx -> {
                tx.label("pay rent");
                tx.put(RENT, 900);
            });
            store.as("other").increment("counter");

            Entry entry = history.blame(RENT);
            assertThat(entry.version()).isEqualTo(1);
            assertThat(entry.origin().author()).isEqualTo("planner");
            assertThat(entry.origin().label()).isEqualTo("pay rent");
            assertThat(entry.before()).isEqualTo(0L);
            assertThat(entry.after()).isEqualTo(900L);
            assertThat(entry.isGap()).isFalse();
            assertThat(history.blame(KeyPath.of("account")).version()).isEqualTo(1);
            assertThat(history.blame(KeyPath.root()).version()).isEqualTo(2);
            assertThat(history.blame(KeyPath.of("nowhere"))).isNull();
        }
    }

    @Test
    void aPlacesHistoryHasItsChangesAndNoOthers() {
        try (History history = History.of(store)) {
            store.put(RENT, 1);
            store.increment("counter");
            store.remove(RENT);
            store.put(RENT, null);

            List<Entry> entries = history.of(RENT);
            assertThat(entries.stream().map(Entry::version)).containsExactly(1L, 3L, 4L);
            assertThat(entries.get(1).isThere()).isFalse();
            assertThat(entries.get(1).after()).isNull();
            assertThat(entries.get(2).wasThere()).isFalse();
            assertThat(entries.get(2).isThere()).isTrue();
            assertThat(entries.get(2).after()).isNull();
        }
    }

    @Test
    void anEqualValuePutAnewIsACommitButNoChangeOfThePlace() {
        try (History history = History.of(store)) {
            store.put("account", Map.of("rent", 0));

            assertThat(history.entries()).hasSize(1);
            assertThat(history.of(KeyPath.of("account"))).isEmpty();
        }
    }

    @Test
    void itFindsTheFirstStateInWhichSomethingHolds() {
        try (History history = History.of(store)) {
            store.increment("counter");
            store.as("culprit").put("counter", -5);
            store.put("counter", -6);

            Snapshot first = history.first(view -> view.get("counter", Long.class) < 0);
            assertThat(first.origin().author()).isEqualTo("culprit");
            assertThat(history.first(view -> view.get("counter", Long.class) == 0))
                    .isSameAs(history.states().get(0));
            assertThat(history.first(view -> view.contains("never"))).isNull();
        }
    }

    @Test
    void itHasACommitThatReadersSeeThoughItsThreadHasNotComeToRecordIt() throws InterruptedException {
        HeldUp heldUp = new HeldUp();
        // In whichever order recorders are told, one of these two holds the thread up before the history has the step.
        try (CommitRecording before = store.record(heldUp);
                History history = History.of(store);
                CommitRecording after = store.record(heldUp)) {
            assertThat(after.base()).isSameAs(before.base());
            Thread writer = new Thread(() -> store.increment("counter"));
            writer.start();
            heldUp.reached.await();
            try {
                assertThat(store.get("counter")).isEqualTo(1L);
                assertThat(history.states()).hasSize(2);
            } finally {
                heldUp.goOn.countDown();
                writer.join();
            }
        }
    }

    @Test
    void itGivesAStateByItsVersion() {
        try (History history = History.options().keep(2).of(store)) {
            for (int i = 0; i < 5; i++) {
                store.increment("counter");
            }

            assertThat(history.at(4).get("counter")).isEqualTo(4L);
            assertThatThrownBy(() -> history.at(2))
                    .isInstanceOf(NoSuchStateException.class)
                    .hasMessageContaining("version 2")
                    .hasMessageContaining("versions 3 to 5");
            assertThatThrownBy(() -> history.at(6)).isInstanceOf(NoSuchStateException.class);
        }
    }

    @Test
    void eachOfItsStatesIsFoundByItsVersionHoweverManyThereAre() {
        try (History history = History.of(store)) {
            for (int i = 0; i < 12; i++) {
                List<Snapshot> states = history.states();
                assertThat(states)
                        .allSatisfy(
                                state -> assertThat(history.at(state.version())).isSameAs(state));
                store.increment("counter");
            }
        }
    }

    @Test
    void commitsHaveTimesWhileItRecordsAndNoneBeforeOrAfter() {
        store.increment("counter");
        History history = History.of(store);
        Instant before = Instant.now().minusMillis(1);
        store.increment("counter");

        assertThat(history.states().get(0).origin().time()).isNull();
        assertThat(history.states().get(1).origin().time()).isBetween(before, Instant.now());

        history.close();
        store.increment("counter");
        assertThat(store.snapshot().origin().time()).isNull();
        assertThat(history.states()).hasSize(2);
    }

    @Test
    void itGivesTheStateOfATime() throws InterruptedException {
        Instant longAgo = Instant.now().minusSeconds(60);
        try (History history = History.of(store)) {
            store.increment("counter");
            Thread.sleep(5);
            Instant between = Instant.now();
            Thread.sleep(5);
            store.increment("counter");

            assertThat(history.asOf(between).get("counter")).isEqualTo(1L);
            assertThat(history.asOf(Instant.now().plusSeconds(60)).get("counter"))
                    .isEqualTo(2L);
            assertThat(history.asOf(history.at(2).origin().time()).get("counter"))
                    .isEqualTo(2L);
            assertThatThrownBy(() -> history.asOf(longAgo)).isInstanceOf(NoSuchStateException.class);
        }
    }

    @Test
    void pastTheBoundTheOldestGo() {
        try (History history = History.options().keep(10).of(store)) {
            for (int i = 0; i < 1_000; i++) {
                store.increment("counter");
            }

            assertThat(history.states()).hasSize(11);
            assertThat(history.entries()).hasSize(10).noneMatch(Entry::isGap);
            assertThat(history.states().get(0).version()).isEqualTo(990);
            Instant oldest = Objects.requireNonNull(history.at(990).origin().time());
            assertThat(history.asOf(oldest).version()).isGreaterThanOrEqualTo(990);
            assertThatThrownBy(() -> history.asOf(oldest.minusNanos(1))).isInstanceOf(NoSuchStateException.class);
        }
    }

    @Test
    void missingCommitsAreOneEntryWithoutAnOrigin() {
        StateChain chain = new StateChain(100);
        List<Snapshot> states = new ArrayList<>(List.of(store.snapshot()));
        for (int i = 0; i < 5; i++) {
            store.as("author").increment("counter");
            states.add(store.snapshot());
        }
        chain.start(states.get(0));
        chain.add(states.get(0), states.get(1));
        chain.add(states.get(3), states.get(4));
        chain.add(states.get(4), states.get(5));

        Records records = Records.of(chain, Instant.now());
        List<Entry> entries = records.of(KeyPath.of("counter"));
        assertThat(entries.stream().map(Entry::isGap)).containsExactly(false, true, false, false);
        assertThat(entries.get(1).origin()).isEqualTo(Origin.of(null, null, null));
        assertThat(entries.get(1).before()).isEqualTo(1L);
        assertThat(entries.get(1).after()).isEqualTo(3L);
        assertThat(entries.get(1))
                .hasToString("version 3, commits after version 1 are missing in the record\n" + "  ~ /counter: 1 -> 3");
        assertThat(records.at(1).get("counter")).isEqualTo(1L);
        assertThat(records.at(3).get("counter")).isEqualTo(3L);
        assertThatThrownBy(() -> records.at(2)).isInstanceOf(NoSuchStateException.class);
        Records gap = Records.of(gapAlone(states), Instant.now());
        assertThat(new UndoLog(Store.over(Root.inMemory(Map.of()))).undo(() -> gap))
                .as("commits that nobody knows one by one")
                .isNull();
    }

    private static StateChain gapAlone(List<Snapshot> states) {
        StateChain chain = new StateChain(100);
        chain.start(states.get(0));
        chain.append(states.get(3), true, false);
        return chain;
    }

    @Test
    void anEntryOfAPlaceTellsTheChangesThere() {
        try (History history = History.of(store)) {
            store.batch(tx -> {
                tx.put(RENT, 900);
                tx.increment("counter");
            });

            assertThat(history.blame(RENT).diff()).hasToString("~ /account/rent: 0 -> 900");
            assertThat(history.blame(KeyPath.root()).diff()).hasSize(2);
        }
    }

    @Test
    void anEntryTellsHowAPlaceCameAndWentTogetherWithItsParent() {
        KeyPath place = KeyPath.of("a", "b");
        try (History history = History.of(store)) {
            store.put("a", Map.of("b", 1, "c", 2));
            store.remove("a");

            assertThat(history.of(place))
                    .extracting(entry -> entry.diff().toString())
                    .containsExactly("+ /a/b = 1", "- /a/b = 1");
            assertThat(history.blame(place).toString()).endsWith("\n  - /a/b = 1");
        }
    }

    @Test
    void anEntryTellsHowAPlaceChangedWhenWhatIsAboveItWasReplaced() {
        KeyPath place = KeyPath.of("a", 0);
        try (History history = History.of(store)) {
            store.put("a", 5);
            store.put("a", Map.of("0", "key", "other", 1));
            store.put("a", List.of("element", "next"));
            store.put("a", List.of("next"));
            store.put("a", List.of(Map.of("n", 1, "m", 1)));
            store.put("a", Map.of("0", Map.of("n", 2, "m", 1)));
            store.put("a", null);

            assertThat(history.of(place))
                    .extracting(entry -> entry.diff().toString())
                    .containsExactly(
                            "+ /a/0 = \"key\"",
                            "~ /a/0: \"key\" -> \"element\"",
                            "~ /a/0: \"element\" -> \"next\"",
                            "~ /a/0: \"next\" -> {\"m\": 1, \"n\": 1}",
                            "~ /a/0/n: 1 -> 2",
                            "- /a/0 = {\"m\": 1, \"n\": 2}");
        }
    }

    @Test
    void anEntryTellsANullFromWhatIsMissingBeforeAndAfter() {
        try (History history = History.of(store)) {
            store.put("x", null);
            store.put("x", 1);

            List<Entry> entries = history.of(KeyPath.of("x"));
            assertThat(entries).extracting(Entry::before).containsExactly(null, null);
            assertThat(entries).extracting(Entry::wasThere).containsExactly(false, true);
            assertThat(entries).extracting(Entry::isThere).containsExactly(true, true);
        }
    }

    @Test
    void aCommitOfUnknownTimeCountsAsMadeWithTheOneBeforeIt() {
        Instant noon = Instant.parse("2026-01-31T12:00:00Z");
        Snapshot state = store.snapshot();
        RecordedCommits commits = new RecordedCommits(1, state.root(), Origin.of(null, null, noon));
        commits.add(2, state.root().put("n", 2L), Origin.of(null, null, null));
        commits.add(3, state.root().put("n", 3L), Origin.of(null, null, noon.plusSeconds(20)));
        commits.add(4, state.root().put("n", 4L), Origin.of(null, null, noon.plusSeconds(10)));

        History history = History.of(commits);
        assertThat(history.asOf(noon.plusSeconds(10)).version()).isEqualTo(2);
        assertThat(history.asOf(noon.plusSeconds(20)).version())
                .as("the clock was set back")
                .isEqualTo(4);
    }

    @Test
    void aStepHandedInTwiceIsRecordedOnce() {
        StateChain chain = new StateChain(100);
        Snapshot before = store.snapshot();
        store.increment("counter");
        chain.start(before);
        chain.add(before, store.snapshot());
        chain.add(before, store.snapshot());

        assertThat(Records.of(chain, Instant.now()).states()).hasSize(2);
    }

    /** As by a thread that was suspended between its commit and this. */
    @Test
    void aStepThatIsHandedInAfterLaterOnesIsNotRecordedAgain() {
        StateChain chain = new StateChain(100);
        List<Snapshot> states = new ArrayList<>(List.of(store.snapshot()));
        for (int i = 0; i < 2; i++) {
            store.increment("counter");
            states.add(store.snapshot());
        }
        chain.start(states.get(0));
        chain.add(states.get(0), states.get(1));
        chain.add(states.get(1), states.get(2));
        chain.add(states.get(0), states.get(1));

        assertThat(Records.of(chain, Instant.now()).states()).isEqualTo(states);
    }

    @Test
    void anEntryReadsAsASentence() {
        try (History history = History.of(store)) {
            store.as("planner").put(RENT, 900);

            assertThat(history.blame(RENT).toString())
                    .startsWith("version 1, planner at ")
                    .endsWith("\n  ~ /account/rent: 0 -> 900");
            assertThat(history).hasToString("History[versions 0 to 1 in 2 states]");
        }
    }

    @Test
    void itEndsWithItsStoreAndCanStillBeRead() {
        History history = History.of(store);
        store.increment("counter");
        store.close();

        assertThat(history.states()).hasSize(2);
    }

    /** Holds up the first thread that tells of a commit. */
    private static final class HeldUp implements CommitRecorder {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        private final AtomicBoolean told = new AtomicBoolean();

        @Override
        public void startFrom(Snapshot base) {}

        @Override
        public void record(Snapshot before, Snapshot after) {
            if (told.compareAndSet(false, true)) {
                reached.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void missed(long upTo) {}
    }
}
