package dev.heartwood.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Delivery;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.Subscription;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.json.JsonFile.News;
import dev.heartwood.json.JsonFile.Notice;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JsonFileTest {
    private final List<Notice> notices = new CopyOnWriteArrayList<>();
    private final JsonFileOptions options = JsonFile.options().onNotice(notices::add);
    private final JsonFileOptions journal = options.journalAbove(0);
    private Path directory;
    private Path file;

    @BeforeEach
    void inA(@TempDir Path temporary) throws IOException {
        directory = temporary.toRealPath();
        file = directory.resolve("state.json");
    }

    @Test
    void aNewStoreIsAnEmptyObject() throws IOException {
        JsonFile.open(file).close();
        assertThat(text()).isEqualTo("{}\n");
    }

    @Test
    void aCommitStandsInTheFileWhenItReturns() throws IOException {
        try (Store store = JsonFile.open(file)) {
            store.put("visits", 1);
            assertThat(text()).isEqualTo("{\n  \"visits\": 1\n}\n");
            store.increment(KeyPath.of("visits"));
            assertThat(text()).isEqualTo("{\n  \"visits\": 2\n}\n");
        }
    }

    @Test
    void whatWasCommittedIsThereAgain() {
        for (JsonFileOptions choice : List.of(options, journal)) {
            try (Store store = choice.open(file)) {
                store.put(KeyPath.of("users", "ann", "tags"), List.of("a", "b"));
                store.append(KeyPath.of("users", "ann", "tags"), "c\ud800\u2028");
                store.put("pi", new BigDecimal("3.14159265358979323846"));
                store.put("gone", 1);
                store.batch(tx -> {
                    tx.remove("gone");
                    tx.append(KeyPath.of("users", "ann", "tags"), null);
                });
            }
            try (Store store = choice.open(file)) {
                assertThat(store.toMap().toString())
                        .isEqualTo("{pi=3.14159265358979323846, users={ann={tags=[a, b, c\ud800\u2028, null]}}}");
            }
        }
    }

    @Test
    void aJournalIsReplayedByTheNextProcess() throws IOException {
        Path copy = directory.resolve("copy");
        Files.createDirectory(copy);
        try (Store store = journal.open(file)) {
            store.put("list", List.of(1));
            for (int i = 2; i <= 50; i++) {
                store.append(KeyPath.of("list"), i);
            }
            // What a crash would leave: everything as it is now.
            copyAll(copy);
        }
        try (Store store = journal.open(copy.resolve("state.json"))) {
            assertThat(store.getList("list")).hasSize(50);
        }
    }

    @Test
    void anEditByHandWhileClosedIsAdoptedAndTheTreeBeforeItIsKept() throws IOException {
        for (JsonFileOptions choice : List.of(options, journal)) {
            try (Store store = choice.open(file)) {
                store.put("by", "program");
            }
            Files.writeString(file, "{ \"by\" : \"hand\" }");
            try (Store store = choice.open(file)) {
                assertThat(store.get("by")).isEqualTo("hand");
            }
            assertThat(generations()).contains("{\n  \"by\": \"program\"\n}\n", "{ \"by\" : \"hand\" }");
        }
    }

    @Test
    void anEditByHandThatAJournalContradictsIsRefusedUntilOneOfThemIsChosen() throws IOException {
        Path crashed = crashedJournal();
        Files.writeString(crashed, "{\"count\": \"hand\"}");
        Map<String, String> before = all(crashed.getParent());
        assertThatThrownBy(() -> journal.open(crashed))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll("edited", "takeFile()", "takeJournal()");
        assertThat(all(crashed.getParent())).isEqualTo(before);

        try (Store store = journal.takeJournal().open(crashed)) {
            assertThat(store.get("count")).isEqualTo(2L);
        }
        assertThat(crashed.resolveSibling("state.json.external-1")).hasContent("{\"count\": \"hand\"}");
    }

    @Test
    void takingTheFileKeepsWhatWasCommittedBesideIt() throws IOException {
        Path crashed = crashedJournal();
        Files.writeString(crashed, "{\"count\": \"hand\"}");
        try (Store store = journal.takeFile().open(crashed)) {
            assertThat(store.get("count")).isEqualTo("hand");
        }
        assertThat(crashed.resolveSibling("state.json.committed-1")).hasContent("{\n  \"count\": 2\n}");
        try (Store store = journal.open(crashed)) {
            assertThat(store.get("count")).isEqualTo("hand");
        }
    }

    @Test
    void anEditWhileOpenIsKeptBesideAndReported() throws IOException {
        for (JsonFileOptions choice : List.of(options, journal)) {
            notices.clear();
            try (Store store = choice.open(file)) {
                store.put("by", "program");
                Files.writeString(file, "{\"by\": \"editor\"}");
                store.put("by", "program again");
            }
            assertThat(text()).isEqualTo("{\n  \"by\": \"program again\"\n}\n");
            Notice notice = notices.stream()
                    .filter(told -> told.news() == News.EXTERNAL_EDIT)
                    .findFirst()
                    .orElseThrow();
            assertThat(notice.message()).contains("changed by somebody else", "external-");
            assertThat(notice.kept()).hasContent("{\"by\": \"editor\"}");
        }
    }

    @Test
    void aFileDeletedWhileOpenIsWrittenAgain() throws IOException {
        try (Store store = options.open(file)) {
            Files.delete(file);
            store.put("a", 1);
            assertThat(text()).contains("\"a\": 1");
        }
        assertThat(notices).extracting(Notice::news).contains(News.EXTERNAL_EDIT);
    }

    @Test
    void aFileReplacedByADirectoryFailsTheCommitAndWorksAgainWhenItIsAway() throws IOException {
        try (Store store = options.open(file)) {
            store.put("a", 1);
            Files.delete(file);
            Files.createDirectory(file);
            assertThatThrownBy(() -> store.put("a", 2))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContainingAll("was not written", "a directory", "move that away");
            assertThat(store.get("a")).isEqualTo(1L);
            Files.delete(file);
            store.put("a", 3);
            assertThat(text()).contains("\"a\": 3");
        }
    }

    @Test
    void whatCannotBeReadIsRefusedAndStaysAsItIs() throws IOException {
        JsonFile.open(file).close();
        List<byte[]> bad = List.of(
                bytes(""),
                new byte[40],
                bytes("{\"a\": 1} x"),
                bytes("{\"a\": 1, \"a\": 2}"),
                bytes("{\"a\": 1,"),
                bytes("[1]"),
                "{\"a\": 1}".getBytes(StandardCharsets.UTF_16),
                "{\"a\": 1}".getBytes(StandardCharsets.UTF_16LE),
                "{\"a\": 1}".getBytes(StandardCharsets.UTF_16BE));
        for (byte[] content : bad) {
            Files.write(file, content);
            Map<String, String> before = all(directory);
            assertThatThrownBy(() -> options.open(file))
                    .as(new String(content, StandardCharsets.ISO_8859_1))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContainingAll(file.toString(), "cannot be read", "Nothing was changed", "repair()");
            assertThat(all(directory)).isEqualTo(before);
        }
    }

    @Test
    void aRefusalSaysWhereTheFileIsWrong() throws IOException {
        Files.writeString(file, "{\n  \"a\": 1,\n  \"a\": 2\n}");
        assertThatThrownBy(() -> options.open(file)).hasMessageContainingAll("line 3", "\"a\"", "twice");
        assertThat(all(directory)).containsOnlyKeys("state.json");
    }

    @Test
    void aByteOrderMarkIsAccepted() throws IOException {
        Files.writeString(file, "\ufeff{\"a\": 1}");
        try (Store store = options.open(file)) {
            assertThat(store.get("a")).isEqualTo(1L);
        }
    }

    @Test
    void repairGoesBackToAGenerationAndKeepsWhatWasThere() throws IOException {
        try (Store store = options.open(file)) {
            store.put("a", 1);
        }
        Files.writeString(file, "{\"a\": 1");
        try (Store store = options.repair().open(file)) {
            assertThat(store.get("a")).isEqualTo(1L);
        }
        assertThat(directory.resolve("state.json.corrupt-1")).hasContent("{\"a\": 1");
        assertThat(notices).extracting(Notice::news).contains(News.RECOVERED);
    }

    @Test
    void repairReplaysTheJournalOnTheGenerationWhereTheFileIsDamaged() throws IOException {
        Path crashed = crashedJournal();
        Files.write(crashed, new byte[100]);
        try (Store store = options.repair().open(crashed)) {
            assertThat(store.get("count")).isEqualTo(2L);
        }
    }

    @Test
    void aMissingFileIsRefusedWhereThereWasOneAndRepaired() throws IOException {
        Path crashed = crashedJournal();
        Files.delete(crashed);
        assertThatThrownBy(() -> options.open(crashed))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll("is missing", "repair()", "empty tree");
        try (Store store = options.repair().open(crashed)) {
            assertThat(store.get("count")).isEqualTo(2L);
        }
    }

    @Test
    void aDirectoryWithNothingButALockIsAFreshStore() throws IOException {
        Files.createDirectory(directory.resolve("state.json.d"));
        Files.createFile(directory.resolve("state.json.d/lock"));
        try (Store store = options.open(file)) {
            assertThat(store.size()).isZero();
        }
    }

    @Test
    void aJournalThatIsDamagedInTheMiddleIsRefusedAndRepairedUpToThere() throws IOException {
        Path crashed = crashedJournal();
        Path log = only(crashed.resolveSibling("state.json.d"), "journal-");
        String lines = Files.readString(log);
        Files.writeString(log, lines.replaceFirst("\"value\":1}", "\"value\":9}"));
        Map<String, String> before = all(crashed.getParent());
        assertThatThrownBy(() -> options.open(crashed))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll("journal-", "is damaged", "after commit 0", "up to 1 had been acknowledged");
        assertThat(all(crashed.getParent())).isEqualTo(before);
        try (Store store = options.repair().open(crashed)) {
            assertThat(store.size()).isZero();
        }
        assertThat(crashed.resolveSibling("state.json.corrupt-1")).exists();
    }

    @Test
    void aTornTailIsDroppedAndKeptAside() throws IOException {
        Path crashed = crashedJournal();
        Path log = only(crashed.resolveSibling("state.json.d"), "journal-");
        String lines = Files.readString(log);
        Files.writeString(log, lines.substring(0, lines.length() - 5));
        try (Store store = options.open(crashed)) {
            assertThat(store.get("count")).isEqualTo(1L);
        }
        assertThat(Files.readString(only(crashed.resolveSibling("state.json.d"), "torn-")))
                .contains("\"put\":\"/count\"");
    }

    @Test
    void theSameFileTwiceIsRefusedAlsoUnderAnotherName() throws IOException {
        Path link = directory.resolve("link.json");
        Files.createSymbolicLink(link, Path.of("state.json"));
        try (Store store = JsonFile.open(file)) {
            for (Path name : List.of(file, link, directory.resolve("../" + directory.getFileName() + "/state.json"))) {
                assertThatThrownBy(() -> JsonFile.open(name))
                        .isInstanceOf(StoreIOException.class)
                        .hasMessageContainingAll("open in this process already", "since");
            }
            store.put("a", 1);
        }
        JsonFile.open(file).close();
    }

    @Test
    void aSymbolicLinkIsFollowedAndStays() throws IOException {
        Path link = directory.resolve("link.json");
        Files.createSymbolicLink(link, Path.of("state.json"));
        try (Store store = JsonFile.open(link)) {
            store.put("a", 1);
        }
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(text()).contains("\"a\": 1");
    }

    @Test
    void aHardLinkIsRefused() throws IOException {
        Files.writeString(file, "{}");
        Files.createLink(directory.resolve("other.json"), file);
        assertThatThrownBy(() -> JsonFile.open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll("2 names", "hard links");
        assertThat(all(directory)).containsOnlyKeys("state.json", "other.json");
    }

    @Test
    void aDirectoryInPlaceOfTheFileIsRefused() throws IOException {
        Files.createDirectory(file);
        assertThatThrownBy(() -> JsonFile.open(file)).hasMessageContaining("is a directory");
    }

    @Test
    void aMissingDirectoryIsRefused() {
        assertThatThrownBy(() -> JsonFile.open(directory.resolve("none/state.json")))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("make it first");
    }

    @Test
    void modeAndOwnerAreKept() throws IOException {
        Files.writeString(file, "{}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        boolean root = Files.getAttribute(directory, "unix:uid").equals(0);
        if (root) {
            Files.setAttribute(file, "unix:uid", 1234);
            Files.setAttribute(file, "unix:gid", 2345);
        }
        try (Store store = JsonFile.open(file)) {
            store.put("a", 1);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        if (root) {
            assertThat(Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS))
                    .isEqualTo(1234);
            assertThat(Files.getAttribute(file, "unix:gid", LinkOption.NOFOLLOW_LINKS))
                    .isEqualTo(2345);
        }
    }

    @Test
    void whatJsonCannotSayIsRefusedBeforeItIsCommitted() throws IOException {
        try (Store store = JsonFile.open(file)) {
            store.put("a", 1);
            assertThatThrownBy(() -> store.put("when", Instant.EPOCH))
                    .isInstanceOf(UnsupportedValueException.class)
                    .hasMessageContaining("JsonMapping");
            assertThatThrownBy(() -> store.put("long", "x".repeat(20_000_001)))
                    .isInstanceOf(UnsupportedValueException.class);
            assertThat(store.version()).isEqualTo(1);
        }
        assertThat(text()).isEqualTo("{\n  \"a\": 1\n}\n");
    }

    @Test
    void valuesAreHeldAsTheyWillBeReadAgain() {
        try (Store store = JsonFile.open(file)) {
            store.put("half", new BigDecimal("0.50"));
            assertThat(store.get("half")).isEqualTo(0.5);
        }
        try (Store store = JsonFile.options().decimals(Decimals.EXACT).open(file)) {
            store.put("exact", new BigDecimal("0.50"));
            assertThat(store.get("exact")).isEqualTo(new BigDecimal("0.50"));
        }
        try (Store store = JsonFile.options().decimals(Decimals.EXACT).open(file)) {
            assertThat(store.get("exact")).isEqualTo(new BigDecimal("0.50"));
        }
    }

    @Test
    void interruptedCallersGetTheirAnswerAndTheStoreGoesOn() throws IOException {
        Thread.currentThread().interrupt();
        try (Store store = journal.open(file)) {
            store.put("a", 1);
            store.flush();
            store.put("b", 2);
            assertThat(Thread.interrupted()).isTrue();
            store.put("c", 3);
            Thread.currentThread().interrupt();
        }
        assertThat(Thread.interrupted()).isTrue();
        try (Store store = journal.open(file)) {
            assertThat(store.keys()).containsExactly("a", "b", "c");
        }
    }

    @Test
    void closingWhileWritingCommitsOrRefusesEachWrite() throws Exception {
        for (int round = 0; round < 20; round++) {
            Path mine = directory.resolve("closing-" + round + ".json");
            Store store = (round % 2 == 0 ? options : journal).open(mine);
            List<AtomicLong> counts = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String key = "k" + i;
                AtomicLong count = new AtomicLong();
                counts.add(count);
                threads.add(new Thread(() -> {
                    try {
                        for (; ; ) {
                            store.put(key, count.get() + 1);
                            count.incrementAndGet();
                        }
                    } catch (StoreClosedException e) {
                        // The end of it.
                    }
                }));
            }
            threads.forEach(Thread::start);
            Thread.sleep(5);
            store.close();
            for (Thread thread : threads) {
                thread.join();
            }
            try (Store again = options.open(mine)) {
                for (int i = 0; i < 4; i++) {
                    assertThat(again.getOrDefault("k" + i, Long.class, 0L))
                            .isEqualTo(counts.get(i).get());
                }
            }
        }
    }

    @Test
    void aListenerOnTheCommittersThreadMayWrite() throws Exception {
        try (Store store = options.open(file);
                Subscription copying = store.watch(
                        "a", Delivery.every(Runnable::run), update -> store.put("copy", update.newValue()))) {
            store.put("a", 7);
            store.await(view -> view.contains("copy"), Duration.ofSeconds(10));
            assertThat(store.get("copy")).isEqualTo(7L);
            assertThat(copying).isNotNull();
        }
    }

    @Test
    void readersSeeACommitOnlyWhenItStandsInTheFile() throws Exception {
        List<Throwable> wrong = new CopyOnWriteArrayList<>();
        try (Store store = options.open(file)) {
            store.put("n", 0);
            Thread reader = new Thread(() -> {
                try {
                    for (long seen = 0; seen < 300; ) {
                        seen = store.get("n", Long.class);
                        assertThat(Json.read(file).get("n").get())
                                .satisfies(n -> assertThat((long) n).isPositive());
                        assertThat((long) Json.read(file).get("n").get()).isGreaterThanOrEqualTo(seen);
                    }
                } catch (Throwable e) {
                    wrong.add(e);
                }
            });
            store.put("n", 1);
            reader.start();
            for (int i = 2; i <= 300; i++) {
                store.put("n", i);
            }
            reader.join();
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void manualCommitsAreInTheFileAfterAFlush() throws IOException {
        try (Store store = options.manual().open(file)) {
            store.put("a", 1);
            assertThat(store.get("a")).isEqualTo(1L);
            assertThat(text()).isEqualTo("{}\n");
            store.flush();
            assertThat(text()).contains("\"a\": 1");
            store.put("a", 2);
        }
        assertThat(text()).contains("\"a\": 2");
    }

    @Test
    void anIntervalWritesByItself() throws Exception {
        try (Store store = options.interval(Duration.ofMillis(40)).open(file)) {
            store.put("a", 1);
            assertThat(store.get("a")).isEqualTo(1L);
            for (int i = 0; i < 500 && !text().contains("\"a\": 1"); i++) {
                Thread.sleep(10);
            }
            assertThat(text()).contains("\"a\": 1");
        }
    }

    @Test
    void callersWaitWhereTooMuchIsUndurable() throws IOException {
        for (JsonFileOptions choice : List.of(options, journal)) {
            try (Store store = choice.manual().backlog(100_000).open(file)) {
                for (int i = 0; i < 2_000; i++) {
                    store.put("k" + i % 10, "x".repeat(500) + i);
                }
                // Nobody flushed: what did not fit was written all the same.
                assertThat(Files.size(file) + Files.size(only(directory.resolve("state.json.d"), "journal-")))
                        .isGreaterThan(2_000);
            }
        }
    }

    @Test
    void theJournalIsLeftWhenTheTreeIsSmallAgain() throws IOException {
        JsonFileOptions choice = options.journalAbove(2_000);
        try (Store store = choice.open(file)) {
            store.put("big", "x".repeat(5_000));
            store.put("a", 1);
            assertThat(text()).doesNotContain("\"a\"");
            store.remove("big");
        }
        try (Store store = choice.open(file)) {
            store.put("b", 2);
            assertThat(text()).isEqualTo("{\n  \"a\": 1,\n  \"b\": 2\n}\n");
        }
    }

    @Test
    void theFileFollowsTheJournalWhenTheStoreRests() throws Exception {
        try (Store store = journal.open(file)) {
            store.put("a", 1);
            for (int i = 0; i < 500 && !text().contains("\"a\": 1"); i++) {
                Thread.sleep(10);
            }
            assertThat(text()).contains("\"a\": 1");
        }
    }

    @Test
    void soManyGenerationsAreKeptAndNoMore() throws IOException {
        for (int i = 0; i < 8; i++) {
            try (Store store = options.generations(2).open(file)) {
                store.put("i", i);
            }
        }
        assertThat(generations()).hasSize(2).contains("{\n  \"i\": 7\n}\n", "{\n  \"i\": 6\n}\n");
    }

    @Test
    void aConditionThatDependsOnAnUndurableStateIsAnsweredWhenItIsDurable() throws Exception {
        try (Store store = options.open(file)) {
            List<Thread> threads = new ArrayList<>();
            AtomicLong won = new AtomicLong();
            for (int i = 0; i < 8; i++) {
                String me = "t" + i;
                threads.add(new Thread(() -> {
                    if (store.init(KeyPath.of("leader"), me)) {
                        won.incrementAndGet();
                    }
                }));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(won).hasValue(1);
        }
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> options.interval(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.generations(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.backlog(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.journalAbove(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theDeepestTreeComesThroughTheJournal() throws IOException {
        Object deepest = 1L;
        for (int i = 0; i < 999; i++) {
            deepest = i % 2 == 0 ? List.of(deepest) : Map.of("k", deepest);
        }
        Path copy = Files.createDirectory(directory.resolve("copy"));
        try (Store store = journal.open(file)) {
            store.restore(Store.of(Map.of("deep", deepest)).snapshot());
            copyAll(copy);
        }
        try (Store store = journal.open(copy.resolve("state.json"))) {
            assertThat(store.snapshot()
                            .sameTree(Store.of(Map.of("deep", deepest)).snapshot()))
                    .isTrue();
        }
    }

    @Test
    void manyKeysOfOneHashCanBeReadAgain() {
        try (Store store = options.open(file)) {
            store.batch(tx -> {
                for (int i = 0; i < 128; i++) {
                    StringBuilder key = new StringBuilder();
                    for (int bit = 0; bit < 7; bit++) {
                        key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
                    }
                    tx.put(key.toString(), i);
                }
            });
        }
        try (Store store = options.open(file)) {
            assertThat(store.size()).isEqualTo(128);
        }
    }

    /** A store as a crash leaves it: the file is behind its journal, which has two commits. */
    private Path crashedJournal() throws IOException {
        Path copy = Files.createDirectory(directory.resolve("crashed"));
        try (Store store = journal.open(file)) {
            store.put("count", 1);
            store.put("count", 2);
            copyAll(copy);
        }
        return copy.resolve("state.json");
    }

    private void copyAll(Path to) throws IOException {
        Files.copy(file, to.resolve("state.json"));
        Files.createDirectory(to.resolve("state.json.d"));
        for (Path inside : list(directory.resolve("state.json.d"))) {
            Files.copy(inside, to.resolve("state.json.d").resolve(inside.getFileName()));
        }
    }

    private List<String> generations() throws IOException {
        List<String> generations = new ArrayList<>();
        for (Path inside : list(directory.resolve("state.json.d"))) {
            if (inside.getFileName().toString().startsWith("generation-")) {
                generations.add(Files.readString(inside));
            }
        }
        return generations;
    }

    private static Path only(Path directory, String prefix) throws IOException {
        List<Path> found = list(directory).stream()
                .filter(path -> path.getFileName().toString().startsWith(prefix))
                .collect(Collectors.toList());
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().collect(Collectors.toList());
        }
    }

    /** Every file with its bytes; but for the lock, which names who tried last. */
    private static Map<String, String> all(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(path -> Files.isRegularFile(path) && !path.endsWith("lock"))
                    .collect(Collectors.toMap(path -> directory.relativize(path).toString(), JsonFileTest::latin));
        }
    }

    private static String latin(Path path) {
        try {
            return Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new StoreException("test", e);
        }
    }

    private String text() throws IOException {
        return Files.readString(file);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
