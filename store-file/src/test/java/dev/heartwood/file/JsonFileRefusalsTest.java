package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.testsupport.Machine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Refused openings: each refusal names the remedy, and changes no file. */
class JsonFileRefusalsTest extends JsonFileCase {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "lock",
                "journal-2.jsonl",
                "generation-2.json",
                "journal-9.jsonl",
                "generation-9.json",
                "superseded",
                "replaced",
                "replaced-2",
                "holder"
            })
    void whatIsNoFileUnderANameOfTheStoreIsRefusedAndLeftAsItIs(String name) throws Exception {
        try (Store store = journal.open(file)) {
            store.put("a", 1);
        }
        Path inside = directory.resolve("state.json.d").resolve(name);
        Path precious = Files.writeString(directory.resolve("precious"), "of somebody else");
        for (String kind : new String[] {"link", "pipe", "directory"}) {
            Files.deleteIfExists(inside);
            switch (kind) {
                case "link" -> Files.createSymbolicLink(inside, precious);
                case "pipe" -> Machine.runOrSkip("mkfifo", inside.toString());
                default -> Files.createDirectory(inside);
            }
            assertThatThrownBy(() -> journal.open(file))
                    .as(kind)
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContainingAll(
                            inside.toString(), "is no regular file", "No file was changed", "move it away");
            assertThat(precious).hasContent("of somebody else");
            assertThat(Files.exists(inside, LinkOption.NOFOLLOW_LINKS)).isTrue();
            if (!name.equals("lock") && !name.equals("holder")) {
                assertThatThrownBy(() -> journal.readOnly().open(file)).hasMessageContaining("is no regular file");
            }
        }
        Files.delete(inside);
    }

    @Test
    void whatCannotBeReadIsRefusedAndStaysAsItIs() throws IOException {
        JsonFile.open(file).close();
        List<byte[]> bad = List.of(
                bytes(" \n"),
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
    void anEmptyFileIsRefusedWithAdviceThatWorks() throws IOException {
        Files.createFile(file);
        assertThatThrownBy(() -> options.open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll(file.toString(), "is empty", "Write {} into it, or delete it");
        assertThat(all(directory)).containsOnlyKeys("state.json");
        Files.delete(file);
        try (Store store = JsonFile.open(file)) {
            store.put("a", 1);
        }
        Files.write(file, new byte[0]);
        assertThatThrownBy(() -> options.open(file))
                .hasMessageContainingAll("is empty", "repair()", "write {} into it");
        Files.writeString(file, "{}");
        JsonFile.open(file).close();
        Files.write(file, new byte[0]);
        try (Store store = options.repair().open(file)) {
            assertThat(store.size()).isZero();
        }
    }

    @Test
    void whereThereIsNothingToGoBackToNoRepairIsNamed() throws IOException {
        Files.writeString(file, "[1]");
        assertThatThrownBy(() -> options.open(file))
                .hasMessageContainingAll("cannot be read", "move it away to begin with an empty tree")
                .hasMessageNotContaining("repair()");
    }

    @Test
    void aFileThatNoArrayHoldsIsRefusedBeforeItIsRead() throws IOException {
        Files.writeString(file, "{}");
        try (var sparse = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            sparse.position(3L << 30).write(ByteBuffer.wrap(new byte[1]));
        }
        assertThatThrownBy(() -> options.open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll("3221225473 bytes", "2147483639", "Nothing was changed");
        Files.delete(file);
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsRefused() throws IOException {
        Files.writeString(directory.resolve("state.json.d"), "x");
        assertThatThrownBy(() -> JsonFile.open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll("state.json.d is a file", "No file was changed", "Move it away");
        assertThat(all(directory)).containsOnlyKeys("state.json.d");
    }

    @Test
    void aDeviceIsRefusedAndNothingIsMadeBesideIt() {
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device) && Files.isWritable(device.getParent()));
        assertThatThrownBy(() -> JsonFile.open(device))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("no regular file");
        assertThat(Path.of("/dev/null.d")).doesNotExist();
    }

    @Test
    @Timeout(60)
    void aPipeIsRefusedAndNobodyWaitsForIt() throws Exception {
        Machine.requireTools("mkfifo");
        Machine.runOrSkip("mkfifo", file.toString());
        assertThatThrownBy(() -> JsonFile.open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("no regular file");
        Files.delete(file);
        JsonFile.open(file).close();
    }

    @Test
    @Timeout(60)
    void aPipeInPlaceOfTheFileCostsTheCommitsUntilItIsGone() throws Exception {
        Machine.requireTools("mkfifo");
        try (Store store = options.open(file)) {
            store.put("a", 1);
            Files.delete(file);
            Machine.runOrSkip("mkfifo", file.toString());
            assertThatThrownBy(() -> store.put("a", 2))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("no regular file now");
            Files.delete(file);
            store.put("a", 3);
        }
        assertThat(file).content().contains("\"a\": 3");
    }

    @Test
    void aFileTooLargeForTheHeapIsRefusedAndStays() throws Exception {
        try (var out = Files.newBufferedWriter(file)) {
            out.write("{\"a\":\"");
            for (int i = 0; i < 96; i++) {
                out.write("x".repeat(1 << 20));
            }
            out.write("\"}");
        }
        long size = Files.size(file);
        Process small = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        Child.classPath(),
                        Recoverer.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(small.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(small.waitFor()).isNotZero();
        assertThat(said)
                .contains("StoreIOException")
                .contains(size + " bytes, and this program, which may use")
                .contains("Nothing was changed. Give it more (-Xmx)");
        assertThat(file).hasSize(size);
        Files.delete(file);
    }

    @Test
    void aRefusalSaysWhereTheFileIsWrong() throws IOException {
        Files.writeString(file, "{\n  \"a\": 1,\n  \"a\": 2\n}");
        assertThatThrownBy(() -> options.open(file)).hasMessageContainingAll("line 3", "\"a\"", "twice");
        assertThat(all(directory)).containsOnlyKeys("state.json");
    }

    @Test
    void numbersThatNoStoreComesToAreRefused() throws IOException {
        JsonFile.open(file).close();
        for (String name : List.of("generation-2147483648.json", "journal-999999999999999999.jsonl")) {
            Path absurd = directory.resolve("state.json.d").resolve(name);
            Files.writeString(absurd, "{}");
            Map<String, String> before = all(directory);
            assertThatThrownBy(() -> options.open(file))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContainingAll(absurd.toString(), "2147483647 at most", "No file was changed", "move it");
            assertThat(all(directory)).isEqualTo(before);
            Files.delete(absurd);
        }
        Files.writeString(directory.resolve("state.json.d").resolve("generation-2147483647.json"), "{}");
        try (Store store = JsonFile.open(file)) {
            assertThat(store.version()).isPositive();
        }
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
    void aHardLinkIsRefused() throws IOException {
        Files.writeString(file, "{}");
        Files.createLink(directory.resolve("other.json"), file);
        assertThatThrownBy(() -> JsonFile.open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll("2 names", "hard links");
        assertThat(all(directory)).containsOnlyKeys("state.json", "other.json");
    }

    /** The one is the store's own, as a crash before a rename leaves it; the other is somebody's. */
    @Test
    void aHardLinkBesideTheStoresOwnIsRefused() throws IOException {
        JsonFile.open(file).close();
        Files.createLink(directory.resolve("state.json.d/replaced"), file);
        JsonFile.open(file).close();
        Files.createLink(directory.resolve("state.json.d/replaced"), file);
        Files.createLink(directory.resolve("other.json"), file);
        assertThatThrownBy(() -> JsonFile.open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll("2 names", "hard links");
    }

    @Test
    void aHardLinkIsRefusedAlsoWhereAReplacedFileIsLeft() throws IOException {
        JsonFile.open(file).close();
        Files.copy(file, directory.resolve("state.json.d/replaced"));
        Files.createLink(directory.resolve("other.json"), file);
        assertThatThrownBy(() -> JsonFile.open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll("2 names", "hard links");
    }

    @Test
    void aDirectoryInPlaceOfTheFileIsRefused() throws IOException {
        Files.createDirectory(file);
        assertThatThrownBy(() -> JsonFile.open(file)).hasMessageContaining("is a directory");
    }

    @Test
    void aNameThatLeavesNoRoomForTheNextFileIsRefused() throws IOException {
        Path longest = directory.resolve("x".repeat(250));
        assertThatThrownBy(() -> JsonFile.open(longest))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll(longest.toString(), "heartwood-tmp", "shorter name");
        assertThat(list(directory)).isEmpty();
        JsonFile.open(directory.resolve("x".repeat(230))).close();
    }

    @Test
    void aMissingDirectoryIsRefused() {
        assertThatThrownBy(() -> JsonFile.open(directory.resolve("none/state.json")))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("make it first");
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> options.interval(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.generations(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.backlog(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.journalAbove(-1)).isInstanceOf(IllegalArgumentException.class);
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

    /** A file that no store has opened yet has no folder beside it, and gets none. */
    @Test
    void beforeTheFirstOpeningARefusedOneLeavesNothingBeside() throws Exception {
        Files.writeString(file, "{\"a\": ");
        assertThatThrownBy(() -> options.open(file)).isInstanceOf(StoreIOException.class);
        assertThat(list(directory)).containsExactly(file);
    }
}
