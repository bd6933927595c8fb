package dev.heartwood.file.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.CommitEdits;
import dev.heartwood.file.recovery.CrashHarness;
import dev.heartwood.file.recovery.Recovery;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When the file follows its journal, and how soon that is tried again; the times are those of the test. */
@Timeout(60)
class MaintenanceTest {
    private static final HashMap<String, Object> TREE = HashMap.of("a", 1L);
    /** Longer than any store must rest. */
    private static final long RESTED = TimeUnit.HOURS.toNanos(1);

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final Semaphore ready = new Semaphore(0);
    private final Failing disk = new Failing();
    private StoreLayout place;

    @BeforeEach
    void inA(@TempDir Path directory) throws IOException {
        place = new StoreLayout(directory.toRealPath().resolve("state.json"));
        Files.writeString(place.file(), "{}");
        place.prepare(new RealDisk());
    }

    private StoreContext context(Settings settings) {
        return new StoreContext(
                disk, place, CrashHarness.FORMAT, settings, (kind, message, kept, cause) -> told.add(message));
    }

    private void commit(Storage storage, Maintenance upkeep) throws IOException {
        storage.write(List.of(CommitEdits.of(new Edit.Put(KeyPath.of("a"), 1L))), TREE);
        upkeep.afterWrite(TREE);
    }

    private void checkpoint(Storage storage, Maintenance upkeep) throws InterruptedException {
        upkeep.checkpoint(TREE);
        while (storage.checkpoints().isRunning()) {
            ready.acquire();
            upkeep.proceed();
        }
        ready.drainPermits();
    }

    private static long seconds(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void aCheckpointForWhichThereIsNoThreadHasFailedLikeAnyOther() throws Exception {
        StoreContext context = context(CrashHarness.settings(0));
        try (Storage storage = Recovery.open(context).storage()) {
            Maintenance upkeep = new Maintenance(context, storage, ready::release);
            commit(storage, upkeep);
            Checkpoints checkpoints = storage.checkpoints();
            checkpoints.begin(TREE, ready::release, thread -> {
                throw new OutOfMemoryError("planted");
            });
            assertThat(ready.tryAcquire()).isTrue();
            upkeep.proceed();
            assertThat(told).singleElement().asString().contains("planted", "Its journal has all commits");

            checkpoint(storage, upkeep);
            assertThat(place.file()).content().contains("\"a\": 1");
        }
    }

    @Test
    void theFileFollowsAStoreThatRestsForASecondAndOneThatNeverRestsAfterFive() throws IOException {
        StoreContext context = context(CrashHarness.settings(0));
        try (Storage storage = Recovery.open(context).storage()) {
            Maintenance upkeep = new Maintenance(context, storage, ready::release);
            assertThat(upkeep.restNanos(System.nanoTime(), RESTED)).isEqualTo(Long.MAX_VALUE);
            long before = System.nanoTime();
            commit(storage, upkeep);
            long after = System.nanoTime();
            assertThat(upkeep.restNanos(before, 0)).isEqualTo(seconds(1));
            assertThat(upkeep.restNanos(before, seconds(1))).isZero();
            assertThat(upkeep.restNanos(before + seconds(4), 0)).isPositive();
            assertThat(upkeep.restNanos(after + seconds(5), 0)).isZero();
        }
    }

    @Test
    void theAgeOfTheFileIsTheOneThatWasChosen() throws IOException {
        Settings settings = CrashHarness.settings(0);
        Settings.Bounds bounds = settings.bounds();
        StoreContext context = context(settings.withBounds(
                new Settings.Bounds(bounds.commitBytes(), bounds.fileBytes(), Duration.ofSeconds(100))));
        try (Storage storage = Recovery.open(context).storage()) {
            Maintenance upkeep = new Maintenance(context, storage, ready::release);
            long before = System.nanoTime();
            commit(storage, upkeep);
            long after = System.nanoTime();
            // The age counts from the first commit that the file lacks.
            commit(storage, upkeep);
            assertThat(upkeep.restNanos(before + seconds(99), 0)).isPositive();
            assertThat(upkeep.restNanos(after + seconds(100), 0)).isZero();
        }
    }

    @Test
    void aCheckpointThatFailsIsTriedAgainAfterASecondAndThenLessOftenDownToOnceAMinute() throws Exception {
        StoreContext context = context(CrashHarness.settings(0));
        try (Storage storage = Recovery.open(context).storage()) {
            Maintenance upkeep = new Maintenance(context, storage, ready::release);
            commit(storage, upkeep);
            disk.fails = true;
            List<Long> pauses = new ArrayList<>();
            for (long pause : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
                long before = System.nanoTime();
                checkpoint(storage, upkeep);
                long after = System.nanoTime();
                assertThat(upkeep.restNanos(before, RESTED)).isGreaterThanOrEqualTo(seconds(pause));
                assertThat(upkeep.restNanos(after, RESTED)).isLessThanOrEqualTo(seconds(pause));
                pauses.add(pause);
            }
            assertThat(told).hasSameSizeAs(pauses).allMatch(words -> words.contains("Its journal has all commits"));

            disk.fails = false;
            checkpoint(storage, upkeep);
            assertThat(place.file()).content().contains("\"a\": 1");
            commit(storage, upkeep);
            assertThat(upkeep.restNanos(System.nanoTime(), RESTED)).isZero();
        }
    }

    /** While the disk stays broken, commits do not begin a checkpoint each. */
    @Test
    void commitsBeginNoCheckpointBeforeItIsTimeToTryAgain() throws Exception {
        Settings settings = CrashHarness.settings(0);
        Settings.Bounds bounds = settings.bounds();
        StoreContext context = context(settings.withBounds(
                new Settings.Bounds(bounds.commitBytes(), bounds.fileBytes(), Duration.ofNanos(1))));
        try (Storage storage = Recovery.open(context).storage()) {
            Maintenance upkeep = new Maintenance(context, storage, ready::release);
            storage.write(List.of(CommitEdits.of(new Edit.Put(KeyPath.of("a"), 1L))), TREE);
            disk.fails = true;
            for (int failures = 0; failures < 8; failures++) {
                checkpoint(storage, upkeep);
            }
            commit(storage, upkeep);
            commit(storage, upkeep);
            assertThat(storage.checkpoints().isRunning()).isFalse();
        }
    }

    @Test
    void aJournalIsLongFromFourTimesTheFileOnAndOneMebibyteAtLeast() {
        assertThat(Settings.DEFAULT.journalLimit(0)).isEqualTo(1 << 20);
        assertThat(Settings.DEFAULT.journalLimit(1 << 18)).isEqualTo(1 << 20);
        assertThat(Settings.DEFAULT.journalLimit(1L << 30)).isEqualTo(1L << 32);
    }

    /** A disk on which no file can be made, once it fails. */
    private static final class Failing extends ForwardingDisk {
        private volatile boolean fails;

        @Override
        public Output create(Path file, int mode) throws IOException {
            if (fails) {
                throw new IOException("planted");
            }
            return super.create(file, mode);
        }
    }
}
