package dev.heartwood.file.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.file.commit.FileRoot;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.ForwardingOutput;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import dev.heartwood.file.text.FileOutput;
import dev.heartwood.storage.FileStamp;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** While the file is written anew, the thread that commits wait for has no more to do than a slice of it. */
@Timeout(120)
class BackgroundCheckpointTest {
    private static final int LARGE = 12 * FileOutput.SLICE;

    @TempDir
    Path directory;

    @Test
    void theThreadThatWritesCommitsReadsAndWritesNoMoreThanASliceForACheckpoint() throws Exception {
        CountingDisk disk = new CountingDisk();
        Settings settings = CrashHarness.settings(0)
                .withBounds(new Settings.Bounds(1L << 30, Long.MAX_VALUE, Duration.ofMillis(20)));
        StoreLayout place = new StoreLayout(directory.toRealPath().resolve("state.json"));
        int commits = 0;
        try (Store store = Store.over(
                FileRoot.open(new StoreContext(disk, place, CrashHarness.FORMAT, settings, Reporter.NOBODY)))) {
            for (int i = 0; i < LARGE / 100_000; i++) {
                store.put("k" + i, "x".repeat(100_000));
            }
            disk.awaitInstalled(disk.installed.get() + 1);
            int installed = disk.installed.get();
            long before = disk.onWriter.get();
            while (disk.installed.get() < installed + 2) {
                store.put("n", commits++);
            }
            long own = disk.onWriter.get() - before;
            System.out.println("the writer thread moved " + own + " bytes in " + commits
                    + " commits beside two checkpoints" + " of " + LARGE + " bytes");
            // A line is copied once more at most; and two checkpoints were finished.
            assertThat(own).isLessThan(2L * FileOutput.SLICE + 400L * commits + 100_000);
            // A slice, and the bytes that came with its last byte.
            assertThat(disk.mostUnsynced.get()).isLessThanOrEqualTo(2L * FileOutput.SLICE);
        }
    }

    @Test
    void aFileThatWasWrittenToJustNowIsNotReadByTheThreadThatWritesCommits() throws Exception {
        CountingDisk disk = new CountingDisk();
        disk.fresh = true;
        Settings settings = CrashHarness.settings(0)
                .withBounds(new Settings.Bounds(1L << 30, Long.MAX_VALUE, Duration.ofMillis(20)));
        StoreLayout place = new StoreLayout(directory.toRealPath().resolve("state.json"));
        int commits = 0;
        try (Store store = Store.over(
                FileRoot.open(new StoreContext(disk, place, CrashHarness.FORMAT, settings, Reporter.NOBODY)))) {
            store.put("text", "x".repeat(4 * FileOutput.SLICE));
            disk.awaitInstalled(disk.installed.get() + 1);
            int installed = disk.installed.get();
            int asked = disk.asked.get();
            long before = disk.onWriter.get();
            while (disk.installed.get() < installed + 1) {
                store.put("n", commits++);
            }
            assertThat(disk.asked.get()).isGreaterThan(asked);
            assertThat(disk.onWriter.get() - before).isLessThan(FileOutput.SLICE + 400L * commits + 100_000);
        }
    }

    @Test
    void aCheckpointThatCommitsOutrunHoldsThemBackAndEnds() throws Exception {
        OutrunDisk disk = new OutrunDisk();
        Settings settings = CrashHarness.settings(0)
                .withBounds(new Settings.Bounds(1L << 30, Long.MAX_VALUE, Duration.ofMillis(1)));
        StoreLayout place = new StoreLayout(directory.toRealPath().resolve("state.json"));
        int most = 600;
        int commits = 0;
        try (Store store = Store.over(
                FileRoot.open(new StoreContext(disk, place, CrashHarness.FORMAT, settings, Reporter.NOBODY)))) {
            store.put("begun", true);
            while (disk.checkpoints.get() == 0 && commits < most) {
                store.put("k", "x".repeat(300_000) + commits++);
            }
            System.out.println(
                    "a checkpoint that copies more slowly than commits come ended after " + commits + " commits");
            assertThat(commits).isLessThan(most);
        }
        try (Store store = Store.over(
                FileRoot.open(new StoreContext(disk, place, CrashHarness.FORMAT, settings, Reporter.NOBODY)))) {
            assertThat(store.get("k", String.class)).endsWith("x" + (commits - 1));
        }
    }

    /** On a full disk above all. */
    @ParameterizedTest
    @Timeout(20)
    @ValueSource(strings = {"generation-", "journal-"})
    void aCheckpointThatFailsLeavesNoFileBehind(String step) throws Exception {
        AtomicBoolean failing = new AtomicBoolean();
        AtomicInteger failures = new AtomicInteger();
        Disk disk = new ForwardingDisk() {
            @Override
            public void rename(Path from, Path to) throws IOException {
                if (failing.get() && to.getFileName().toString().startsWith(step)) {
                    failures.incrementAndGet();
                    throw new IOException("planted");
                }
                super.rename(from, to);
            }
        };
        Settings settings = CrashHarness.settings(0)
                .withBounds(new Settings.Bounds(1L << 30, Long.MAX_VALUE, Duration.ofMillis(20)));
        StoreLayout place = new StoreLayout(directory.toRealPath().resolve("state.json"));
        try (Store store = Store.over(
                FileRoot.open(new StoreContext(disk, place, CrashHarness.FORMAT, settings, Reporter.NOBODY)))) {
            failing.set(true);
            store.put("a", 1);
            while (failures.get() == 0 || !temporary(place).isEmpty()) {
                Thread.sleep(5);
            }
            failing.set(false);
        }
    }

    private static List<Path> temporary(StoreLayout place) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path folder : List.of(place.parent(), place.directory())) {
            try (Stream<Path> all = Files.list(folder)) {
                all.filter(path -> path.getFileName().toString().matches("tmp.*(?<!-rights)|.*heartwood-tmp.*"))
                        .forEach(found::add);
            }
        }
        return found;
    }

    @Test
    void aCheckpointThatFailsWhileItHoldsCommitsBackLetsThemGo() throws Exception {
        OutrunDisk disk = new OutrunDisk();
        disk.failsWhileHeldBack = true;
        Settings settings = CrashHarness.settings(0)
                .withBounds(new Settings.Bounds(1L << 30, Long.MAX_VALUE, Duration.ofMillis(1)));
        StoreLayout place = new StoreLayout(directory.toRealPath().resolve("state.json"));
        int most = 600;
        int commits = 0;
        try (Store store = Store.over(
                FileRoot.open(new StoreContext(disk, place, CrashHarness.FORMAT, settings, Reporter.NOBODY)))) {
            store.put("begun", true);
            while (!disk.failed && commits < most) {
                store.put("k", "x".repeat(300_000) + commits++);
            }
            assertThat(disk.failed).isTrue();
            store.put("after", commits);
        }
        try (Store store = Store.over(
                FileRoot.open(new StoreContext(disk, place, CrashHarness.FORMAT, settings, Reporter.NOBODY)))) {
            assertThat(store.get("after")).isEqualTo((long) commits);
        }
    }

    @Test
    void aCheckpointThatFailsLeavesNoGeneration() throws Exception {
        FailingDisk disk = new FailingDisk();
        Settings settings = CrashHarness.settings(0)
                .withBounds(new Settings.Bounds(1L << 30, Long.MAX_VALUE, Duration.ofMillis(1)));
        StoreLayout place = new StoreLayout(directory.toRealPath().resolve("state.json"));
        try (Store store = Store.over(
                FileRoot.open(new StoreContext(disk, place, CrashHarness.FORMAT, settings, Reporter.NOBODY)))) {
            store.put("n", 1);
            Thread checkpoint = disk.failed.get();
            checkpoint.join();
            assertThat(disk.named).isNotEmpty();
            assertThat(disk.named.iterator().next()).doesNotExist();
            assertThat(store.get("n")).isEqualTo(1L);
        }
    }

    @Test
    void aCheckpointWhoseJournalGetsNoDurableNameLeavesNoFileOpen() throws Exception {
        UnsyncedDisk disk = new UnsyncedDisk();
        Settings settings = CrashHarness.settings(0)
                .withBounds(new Settings.Bounds(1L << 30, Long.MAX_VALUE, Duration.ofMillis(1)));
        StoreLayout place = new StoreLayout(directory.toRealPath().resolve("state.json"));
        try (Store store = Store.over(
                FileRoot.open(new StoreContext(disk, place, CrashHarness.FORMAT, settings, Reporter.NOBODY)))) {
            disk.fails = true;
            for (int i = 0; disk.fails; i++) {
                store.put("n", i);
            }
        }
        assertThat(disk.open).isEmpty();
    }

    /**
     * The file is compared, byte by byte, before the rename; here somebody writes into it between the two. The file system knows no
     * second names, by which the replaced file could be looked at later.
     */
    @Test
    void anEditInPlaceOfTheSameLengthAfterTheLastComparisonIsKept() throws Exception {
        Settings settings = CrashHarness.settings(0)
                .withBounds(new Settings.Bounds(1L << 30, Long.MAX_VALUE, Duration.ofMillis(1)));
        StoreLayout place = new StoreLayout(directory.toRealPath().resolve("state.json"));
        Files.writeString(place.file(), "{\"n\": 1}");
        Files.setLastModifiedTime(place.file(), FileTime.fromMillis(1_700_000_000_000L));
        String edit = "{\"n\": 7}";
        AtomicBoolean begun = new AtomicBoolean();
        AtomicBoolean edited = new AtomicBoolean();
        Disk disk = new ForwardingDisk() {
            @Override
            public Output create(Path file, int mode) throws IOException {
                if (isCheckpoint()) {
                    begun.set(true);
                }
                return super.create(file, mode);
            }

            @Override
            public void rename(Path from, Path to) throws IOException {
                super.rename(from, to);
                boolean isJournal = StoreLayout.journalNumber(String.valueOf(to.getFileName())) >= 0;
                if (begun.get() && isJournal && !isCheckpoint() && edited.compareAndSet(false, true)) {
                    Files.writeString(place.file(), edit, StandardOpenOption.WRITE);
                }
            }

            @Override
            public boolean link(Path file, Path second) {
                return false;
            }

            private static boolean isCheckpoint() {
                return Thread.currentThread().getName().startsWith("heartwood checkpoint");
            }
        };
        try (Store store = Store.over(
                FileRoot.open(new StoreContext(disk, place, CrashHarness.FORMAT, settings, Reporter.NOBODY)))) {
            for (int i = 2; !edited.get(); i++) {
                store.put("m", i);
            }
        }
        assertThat(place.file().resolveSibling("state.json.external-1")).hasContent(edit);
    }

    /** The writer thread names the journal of a checkpoint, and its directory cannot be synced, once. */
    private static final class UnsyncedDisk extends ForwardingDisk {
        final Set<Output> open = ConcurrentHashMap.newKeySet();
        volatile boolean fails;
        private boolean named;

        @Override
        public Output create(Path file, int mode) throws IOException {
            return opened(super.create(file, mode));
        }

        @Override
        public Output open(Path file) throws IOException {
            return opened(super.open(file));
        }

        private Output opened(Output out) {
            Output counted = new ForwardingOutput(out) {
                @Override
                public void close() throws IOException {
                    super.close();
                    open.remove(this);
                }
            };
            open.add(counted);
            return counted;
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            super.rename(from, to);
            named = StoreLayout.journalNumber(String.valueOf(to.getFileName())) >= 0;
        }

        @Override
        public void forceDirectory(Path directory) throws IOException {
            if (fails && named) {
                fails = false;
                throw new IOException("the disk fails");
            }
            super.forceDirectory(directory);
        }
    }

    /** A checkpoint names its generation, and fails at the next sync of a directory. */
    private static final class FailingDisk extends ForwardingDisk {
        final CompletableFuture<Thread> failed = new CompletableFuture<>();
        final Queue<Path> named = new ConcurrentLinkedQueue<>();

        private static boolean isCheckpoint() {
            return Thread.currentThread().getName().startsWith("heartwood checkpoint");
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            super.rename(from, to);
            if (isCheckpoint() && StoreLayout.generationNumber(String.valueOf(to.getFileName())) >= 0) {
                named.add(to);
            }
        }

        @Override
        public void forceDirectory(Path directory) throws IOException {
            if (isCheckpoint()) {
                failed.complete(Thread.currentThread());
                throw new IOException("the disk fails");
            }
            super.forceDirectory(directory);
        }
    }

    /** While a checkpoint syncs a slice, more than a slice of commits comes, as long as they are not held back. */
    private static final class OutrunDisk extends ForwardingDisk {
        private long appended;
        private @Nullable Thread writer;
        private final AtomicInteger checkpoints = new AtomicInteger();
        /** Whether the first checkpoint fails once commits wait for it. */
        volatile boolean failsWhileHeldBack;

        volatile boolean failed;

        private static boolean isCheckpoint() {
            return Thread.currentThread().getName().startsWith("heartwood checkpoint");
        }

        @Override
        public Output create(Path file, int mode) throws IOException {
            return new ForwardingOutput(super.create(file, mode)) {
                @Override
                public void force() throws IOException {
                    super.force();
                    if (isCheckpoint()) {
                        awaitCommits();
                    }
                }
            };
        }

        private synchronized void awaitCommits() throws IOException {
            long target = appended + FileOutput.SLICE + FileOutput.SLICE / 4;
            try {
                // The commits end with the first checkpoint: another one must not wait for more.
                while (checkpoints.get() == 0 && !failed && appended < target && !isHeldBack()) {
                    wait(1);
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (failsWhileHeldBack && !failed && isHeldBack()) {
                failed = true;
                throw new IOException("the disk fails");
            }
        }

        private boolean isHeldBack() {
            Thread writing = writer;
            return writing != null
                    && Arrays.stream(writing.getStackTrace())
                            .anyMatch(frame -> frame.getMethodName().equals("keepPace"));
        }

        @Override
        public Output open(Path file) throws IOException {
            return new ForwardingOutput(super.open(file)) {
                @Override
                public void write(byte[] bytes, int length, long position) throws IOException {
                    super.write(bytes, length, position);
                    synchronized (OutrunDisk.this) {
                        writer = Thread.currentThread();
                        appended += length;
                        OutrunDisk.this.notifyAll();
                    }
                }
            };
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            super.rename(from, to);
            if (to.endsWith("state.json") && appended > 0) {
                checkpoints.incrementAndGet();
            }
        }
    }

    /** Counts the bytes that each of the two threads moves, and how many a file has that are not synced. */
    private static final class CountingDisk extends ForwardingDisk {
        final AtomicLong onWriter = new AtomicLong();
        final AtomicLong mostUnsynced = new AtomicLong();
        final AtomicInteger installed = new AtomicInteger();
        /** How many checkpoints have asked for the stamp of the file. */
        final AtomicInteger asked = new AtomicInteger();

        /** Whether the first stamp that a checkpoint asks for says that the file was written just now. */
        volatile boolean fresh;

        private volatile @Nullable Thread lastAsked;

        private static boolean isWriter() {
            return !Thread.currentThread().getName().startsWith("heartwood checkpoint");
        }

        void awaitInstalled(int count) throws InterruptedException {
            while (installed.get() < count) {
                Thread.sleep(1);
            }
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            super.rename(from, to);
            if (to.endsWith("state.json")) {
                installed.incrementAndGet();
            }
        }

        @Override
        public @Nullable FileStamp stamp(Path path) throws IOException {
            FileStamp found = super.stamp(path);
            if (found != null
                    && fresh
                    && !isWriter()
                    && path.endsWith("state.json")
                    && lastAsked != Thread.currentThread()) {
                lastAsked = Thread.currentThread();
                asked.incrementAndGet();
                long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
                return new FileStamp(found.key(), found.size(), now, found.links());
            }
            return found;
        }

        @Override
        public InputStream read(Path file) throws IOException {
            return new FilterInputStream(super.read(file)) {
                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    int count = super.read(bytes, offset, length);
                    if (isWriter()) {
                        onWriter.addAndGet(Math.max(0, count));
                    }
                    return count;
                }
            };
        }

        @Override
        public Output create(Path file, int mode) throws IOException {
            return new CountingOutput(super.create(file, mode));
        }

        @Override
        public Output open(Path file) throws IOException {
            return new CountingOutput(super.open(file));
        }

        private final class CountingOutput extends ForwardingOutput {
            private long unsynced;

            CountingOutput(Output out) {
                super(out);
            }

            @Override
            public void write(byte[] bytes, int length, long position) throws IOException {
                super.write(bytes, length, position);
                if (isWriter()) {
                    onWriter.addAndGet(length);
                }
                unsynced += length;
                mostUnsynced.accumulateAndGet(unsynced, Math::max);
            }

            @Override
            public void force() throws IOException {
                super.force();
                unsynced = 0;
            }
        }
    }
}
