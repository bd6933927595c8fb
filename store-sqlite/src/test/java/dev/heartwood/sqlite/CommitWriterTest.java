package dev.heartwood.sqlite;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import dev.heartwood.json.Json;
import dev.heartwood.storage.CommitQueue;
import dev.heartwood.storage.NanoClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A commit that SQLite has, and whose outcome is not recorded yet: others may see it, and commit on it, and be answered. */
@Timeout(60)
class CommitWriterTest {
    private final CountDownLatch committed = new CountDownLatch(1);
    private volatile boolean isTold;
    /** Runs when a commit is accepted, with the lock of the queue. */
    private volatile Runnable accepting = () -> {};

    private CommitQueue<Set<String>> queue;
    private CommitWriter writer;
    private Database database;
    private Timeline timeline;
    private Snapshot first;
    private FutureTask<Boolean> settled;
    private Thread committing;

    @BeforeEach
    void commit(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("shared.db");
        SqliteStore.open(file).close();
        database = HookedConnection.database(file, () -> {
            committed.countDown();
            // Not asleep: this thread sleeps only once it waits for the queue.
            while (!isTold) {
                Thread.onSpinWait();
            }
        });
        Database.Loaded loaded = database.load(Json.options().dialect());
        timeline = loaded.timeline();
        queue = new CommitQueue<>(timeline, new AcceptingClock());
        writer = new CommitWriter(database, timeline, loaded.mark(), queue);
        first = next(queue.head());
        assertThat(queue.accept(queue.head(), first, Set.of("n"))).isTrue();
        settled = new FutureTask<>(() -> queue.settle(first, writer::decide));
        committing = new Thread(settled, "commits");
        committing.start();
        assertThat(committed.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @AfterEach
    void close() throws Exception {
        isTold = true;
        assertThat(settled.get(20, TimeUnit.SECONDS)).isTrue();
        writer.close();
    }

    @Test
    void theHeadIsNotBuiltOnBeforeTheOutcomeIsRecorded() throws Exception {
        List<@Nullable Snapshot> heads = new ArrayList<>();
        Snapshot second = beforeTheRecord(() -> heads.add(queue.headToBuildOn()));

        assertThat(settled.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(heads).containsExactly((Snapshot) null);
        assertThat(queue.headToBuildOn()).isSameAs(second);
    }

    @Test
    void aLookWaitsForTheRecordOfTheOutcome() throws Exception {
        FutureTask<Snapshot> look = new FutureTask<>(() -> {
            writer.look();
            return queue.durable();
        });
        Thread looking = new Thread(look, "looks");
        Snapshot ignored = beforeTheRecord(() -> {
            looking.start();
            while (looking.getState() != Thread.State.WAITING && !look.isDone()) {
                Thread.onSpinWait();
            }
        });

        assertThat(look.get(20, TimeUnit.SECONDS)).isSameAs(first);
    }

    /** As where a look has rolled all commits back meanwhile. */
    @Test
    void aDecisionThatFindsNothingToDecideHoldsNoLock() throws Exception {
        isTold = true;
        assertThat(settled.get(20, TimeUnit.SECONDS)).isTrue();

        queue.lead(writer::decide);

        assertThat(requireNonNull(database.writer()).isInTransaction()).isFalse();
    }

    /** Does something while the thread that commits waits to record the outcome, and gives a commit on the first one. */
    private Snapshot beforeTheRecord(Runnable action) {
        accepting = () -> {
            accepting = () -> {};
            isTold = true;
            while (committing.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            action.run();
        };
        Snapshot second = next(first);
        assertThat(queue.accept(first, second, Set.of("n"))).isTrue();
        return second;
    }

    private Snapshot next(Snapshot before) {
        long version = before.version() + 1;
        return timeline.state(version, Timeline.tree(before).put("n", version));
    }

    private final class AcceptingClock implements NanoClock {
        @Override
        public long nanoTime() {
            accepting.run();
            return SYSTEM.nanoTime();
        }

        @Override
        public void pause(long nanos) {
            SYSTEM.pause(nanos);
        }
    }
}
