package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.Timeline;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.storage.CommitQueue;
import dev.heartwood.storage.NanoClock;
import io.vavr.collection.HashMap;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A look that finds the position at the end of the log answers from the queue, so the queue must come first. */
class ReplicaTest {
    @Test
    void aCommitOfThisProcessIsInTheQueueBeforeThePositionIsPastIt() throws Exception {
        SharedLog log = new InMemoryLog().connect();
        LogRequests requests = new LogRequests(NanoClock.SYSTEM, new Random(1), Duration.ofSeconds(20), () -> false);
        Checkpoint start = Replica.load(log, log::get, requests.checkpointRetries());
        Timeline timeline = new Timeline(start.version(), start.tree(), LogFormat.TREES.dialect());
        CommitQueue<String> queue = new CommitQueue<>(timeline);
        List<Snapshot> durable = new ArrayList<>();
        Replica replica = new Replica(log, requests, start, timeline, queue, position -> durable.add(queue.durable()));
        Snapshot next = timeline.state(1, HashMap.of("n", 1L));
        assertThat(queue.accept(timeline.newest(), next, "[]")).isTrue();

        replica.decided(new Replica.OwnEntry(new Position(1, "writer:1"), queue.waitingAfter(null)));

        assertThat(durable).containsExactly(next);
    }

    /** Else a token of the second commit could not tell a log that was restored from its own. */
    @Test
    void eachCommitOfAnEntryIsKnownToBeInIt() throws Exception {
        SharedLog log = new InMemoryLog().connect();
        LogRequests requests = new LogRequests(NanoClock.SYSTEM, new Random(1), Duration.ofSeconds(20), () -> false);
        Checkpoint start = Replica.load(log, log::get, requests.checkpointRetries());
        Timeline timeline = new Timeline(start.version(), start.tree(), LogFormat.TREES.dialect());
        CommitQueue<String> queue = new CommitQueue<>(timeline);
        Replica replica = new Replica(log, requests, start, timeline, queue, position -> {});
        Snapshot first = timeline.state(1, HashMap.of("n", 1L));
        Snapshot second = timeline.state(2, HashMap.of("n", 2L));
        assertThat(queue.accept(timeline.newest(), first, "[]")).isTrue();
        assertThat(queue.accept(first, second, "[]")).isTrue();
        Position entry = new Position(1, "writer:1");

        replica.decided(new Replica.OwnEntry(entry, queue.waitingAfter(null)));

        assertThat(replica.entryOf(first)).isEqualTo(entry);
        assertThat(replica.entryOf(second)).isEqualTo(entry);
    }

    @Test
    void aCheckpointIsOfItsPositionWhateverIsAcceptedBesideItAndComesAfterIt() throws Exception {
        SharedLog log = new InMemoryLog().connect();
        LogRequests requests = new LogRequests(NanoClock.SYSTEM, new Random(1), Duration.ofSeconds(20), () -> false);
        Checkpoint start = Replica.load(log, log::get, requests.checkpointRetries());
        Timeline timeline = new Timeline(start.version(), start.tree(), LogFormat.TREES.dialect());
        CommitQueue<String> queue = new CommitQueue<>(timeline);
        Replica replica = new Replica(log, requests, start, timeline, queue, position -> {});
        assertThat(queue.accept(timeline.newest(), timeline.state(1, HashMap.of("n", 1L)), "[]"))
                .isTrue();

        Checkpoint checkpoint = replica.checkpoint(100);
        replica.decided(new Replica.OwnEntry(new Position(1, "writer:1"), queue.waitingAfter(null)));

        assertThat(checkpoint.at()).isEqualTo(start.at());
        assertThat(checkpoint.version()).isZero();
        assertThat(checkpoint.tree()).isEmpty();
        assertThat(checkpoint.writers().rows()).isEmpty();
        assertThat(replica.checkpoint(100).writers().rows()).containsOnlyKeys("writer");
    }

    @Test
    void theStateThatItStartsWithIsKnownToBeInItsEntry() {
        LogRequests requests = new LogRequests(NanoClock.SYSTEM, new Random(1), Duration.ofSeconds(20), () -> false);
        SharedLog log = new InMemoryLog().connect();
        Position at = new Position(7, "writer:3");
        Checkpoint start = new Checkpoint("the log", at, 5, HashMap.of("n", 1L), new WriterTable());
        Timeline timeline = new Timeline(start.version(), start.tree(), LogFormat.TREES.dialect());
        Replica replica = new Replica(log, requests, start, timeline, new CommitQueue<>(timeline), position -> {});

        assertThat(replica.entryOf(timeline.newest())).isEqualTo(at);
    }

    @Test
    void aStateThatNobodyHoldsAnyMoreIsGarbageWhoeverHasMadeIt() throws Exception {
        InMemoryLog log = new InMemoryLog();
        try (Store writer = LogStore.over(log.connect());
                Store reader = LogStore.over(log.connect())) {
            List<WeakReference<Snapshot>> past = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                writer.put("n", i);
                past.add(new WeakReference<>(writer.snapshot()));
                assertThat(reader.fresh().get("n")).isEqualTo((long) i);
                past.add(new WeakReference<>(reader.snapshot()));
            }
            writer.put("n", 10);
            assertThat(reader.fresh().get("n")).isEqualTo(10L);

            for (int i = 0; i < 200 && past.stream().anyMatch(state -> state.get() != null); i++) {
                System.gc();
                Thread.sleep(10);
            }
            assertThat(past).allMatch(state -> state.get() == null);
        }
    }
}
