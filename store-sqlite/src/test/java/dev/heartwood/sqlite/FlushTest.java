package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.Timeline;
import dev.heartwood.json.Json;
import dev.heartwood.storage.CommitQueue;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A flush is one: it syncs what was committed, whoever reads meanwhile; counted by a tracer, and proved by power cuts. */
class FlushTest {
    private static final int POWER_CUTS = Boolean.getBoolean("heartwood.long") ? 60 : 2;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(
            value = Synchronous.class,
            names = {"NORMAL", "OFF"})
    void flushSyncsTheLog(Synchronous mode) throws Exception {
        Path file = directory.resolve("shared.db");
        Path trace = directory.resolve("trace");
        try (Neighbour neighbour = traced(trace, file, mode)) {
            for (int i = 1; i <= 3; i++) {
                long before = syncs(trace, "shared.db-wal>");
                flush(neighbour, i);
                assertThat(syncs(trace, "shared.db-wal>")).as("flush %d", i).isGreaterThan(before);
            }
            assertThat(syncs(trace, "shared.db>")).isGreaterThanOrEqualTo(mode == Synchronous.OFF ? 3 : 0);
        }
    }

    @Test
    void flushSyncsThoughSomebodyReadsWhatTheLogHasNothingOf() throws Exception {
        Path file = directory.resolve("shared.db");
        Path trace = directory.resolve("trace");
        try (Neighbour neighbour = traced(trace, file, Synchronous.NORMAL)) {
            flush(neighbour, 1);
            assertThat(Sql.ask(file, "PRAGMA wal_checkpoint(TRUNCATE)")).isEqualTo("0");
            try (Connection reader = Sql.connect(file);
                    Statement statement = reader.createStatement()) {
                reader.setAutoCommit(false);
                statement.executeQuery("SELECT count(*) FROM kv").close();
                for (int i = 2; i <= 4; i++) {
                    long before = syncs(trace, "shared.db-wal>");
                    flush(neighbour, i);
                    assertThat(syncs(trace, "shared.db-wal>")).as("flush %d", i).isGreaterThan(before);
                }
            }
        }
    }

    @Test
    void closeSyncsTheDatabaseThatItMovesTheLogInto() throws Exception {
        Path file = directory.resolve("shared.db");
        Path trace = directory.resolve("trace");
        try (Neighbour neighbour = traced(trace, file, Synchronous.OFF)) {
            flush(neighbour, 1);
            long log = syncs(trace, "shared.db-wal>");
            neighbour.endSteps();
            assertThat(neighbour.line()).isEqualTo("closed");
            assertThat(neighbour.end()).isZero();
            assertThat(syncs(trace, "shared.db-wal>")).isGreaterThan(log);
        }
    }

    @Test
    void flushThatCannotSyncBecauseSomebodyReadsSaysSo() throws Exception {
        Path file = directory.resolve("shared.db");
        try (Store store = SqliteStore.options()
                .synchronous(Synchronous.OFF)
                .busyTimeout(Duration.ofMillis(100))
                .open(file)) {
            store.put("n", 1);
            try (Connection reader = Sql.connect(file);
                    Statement statement = reader.createStatement()) {
                reader.setAutoCommit(false);
                statement.executeQuery("SELECT count(*) FROM kv").close();
                store.put("n", 2);
                assertThatThrownBy(store::flush)
                        .isInstanceOf(StoreIOException.class)
                        .hasMessageContaining("somebody has been reading")
                        .hasMessageContaining("All commits are there");
            }
            store.flush();
            assertThat(store.get("n")).isEqualTo(2L);
        }
    }

    /** In one turn of the leader: so the lock that the loser has kept for its next attempt is not freed before the flush. */
    @ParameterizedTest
    @EnumSource(
            value = Synchronous.class,
            names = {"NORMAL", "OFF"})
    void flushSyncsThoughTheLoserOfARaceStillHasTheLock(Synchronous mode) {
        Path file = directory.resolve("shared.db");
        Database database = Database.open(file, SqliteStore.options().synchronous(mode));
        Database.Loaded loaded = database.load(Json.options().dialect());
        Timeline timeline = loaded.timeline();
        CommitQueue<Set<String>> queue = new CommitQueue<>(timeline);
        CommitWriter writer = new CommitWriter(database, timeline, loaded.mark(), queue);
        assertThat(queue.accept(queue.head(), timeline.state(1, HashMap.of("n", 1L)), Set.of("n")))
                .isTrue();
        try (Store other = SqliteStore.open(file)) {
            other.put("n", 2);
            queue.lead(() -> {
                writer.decide();
                writer.flush();
            });
            assertThat(queue.durable().get("n")).isEqualTo(2L);
            assertThat(other.increment("n")).isEqualTo(3L);
        } finally {
            queue.lead(writer::close);
        }
    }

    @ParameterizedTest
    @EnumSource
    void powerCutTakesNothingBackThatWasFlushed(Synchronous mode) throws Exception {
        for (int round = 0; round < POWER_CUTS; round++) {
            Beside beside = Beside.of(mode, round);
            try (LoopDisk disk = LoopDisk.in(Files.createDirectory(directory.resolve(mode + "-" + round)))) {
                Path file = disk.resolve("shared.db");
                int last = 3 + round;
                try (Neighbour neighbour = Neighbour.start(file, "flush and wait", mode)) {
                    flush(neighbour, 1);
                    try (Neighbour other = start(beside, file)) {
                        awaitAtWork(other);
                        for (int i = 2; i <= last; i++) {
                            flush(neighbour, i);
                        }
                        disk.pullThePlug();
                    }
                    neighbour.kill();
                }
                disk.plugIn();
                try (Store store = SqliteStore.open(file)) {
                    assertThat(store.get("n", Long.class))
                            .as("%s, round %d, beside it %s", mode, round, beside)
                            .isGreaterThanOrEqualTo(last);
                }
                assertThat(Sql.ask(file, "PRAGMA integrity_check")).isEqualTo("ok");
            }
        }
        System.out.println("power cut: " + mode + ", " + POWER_CUTS + " times, nothing lost that was flushed");
    }

    /** In contrast to the test above, commits are under way when the power goes. */
    @Test
    void powerCutAmidCommitsTakesNothingBackThatWasAcknowledged() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long all = 0;
        for (int round = 0; round < POWER_CUTS; round++) {
            Beside beside = Beside.of(Synchronous.FULL, round);
            String what = "seed " + seed + ", round " + round + ", beside it " + beside;
            try (LoopDisk disk = LoopDisk.in(Files.createDirectory(directory.resolve("amid-" + round)))) {
                Path file = disk.resolve("shared.db");
                long acknowledged;
                try (Neighbour neighbour = Neighbour.start(file, "commit for ever")) {
                    acknowledged = Long.parseLong(neighbour.line());
                    try (Neighbour other = start(beside, file)) {
                        awaitAtWork(other);
                        for (int i = random.nextInt(200); i > 0; i--) {
                            acknowledged = Long.parseLong(neighbour.line());
                        }
                        // A sync that is under way while the file system is shut down may succeed, and what it synced
                        // be gone:
                        // with a real power cut nobody would hear of it. So what counts was acknowledged before.
                        disk.pullThePlug();
                    }
                    neighbour.kill();
                }
                disk.plugIn();
                try (Store store = SqliteStore.open(file)) {
                    long one = store.get("one", Long.class);
                    assertThat(one).as(what).isGreaterThanOrEqualTo(acknowledged);
                    assertThat(store.get("two")).as(what).isEqualTo(one);
                }
                assertThat(Sql.ask(file, "PRAGMA integrity_check")).as(what).isEqualTo("ok");
                all += acknowledged;
            }
        }
        System.out.println(
                "power cut amid commits: " + POWER_CUTS + " times, " + all + " commits acknowledged, none lost");
    }

    /** What another process does at the time of a power cut. */
    private enum Beside {
        NOTHING,
        READER,
        BACKUP;

        static Beside of(Synchronous mode, int round) {
            if (round % 2 == 0) {
                return NOTHING;
            }
            // With OFF a flush cannot be had beside somebody who reads and does not end: it says so.
            return round % 4 == 1 || mode == Synchronous.OFF ? BACKUP : READER;
        }
    }

    private @Nullable Neighbour start(Beside beside, Path file) throws Exception {
        return switch (beside) {
            case NOTHING -> null;
            case READER -> Neighbour.start(file, "read and wait");
            case BACKUP -> Neighbour.start(file, "back up for ever", directory.resolve("backup.db"));
        };
    }

    private static void awaitAtWork(@Nullable Neighbour other) throws IOException {
        if (other != null) {
            assertThat(other.line()).isIn("reading", "backed up");
        }
    }

    private static void flush(Neighbour neighbour, int number) throws IOException {
        neighbour.step();
        assertThat(neighbour.line()).isEqualTo(String.valueOf(number));
    }

    private static Neighbour traced(Path trace, Path file, Synchronous mode) throws Exception {
        assumeThat(Files.isExecutable(Path.of("/usr/bin/strace")))
                .as("strace, which counts syncs, is not installed")
                .isTrue();
        assumeThat(SmallDisk.succeeds("/usr/bin/strace", "-f", "-o", "/dev/null", "true"))
                .as("strace cannot trace here")
                .isTrue();
        return Neighbour.start(
                List.of("/usr/bin/strace", "-f", "-qq", "-y", "-o", trace.toString(), "-e", "trace=fsync,fdatasync"),
                file,
                "flush and wait",
                mode);
    }

    private static long syncs(Path trace, String file) throws IOException {
        if (!Files.exists(trace)) {
            return 0; // the tracer has not begun yet
        }
        try (var lines = Files.lines(trace)) {
            return lines.filter(line -> line.contains("sync(") && line.contains(file))
                    .count();
        }
    }
}
