package dev.heartwood.file.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.file.JsonFile;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.ForwardingOutput;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import dev.heartwood.json.TreeFormat;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A commit that cannot be written is refused before it is accepted, and costs nobody else. */
@Timeout(60)
class WriteLimitsTest {
    private static final TreeFormat FORMAT = CrashHarness.FORMAT;

    @TempDir
    Path directory;

    @Test
    void theBoundIsNeverBelowTheSizeOfTheFileAndStaysNearIt() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            WriteLimits limits = limits(Long.MAX_VALUE, Long.MAX_VALUE);
            HashMap<String, Object> tree = HashMap.empty();
            long bound = FORMAT.size(tree);
            for (int i = 0; i < 100; i++) {
                List<Edit> edits = edits(random, tree);
                HashMap<String, Object> next = tree;
                for (Edit edit : edits) {
                    next = edit.applyTo(next);
                }
                bound = limits.check(bound, tree, next, edits);
                tree = next;
                assertThat(bound)
                        .as("seed %d, commit %d: %s", seed, i, edits)
                        .isGreaterThanOrEqualTo(FORMAT.size(tree));
            }
            // Each change of a short list leaves some bytes too many, and nothing else does.
            assertThat(bound).as("seed %d", seed).isLessThan(FORMAT.size(tree) + 100 * 3 * 300);
        }
    }

    /** The last step of its path is an index, of this list in the other one and not of an element in this list. */
    @Test
    void anAppendToAListWithinAListRemovesNothing() {
        HashMap<String, Object> tree = HashMap.of("a", Vector.of(Vector.of("x".repeat(1_000))));
        Edit append = new Edit.Append(KeyPath.of("a", 0), 1, Vector.of(7L));
        HashMap<String, Object> next = append.applyTo(tree);
        assertThat(limits(Long.MAX_VALUE, Long.MAX_VALUE).check(FORMAT.size(tree), tree, next, List.of(append)))
                .isGreaterThanOrEqualTo(FORMAT.size(next));
    }

    private static List<Edit> edits(Random random, HashMap<String, Object> tree) {
        List<Edit> edits = new ArrayList<>();
        for (String key : List.of("a", "b", "c")) {
            KeyPath path = KeyPath.of(key);
            Object now = tree.getOrElse(key, null);
            switch (random.nextInt(6)) {
                case 0 -> edits.add(new Edit.Put(path, value(random, 3)));
                case 1 -> {
                    if (tree.containsKey(key)) {
                        edits.add(new Edit.Remove(path));
                    }
                }
                default -> {
                    if (now instanceof Vector<?> list) {
                        edits.add(
                                list.isEmpty() || random.nextBoolean()
                                        ? new Edit.Append(path, list.size(), Vector.of(value(random, 1)))
                                        : new Edit.Put(path.child(random.nextInt(list.size())), value(random, 2)));
                    } else if (now instanceof HashMap<?, ?>) {
                        edits.add(new Edit.Put(path.child("k" + random.nextInt(3)), value(random, 2)));
                    }
                }
            }
        }
        return random.nextInt(40) == 0
                ? List.of(new Edit.Put(KeyPath.root(), HashMap.of("a", value(random, 3))))
                : edits;
    }

    private static Object value(Random random, int depth) {
        int size = random.nextInt(random.nextInt(5) == 0 ? 40 : 4);
        return switch (depth == 0 ? 0 : random.nextInt(4)) {
            case 0 -> random.nextBoolean() ? (Object) (long) random.nextInt(2_000) : "\"é".repeat(random.nextInt(12));
            case 1 -> {
                HashMap<String, Object> map = HashMap.empty();
                for (int i = 0; i < size; i++) {
                    map = map.put("k" + i, value(random, depth - 1));
                }
                yield map;
            }
            default -> {
                Vector<Object> list = Vector.empty();
                for (int i = 0; i < size; i++) {
                    list = list.append(value(random, depth - 1));
                }
                yield list;
            }
        };
    }

    @Test
    void aCommitOfMoreThanItsLimitIsRefusedWithBothSizes() throws IOException {
        try (Store store = open(settings(10_000, Long.MAX_VALUE, 0))) {
            store.put("a", 1);
            assertThatThrownBy(() -> store.put("big", "x".repeat(20_000)))
                    .isInstanceOf(UnsupportedValueException.class)
                    .hasMessageContainingAll(
                            "/big", "20,0".replace(",", ""), "10000", "not accepted", "maxCommitBytes");
            assertThat(store.keys()).containsExactly("a");
            store.put("a", 2);
        }
    }

    @Test
    void editsThatFitOneByOneAreRefusedWhereTheirCommitDoesNot() throws IOException {
        try (Store store = open(settings(100_000, Long.MAX_VALUE, 0))) {
            String half = "x".repeat(60_000);
            store.put("a", half);
            long version = store.version();
            assertThatThrownBy(() -> store.batch(tx -> {
                        tx.put("b", half);
                        tx.put("c", half);
                    }))
                    .isInstanceOf(UnsupportedValueException.class)
                    .hasMessageContainingAll("100000", "not accepted", "maxCommitBytes");
            assertThat(store.keys()).containsExactly("a");
            assertThat(store.version()).isEqualTo(version);
            store.put("b", half);
        }
    }

    @Test
    void aFileOfExactlyItsLimitIsWrittenAndOneByteMoreIsRefused() throws IOException {
        long size = FORMAT.size(HashMap.of("a", "x".repeat(100)));
        try (Store store = open(settings(Long.MAX_VALUE, size, 0))) {
            store.put("a", "x".repeat(100));
            assertThatThrownBy(() -> store.put("a", "x".repeat(101))).isInstanceOf(UnsupportedValueException.class);
            assertThat(store.get("a")).isEqualTo("x".repeat(100));
        }
    }

    @Test
    void aSlashOfAKeyCountsAsTheTwoCharactersThatItTakesInTheJournal() throws IOException {
        try (Store store = open(settings(10_000, Long.MAX_VALUE, 0))) {
            for (String character : List.of("/", "~")) {
                store.put(character.repeat(3_000), 1);
                assertThatThrownBy(() -> store.put(character.repeat(4_000), 1))
                        .isInstanceOf(UnsupportedValueException.class)
                        .hasMessageContaining("10000");
            }
        }
    }

    @Test
    void aFileThatCouldNotBeReadAgainIsNotAccepted() throws IOException {
        for (long journalAbove : new long[] {0, 1 << 16}) {
            Settings settings = settings(1 << 20, 20_000, journalAbove);
            try (Store store = open(settings)) {
                store.put("a", "x".repeat(9_000));
                store.put("b", "x".repeat(9_000));
                assertThatThrownBy(() -> store.put("c", "x".repeat(9_000)))
                        .isInstanceOf(UnsupportedValueException.class)
                        .hasMessageContainingAll("/c", "20000", "read again", "nothing is changed");
                // As large as before, however often: the bound is counted anew where it has come too high.
                for (int i = 0; i < 50; i++) {
                    store.put("b", Arrays.asList(i, "x".repeat(8_500)));
                }
                store.remove("a");
                store.put("c", "x".repeat(9_000));
            }
            assertThat(Files.size(file())).isLessThan(20_000);
            try (Store store = open(settings)) {
                assertThat(store.keys()).containsExactlyInAnyOrder("b", "c");
                assertThatThrownBy(() -> store.put("d", "x".repeat(9_000)))
                        .isInstanceOf(UnsupportedValueException.class);
            }
            Files.delete(file());
            try (var inside = Files.walk(directory.toRealPath().resolve("state.json.d"))) {
                inside.sorted(java.util.Comparator.reverseOrder())
                        .forEach(p -> p.toFile().delete());
            }
        }
    }

    @Test
    void whatIsDeepInsideCountsWithItsIndentation() throws IOException {
        try (Store store = open(settings(64L << 20, Long.MAX_VALUE, 0))) {
            Object deep = new ArrayList<>(java.util.Collections.nCopies(100_000, 1L));
            for (int i = 0; i < 900; i++) {
                deep = Map.of("k", deep);
            }
            Object value = deep;
            assertThatThrownBy(() -> store.set("deep", value)).isInstanceOf(UnsupportedValueException.class);
            store.put("a", 1);
        }
    }

    @Test
    void aValueOfMorePathsThanAnyDiskCanHoldIsRefused() throws IOException {
        try (Store store = open(settings(64L << 20, Long.MAX_VALUE, 0))) {
            Vector<Object> list = Vector.of(1L);
            for (int i = 0; i < 60; i++) {
                list = Vector.of(list, list);
            }
            Vector<Object> bomb = list;
            assertThatThrownBy(() -> store.put("bomb", bomb))
                    .isInstanceOf(UnsupportedValueException.class)
                    .hasMessageContaining("more than 1125899906842624 bytes");
            store.put("a", 1);
        }
    }

    @Test
    void aCommitThatDoesNotFitOnTheDiskFailsNoneOfThoseThatShareItsSync() throws Exception {
        for (long journalAbove : new long[] {0, 1 << 24}) {
            SmallDisk disk = new SmallDisk();
            try (Store store = Store.over(open(disk, settings(64L << 20, Long.MAX_VALUE, journalAbove)))) {
                store.put("a", 0);
                disk.hold();
                List<CompletableFuture<Void>> small = new ArrayList<>();
                small.add(CompletableFuture.runAsync(() -> store.put("first", 1)));
                disk.awaitHeld();
                CompletableFuture<Void> large =
                        CompletableFuture.runAsync(() -> store.put("large", "x".repeat(SmallDisk.ROOM)));
                for (int i = 0; i < 5; i++) {
                    String key = "k" + i;
                    small.add(CompletableFuture.runAsync(() -> store.put(key, 1)));
                }
                Thread.sleep(200);
                disk.release();
                assertThatThrownBy(() -> large.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(StoreIOException.class);
                for (CompletableFuture<Void> one : small) {
                    one.get(30, TimeUnit.SECONDS);
                }
                assertThat(store.keys()).containsExactlyInAnyOrder("a", "first", "k0", "k1", "k2", "k3", "k4");
            } catch (CompletionException e) {
                throw new AssertionError(e);
            }
            Files.delete(file());
            try (var inside = Files.walk(directory.toRealPath().resolve("state.json.d"))) {
                inside.sorted(java.util.Comparator.reverseOrder())
                        .forEach(p -> p.toFile().delete());
            }
        }
    }

    /** The later ones were made on it: they are rolled back with it, and their functions are run again without it. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1 << 24})
    void nothingIsWrittenOfCommitsThatWereMadeOnOneThatDoesNotFitOnTheDisk(long journalAbove) throws Exception {
        SmallDisk disk = new SmallDisk();
        FileRoot root = open(disk, settings(64L << 20, Long.MAX_VALUE, journalAbove));
        try (Store store = Store.over(root)) {
            store.put("a", 0);
            disk.hold();
            FutureTask<?> first = accepted(root, "first", () -> store.put("first", 1));
            disk.awaitHeld();
            // From here on they wait for the disk together, in this order.
            FutureTask<?> large = accepted(root, "large", () -> store.put("large", "x".repeat(SmallDisk.ROOM)));
            FutureTask<?> second = accepted(
                    root,
                    "second",
                    () -> store.batch(tx -> {
                        if (tx.contains("large")) {
                            tx.put("second", 2);
                        }
                    }));
            FutureTask<?> third = accepted(root, "third", () -> store.put("third", 3));

            disk.release();

            assertThatThrownBy(large::get)
                    .hasCauseInstanceOf(StoreIOException.class)
                    .hasMessageContaining("was not written");
            for (FutureTask<?> one : List.of(first, second, third)) {
                one.get();
            }
            assertThat(store.keys()).containsExactlyInAnyOrder("a", "first", "third");
            try (Store other = JsonFile.options().readOnly().open(file())) {
                assertThat(other.keys()).containsExactlyInAnyOrder("a", "first", "third");
            }
        }
    }

    /** Makes a commit on a thread of its own, and returns when it waits for the disk. */
    private static FutureTask<?> accepted(FileRoot root, String key, Runnable commit) throws InterruptedException {
        FutureTask<?> task = new FutureTask<>(commit, null);
        Thread thread = new Thread(task, key);
        thread.setDaemon(true);
        thread.start();
        while (!root.head().contains(key)) {
            Thread.sleep(1);
        }
        return task;
    }

    /** A disk on which no large write fits, and which can be held up. */
    private static final class SmallDisk extends ForwardingDisk {
        static final int ROOM = 100_000;
        private boolean held;
        private boolean waiting;

        synchronized void hold() {
            held = true;
        }

        synchronized void release() {
            held = false;
            notifyAll();
        }

        synchronized void awaitHeld() throws InterruptedException {
            while (!waiting) {
                wait();
            }
        }

        private synchronized void pass() throws IOException {
            try {
                while (held) {
                    waiting = true;
                    notifyAll();
                    wait();
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public Output create(Path file, int mode) throws IOException {
            return new SmallOutput(super.create(file, mode));
        }

        @Override
        public Output open(Path file) throws IOException {
            return new SmallOutput(super.open(file));
        }

        private final class SmallOutput extends ForwardingOutput {
            SmallOutput(Output out) {
                super(out);
            }

            @Override
            public void write(byte[] bytes, int length, long position) throws IOException {
                pass();
                if (length > ROOM) {
                    throw new IOException("No space left on device");
                }
                super.write(bytes, length, position);
            }
        }
    }

    private static WriteLimits limits(long commit, long file) {
        return new WriteLimits(new StoreContext(
                new RealDisk(),
                CrashHarness.PLACE,
                FORMAT,
                Settings.DEFAULT.withBounds(new Settings.Bounds(commit, file, null)),
                Reporter.NOBODY));
    }

    private static Settings settings(long commit, long file, long journalAbove) {
        return CrashHarness.settings(journalAbove).withBounds(new Settings.Bounds(commit, file, null));
    }

    private Store open(Settings settings) throws IOException {
        return Store.over(open(new RealDisk(), settings));
    }

    private FileRoot open(Disk disk, Settings settings) throws IOException {
        return FileRoot.open(new StoreContext(disk, new StoreLayout(file()), FORMAT, settings, Reporter.NOBODY));
    }

    private Path file() throws IOException {
        return directory.toRealPath().resolve("state.json");
    }
}
