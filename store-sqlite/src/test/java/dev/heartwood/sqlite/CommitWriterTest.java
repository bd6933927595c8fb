package dev.heartwood.sqlite;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A commit on its way through the writer. */
@Timeout(60)
class CommitWriterTest {
    private final CountDownLatch committed = new CountDownLatch(1);
    private volatile boolean isTold;
    /** Runs when a commit is accepted, with the lock of the queue. */
    private volatile Runnable accepting = () -> {};

    /**
     * SQLite has freed its lock, so that another process may commit, and be answered. A call that comes then must not take
     * the waiting commits for newer than that.
     */
    @Test
    void headIsNotBuiltOnBetweenACommitAndTheRecordOfItsOutcome(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("shared.db");
        SqliteStore.open(file).close();
        Database database = HookedConnection.database(file, () -> {
            committed.countDown();
            // Not asleep: this thread sleeps only once it waits for the queue.
            while (!isTold) {
                Thread.onSpinWait();
            }
        });
        Database.Loaded loaded = database.load(Json.options().dialect());
        Timeline timeline = loaded.timeline();
        CommitQueue<Set<String>> queue = new CommitQueue<>(timeline, new AcceptingClock());
        CommitWriter writer = new CommitWriter(database, timeline, loaded.mark(), queue);
        Snapshot first = next(timeline, queue.head());
        assertThat(queue.accept(queue.head(), first, Set.of("n"))).isTrue();
        FutureTask<Boolean> settled = new FutureTask<>(() -> queue.settle(first, writer::decide));
        Thread committing = new Thread(settled, "commits");
        committing.start();
        assertThat(committed.await(20, TimeUnit.SECONDS)).isTrue();

        List<@Nullable Snapshot> heads = new ArrayList<>();
        accepting = () -> {
            accepting = () -> {};
            isTold = true;
            while (committing.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            heads.add(queue.headToBuildOn());
        };
        Snapshot second = next(timeline, first);
        assertThat(queue.accept(first, second, Set.of("n"))).isTrue();

        assertThat(settled.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(heads).containsExactly((Snapshot) null);
        assertThat(queue.headToBuildOn()).isSameAs(second);
        writer.close();
    }

    private static Snapshot next(Timeline timeline, Snapshot before) {
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
