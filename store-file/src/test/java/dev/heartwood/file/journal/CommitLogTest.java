package dev.heartwood.file.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.file.JsonFile;
import dev.heartwood.file.commit.FileRoot;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.ForwardingOutput;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.text.Formats;
import dev.heartwood.history.Entry;
import dev.heartwood.history.History;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.testsupport.Machine;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The default store has author, changes, label and time of each commit: closed, killed or open. */
class CommitLogTest {
    private static final KeyPath RENT = KeyPath.of("account", "rent");

    @TempDir
    Path directory;

    @Test
    void aSmallFileTellsWhoChangedAPlaceAfterItWasClosedAndOpenedAgain() {
        Path file = directory.resolve("state.json");
        long wrong;
        try (Store store = JsonFile.open(file)) {
            store.as("planner").put(RENT, 900);
            store.as("eve").batch(tx -> {
                tx.label("a mistake");
                tx.put(RENT, -1);
            });
            wrong = store.version();
        }
        try (Store store = JsonFile.open(file)) {
            store.as("other").put("counter", 1);
            assertThat(History.ofJournal(file).blame(RENT).origin().label()).isEqualTo("a mistake");
        }

        History history = History.ofJournal(file);
        Entry entry = history.blame(RENT);
        assertThat(entry.origin().author()).isEqualTo("eve");
        assertThat(entry.origin().time()).isNotNull();
        assertThat(entry.version()).isEqualTo(wrong);
        assertThat(entry.before()).isEqualTo(900L);
        assertThat(history.entries()).hasSize(3).noneMatch(Entry::isGap);
        assertThat(history.blame(KeyPath.of("counter")).origin().author()).isEqualTo("other");
    }

    @Test
    void aLargeFileKeepsItsCommitsOverCheckpointsAndClosing() {
        Path file = directory.resolve("state.json");
        for (int i = 0; i < 3; i++) {
            try (Store store = JsonFile.options().journalAbove(0).open(file)) {
                store.as("author " + i).put("i", i);
            }
        }

        assertThat(History.ofJournal(file).of(KeyPath.of("i")).stream()
                        .map(entry -> entry.origin().author()))
                .containsExactly("author 0", "author 1", "author 2");
    }

    @Test
    void commitsOfCallsThatWaitForNoDiskAreKeptToo() {
        Path file = directory.resolve("state.json");
        try (Store store = JsonFile.options().manual().open(file)) {
            for (int i = 0; i < 50; i++) {
                store.as("author " + i).put("i", i);
            }
        }

        List<Entry> entries = History.ofJournal(file).of(KeyPath.of("i"));
        assertThat(entries).hasSize(50);
        assertThat(entries.get(49).origin().author()).isEqualTo("author 49");
    }

    @Test
    void aTextThatIsLongerInJsonThanInMemoryIsNotKeptBeyondItsBytes() throws IOException {
        Path file = directory.resolve("state.json");
        StoreLayout place = new StoreLayout(file.toAbsolutePath());
        try (Store store = JsonFile.options().keepCommits(20_000).open(file)) {
            store.put("a", 1);
            store.put("text", "\u0001".repeat(2_500)); // 15,000 bytes
            store.remove("text");
            store.put("a", 2);
        }
        assertThat(History.ofJournal(file).blame(KeyPath.of("a")).after()).isEqualTo(2L);
        for (Path kept : List.of(place.commits(), place.olderCommits())) {
            assertThat(Files.exists(kept) ? Files.size(kept) : 0).isLessThan(10_000);
        }
    }

    @Test
    void anEditByHandWhileItWasClosedIsAGap() throws IOException {
        Path file = directory.resolve("state.json");
        try (Store store = JsonFile.open(file)) {
            store.as("planner").put("a", 1);
        }
        Files.writeString(file, "{\"a\": 2}\n");
        assertThat(History.ofJournal(file).blame(KeyPath.of("a")).isGap()).isTrue();
        try (Store store = JsonFile.open(file)) {
            store.as("other").put("a", 3);
        }

        List<Entry> entries = History.ofJournal(file).of(KeyPath.of("a"));
        assertThat(entries.stream().map(Entry::isGap)).containsExactly(false, true, false);
        assertThat(entries.get(1).after()).isEqualTo(2L);
        assertThat(entries.get(2).origin().author()).isEqualTo("other");
    }

    @Test
    void itHasNoMoreBytesThanAllowedAndTheNewestCommitsAreThere() throws IOException {
        Path file = directory.resolve("state.json");
        try (Store store = JsonFile.options().manual().keepCommits(20_000).open(file)) {
            for (int i = 0; i < 2_000; i++) {
                store.as("author " + i).put("k" + i % 20, i);
                if (i % 10 == 0) {
                    store.flush();
                }
                assertThat(logBytes()).isLessThanOrEqualTo(20_000);
            }
        }

        List<Entry> entries = History.ofJournal(file).entries();
        assertThat(entries).hasSizeGreaterThan(50).noneMatch(Entry::isGap);
        assertThat(entries.get(entries.size() - 1).origin().author()).isEqualTo("author 1999");
    }

    @Test
    void whatDoesNotFitIsAGapAndLaterCommitsAreKeptAgain() {
        Path file = directory.resolve("state.json");
        try (Store store = JsonFile.options().keepCommits(2_000).open(file)) {
            store.as("first").put("a", 1);
            store.as("large").put("ballast", "x".repeat(5_000));
            store.as("small").put("a", 2);
            store.as("large").remove("ballast");
            store.as("last").put("a", 3);
        }

        History history = History.ofJournal(file);
        assertThat(history.blame(KeyPath.of("a")).origin().author()).isEqualTo("last");
        assertThat(history.entries()).anyMatch(Entry::isGap);
    }

    @Test
    void itGoesOnHoweverOftenASmallTreeChanges() {
        Path file = directory.resolve("state.json");
        try (Store store = JsonFile.options().manual().keepCommits(4_000).open(file)) {
            store.put("l", List.of(1, 2, 3));
            for (int i = 0; i < 3_000; i++) {
                store.as("author " + i).put(KeyPath.of("l", i % 3), i);
                if (i % 5 == 0) {
                    store.flush();
                }
            }
        }

        List<Entry> entries = History.ofJournal(file).entries();
        assertThat(entries).hasSizeGreaterThan(5).noneMatch(Entry::isGap);
        assertThat(entries.get(entries.size() - 1).origin().author()).isEqualTo("author 2999");
    }

    @Test
    void anyDamageIsAGapAndNoFailure() throws IOException {
        Path file = directory.resolve("state.json");
        try (Store store = JsonFile.open(file)) {
            for (int i = 0; i < 20; i++) {
                store.as("author " + i).put("i", i);
            }
        }
        Path log = directory.resolve("state.json.d").resolve("commits.jsonl");
        byte[] whole = Files.readAllBytes(log);
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            byte[] damaged = whole.clone();
            int at = random.nextInt(whole.length);
            for (int i = at; i < Math.min(whole.length, at + random.nextInt(200)); i++) {
                damaged[i] = random.nextBoolean() ? 0 : (byte) random.nextInt(256);
            }
            Files.write(log, seed % 3 == 0 ? java.util.Arrays.copyOf(damaged, at) : damaged);

            assertThat(History.ofJournal(file).states())
                    .as("seed %d", seed)
                    .last()
                    .matches(state -> state.get("i").equals(19L));
        }
        Files.write(log, java.util.Arrays.copyOf(whole, whole.length - 10));
        try (Store store = JsonFile.open(file)) {
            store.as("after the damage").put("i", 20);
        }
        assertThat(History.ofJournal(file).blame(KeyPath.of("i")).origin().author())
                .isEqualTo("after the damage");
    }

    @Test
    void aLogThatCannotBeWrittenIsToldOnceAndDisturbsNoCommit() throws IOException {
        Path file = directory.resolve("state.json");
        JsonFile.open(file).close();
        Files.createDirectory(directory.resolve("state.json.d").resolve("commits.jsonl"));
        List<JsonFile.Notice> notices = new CopyOnWriteArrayList<>();
        try (Store store = JsonFile.options().onNotice(notices::add).open(file)) {
            store.put("a", 1);
            store.put("a", 2);
        }

        assertThat(notices).hasSize(1);
        assertThat(notices.get(0).message()).contains("keepCommits", "Commits are not affected");
        try (Store store = JsonFile.open(file)) {
            assertThat(store.get("a")).isEqualTo(2L);
        }
        assertThat(History.ofJournal(file).states())
                .last()
                .matches(state -> state.get("a").equals(2L));
    }

    /** To open a pipe would wait for its other end. */
    @Test
    @Timeout(20)
    void aPipeInThePlaceOfTheLogHoldsUpNoCommit() throws Exception {
        Machine.requireTools("mkfifo");
        Path file = directory.resolve("state.json");
        JsonFile.open(file).close();
        Machine.runOrSkip(
                "mkfifo",
                directory.resolve("state.json.d").resolve("commits.jsonl").toString());
        try (Store store = JsonFile.options().onNotice(notice -> {}).open(file)) {
            store.put("a", 1);
            store.put("a", 2);
        }
        try (Store store = JsonFile.options().onNotice(notice -> {}).open(file)) {
            assertThat(store.get("a")).isEqualTo(2L);
        }
    }

    /** Who reads while the two files take turns may find in the newer one what the older one had already. */
    @Test
    void linesThatAreFoundInBothFilesCountOnce() throws IOException {
        Path file = directory.resolve("state.json");
        try (Store store = JsonFile.open(file)) {
            for (int i = 0; i < 6; i++) {
                store.as("author " + i).put("k" + i, i);
            }
        }
        List<Entry> entries = History.ofJournal(file).entries();
        Path inside = directory.resolve("state.json.d");
        List<String> lines = Files.readAllLines(inside.resolve("commits.jsonl"));
        Files.write(inside.resolve("commits-older.jsonl"), lines.subList(0, lines.size() - 2));

        assertThat(History.ofJournal(file).entries()).hasSameSizeAs(entries).noneMatch(Entry::isGap);
        assertThat(History.ofJournal(file).blame(KeyPath.of("k5")).origin().author())
                .isEqualTo("author 5");
    }

    @Test
    void aCommitWhoseLineIsMissingIsAGap() throws IOException {
        Path file = directory.resolve("state.json");
        try (Store store = JsonFile.open(file)) {
            for (int i = 0; i < 5; i++) {
                store.as("author " + i).put("k" + i, i);
            }
        }
        Path log = directory.resolve("state.json.d").resolve("commits.jsonl");
        Files.write(
                log,
                Files.readAllLines(log).stream()
                        .filter(line -> !line.contains("author 2"))
                        .toList());
        try (Store store = JsonFile.open(file)) {
            store.as("author 5").put("k5", 5);
        }

        History history = History.ofJournal(file);
        assertThat(history.entries().stream().map(Entry::isGap)).containsExactly(false, false, true, false);
        assertThat(history.states())
                .anyMatch(state -> state.contains("k1") && !state.contains("k2"))
                .noneMatch(state -> state.contains("k3") && !state.contains("k2"));
    }

    @Test
    void onAFullDiskItMakesRoomBeforeACommitFails() throws IOException {
        Path file = directory.toRealPath().resolve("state.json");
        StoreLayout place = new StoreLayout(file);
        List<String> told = new CopyOnWriteArrayList<>();
        Settings settings = Settings.DEFAULT;
        try (Store store = Store.over(FileRoot.open(new StoreContext(
                new FullWithALog(place),
                place,
                Formats.format(),
                settings,
                (kind, message, kept, cause) -> told.add(message))))) {
            store.put("a", 1);
            // The older of its two files takes room even where it has no commits.
            Files.createFile(place.olderCommits());
            store.put("a", 2);
            store.put("a", 3);
        }

        assertThat(place.olderCommits()).doesNotExist();
        assertThat(told).hasSize(1);
        assertThat(told.get(0)).contains("keepCommits", "to make room");
        assertThat(logBytes()).isZero();
        try (Store store = JsonFile.open(file)) {
            assertThat(store.get("a")).isEqualTo(3L);
        }
    }

    @Test
    void aCommitThatFailsForAnotherReasonThanRoomTakesNothingFromIt() throws IOException {
        Path file = directory.toRealPath().resolve("state.json");
        FailingWrites disk = new FailingWrites(name -> name.startsWith(".state.json"));
        try (Store store = open(disk, file, new ArrayList<>())) {
            store.as("planner").put("a", 1);
            disk.failures.set(1);
            assertThatThrownBy(() -> store.put("a", 2)).hasRootCauseMessage("Input/output error");
            store.as("other").put("b", 3);
        }

        History history = History.ofJournal(file);
        assertThat(history.entries()).noneMatch(Entry::isGap);
        assertThat(history.blame(KeyPath.of("a")).origin().author()).isEqualTo("planner");
        assertThat(history.blame(KeyPath.of("b")).origin().author()).isEqualTo("other");
    }

    @Test
    void afterAnErrorOfTheDeviceItHasAGapAndGoesOn() throws IOException {
        Path file = directory.toRealPath().resolve("state.json");
        FailingWrites disk = new FailingWrites(name -> name.startsWith("commits"));
        List<String> told = new CopyOnWriteArrayList<>();
        try (Store store = open(disk, file, told)) {
            store.as("planner").put("a", 1);
            store.flush(); // a commit does not wait for its line
            disk.failures.set(3);
            for (int i = 0; i < 20; i++) {
                store.as("author " + i).put("b", i);
            }
            store.flush();
            assertThat(disk.failures).hasValue(0);
            disk.failures.set(1);
            store.as("later").put("c", 1);
            store.as("latest").put("c", 2);
            store.as("last").put("c", 3);
        }

        assertThat(told).hasSize(2).allMatch(words -> words.contains("keepCommits") && words.contains("tried again"));
        History history = History.ofJournal(file);
        assertThat(history.blame(KeyPath.of("a")).origin().author()).isEqualTo("planner");
        assertThat(history.blame(KeyPath.of("b")).origin().author()).isEqualTo("author 19");
        assertThat(history.blame(KeyPath.of("c")).origin().author()).isEqualTo("last");
        assertThat(history.entries().stream().filter(Entry::isGap)).hasSize(2);
    }

    @Test
    void noCommitWalksALargeTreeForIt() throws IOException {
        Path file = directory.toRealPath().resolve("state.json");
        StoreLayout place = new StoreLayout(file);
        place.prepare(new RealDisk());
        HashMap<String, Object> tree = HashMap.ofAll(
                IntStream.range(0, 50_000).boxed().collect(Collectors.toMap(i -> "key" + i, i -> "text")));
        long fileBytes = Formats.format().size(tree);
        AtomicLong walked = new AtomicLong();
        TreeFormat counting = counting(Formats.format(), tree, walked);
        Settings settings = Settings.DEFAULT.withKeepCommits(20_000);
        CommitLog log = new CommitLog(new StoreContext(
                new RealDisk(), place, counting, settings, (kind, message, kept, cause) -> fail(message)));
        Store store = Store.of(tree.toJavaMap());
        Snapshot before = store.snapshot();
        for (int i = 0; i < 3_000; i++) {
            store.put("key1", "text" + i % 10);
            Snapshot after = store.snapshot();
            List<Edit> edits = List.of(new Edit.Put(KeyPath.of("key1"), "text" + i % 10));
            log.add(before, fileBytes + i, fileBytes, List.of(new CommitEdits(after.version(), edits, after.origin())));
            before = after;
        }
        log.close();

        assertThat(walked).as("times that all of the tree was looked at").hasValue(0);
        assertThat(logBytes()).isZero();
    }

    @Test
    void onADeviceThatStaysBrokenItTriesLessOftenAndNeverGivesUp() throws IOException {
        Path file = directory.toRealPath().resolve("state.json");
        StoreLayout place = new StoreLayout(file);
        place.prepare(new RealDisk());
        AtomicInteger tries = new AtomicInteger();
        Disk broken = new ForwardingDisk() {
            @Override
            public Output create(Path made, int mode) throws IOException {
                tries.incrementAndGet();
                throw new IOException("Input/output error");
            }
        };
        List<String> told = new ArrayList<>();
        CommitLog log = new CommitLog(new StoreContext(
                broken, place, Formats.format(), Settings.DEFAULT, (kind, message, kept, cause) -> told.add(message)));
        Snapshot state = Store.of(Map.of()).snapshot();
        for (int i = 0; i < 50_000; i++) {
            log.add(state, 10, 10, List.of(CommitEdits.of()));
        }

        // Some ten times with growing pauses, and then after each thousand.
        assertThat(tries.get()).isBetween(50, 70);
        assertThat(told).hasSize(1);
    }

    /** The same format; counts how often something is asked of a tree as large as this one. */
    private static TreeFormat counting(TreeFormat format, HashMap<String, Object> large, AtomicLong walked) {
        return (TreeFormat) Proxy.newProxyInstance(
                TreeFormat.class.getClassLoader(), new Class<?>[] {TreeFormat.class}, (proxy, method, arguments) -> {
                    if (arguments != null
                            && arguments[0] instanceof HashMap<?, ?> tree
                            && tree.size() >= large.size()) {
                        walked.incrementAndGet();
                    }
                    return method.invoke(format, arguments);
                });
    }

    private static Store open(Disk disk, Path file, List<String> told) throws IOException {
        return Store.over(FileRoot.open(new StoreContext(
                disk,
                new StoreLayout(file),
                Formats.format(),
                Settings.DEFAULT,
                (kind, message, kept, cause) -> told.add(message))));
    }

    /** A disk on which the next writes to some files fail, after half of their bytes. */
    private static final class FailingWrites extends ForwardingDisk {
        private final Predicate<String> names;
        private final AtomicInteger failures = new AtomicInteger();

        FailingWrites(Predicate<String> names) {
            this.names = names;
        }

        @Override
        public Output create(Path made, int mode) throws IOException {
            return failing(made, super.create(made, mode));
        }

        @Override
        public Output open(Path found) throws IOException {
            return failing(found, super.open(found));
        }

        private Output failing(Path written, Output out) {
            return new ForwardingOutput(out) {
                @Override
                public void write(byte[] bytes, int length, long position) throws IOException {
                    if (failures.get() > 0 && names.test(written.getFileName().toString())) {
                        failures.decrementAndGet();
                        super.write(bytes, length / 2, position);
                        throw new IOException("Input/output error");
                    }
                    super.write(bytes, length, position);
                }
            };
        }
    }

    /** A disk that has room for a file or for the log of its commits. */
    private static final class FullWithALog extends ForwardingDisk {
        private final StoreLayout place;

        FullWithALog(StoreLayout place) {
            this.place = place;
        }

        @Override
        public Output create(Path made, int mode) throws IOException {
            boolean next = made.getFileName().toString().startsWith(".state.json");
            return new ForwardingOutput(super.create(made, mode)) {
                @Override
                public void write(byte[] bytes, int length, long position) throws IOException {
                    if (next && (attributes(place.commits()) != null || attributes(place.olderCommits()) != null)) {
                        throw new IOException("No space left on device");
                    }
                    super.write(bytes, length, position);
                }
            };
        }
    }

    @Test
    void onlyTheOwnerMayReadIt() throws IOException {
        Path file = directory.resolve("state.json");
        try (Store store = JsonFile.open(file)) {
            store.put("a", 1);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            store.put("a", 2);
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(
                        directory.resolve("state.json.d").resolve("commits.jsonl"))))
                .isEqualTo("rw-------");
    }

    @Test
    void withoutBytesNothingIsKept() throws IOException {
        Path file = directory.resolve("state.json");
        try (Store store = JsonFile.options().keepCommits(0).open(file)) {
            store.as("planner").put("a", 1);
        }

        assertThat(logBytes()).isZero();
        assertThatThrownBy(() -> JsonFile.options().keepCommits(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void itIsReadWhileTheStoreCommitsAndTheFilesTakeTurns() throws Exception {
        Path file = directory.resolve("state.json");
        List<Throwable> failures = new ArrayList<>();
        try (Store store = JsonFile.options().manual().keepCommits(6_000).open(file)) {
            store.put("i", 0);
            store.flush();
            Thread reader = new Thread(() -> {
                try {
                    for (int i = 0; i < 30; i++) {
                        List<Entry> entries = History.ofJournal(file).entries();
                        for (Entry entry : entries) {
                            assertThat(entry.isGap() || entry.after() != null).isTrue();
                        }
                    }
                } catch (Throwable e) {
                    failures.add(e);
                }
            });
            reader.start();
            for (int i = 1; reader.isAlive(); i++) {
                store.put("i", i);
                store.flush();
            }
            reader.join();
        }

        assertThat(failures).isEmpty();
        assertThat(History.ofJournal(file).entries()).noneMatch(Entry::isGap);
    }

    private long logBytes() throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(directory.resolve("state.json.d"))) {
            for (Path found : files.toList()) {
                bytes += found.getFileName().toString().startsWith("commits") ? Files.size(found) : 0;
            }
        }
        return bytes;
    }
}
