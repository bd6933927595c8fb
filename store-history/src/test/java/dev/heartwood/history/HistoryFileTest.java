package dev.heartwood.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Origins;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A history is saved as readable lines, and loaded without a store. */
class HistoryFileTest {
    @TempDir
    Path directory;

    private final Store store =
            Store.options().origins(Origins.WHO).of(Map.of("account", Map.of("rent", 0), "list", List.of(1, 2, 3)));

    @Test
    void whatIsLoadedIsWhatWasSaved() {
        Path file = directory.resolve("history.jsonl");
        try (History history = History.of(store)) {
            store.as("planner").batch(tx -> {
                tx.label("pay \"rent\"\n");
                tx.put(KeyPath.of("account", "rent"), new BigInteger("123456789012345678901234567890"));
            });
            store.remove(KeyPath.of("list", 1));
            store.put("gone", null);
            store.remove("gone");
            history.save(file);

            History loaded = History.load(file);
            assertSame(history, loaded);
            assertThat(loaded.blame(KeyPath.of("account", "rent")).origin())
                    .isEqualTo(history.blame(KeyPath.of("account", "rent")).origin());
        }
    }

    @Test
    void theConflictOfACommitIsSaved() {
        Path file = directory.resolve("history.jsonl");
        try (History history = History.of(store)) {
            Contention.between(store, KeyPath.of("account", "rent"), KeyPath.of("sum"));
            history.save(file);
        }

        History loaded = History.load(file);
        assertThat(loaded.blame(KeyPath.of("sum")).origin().conflict()).isEqualTo(KeyPath.of("account", "rent"));
        assertThat(loaded.blame(KeyPath.of("account", "rent")).origin().conflict())
                .isNull();
    }

    @Test
    void theCodeLineOfACommitIsSaved() {
        Path file = directory.resolve("history.jsonl");
        Store traced = Store.options().origins(Origins.WHERE).of(Map.of("rent", 0));
        try (History history = History.of(traced)) {
            traced.put("rent", 900);
            history.save(file);

            assertSame(history, History.load(file));
        }
        assertThat(History.load(file).blame(KeyPath.of("rent")).origin().where())
                .isNotNull();
    }

    @Test
    void aDecimalIsLoadedAsADoubleWhereThatHasItsValue() {
        Path file = directory.resolve("history.jsonl");
        Store decimals = Store.of(Map.of("price", new BigDecimal("1.10"), "far", new BigDecimal("1E+400")));
        try (History history = History.of(decimals)) {
            history.save(file);
        }

        Snapshot loaded = History.load(file).states().get(0);
        assertThat(loaded.get("price")).isEqualTo(1.1);
        assertThat(loaded.get("far")).isEqualTo(new BigDecimal("1E+400"));
    }

    @Test
    void aSavedHistoryIsReadableByItsOwnerAlone() throws IOException {
        Path file = directory.resolve("history.jsonl");
        Files.writeString(file, "open to all");
        assumeThat(file.getFileSystem().supportedFileAttributeViews()).contains("posix");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        try (History history = History.of(store)) {
            history.save(file);
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void eachCommitIsALineThatPeopleCanRead() throws IOException {
        Path file = directory.resolve("history.jsonl");
        Store named = Store.of(Map.of("rent", 0));
        try (History history = History.of(named)) {
            named.as("planner").put("rent", 900);
            named.remove("rent");
            history.save(file);
        }

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(2)).contains("[{\"op\":\"remove\",\"path\":\"/rent\",\"was\":900}]");
        assertThat(lines.get(0)).isEqualTo("{\"base\":{\"rent\":0},\"history\":1,\"version\":0}");
        assertThat(lines.get(1))
                .startsWith("{\"author\":\"planner\",\"changes\":"
                        + "[{\"op\":\"replace\",\"path\":\"/rent\",\"value\":900,\"was\":0}],\"time\":\"")
                .endsWith("Z\",\"version\":1}");
    }

    @Test
    void aLeafThatJsonHasNoWordForIsWrittenAsText() {
        Path file = directory.resolve("history.jsonl");
        Store opaque = Store.of(Map.of("at", Instant.EPOCH));
        try (History history = History.of(opaque)) {
            opaque.put("thread", Thread.State.BLOCKED);
            history.save(file);
        }

        History loaded = History.load(file);
        assertThat(loaded.states().get(0).get("at")).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(loaded.states().get(1).get("thread")).isEqualTo("BLOCKED");
    }

    @Test
    void aGapIsSavedToo() {
        RecordedCommits commits =
                new RecordedCommits(1, store.snapshot().root(), store.snapshot().origin());
        commits.addAfterGap(
                5, store.snapshot().root().put("x", 1L), store.snapshot().origin());
        Path file = directory.resolve("history.jsonl");
        HistoryFile.save(commits.records(), file);

        assertThat(History.load(file).entries()).singleElement().satisfies(entry -> {
            assertThat(entry.isGap()).isTrue();
            assertThat(entry.version()).isEqualTo(5);
            assertThat(entry.diff()).hasToString("+ /x = 1");
        });
    }

    @Test
    void nothingCanBeUndoneInARecord() {
        Path file = directory.resolve("history.jsonl");
        try (History history = History.of(store)) {
            history.save(file);
        }

        assertThatThrownBy(() -> History.load(file).undo())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("History.of(store)");
    }

    @Test
    void membersThatAreNotKnownAreIgnored() throws IOException {
        Path file = directory.resolve("history.jsonl");
        Files.writeString(file, """
                {"history":1,"version":3,"base":{"a":1},"later":true}
                {"version":4,"changes":[{"op":"add","path":"/b","value":2,"hint":"x"}],"weather":"fine"}
                """);

        assertThat(History.load(file).states().get(1).get("b")).isEqualTo(2L);
    }

    @Test
    void aFileOfANewerFormatIsRefusedByItsNumber() throws IOException {
        Path file = directory.resolve("history.jsonl");
        Files.writeString(file, "{\"history\":2,\"version\":3,\"base\":{}}\n");

        assertThatThrownBy(() -> History.load(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("line 1")
                .hasMessageContaining("format 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json\n",
                "[]\n",
                "{\"history\":1}\n",
                "{\"history\":1,\"base\":{}}\n",
                "{\"history\":1,\"base\":[],\"version\":1}\n",
                "{\"history\":1,\"base\":{},\"version\":1}\n{\"version\":1}\n",
                "{\"history\":1,\"base\":{},\"version\":1}\n{\"version\":2,\"changes\":7}\n",
                "{\"history\":1,\"base\":{},\"version\":1}\n{\"version\":2,\"time\":\"soon\"}\n",
                "{\"history\":1,\"base\":{},\"version\":1}\n{\"version\":2,\"changes\":[{\"op\":\"remove\",\"path\":\"/a\"}]}\n",
                "{\"history\":1,\"base\":{},\"version\":1}\n{\"version\":2,\"chan"
            })
    void whatIsNoHistoryIsRefusedWithItsLine(String text) throws IOException {
        Path file = directory.resolve("history.jsonl");
        Files.writeString(file, text);

        assertThatThrownBy(() -> History.load(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(text.contains("\n{") ? "line 2" : "line 1");
    }

    @Test
    void whereItCannotBeSavedTheFileBeforeIsUnchanged() throws IOException {
        Path file = Files.createDirectory(directory.resolve("directory"));
        Files.writeString(file.resolve("x"), "x");
        try (History history = History.of(store)) {
            assertThatThrownBy(() -> history.save(file)).isInstanceOf(StoreIOException.class);
        }

        try (var left = Files.list(directory)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void whatIsNoFileIsNotReplaced() throws IOException {
        Path socket = directory.resolve("socket");
        Path link = Files.createSymbolicLink(directory.resolve("link"), socket);
        try (History history = History.of(store);
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Object before =
                    Files.readAttributes(socket, BasicFileAttributes.class).fileKey();

            for (Path file : List.of(socket, link)) {
                assertThatThrownBy(() -> history.save(file))
                        .isInstanceOf(StoreIOException.class)
                        .hasMessage("cannot save the history to " + file + ": it is no regular file, and nothing else"
                                + " is replaced; choose another name. An existing file is unchanged");
            }
            assertThat(Files.readAttributes(socket, BasicFileAttributes.class).fileKey())
                    .isEqualTo(before);
        }
        try (var left = Files.list(directory)) {
            assertThat(left).containsExactlyInAnyOrder(socket, link);
        }
    }

    /** Beside the file that it names, in one step: that file may be on another disk. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void throughASymbolicLinkTheFileThatItNamesIsWritten(boolean isThere) throws IOException {
        Path folder = Files.createDirectory(directory.resolve("folder"));
        Path file = folder.resolve("history.jsonl");
        if (isThere) {
            Files.writeString(file, "old");
        }
        Path second = Files.createSymbolicLink(folder.resolve("second"), Path.of("history.jsonl"));
        Path first = Files.createSymbolicLink(directory.resolve("first"), Path.of("folder", "second"));
        try (History history = History.of(store)) {
            history.save(first);

            assertSame(history, History.load(file));
        }
        assertThat(file).isRegularFile();
        assertThat(first).isSymbolicLink();
        assertThat(second).isSymbolicLink();
        try (var left = Files.walk(directory)) {
            assertThat(left).containsExactlyInAnyOrder(directory, folder, file, first, second);
        }
    }

    @Test
    void symbolicLinksThatNameEachOtherAreRefused() throws IOException {
        Path one = directory.resolve("one");
        Files.createSymbolicLink(one, Path.of("other"));
        Files.createSymbolicLink(directory.resolve("other"), Path.of("one"));
        try (History history = History.of(store)) {
            assertThatThrownBy(() -> history.save(one))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("its symbolic links name each other");
        }
        assertThat(one).isSymbolicLink();
    }

    @Test
    void whereAValueCannotBeWrittenTheHistoryThatWasSavedBeforeStaysAndNothingBesideIt() throws IOException {
        Path file = directory.resolve("history.jsonl");
        Store opaque = Store.create();
        try (History history = History.of(opaque)) {
            opaque.put("a", 1);
            history.save(file);
            String saved = Files.readString(file);
            opaque.put("b", new Object() {
                @Override
                public String toString() {
                    throw new IllegalStateException("no text");
                }
            });

            assertThatThrownBy(() -> history.save(file)).hasMessageContaining("no text");
            assertThat(Files.readString(file)).isEqualTo(saved);
        }

        try (var left = Files.list(directory)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void noSourceKnowsAFileOfAnotherKind() throws IOException {
        Path file = Files.writeString(directory.resolve("x.txt"), "x");

        assertThatThrownBy(() -> History.ofJournal(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("heartwood-file");
        assertThatThrownBy(() -> History.ofJournal(directory.resolve("absent")))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("there is no such file");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void randomHistoriesAreReadAsTheyWereWritten(long seed) {
        Path file = directory.resolve("history.jsonl");
        Random random = new Random(seed);
        try (History history = History.of(store)) {
            for (int i = 0; i < 200; i++) {
                KeyPath path = KeyPath.of("m" + random.nextInt(3), "k" + random.nextInt(3));
                switch (random.nextInt(4)) {
                    case 0 -> store.discard(path);
                    case 1 -> store.put(path, List.of(random.nextInt(), Map.of("x", random.nextDouble())));
                    case 2 -> store.insert(KeyPath.of("list", 0), random.nextInt(3));
                    default -> store.put(path, random.nextBoolean() ? null : "ä\u2028\uD800");
                }
            }
            history.save(file);

            assertSame(history, History.load(file));
        }
    }

    private static void assertSame(History expected, History found) {
        List<Snapshot> states = expected.states();
        List<Snapshot> loaded = found.states();
        assertThat(loaded).hasSameSizeAs(states);
        for (int i = 0; i < states.size(); i++) {
            assertThat(loaded.get(i).version()).isEqualTo(states.get(i).version());
            assertThat(loaded.get(i).origin()).isEqualTo(states.get(i).origin());
            assertThat(loaded.get(i).diff(states.get(i)).toString()).isEmpty();
        }
    }

    @Test
    void whatCannotBeReadOrWrittenIsSaidInWords() {
        Path none = directory.resolve("none.history");
        assertThatThrownBy(() -> History.load(none))
                .isInstanceOf(StoreIOException.class)
                .hasMessage("cannot read the history in " + none + ": there is no such file");
        assertThatThrownBy(() -> History.load(directory))
                .isInstanceOf(StoreIOException.class)
                .hasMessage("cannot read the history in " + directory + ": it is a directory");
        try (History history = History.of(Store.create())) {
            Path nowhere = directory.resolve("nowhere").resolve("h");
            assertThatThrownBy(() -> history.save(nowhere))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessage("cannot save the history to " + nowhere + ": there is no directory "
                            + nowhere.getParent() + "; make it first. An existing file is unchanged");
        }
    }
}
