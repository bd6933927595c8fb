package dev.heartwood.file.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.file.JsonFile;
import dev.heartwood.file.JsonFileCase;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.Settings.Bounds;
import dev.heartwood.file.context.Settings.Conflict;
import dev.heartwood.file.context.Settings.Mode;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.ForwardingOutput;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * In INTERVAL a commit becomes durable within the interval, also while the file is written anew: the checkpoint stops
 * before each of its operations in turn, and goes on only after a commit that was made meanwhile is durable.
 */
class IntervalBesideCheckpointTest extends JsonFileCase {
    private static final int LARGE = 150_000;

    @Test
    void whereverACheckpointStandsACommitBecomesDurable() throws Exception {
        int operations = 0;
        boolean reached = true;
        for (int operation = 0; reached; operation++) {
            Path home = Files.createDirectory(directory.resolve("run-" + operation));
            reached = aCommitIsDurableWhileTheCheckpointStandsAt(operation, home);
            operations += reached ? 1 : 0;
        }
        System.out.println("a checkpoint of " + LARGE + " bytes was held before each of its " + operations
                + " operations, and a commit became durable beside it");
        assertThat(operations).isGreaterThan(10);
    }

    /** False if the checkpoint has fewer operations. */
    private boolean aCommitIsDurableWhileTheCheckpointStandsAt(int operation, Path home) throws Exception {
        HeldCheckpoint disk = new HeldCheckpoint(operation);
        StoreLayout place = new StoreLayout(home.resolve("state.json"));
        Settings settings = new Settings(
                        0, 3, Conflict.REFUSE, false, false, Mode.INTERVAL, Duration.ofMillis(20), Long.MAX_VALUE)
                .withBounds(new Bounds(1L << 30, Long.MAX_VALUE, Duration.ofMillis(1)));
        try (Store store = Store.over(
                FileRoot.open(new StoreContext(disk, place, CrashHarness.FORMAT, settings, Reporter.NOBODY)))) {
            store.put("pad", "x".repeat(LARGE));
            if (!disk.awaitHeldOrOver()) {
                return false;
            }
            store.put("commit", "while the checkpoint stands");
            // Nobody asks for a flush: the interval alone makes it durable. The test's time limit ends this.
            while (!isInTheFiles(home)) {
                Thread.sleep(1);
            }
            assertThat(disk.isHeld()).as("the checkpoint still stands").isTrue();
            disk.release();
        }
        return true;
    }

    /** As a crash leaves them, and the next opening finds them. */
    private boolean isInTheFiles(Path home) {
        try (Store reader = JsonFile.options()
                .journalAbove(0)
                .onNotice(notice -> {})
                .readOnly()
                .open(home.resolve("state.json"))) {
            return reader.contains("commit");
        }
    }

    /** Holds the thread of the checkpoint before one of its operations. */
    private static final class HeldCheckpoint extends ForwardingDisk {
        private final int stop;
        private final Semaphore released = new Semaphore(0);
        private int steps;
        private boolean held;
        private @Nullable Thread checkpoint;

        HeldCheckpoint(int stop) {
            this.stop = stop;
        }

        private void step() {
            if (!Thread.currentThread().getName().startsWith("heartwood checkpoint")) {
                return;
            }
            synchronized (this) {
                checkpoint = Thread.currentThread();
                if (steps++ != stop) {
                    return;
                }
                held = true;
            }
            released.acquireUninterruptibly();
        }

        /** False if the first checkpoint is over and had fewer operations. */
        boolean awaitHeldOrOver() throws InterruptedException {
            for (; ; Thread.sleep(1)) {
                synchronized (this) {
                    if (held || (checkpoint != null && !checkpoint.isAlive())) {
                        return held;
                    }
                }
            }
        }

        synchronized boolean isHeld() {
            return held && released.availablePermits() == 0;
        }

        void release() {
            released.release();
        }

        @Override
        public Output create(Path file, int mode) throws IOException {
            step();
            return new ForwardingOutput(super.create(file, mode)) {
                @Override
                public void write(byte[] bytes, int length, long position) throws IOException {
                    step();
                    super.write(bytes, length, position);
                }

                @Override
                public void force() throws IOException {
                    step();
                    super.force();
                }
            };
        }

        @Override
        public InputStream read(Path file) throws IOException {
            step();
            return super.read(file);
        }

        @Override
        public @Nullable Attributes attributes(Path path) throws IOException {
            step();
            return super.attributes(path);
        }

        @Override
        public void delete(Path file) throws IOException {
            step();
            super.delete(file);
        }

        @Override
        public void forceDirectory(Path directory) throws IOException {
            step();
            super.forceDirectory(directory);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            step();
            super.rename(from, to);
        }
    }
}
