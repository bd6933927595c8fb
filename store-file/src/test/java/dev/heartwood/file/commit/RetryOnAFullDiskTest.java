package dev.heartwood.file.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.StoreOptions;
import dev.heartwood.file.context.Reporter;
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

/** A batch waits for the value that an accepted commit has removed, and the disk has no room for that commit. */
@Timeout(60)
class RetryOnAFullDiskTest {
    private static final KeyPath FIRST = KeyPath.of("jobs", 0);

    @TempDir
    Path directory;

    @Test
    void aTakerThatSawACommitWhichTheDiskHadNoRoomForTakesTheJobThatIsThereAfterAll() throws Exception {
        GatedDisk disk = new GatedDisk();
        Path file = directory.toRealPath().resolve("state.json");
        try (Store store = Store.over(FileRoot.open(new StoreContext(
                disk, new StoreLayout(file), CrashHarness.FORMAT, CrashHarness.settings(1 << 16), Reporter.NOBODY)))) {
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
        Path file = directory.toRealPath().resolve("state.json");
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
        try (Store store = options.over(FileRoot.open(new StoreContext(
                disk, new StoreLayout(file), CrashHarness.FORMAT, CrashHarness.settings(1 << 16), Reporter.NOBODY)))) {
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
