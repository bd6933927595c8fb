package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.CommitOutcome;
import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.Token;
import dev.heartwood.testsupport.StreamEnd;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store whose log goes back to an earlier state, or is another log from one request to the next, while it is open. */
@Timeout(120)
class RestoredLogTest extends StoresOverALog {
    /** A store that asks the log only when it is told to. */
    private Store openAsleep() {
        connection.hears = false;
        return open(options().pollInterval(Duration.ofHours(1)), connection);
    }

    @Test
    void aLogThatWentBackAndWasWrittenOnIsRefusedByAnOpenReplica() throws Exception {
        Store store = open(connection);
        for (int i = 1; i <= 3; i++) {
            store.put("n", i);
        }
        StreamEnd stream = new StreamEnd();
        store.publisher(KeyPath.of("n")).subscribe(stream);
        SharedLog look = log.connect();
        SharedLog.Position backup = look.read(2).entries().get(0).at();
        Map<Long, SharedLog.Entry> kept = new HashMap<>();
        look.read(1).entries().stream()
                .filter(entry -> entry.at().number() <= backup.number())
                .forEach(entry -> kept.put(entry.at().number(), entry));
        InMemoryLog restored = new InMemoryLog(backup, kept, Map.of(), null);
        connection.leadTo(restored.connect());
        Store rival = open(restored.connect());
        rival.put("n", 30);
        rival.put("n", 40);

        assertThatThrownBy(() -> store.fresh().get("n")).isInstanceOf(LogReplacedException.class);
        assertThatThrownBy(() -> store.put("n", 4))
                .isInstanceOf(LogReplacedException.class)
                .hasMessageContaining("restored or replaced")
                .hasMessageContaining("open the store again");
        assertThat(store.get("n")).isEqualTo(3L);
        assertThat(stream.awaitFailure()).isInstanceOf(LogReplacedException.class);
        assertThat(stream.elements()).isEmpty();
        assertThat(open(restored.connect()).get("n")).isEqualTo(40L);
    }

    @Test
    void aTokenOfACommitThatARestoredLogLacksIsRefusedThoughTheLogHasReachedItsVersion() throws Exception {
        Store gone = open(log.connect());
        gone.put("n", 1);
        gone.put("n", 2);
        InMemoryLog restored = copyOf(log.connect());
        Token token = gone.batch(tx -> tx.put("n", 3)).token();
        Store store = open(restored.connect());
        store.put("n", 30);
        store.put("n", 40);

        assertThatThrownBy(() -> store.atLeast(token, PATIENCE))
                .isInstanceOf(LogReplacedException.class)
                .hasMessageContaining("restored or replaced after the token was issued");
    }

    @Test
    void aTokenFromAReaderOfALostCommitIsRefusedToo() throws Exception {
        Store gone = open(log.connect());
        Store reader = open(log.connect());
        gone.put("n", 1);
        InMemoryLog restored = copyOf(log.connect());
        gone.put("n", 2);
        Token token = reader.batch(tx -> tx.get("n")).token();
        Store store = open(restored.connect());
        store.put("n", 20);

        assertThat(token.version()).isEqualTo(store.version());
        assertThatThrownBy(() -> store.atLeast(token, PATIENCE)).isInstanceOf(LogReplacedException.class);
    }

    /** The table of writers, which tells most restores, has forgotten all of the past by then. */
    @Test
    void aCheckpointOfARestoredLogWithTheVersionThatIsShownAndAnotherTreeIsRefused() throws Exception {
        Store gone = open(log.connect());
        gone.put("n", 1);
        gone.put("n", 2);
        InMemoryLog restored = copyOf(log.connect());
        gone.put("n", 3);
        Store store = open(options().pollInterval(Duration.ofHours(1)), connection);
        assertThat(store.get("n")).isEqualTo(3L);
        connection.leadTo(restored.connect());
        LogRoot root = LogRoot.open(
                restored.connect(), options().checkpointEvery(1).keepEntries(0).rememberWriters(0), Wiring.system());
        Store rival = Store.over(root);
        open.add(rival);
        rival.put("n", 30);
        fillUpTo(5, rival);
        long ignored = root.writeCheckpoint();
        assertThat(rival.version()).isEqualTo(store.version());

        assertThatThrownBy(() -> store.fresh().get("n")).isInstanceOf(LogReplacedException.class);
        assertThat(store.get("n")).isEqualTo(3L);
    }

    /** Neither its number nor its version tells, nor the table of its writers: only its identity does. */
    @Test
    void aCheckpointOfAnotherLogIsRefused() {
        Store store = openAsleep();
        store.put("n", 1);
        InMemoryLog another = new InMemoryLog();
        connection.leadTo(another.connect());
        LogRoot root = LogRoot.open(
                another.connect(), options().checkpointEvery(1).keepEntries(0).rememberWriters(0), Wiring.system());
        Store rival = Store.over(root);
        open.add(rival);
        for (int i = 1; i <= 3; i++) {
            rival.put("n", 10 * i);
        }
        long ignored = root.writeCheckpoint();

        assertThatThrownBy(store::fresh).isInstanceOf(LogReplacedException.class);
        assertThatThrownBy(() -> store.put("n", 2)).isInstanceOf(LogReplacedException.class);
        assertThat(store.get("n")).isEqualTo(1L);
    }

    /** No look at the log comes before it: the answer to its append tells. */
    @Test
    void aCommitFindsOutThatItsLogWentBackAndTheNextOneIsRefused() throws Exception {
        Store store = openAsleep();
        store.put("n", 1);
        InMemoryLog restored = copyOf(log.connect());
        store.put("n", 2);
        connection.leadTo(restored.connect());

        assertThatThrownBy(() -> store.put("n", 3))
                .isInstanceOf(IndeterminateCommitException.class)
                .hasCauseInstanceOf(LogReplacedException.class);
        assertThatThrownBy(() -> store.put("n", 4)).isInstanceOf(LogReplacedException.class);
        assertThat(restored.connect().last().number()).isEqualTo(1);
    }

    /** The store has written nothing: that the log lacks the entry of another one that it shows is all that tells. */
    @Test
    void aCheckpointOfARestoredLogThatLacksTheShownCommitOfAnotherIsRefused() throws Exception {
        Store gone = open(log.connect());
        gone.put("n", 1);
        gone.put("n", 2);
        InMemoryLog restored = copyOf(log.connect());
        gone.put("n", 3);
        Store store = openAsleep();
        connection.leadTo(restored.connect());
        LogRoot root =
                LogRoot.open(restored.connect(), options().checkpointEvery(1).keepEntries(0), Wiring.system());
        Store rival = Store.over(root);
        open.add(rival);
        for (int i = 1; i <= 3; i++) {
            rival.put("n", 30 * i);
        }
        long ignored = root.writeCheckpoint();

        assertThatThrownBy(store::fresh).isInstanceOf(LogReplacedException.class);
        assertThat(store.get("n")).isEqualTo(3L);
    }

    /** The table of writers has forgotten all of the past by then, and the numbers have gone on without commits. */
    @Test
    void aCheckpointOfARestoredLogWithAnEarlierVersionThanIsShownIsRefused() throws Exception {
        Store gone = open(log.connect());
        gone.put("n", 1);
        InMemoryLog restored = copyOf(log.connect());
        gone.put("n", 2);
        Store store = openAsleep();
        connection.leadTo(restored.connect());
        LogRoot root = LogRoot.open(
                restored.connect(), options().checkpointEvery(1).keepEntries(0).rememberWriters(0), Wiring.system());
        Store rival = Store.over(root);
        open.add(rival);
        fillUpTo(4, rival);
        long ignored = root.writeCheckpoint();

        assertThatThrownBy(store::fresh).isInstanceOf(LogReplacedException.class);
        assertThat(store.get("n")).isEqualTo(2L);
    }

    @Test
    void theOutcomeOfACommitThatWasInDoubtBeforeARestoreIsUnknown() throws Exception {
        Store gone = open(log.connect());
        gone.put("n", 1);
        InMemoryLog restored = copyOf(log.connect());
        gone.put("n", 2);
        Store store = openAsleep();
        connection.leadTo(restored.connect());
        Store rival = open(restored.connect());
        rival.put("n", 3);
        rival.put("n", 4);

        assertThat(store.outcomeOf(new IndeterminateCommitException("in doubt", null, "2 somebody:1")))
                .isEqualTo(CommitOutcome.UNKNOWN);
        assertThat(store.outcomeOf(new IndeterminateCommitException("in doubt", null, "2 somebody:1")))
                .isEqualTo(CommitOutcome.UNKNOWN);
    }

    /** Fills the log with entries without commits: it goes on, and the version stays. */
    private static void fillUpTo(long number, Store store) {
        assertThat(store.outcomeOf(new IndeterminateCommitException("in doubt", null, number + " nobody:1")))
                .isEqualTo(CommitOutcome.NOT_COMMITTED);
    }

    /** A log with the entries that are in the other one now, as a backup would restore them. */
    private static InMemoryLog copyOf(SharedLog other) throws LogException {
        Map<Long, SharedLog.Entry> kept = new HashMap<>();
        other.read(1).entries().forEach(entry -> kept.put(entry.at().number(), entry));
        return new InMemoryLog(other.last(), kept, Map.of(), null);
    }
}
