package dev.heartwood.file.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.StoreOptions;
import dev.heartwood.Timeline;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A commit was accepted, and the disk had no room for it: for batches and threads that have built on it, or come late. */
@Timeout(60)
class RetryOnAFullDiskTest {
    private static final KeyPath FIRST = KeyPath.of("jobs", 0);

    @TempDir
    Path directory;

    @Test
    void aTakerThatSawACommitWhichTheDiskHadNoRoomForTakesTheJobThatIsThereAfterAll() throws Exception {
        GatedDisk disk = new GatedDisk();
        try (Store store = Store.over(open(disk))) {
            store.put("jobs", List.of("job"));
            disk.full = true;
            FutureTask<Void> first = start(() -> {
                assertThatThrownBy(() -> store.remove(FIRST))
                        .isInstanceOf(StoreIOException.class)
                        .hasMessageContaining("was not written");
                return null;
            });
            disk.reached.await();
            CountDownLatch seen = new CountDownLatch(1);
            FutureTask<Object> second = start(() -> store.<Object, RuntimeException>awaitTransact(
                    tx -> {
                        if (tx.size("jobs") == 0) {
                            seen.countDown();
                            tx.retry();
                        }
                        return String.valueOf(tx.remove(FIRST));
                    },
                    Duration.ofMinutes(1)));
            seen.await(); // the job is taken, by a commit that nobody has decided about

            disk.full = false;
            disk.decide.countDown();

            first.get(30, TimeUnit.SECONDS);
            assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo("job");
            assertThat(store.size("jobs")).isZero();
        }
    }

    /** Its version was that of a commit which the disk had no room for, and it was made on the very same state. */
    @Test
    void aCommitThatWasMadeBeforeAnotherWasRolledBackTakesAVersionThatNobodyHad() throws Exception {
        GatedDisk disk = new GatedDisk();
        disk.decide.countDown();
        CountDownLatch made = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        // A guard is asked when the next state has its version, just before it is offered.
        StoreOptions options = Store.options().guard("slow", KeyPath.of("b"), view -> {
            if (view.contains("b")) {
                made.countDown();
                await(goesOn);
            }
            return true;
        });
        try (Store store = options.over(open(disk))) {
            store.put("a", 1);
            long version = store.version();
            FutureTask<Object> late = start(() -> store.put("b", 1));
            made.await();
            disk.full = true;
            assertThatThrownBy(() -> store.put("a", 2))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("was not written");
            disk.full = false;
            goesOn.countDown();

            assertThat(late.get(30, TimeUnit.SECONDS)).isNull();
            assertThat(store.get("b")).isEqualTo(1L);
            assertThat(store.version()).isGreaterThan(version + 1);
        }
    }

    /** The later commits are durable, and its version is below theirs. */
    @Test
    void theLoserOfACommitThatAsksOnlyAfterLaterOnesWereWrittenIsToldThatItIsLost() throws Exception {
        GatedDisk disk = new GatedDisk();
        disk.decide.countDown();
        FileRoot root = open(disk);
        try (Store store = Store.over(root)) {
            store.put("a", 1);
            disk.full = true;
            Edit edit = new Edit.Put(KeyPath.of("a"), 2L);
            Snapshot before = root.head();
            Snapshot after = root.timeline().state(root.nextVersion(before), edit.applyTo(Timeline.tree(before)));
            assertThat(root.compareAndSet(before, after, () -> List.of(edit))).isTrue();
            // Threads of their own: a root knows by its thread who made a commit.
            FutureTask<Object> lost = start(() -> store.put("b", 1));
            assertThatThrownBy(() -> lost.get(30, TimeUnit.SECONDS)).hasMessageContaining("was not written");
            disk.full = false;
            FutureTask<Object> later = start(() -> store.put("b", 2));
            assertThat(later.get(30, TimeUnit.SECONDS)).isNull();

            assertThatThrownBy(() -> root.settle(after))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("was not written");
            assertThat(store.get("a")).isEqualTo(1L);
        }
    }

    @Test
    void anAnswerThatWasDerivedFromALostCommitIsDerivedAnewAlsoAfterLaterOnesWereWritten() throws Exception {
        GatedDisk disk = new GatedDisk();
        try (Store store = Store.over(open(disk))) {
            store.put("jobs", List.of("job"));
            disk.full = true;
            FutureTask<Object> remover = start(() -> store.remove(FIRST));
            disk.reached.await();
            CountDownLatch seen = new CountDownLatch(1);
            CountDownLatch goesOn = new CountDownLatch(1);
            FutureTask<Integer> reader = start(() -> store.transact(tx -> {
                int size = tx.size("jobs");
                seen.countDown();
                await(goesOn);
                return size;
            }));
            seen.await(); // no job is left, after a commit that nobody has decided about
            disk.decide.countDown();
            assertThatThrownBy(() -> remover.get(30, TimeUnit.SECONDS)).hasMessageContaining("was not written");
            disk.full = false;
            store.put("later", true);
            goesOn.countDown();

            assertThat(reader.get(30, TimeUnit.SECONDS)).isEqualTo(1);
        }
    }

    /** Together with the first commit it would be too large for the file, and the first is never there. */
    @Test
    void aCommitThatIsTooLargeOnlyOnTopOfOneThatIsLostIsWritten() throws Exception {
        GatedDisk disk = new GatedDisk();
        Settings settings = CrashHarness.settings(1 << 16).withBounds(new Settings.Bounds(Long.MAX_VALUE, 2_000, null));
        try (Store store = Store.over(open(disk, settings))) {
            disk.full = true;
            FutureTask<Object> lost = start(() -> store.put("a", "x".repeat(1_500)));
            disk.reached.await();
            FutureTask<Object> second = new FutureTask<>(() -> store.put("b", "x".repeat(1_000)));
            Thread thread = new Thread(second, "second");
            thread.setDaemon(true);
            thread.start();
            while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TERMINATED) {
                Thread.onSpinWait();
            }

            disk.full = false;
            disk.decide.countDown();

            assertThatThrownBy(() -> lost.get(30, TimeUnit.SECONDS)).hasMessageContaining("was not written");
            assertThat(second.get(30, TimeUnit.SECONDS)).isNull();
            assertThat(store.keys()).containsExactly("b");
        }
    }

    private FileRoot open(GatedDisk disk) throws IOException {
        return open(disk, CrashHarness.settings(1 << 16));
    }

    private FileRoot open(GatedDisk disk, Settings settings) throws IOException {
        StoreLayout place = new StoreLayout(directory.toRealPath().resolve("state.json"));
        return FileRoot.open(new StoreContext(disk, place, CrashHarness.FORMAT, settings, Reporter.NOBODY));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> FutureTask<T> start(Callable<T> action) {
        FutureTask<T> task = new FutureTask<>(action);
        Thread thread = new Thread(task, "taker");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** A disk on which a file that is made while it is full waits, and then fails. */
    private static final class GatedDisk extends ForwardingDisk {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch decide = new CountDownLatch(1);
        private volatile boolean full;

        @Override
        public Output create(Path file, int mode) throws IOException {
            if (full) {
                reached.countDown();
                try {
                    decide.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                throw new IOException("No space left on device");
            }
            return super.create(file, mode);
        }
    }
}
