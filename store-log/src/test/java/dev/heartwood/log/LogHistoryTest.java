package dev.heartwood.log;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Commit;
import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.Origin;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.Timeline;
import dev.heartwood.history.Entry;
import dev.heartwood.history.History;
import dev.heartwood.storage.CommitQueue;
import io.vavr.collection.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Author, label and time of a commit travel in the log. */
class LogHistoryTest {
    private static final KeyPath RENT = KeyPath.of("rent");

    private final InMemoryLog log = new InMemoryLog(1_000);

    private Store open() {
        return LogStore.options().checkpointEvery(0).over(log.connect());
    }

    private static Commit pay(Store store, long amount) {
        return store.as("planner").batch(tx -> {
            tx.label("pay rent");
            tx.put(RENT, amount);
        });
    }

    @Test
    void aReplicaKnowsWhoMadeTheCommitsOfOthersAndWhy() {
        try (Store one = open();
                Store other = open()) {
            Snapshot made = pay(one, 900).after();
            other.fresh().get(RENT);
            assertThat(other.snapshot().version()).isEqualTo(made.version());
            assertThat(other.snapshot().origin().author()).isEqualTo("planner");
            assertThat(other.snapshot().origin().label()).isEqualTo("pay rent");
            assertThat(other.snapshot().origin().time())
                    .isNotNull()
                    .isEqualTo(made.origin().time());
        }
    }

    @Test
    void aHistoryOfAReplicaBlamesTheOtherForWhatItChanged() {
        try (Store one = open();
                Store other = open();
                History history = History.of(other)) {
            pay(one, 900);
            other.as("auditor").put("seen", true);
            pay(one, 1_000);
            other.fresh().get(RENT);
            Entry last = requireNonNull(history.blame(RENT));
            assertThat(last.origin().author()).isEqualTo("planner");
            assertThat(last.before()).isEqualTo(900L);
            assertThat(last.after()).isEqualTo(1_000L);
            assertThat(requireNonNull(history.blame(KeyPath.of("seen")))
                            .origin()
                            .author())
                    .isEqualTo("auditor");
        }
    }

    @Test
    void theLogGivesItsHistoryWithNothingRunning() {
        try (Store one = open()) {
            pay(one, 900);
            one.put("note", "long ".repeat(1_000));
            pay(one, 1_000);
        }
        SharedLog connection = log.connect();
        History history = LogStore.history(connection);
        assertThat(history.states()).extracting(Snapshot::version).containsExactly(0L, 1L, 2L, 3L);
        assertThat(history.of(RENT)).extracting(Entry::after).containsExactly(900L, 1_000L);
        assertThat(requireNonNull(history.blame(RENT)).origin().label()).isEqualTo("pay rent");
        assertThat(history.at(2).get("note")).isEqualTo("long ".repeat(1_000));
        assertThatThrownBy(history::undo).isInstanceOf(IllegalStateException.class);
        connection.close();
    }

    @Test
    void theHistoryOfALogBeginsWithItsNewestCheckpoint() {
        LogOptions options = LogStore.options().keepEntries(0);
        try (Store one = options.checkpointEvery(4).over(log.connect())) {
            for (int i = 1; i <= 4; i++) {
                pay(one, i);
            }
        }
        try (Store two = options.checkpointEvery(0).over(log.connect())) {
            pay(two, 5);
        }
        try (SharedLog connection = log.connect()) {
            List<Snapshot> states = LogStore.history(connection).states();
            assertThat(states).extracting(Snapshot::version).containsExactly(4L, 5L);
            assertThat(states.get(states.size() - 1).get(RENT)).isEqualTo(5L);
            assertThat(states.get(states.size() - 1).origin().author()).isEqualTo("planner");
        }
    }

    @Test
    void aHistoryWhoseEntriesAreTrimmedWhileItIsReadBeginsWithTheCheckpointThatHasThem() {
        try (Store one = open()) {
            pay(one, 1);
            pay(one, 2);
        }
        FaultyLog reading = new FaultyLog(log.connect(), 1);
        reading.afterNextAnswer.set(() -> {
            LogOptions trimming = LogStore.options().keepEntries(0).checkpointEvery(1);
            try (Store two = trimming.over(log.connect())) {
                pay(two, 3);
            }
        });
        List<Snapshot> states = LogStore.history(reading).states();
        assertThat(reading.afterNextAnswer).hasValue(null);
        assertThat(states).extracting(Snapshot::version).containsExactly(3L);
        assertThat(states.get(0).get(RENT)).isEqualTo(3L);
    }

    @Test
    void theHistoryOfALogGoesUpToItsLastEntry() {
        try (Store one = open();
                SharedLog connection = log.connect()) {
            for (long i = 1; i <= 3; i++) {
                pay(one, i);
                List<Snapshot> states = LogStore.history(connection).states();
                assertThat(states.get(states.size() - 1).get(RENT)).isEqualTo(i);
            }
        }
    }

    /** A request for entries is answered with some of them. */
    @Test
    void theHistoryOfALongLogIsReadToItsEnd() {
        try (Store one = open();
                SharedLog connection = log.connect()) {
            for (long i = 1; i <= 250; i++) {
                pay(one, i);
            }
            List<Snapshot> states = LogStore.history(connection).states();
            assertThat(states).hasSize(251);
            assertThat(states.get(250).get(RENT)).isEqualTo(250L);
        }
    }

    @Test
    void eachCommitOfAnEntryIsAStateOfItsOwn() throws LogException {
        Timeline timeline = new Timeline(0, HashMap.empty(), LogFormat.TREES.dialect());
        CommitQueue<String> queue = new CommitQueue<>(timeline);
        Snapshot before = timeline.newest();
        for (long i = 1; i <= 2; i++) {
            Snapshot after = timeline.state(i, HashMap.of("rent", i));
            String edits = LogFormat.line(List.of(new Edit.Put(RENT, i)), Origin.of("planner", null, null));
            assertThat(queue.accept(before, after, edits)).isTrue();
            before = after;
        }
        try (SharedLog connection = log.connect()) {
            SharedLog.Position beginning = connection.last();
            String body = EntryText.of(beginning, queue.waitingAfter(null));
            connection.append(beginning, new SharedLog.Entry(new SharedLog.Position(1, "w:1"), body), null);
            List<Snapshot> states = LogStore.history(connection).states();
            assertThat(states).extracting(Snapshot::version).containsExactly(0L, 1L, 2L);
            assertThat(states.get(1).get(RENT)).isEqualTo(1L);
        }
        try (Store store = open()) {
            assertThat(store.version()).isEqualTo(2);
            assertThat(store.get(RENT)).isEqualTo(2L);
        }
    }

    @Test
    void anEntryThatDoesNotFollowTheOneBeforeItIsRefused() throws LogException {
        try (Store one = open()) {
            pay(one, 900);
        }
        try (SharedLog connection = log.connect()) {
            SharedLog.Position last = connection.last();
            SharedLog.Position next = new SharedLog.Position(last.number() + 1, "other:2");
            String body = EntryText.of(new SharedLog.Position(last.number(), "other:1"), List.of());
            connection.append(last, new SharedLog.Entry(next, body), null);
            assertThatThrownBy(() -> LogStore.history(connection))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("does not follow")
                    .hasMessageContaining("restored or changed");
        }
    }

    @Test
    void aLogThatHoldsNoTreeIsRefused() throws LogException {
        SharedLog connection = log.connect();
        connection.append(
                connection.last(), new SharedLog.Entry(new SharedLog.Position(1, "x:1"), "something else"), null);
        assertThatThrownBy(() -> LogStore.history(connection))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("something else");
        connection.close();
    }
}
