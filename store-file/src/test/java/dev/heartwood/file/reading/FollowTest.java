package dev.heartwood.file.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Delivery;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.Child;
import dev.heartwood.file.JsonFile;
import dev.heartwood.file.JsonFile.News;
import dev.heartwood.file.JsonFileCase;
import dev.heartwood.file.JsonFileOptions;
import dev.heartwood.file.commit.FileRoot;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.FileImage;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.ForwardingOutput;
import dev.heartwood.file.disk.MemoryDisk;
import dev.heartwood.file.disk.Op;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.DurableMark;
import dev.heartwood.file.recovery.CrashHarness;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.ContentFingerprint;
import dev.heartwood.testkit.Hold;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that follows shows each durable state of the program that has the file open, and changes no byte. */
class FollowTest extends JsonFileCase {
    private static final Duration SOON = Duration.ofSeconds(30);

    /** A small file that is written at each commit, a journal, and a journal that the file follows all the time. */
    private List<JsonFileOptions> ways() {
        return List.of(options, journal, journal.readableWithin(Duration.ofMillis(1)));
    }

    @Test
    void itHearsOfEachCommitOfTheHolder() throws Exception {
        for (JsonFileOptions way : ways()) {
            try (Store holder = way.open(file);
                    Store follower = options.follow().open(file)) {
                for (long i = 0; i < 20; i++) {
                    holder.put("n", i);
                    long expected = i;
                    follower.await(view -> view.getOrDefault("n", Long.class, -1L) == expected, SOON);
                }
            }
        }
    }

    @Test
    void commitsToAJournalAreToldOneByOneWithTheirAuthor() throws Exception {
        List<Object> told = new CopyOnWriteArrayList<>();
        try (Store holder = journal.open(file);
                Store follower = options.follow().open(file)) {
            follower.watch("n", Delivery.every(Runnable::run), update -> {
                told.add(update.newValue());
                assertThat(update.after().origin().author()).isEqualTo("counter");
            });
            Store counter = holder.as("counter");
            for (long i = 0; i < 100; i++) {
                counter.put("n", i);
            }
            follower.await(view -> view.getOrDefault("n", Long.class, -1L) == 99, SOON);
        }
        assertThat(told)
                .containsExactlyElementsOf(LongStream.range(0, 100).boxed().toList());
    }

    /** The file could be written with each commit; but its journal has commits, since it was killed beside a checkpoint. */
    @Test
    void ofASmallFileThatAKilledProgramLeftBehindItsJournalTheCommitsOfTheJournalAreShown() throws Exception {
        Path crashed = crashedJournal();
        try (Store holder = options.open(crashed);
                Store follower = options.follow().open(crashed)) {
            assertThat(holder.get("count")).isEqualTo(2L);
            assertThat(follower.get("count")).isEqualTo(2L);
            assertThat(follower.fresh().get("count")).isEqualTo(2L);
        }
    }

    @Test
    void throughCheckpointsBesideCommitsNoStateGoesBackAndEachIsWhole() throws Exception {
        List<Long> told = new CopyOnWriteArrayList<>();
        List<Object> torn = new CopyOnWriteArrayList<>();
        try (Store holder = journal.readableWithin(Duration.ofMillis(1)).open(file)) {
            holder.put("pad", "x".repeat(20_000));
            try (Store follower = options.follow().open(file)) {
                follower.watch("a", Delivery.every(Runnable::run), update -> {
                    told.add((Long) update.newValue());
                    if (!update.after().get("a").equals(update.after().get("b"))) {
                        torn.add(update.after());
                    }
                });
                for (long i = 1; i <= 400; i++) {
                    long n = i;
                    holder.batch(tx -> {
                        tx.put("a", n);
                        tx.put("b", n);
                    });
                }
                follower.await(view -> view.getOrDefault("a", Long.class, -1L) == 400, SOON);
            }
        }
        assertThat(torn).isEmpty();
        assertThat(told).isSorted().endsWith(400L);
        assertThat(notices).isEmpty();
    }

    @Test
    void whatIsWrittenAndNotYetDurableIsNotShown() throws Exception {
        for (Settings settings : List.of(CrashHarness.settings(1 << 16), CrashHarness.settings(0))) {
            Path home = Files.createTempDirectory(directory, "home");
            StoreLayout place = new StoreLayout(home.resolve("state.json"));
            SyncingDisk disk = new SyncingDisk();
            try (Store holder = Store.over(FileRoot.open(
                            new StoreContext(disk, place, CrashHarness.FORMAT, settings, Reporter.NOBODY)));
                    Store follower = options.follow().open(place.file())) {
                holder.put("n", 1);
                follower.await(view -> view.contains("n"), SOON);
                Hold sync = disk.hold();
                Thread commit = new Thread(() -> holder.put("n", 2));
                commit.start();
                disk.awaitWritten();
                // A look that begins now finds the written commit, and that it is not acknowledged.
                assertThat(follower.fresh().get("n")).isEqualTo(1L);
                sync.release();
                commit.join();
                assertThat(follower.fresh().get("n")).isEqualTo(2L);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 4_096, 800})
    void atNoMomentItShowsWhatAPowerCutTakesBackOrMissesWhatWasAcknowledged(long journalAbove) throws IOException {
        Random random = new Random(journalAbove);
        CrashHarness store = new CrashHarness(journalAbove, MemoryDisk::new);
        store.tellFollowers();
        store.commit(1, 10);
        store.commit(3, 300);
        store.checkpoint();
        store.commit(2, 10);
        store.checkpointBeside(random);
        store.commit(1, -1);
        store.commit(1, 5);
        store.reopen();
        store.tellFollowers();
        store.commit(1, 10);
        System.out.println("compared with power cuts: " + store.followEverywhere(random, 20) + " states");
    }

    /** It has renamed the next file, and a power cut may still undo that. */
    @Test
    void theFileOfAHolderThatWasKilledBeforeItsSyncIsShownOnceNoPowerCutTakesItBack() throws IOException {
        AtomicReference<KillingDisk> disk = new AtomicReference<>();
        CrashHarness store = new CrashHarness(1 << 16, start -> {
            disk.compareAndSet(null, new KillingDisk(start));
            return disk.get();
        });
        store.tellFollowers();
        store.commit(1, 10);
        disk.get().killsAfterRename = true;
        assertThatThrownBy(() -> store.commit(1, 20)).hasMessageContaining("killed");
        disk.get().killed = false;
        assertThat(store.followOnceKilled(new Random(1), 20)).isPositive();
    }

    @Test
    void aHolderInAnotherProcessIsFollowedThroughKills() throws Exception {
        for (long journalAbove : new long[] {1 << 16, 0}) {
            Path mine = Files.createTempDirectory(directory, "killed").resolve("state.json");
            JsonFile.open(mine).close();
            try (Store follower = options.follow().open(mine)) {
                long before = 0;
                for (int round = 0; round < 2; round++) {
                    Child child = Child.start(List.of(), mine, journalAbove, 1, Integer.MAX_VALUE);
                    child.awaitLines("ack ", 100);
                    child.kill();
                    long acknowledged = child.acknowledged().get("k0");
                    KeyPath count = KeyPath.of("counts", "k0");
                    follower.await(view -> view.getOrDefault(count, Long.class, 0L) >= acknowledged, SOON);
                    long shown = follower.get(count, Long.class);
                    assertThat(shown).isGreaterThan(before).isLessThanOrEqualTo(acknowledged + 1);
                    before = shown;
                }
            }
        }
        assertThat(notices).isEmpty();
    }

    @Test
    void whenTheHolderClosesAnEditByHandIsShownAndTheNextHolderIsFollowed() throws Exception {
        try (Store first = options.open(file)) {
            first.put("n", 1);
        }
        try (Store follower = options.follow().open(file)) {
            Files.writeString(file, "{\"n\": 2}");
            follower.await(view -> view.get("n").equals(2L), SOON);
            try (Store second = journal.open(file)) {
                second.put("n", 3);
                follower.await(view -> view.get("n").equals(3L), SOON);
            }
        }
    }

    @Test
    void anEditByHandBesideTheHolderIsNotShown() throws Exception {
        try (Store holder = options.open(file)) {
            holder.put("n", 1);
            try (Store follower = options.follow().open(file)) {
                Files.writeString(file, "{\"n\": \"edited\"}");
                assertThat(follower.fresh().get("n")).isEqualTo(1L);
                holder.put("n", 2);
                assertThat(follower.fresh().get("n")).isEqualTo(2L);
            }
        }
    }

    @Test
    void besideAnEditByHandTheHoldersCommitsAreShownAndThenTheMergedEdit() throws Exception {
        try (Store holder = options.mergeEdits().open(file);
                Store follower = options.follow().open(file)) {
            holder.put("n", 1);
            Files.writeString(file, "{\"n\": 1, \"ha");
            holder.put("n", 2);
            assertThat(follower.fresh().toMap()).hasToString("{n=2}");
            try (Store late = options.follow().open(file)) {
                assertThat(late.get("n")).isEqualTo(2L);
            }
            Files.writeString(file, "{\"n\": 1, \"hand\": 7}");
            follower.await(view -> view.contains("hand"), SOON);
            assertThat(follower.toMap()).hasToString("{hand=7, n=2}");
        }
        assertThat(notices).isEmpty();
    }

    @Test
    void whatAHolderThatComesDuringAReadingHasNotSyncedIsNotShown() throws Exception {
        StoreLayout place = new StoreLayout(directory.resolve("late.json"));
        SyncingDisk disk = new SyncingDisk();
        StoreContext context =
                new StoreContext(disk, place, CrashHarness.FORMAT, CrashHarness.settings(0), Reporter.NOBODY);
        try (Store first = Store.over(FileRoot.open(context))) {
            first.put("n", 1);
        }
        AtomicReference<Callable<?>> duringTheReading = new AtomicReference<>();
        Disk read = new ForwardingDisk() {
            @Override
            public InputStream read(Path path) throws IOException {
                Callable<?> now = path.equals(place.file()) ? duringTheReading.getAndSet(null) : null;
                try {
                    Object ignored = now == null ? null : now.call();
                } catch (Exception e) {
                    throw new IOException(e);
                }
                return super.read(path);
            }
        };
        AtomicReference<Store> holder = new AtomicReference<>();
        AtomicReference<Hold> sync = new AtomicReference<>();
        Thread commit = new Thread(() -> holder.get().put("n", 2));
        try (Store follower = Store.over(FollowingRoot.open(
                new StoreContext(read, place, CrashHarness.FORMAT, CrashHarness.settings(0), Reporter.NOBODY)))) {
            List<String> told = new CopyOnWriteArrayList<>();
            follower.watch("n", Delivery.every(Runnable::run), update -> told.add(update.toString()));
            duringTheReading.set(() -> {
                holder.set(Store.over(FileRoot.open(context)));
                sync.set(disk.hold());
                commit.start();
                disk.awaitWritten();
                return null;
            });
            // Something to read.
            Files.writeString(place.file(), "{\"n\": 1, \"by\": \"hand\"}");
            assertThat(follower.fresh().get("n")).isEqualTo(1L);
            assertThat(duringTheReading).hasNullValue();
            assertThat(told).isEmpty();
            sync.get().release();
            commit.join();
            follower.await(view -> view.get("n").equals(2L), SOON);
        } finally {
            sync.get().release();
            holder.get().close();
        }
    }

    /** It is no sign that the journal has lost commits. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void aCommitWhileAReaderLooksAtTheMarkIsNoLoss(int look) throws IOException {
        List<String> told = new CopyOnWriteArrayList<>();
        StoreLayout place = new StoreLayout(file);
        try (Store holder = journal.open(file)) {
            holder.put("n", 1);
            AtomicInteger looks = new AtomicInteger();
            Disk read = new ForwardingDisk() {
                @Override
                public @Nullable Attributes attributes(Path path) throws IOException {
                    if (path.equals(place.durable()) && looks.incrementAndGet() == look) {
                        holder.put("n", 2);
                    }
                    return super.attributes(path);
                }
            };
            StoreContext context = new StoreContext(
                    read,
                    place,
                    CrashHarness.FORMAT,
                    CrashHarness.settings(0),
                    (kind, message, kept, cause) -> told.add(message));
            new FileReader(context).read();
            assertThat(told).isEmpty();
        }
    }

    @Test
    void whatAKilledHolderLeftIsShownAndNotTouched() throws IOException {
        Path crashed = crashedJournal();
        Map<String, String> before = all(crashed.getParent());
        try (Store follower = options.follow().open(crashed)) {
            assertThat(follower.get("count")).isEqualTo(2L);
            assertThatThrownBy(() -> follower.put("count", 3))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContainingAll("follow()", "not accepted", "nothing is changed");
        }
        assertThat(all(crashed.getParent())).isEqualTo(before);
    }

    @Test
    void aLineThatTheMarkDoesNotNameIsNotShownUntilAnOpeningHasTakenIt() throws Exception {
        Path crashed = crashedJournal();
        Path mark = crashed.resolveSibling("state.json.d").resolve("durable");
        // As if the holder had been killed between the last write and its sync.
        DurableMark last = DurableMark.parse(Files.readAllBytes(mark));
        DurableMark.JournalState state = (DurableMark.JournalState) last.state();
        Files.write(
                mark,
                new DurableMark(
                                last.opening(),
                                last.boot(),
                                last.number(),
                                new DurableMark.JournalState(state.id(), state.commits() - 1),
                                last.texts())
                        .bytes());
        try (Store follower = options.follow().open(crashed)) {
            assertThat(follower.get("count")).isEqualTo(1L);
            journal.open(crashed).close();
            follower.await(view -> view.get("count").equals(2L), SOON);
        }
    }

    @Test
    void aMarkFromBeforeTheLastStartOfTheMachineOrOfAnotherOpeningDoesNotCount() throws IOException {
        for (boolean otherBoot : new boolean[] {true, false}) {
            Path home = Files.createTempDirectory(directory, "old");
            Path crashed = crashedJournal();
            Files.move(crashed.getParent(), home.resolve("crashed"));
            Path mine = home.resolve("crashed").resolve("state.json");
            Path mark = mine.resolveSibling("state.json.d").resolve("durable");
            DurableMark last = DurableMark.parse(Files.readAllBytes(mark));
            DurableMark.JournalState state = (DurableMark.JournalState) last.state();
            Files.write(
                    mark,
                    new DurableMark(
                                    otherBoot ? last.opening() : "0123abcd",
                                    otherBoot ? "an earlier start" : last.boot(),
                                    last.number(),
                                    new DurableMark.JournalState(state.id(), 0),
                                    last.texts())
                            .bytes());
            try (Store follower = options.follow().open(mine)) {
                assertThat(follower.get("count")).isEqualTo(2L);
            }
            Files.delete(file);
            deleteAll(directory.resolve("state.json.d"));
        }
    }

    @Test
    void aRestoredStoreIsFollowedAndTold() throws Exception {
        Path copy = directory.resolve("copy.json");
        try (Store holder = journal.open(file)) {
            holder.put("n", 1);
            JsonFile.backup(file, copy);
            for (int i = 0; i < 5; i++) {
                holder.put("n", 2);
                holder.put("n", 3);
            }
        }
        journal.open(file).close();
        try (Store follower = options.follow().open(file)) {
            try (Store holder = journal.open(file)) {
                holder.put("n", 3.5);
                follower.await(view -> view.get("n").equals(3.5), SOON);
            }
            deleteAll(directory.resolve("state.json.d"));
            Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
            try (Store restored = journal.open(file)) {
                follower.await(view -> view.get("n").equals(1L), SOON);
                restored.put("n", 4);
                follower.await(view -> view.get("n").equals(4L), SOON);
            }
        }
        assertThat(notices).extracting(JsonFile.Notice::news).containsOnly(News.RECOVERED);
        assertThat(notices.get(0).message()).contains("went back to an earlier state", "followed as it is");
    }

    /** Its journal has the number that the one before had, and more commits. */
    @Test
    void aCopyThatWentOnByItselfIsFollowedOnceItIsInThePlace() throws Exception {
        Path first = Files.createDirectory(directory.resolve("first"));
        Path second = Files.createDirectory(directory.resolve("second"));
        JsonFile.open(file).close();
        copyAll(first);
        copyAll(second);
        Path link = Files.createSymbolicLink(directory.resolve("link"), first);
        StoreContext context = new StoreContext(
                new ForwardingDisk(),
                new StoreLayout(link.resolve("state.json")),
                CrashHarness.FORMAT,
                CrashHarness.settings(0),
                Reporter.NOBODY);
        try (Store holder = journal.open(first.resolve("state.json"));
                Store other = journal.open(second.resolve("state.json"))) {
            holder.put("n", 1);
            other.put("n", 2);
            other.put("n", 3);
            try (Store follower = Store.over(FollowingRoot.open(context))) {
                assertThat(follower.get("n")).isEqualTo(1L);

                Path next = Files.createSymbolicLink(directory.resolve("next"), second);
                Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);

                assertThat(follower.fresh().get("n")).isEqualTo(3L);
            }
        }
    }

    @Test
    void aDirectoryInThePlaceOfTheMarkIsNone() throws IOException {
        Path crashed = crashedJournal();
        Path mark = crashed.resolveSibling("state.json.d").resolve("durable");
        Files.delete(mark);
        Files.createDirectory(mark);
        try (Store follower = options.follow().open(crashed)) {
            assertThat(follower.get("count")).isEqualTo(2L);
        }
    }

    @Test
    void aFolderThatIsMovedAwayAndBackIsFollowedAgainAndTheLastStateStays() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        Path mine = home.resolve("state.json");
        try (Store holder = options.open(mine)) {
            holder.put("n", 1);
        }
        try (Store follower = options.follow().open(mine)) {
            Files.move(home, directory.resolve("away"));
            while (notices.isEmpty()) {
                Thread.sleep(10);
            }
            assertThat(follower.get("n")).isEqualTo(1L);
            Files.move(directory.resolve("away"), home);
            try (Store holder = options.open(mine)) {
                holder.put("n", 2);
                follower.await(view -> view.get("n").equals(2L), SOON);
            }
        }
        assertThat(notices).hasSize(1);
        assertThat(notices.get(0).message())
                .contains("cannot be followed for now", "last state that could be read", "tried again");
    }

    @Test
    void aDamagedFileIsToldOnceAndARepairIsFollowed() throws Exception {
        try (Store holder = options.open(file)) {
            holder.put("n", 1);
        }
        try (Store follower = options.follow().open(file)) {
            Files.writeString(file, "{\"n\":");
            while (notices.isEmpty()) {
                Thread.sleep(10);
            }
            assertThat(follower.get("n")).isEqualTo(1L);
            try (Store repaired =
                    JsonFile.options().onNotice(notice -> {}).repair().open(file)) {
                repaired.put("n", 2);
                follower.await(view -> view.get("n").equals(2L), SOON);
            }
        }
        assertThat(notices).hasSize(1);
    }

    @Test
    void anAbsentFileIsRefused() {
        assertThatThrownBy(() -> options.follow().open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("is not there");
    }

    @Test
    void whatIsNoMarkIsNotBelieved() throws IOException {
        assertThat(DurableMark.parse(new byte[0])).isNull();
        DurableMark mark =
                new DurableMark("0123abcd", "a-start", 7, new DurableMark.JournalState("0123456789abcdef", 12), null);
        assertThat(DurableMark.parse(mark.bytes())).isEqualTo(mark);
        for (int i = 0; i < mark.bytes().length; i++) {
            byte[] damaged = mark.bytes();
            damaged[i] ^= 4;
            assertThat(DurableMark.parse(damaged)).isNull();
        }
        ContentFingerprint content = ContentFingerprint.of(ContentDigest.of(9, "ab".repeat(32)));
        DurableMark file = new DurableMark(
                "0123abcd", DurableMark.BOOT, Long.MAX_VALUE / 10, new DurableMark.FileState(content, content), "");
        assertThat(DurableMark.parse(file.bytes())).isEqualTo(file);
        assertThat(file.bytes()).hasSameSizeAs(mark.bytes());
        ContentFingerprint large = new ContentFingerprint(content.hash(), 999_999_999_999_999_999L);
        DurableMark longest = new DurableMark(
                "0123abcd",
                "b".repeat(40),
                Long.MAX_VALUE / 10,
                new DurableMark.FileState(large, large),
                ContentFingerprint.text(List.of(large, large, large, large, large)));
        assertThat(DurableMark.parse(longest.bytes())).isEqualTo(longest);
        assertThat(longest.bytes()).hasSameSizeAs(mark.bytes());
    }

    @Test
    void aStoreThatIsClosedLeavesNoMark() throws IOException {
        try (Store holder = options.open(file)) {
            holder.put("n", 1);
            assertThat(directory.resolve("state.json.d").resolve("durable")).exists();
        }
        assertThat(directory.resolve("state.json.d").resolve("durable")).doesNotExist();
    }

    private static void deleteAll(Path folder) throws IOException {
        for (Path path : list(folder)) {
            Files.delete(path);
        }
        Files.delete(folder);
    }

    /** A disk whose writer is killed by a rename: it does nothing more. */
    private static final class KillingDisk extends MemoryDisk {
        private boolean killsAfterRename;
        private boolean killed;

        KillingDisk(FileImage start) {
            super(start);
        }

        @Override
        public void attempt(Op op) throws IOException {
            if (killed) {
                throw new IOException("killed");
            }
            super.attempt(op);
            killed = killsAfterRename && op instanceof Op.Rename;
        }
    }

    /** Holds up all syncs, after the bytes were written. */
    private static final class SyncingDisk extends ForwardingDisk {
        private boolean held;
        private boolean waiting;

        synchronized Hold hold() {
            held = true;
            return new Hold() {
                @Override
                public void release() {
                    go();
                }

                @Override
                public boolean takeBack() {
                    return false;
                }
            };
        }

        private synchronized void go() {
            held = false;
            notifyAll();
        }

        synchronized void awaitWritten() throws InterruptedException {
            while (!waiting) {
                wait();
            }
        }

        private synchronized void sync() throws IOException {
            waiting = held;
            notifyAll();
            try {
                while (held) {
                    wait();
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public Output open(Path path) throws IOException {
            return new ForwardingOutput(super.open(path)) {
                @Override
                public void force() throws IOException {
                    sync();
                    super.force();
                }
            };
        }

        @Override
        public void forceDirectory(Path path) throws IOException {
            sync();
            super.forceDirectory(path);
        }
    }
}
