package dev.heartwood.file.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.JsonFile;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.FileImage;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.ForwardingOutput;
import dev.heartwood.file.disk.MemoryDisk;
import dev.heartwood.file.disk.NotWrittenException;
import dev.heartwood.file.disk.Op;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import dev.heartwood.file.recovery.FailingDiskTest;
import dev.heartwood.testsupport.Machine;
import dev.heartwood.tree.TreeEquality;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A full disk is a state and not an end: acknowledged commits stay, no remains take the room, and free space is enough
 * to go on.
 */
@Timeout(600)
class FullDiskTest {
    private static final boolean LONG = Boolean.getBoolean("heartwood.long");

    /** In memory: the disk gets full before each operation of a history in turn. */
    @ParameterizedTest
    @ValueSource(longs = {0, 700, 4_096})
    void whereverADiskInMemoryGetsFullTheStoreGoesOnWhenThereIsRoom(long journalAbove) throws IOException {
        Random random = new Random(journalAbove);
        int histories = 0;
        for (boolean reached = true; reached; histories++) {
            int operation = histories;
            FullMemoryDisk[] disk = {null};
            CrashHarness store = new CrashHarness(journalAbove, start -> {
                FullMemoryDisk made = new FullMemoryDisk(start);
                disk[0] = disk[0] == null ? made : disk[0];
                return made;
            });
            disk[0].fillBefore(operation);
            for (Step step : List.<Step>of(
                    () -> store.commit(1, 10),
                    () -> store.commit(2, 400),
                    store::checkpoint,
                    () -> store.commit(1, 10),
                    () -> store.checkpointBeside(random),
                    () -> store.commit(1, -1),
                    store::keepGeneration,
                    () -> store.commit(1, 600))) {
                try {
                    step.run();
                } catch (NotWrittenException | FailingDiskTest.Tolerable e) {
                    assertThat(e).hasMessageContaining("No space left");
                }
            }
            reached = disk[0].isFull();
            assertThat(TreeEquality.trees(store.read(), store.acknowledged()))
                    .as("read on the full disk, full before operation %d", operation)
                    .isTrue();
            assertNothingLeft(
                    disk[0].list(CrashHarness.TOP),
                    disk[0].list(CrashHarness.PLACE.directory()),
                    "full before operation " + operation);
            disk[0].makeRoom();
            store.commit(1, 10);
            store.reopen();
            store.commit(1, 10);
            store.crashSomewhere(random, 5, 0);
        }
        System.out.println("full disks in memory, journal above " + journalAbove + ": " + histories + " histories");
        assertThat(histories).isGreaterThan(20);
    }

    /** On a file system of its own, which is filled to the last byte. */
    @Test
    void whereverAMountedDiskGetsFullTheStoreGoesOnWhenThereIsRoom(@TempDir Path directory) throws Exception {
        Machine.requireRoot();
        int steps = 0;
        for (int megabytes : LONG ? new int[] {1, 2, 4, 8} : new int[] {2}) {
            Path mount = Files.createDirectory(directory.toRealPath().resolve("disk-" + megabytes));
            Machine.runOrSkip("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", mount.toString());
            try {
                for (long journalAbove : new long[] {0, 1 << 16, 1 << 20}) {
                    boolean reached = true;
                    for (int operation = 1; reached; operation += LONG ? 1 : 10) {
                        Path home = Files.createDirectory(mount.resolve("store"));
                        reached = fillBefore(operation, home, mount.resolve("filler"), journalAbove);
                        deleteAll(home);
                        steps++;
                    }
                }
            } finally {
                Machine.run("umount", "-l", mount.toString());
            }
        }
        System.out.println("mounted disks filled at " + steps + " steps");
    }

    /** In MANUAL nothing is tried again before the flush asks for it. */
    @Test
    void aFlushAfterOneThatFailedWaitsForAWriteOfItsOwn(@TempDir Path directory) throws Exception {
        LateDisk disk = new LateDisk();
        try (Store store = open(disk, directory, 64 << 20)) {
            disk.full = true;
            store.put("a", 1);
            assertThatThrownBy(store::flush)
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("not written yet");

            disk.hasRoomOnceWaiting(store::flush);
        }
    }

    @Test
    void whatWaitsForRoomInMemoryIsAcceptedOnceTheDiskHasRoomAgain(@TempDir Path directory) throws Exception {
        LateDisk disk = new LateDisk();
        try (Store store = open(disk, directory, 1_000)) {
            disk.full = true;
            store.put("a", "x".repeat(2_000));
            assertThatThrownBy(() -> store.put("b", 2))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("too much is waiting to be written");

            disk.hasRoomOnceWaiting(() -> store.put("b", 2));
            assertThat(store.get("b")).isEqualTo(2L);
        }
    }

    @Test
    void closingWhileTheDiskIsFullTellsWhichCommitsAreLost(@TempDir Path directory) throws Exception {
        LateDisk disk = new LateDisk();
        Store store = open(disk, directory, 64 << 20);
        store.put("a", 1);
        store.flush();
        long durable = store.version();
        disk.full = true;
        store.put("a", 2);
        store.put("a", 3);
        assertThatThrownBy(store::close)
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll(
                        "closed, but the last commits could not be written",
                        "No space left",
                        "Versions " + (durable + 1) + " to " + (durable + 2));
    }

    /** The file is behind its journal when it is closed: an older file in its place still lacks what was acknowledged. */
    @Test
    void anOlderFileIsRefusedThoughTheDiskWasFullWhenTheStoreWasClosed(@TempDir Path directory) throws Exception {
        LateDisk disk = new LateDisk();
        StoreLayout place = new StoreLayout(directory.toRealPath().resolve("state.json"));
        Settings settings = CrashHarness.settings(0)
                .withBounds(new Settings.Bounds(1L << 30, Long.MAX_VALUE, Duration.ofMillis(1)));
        Path old = directory.resolve("old.json");
        try (Store store = Store.over(
                FileRoot.open(new StoreContext(disk, place, CrashHarness.FORMAT, settings, Reporter.NOBODY)))) {
            Files.copy(place.file(), old);
            while (Files.notExists(place.superseded())) {
                store.put("n", 1);
            }
            disk.full = true;
            store.put("n", 2);
        }
        Files.copy(old, place.file(), StandardCopyOption.REPLACE_EXISTING);
        // Merged as if it were an edit, it would take back what was acknowledged.
        for (Settings choice : List.of(settings, settings.withMergeEdits(Duration.ofSeconds(1)))) {
            assertThatThrownBy(() -> FileRoot.open(
                            new StoreContext(new RealDisk(), place, CrashHarness.FORMAT, choice, Reporter.NOBODY)))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("is older than");
        }
    }

    private static Store open(LateDisk disk, Path directory, long backlogBytes) throws IOException {
        return Store.over(FileRoot.open(new StoreContext(
                disk,
                new StoreLayout(directory.toRealPath().resolve("state.json")),
                CrashHarness.FORMAT,
                CrashHarness.settings(1 << 16)
                        .with(Settings.Mode.MANUAL, Duration.ZERO)
                        .withBacklogBytes(backlogBytes),
                Reporter.NOBODY)));
    }

    private static boolean fillBefore(int operation, Path home, Path filler, long journalAbove) throws IOException {
        FillingDisk disk = new FillingDisk(filler, operation);
        StoreLayout place = new StoreLayout(home.resolve("state.json"));
        Map<String, String> acknowledged = new TreeMap<>();
        for (int opening = 0; opening < 2; opening++) {
            try (Store store = open(disk, place, journalAbove)) {
                for (int i = 0; i < 4; i++) {
                    String key = "k" + opening + i % 3;
                    String value = "x".repeat(i == 2 ? 70_000 : 100) + i;
                    try {
                        store.put(key, value);
                        acknowledged.put(key, value);
                    } catch (StoreIOException e) {
                        assertThat(e).hasMessageContaining("was not written");
                    }
                }
            } catch (StoreException e) {
                assertThat(e).hasMessageContaining("No space left");
            } catch (IOException e) {
                // Not opened.
                assertThat(e).hasMessageContaining("No space left");
            }
        }
        String where = "filled before operation " + operation + ", journal above " + journalAbove;
        if (disk.isFull() && Files.exists(place.file())) {
            try (Store store = JsonFile.options().readOnly().open(place.file())) {
                assertHas(store, acknowledged, where + ", read only");
                assertThatThrownBy(() -> store.put("a", 1)).isInstanceOf(StoreIOException.class);
            }
        }
        Files.deleteIfExists(filler);
        try (Store store = open(new RealDisk(), place, journalAbove)) {
            assertHas(store, acknowledged, where);
            store.put("room", true);
        }
        assertNothingLeft(names(home), names(place.directory()), where);
        return disk.isFull();
    }

    private static void assertHas(Store store, Map<String, String> acknowledged, String where) {
        acknowledged.forEach((key, value) -> assertThat(store.getOrDefault(key, String.class, ""))
                .as(where + ", " + key)
                .isEqualTo(value));
    }

    private static Store open(Disk disk, StoreLayout place, long journalAbove) throws IOException {
        return Store.over(FileRoot.open(new StoreContext(
                disk, place, CrashHarness.FORMAT, CrashHarness.settings(journalAbove), Reporter.NOBODY)));
    }

    private static void assertNothingLeft(List<String> beside, List<String> inside, String where) {
        assertThat(beside).as(where).noneMatch(name -> name.contains("heartwood-tmp"));
        assertThat(inside).as(where).noneMatch(name -> name.startsWith("tmp"));
    }

    private static List<String> names(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return new ArrayList<>(
                    entries.map(path -> path.getFileName().toString()).toList());
        }
    }

    private static void deleteAll(Path directory) throws IOException {
        try (var entries = Files.walk(directory)) {
            for (Path path : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    /** A disk that is full until it has room, and then takes its time until a thread waits for it. */
    private static final class LateDisk extends ForwardingDisk {
        private volatile boolean full;
        private volatile @Nullable Thread caller;

        /** Makes room, runs a call on a thread of its own, and writes nothing until that waits, or has given up. */
        void hasRoomOnceWaiting(Runnable call) throws Exception {
            FutureTask<Void> task = new FutureTask<>(call, null);
            Thread thread = new Thread(task, "waits for the disk");
            thread.setDaemon(true);
            caller = thread;
            full = false;
            thread.start();
            task.get();
        }

        @Override
        public Output create(Path file, int mode) throws IOException {
            if (full) {
                throw new IOException("No space left on device");
            }
            Thread waiting = caller;
            while (waiting != null && !isWaitingOrOver(waiting.getState())) {
                Thread.onSpinWait();
            }
            return super.create(file, mode);
        }

        private static boolean isWaitingOrOver(Thread.State state) {
            return state == Thread.State.WAITING || state == Thread.State.TERMINATED;
        }
    }

    /** A disk on which nothing gets longer, and nothing new gets a name, from some operation on. */
    private static final class FullMemoryDisk extends MemoryDisk {
        private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);

        FullMemoryDisk(FileImage start) {
            super(start);
        }

        void fillBefore(int operations) {
            left.set(operations);
        }

        void makeRoom() {
            left.set(Integer.MAX_VALUE);
        }

        boolean isFull() {
            return left.get() < 0;
        }

        @Override
        public void attempt(Op op) throws IOException {
            boolean grows = op instanceof Op.Write || (op instanceof Op.Name name && name.inode() >= 0);
            if (left.decrementAndGet() < 0 && grows) {
                throw new IOException("No space left on device");
            }
            super.attempt(op);
        }
    }

    /** Fills the file system before some operation. */
    private static final class FillingDisk extends ForwardingDisk {
        private final Path filler;
        private int left;

        FillingDisk(Path filler, int left) {
            this.filler = filler;
            this.left = left;
        }

        synchronized boolean isFull() {
            return left <= 0;
        }

        private synchronized void pass() throws IOException {
            if (--left == 0) {
                try (OutputStream out = Files.newOutputStream(filler, StandardOpenOption.CREATE_NEW)) {
                    byte[] page = new byte[4_096];
                    for (; ; ) {
                        out.write(page);
                    }
                } catch (IOException e) {
                    assertThat(e).hasMessageContaining("No space left");
                }
            }
        }

        @Override
        public Output create(Path file, int mode) throws IOException {
            pass();
            return new FillingOutput(super.create(file, mode));
        }

        @Override
        public Output open(Path file) throws IOException {
            pass();
            return new FillingOutput(super.open(file));
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            pass();
            super.rename(from, to);
        }

        @Override
        public void delete(Path file) throws IOException {
            pass();
            super.delete(file);
        }

        @Override
        public void forceDirectory(Path place) throws IOException {
            pass();
            super.forceDirectory(place);
        }

        private final class FillingOutput extends ForwardingOutput {
            FillingOutput(Output out) {
                super(out);
            }

            @Override
            public void write(byte[] bytes, int length, long position) throws IOException {
                pass();
                super.write(bytes, length, position);
            }

            @Override
            public void force() throws IOException {
                pass();
                super.force();
            }
        }
    }
}
