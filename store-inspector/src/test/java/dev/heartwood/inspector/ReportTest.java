package dev.heartwood.inspector;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heartwood.KeyPath;
import dev.heartwood.Origins;
import dev.heartwood.PathPattern;
import dev.heartwood.Session;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.history.History;
import dev.heartwood.history.RecordedCommits;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file of a report: its contents, and the handling of a file that existed before. */
class ReportTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path folder;

    private enum Colour {
        RED
    }

    private static final class Endless {
        @Override
        public String toString() {
            return "[" + this + "]";
        }
    }

    private static final class Grumpy {
        @Override
        public String toString() {
            throw new UnsupportedOperationException("not today");
        }
    }

    @Test
    void eachTypeOfLeafGoesAsTextWithItsType() throws IOException {
        Store store = Store.create();
        store.put("long", Long.MIN_VALUE);
        store.put("big", BigInteger.TEN.pow(30));
        store.put("double", 0.1 + 0.2);
        store.put("decimal", new BigDecimal("1.10"));
        store.put("text", "5");
        store.put("nothing", null);
        store.put("yes", true);
        store.put("enum", Colour.RED);
        store.put("grumpy", new Grumpy());
        store.put("endless", new Endless());

        JsonNode head = recording(History.of(store), 1_000_000).get("head");

        assertThat(head.get("long").textValue()).isEqualTo("i-9223372036854775808");
        assertThat(head.get("big").textValue()).isEqualTo("i1000000000000000000000000000000");
        assertThat(head.get("double").textValue()).isEqualTo("d0.30000000000000004");
        assertThat(head.get("decimal").textValue()).isEqualTo("m1.10");
        assertThat(head.get("text").textValue()).isEqualTo("s5");
        assertThat(head.get("nothing").isNull()).isTrue();
        assertThat(head.get("yes").booleanValue()).isTrue();
        assertThat(head.get("enum").textValue()).isEqualTo("o" + Colour.class.getName() + "\nRED");
        assertThat(head.get("grumpy").textValue()).contains("its toString failed", "not today");
        assertThat(head.get("endless").textValue()).contains("its toString failed", "StackOverflowError");
    }

    @Test
    void aPartThatManyPlacesShareIsWrittenOnce() throws IOException {
        Store store = Store.create();
        History history = History.of(store);
        Object part = Map.of("text", "x".repeat(10_000));
        store.put("first", part);
        Object shared = store.get("first");
        for (int i = 0; i < 100; i++) {
            store.put("copy " + i, shared);
        }
        store.put("first", 0);

        Path html = write(history, 100_000_000);

        assertThat(Files.size(html)).isLessThan(Files.size(write(History.of(Store.create()), 1)) + 10_000 + 40_000);
    }

    @Test
    void aTreeOfSharedPartsWithMorePathsThanMemoryIsWritten() throws IOException {
        Store store = Store.create();
        store.put("list", List.of(1));
        for (int i = 0; i < 60; i++) {
            store.update("list", part -> io.vavr.collection.Vector.of(part, part));
        }

        JsonNode recording = recording(History.of(store), 1_000_000);

        assertThat(recording.get("nodes")).hasSize(60);
        assertThat(
                        recording.get("head").get("list").textValue() == null
                                ? recording.get("head").get("list").get(0).textValue()
                                : "@")
                .startsWith("@");
    }

    @Test
    void aPartThatIsSharedInWhatWasReplacedOrRemovedIsWrittenOnce() throws IOException {
        Store store = Store.create();
        for (String key : List.of("replaced", "removed")) {
            store.put(key, List.of(1));
            for (int i = 0; i < 16; i++) {
                store.update(key, part -> io.vavr.collection.Vector.of(part, part));
            }
        }
        History history = History.of(store);
        store.put("replaced", 0);
        store.remove("removed");

        assertThat(recording(history, 100_000_000).get("steps").toString()).hasSizeLessThan(1_000);
    }

    @Test
    void heartbeatsBetweenCommitsAreAStepOfTheirOwn() throws IOException {
        Store store = Store.of(Map.of("a", 0));
        store.session("ann", Duration.ofHours(1));
        KeyPath beat = Session.RECORDS.child("open").child("1").child("beat");
        History history = History.of(store);
        store.put("a", 1);
        long first = store.version();
        store.increment(beat);
        store.increment(beat);
        store.put("a", 2);

        List<String> versions = new ArrayList<>();
        recording(history, 1_000_000)
                .get("steps")
                .forEach(step -> versions.add(step.get("version").textValue()
                        + (step.has("skipped") ? " of " + step.get("skipped").textValue() : "")));

        assertThat(versions).containsExactly("" + (first - 1), "" + first, (first + 2) + " of 2", "" + (first + 3));
    }

    @Test
    void aTreeAsDeepAsAllowedIsWrittenOnASmallStack() throws Exception {
        Store store = Store.create();
        @Nullable Object deep = 1;
        for (int i = 0; i < 999; i++) {
            deep = i % 2 == 0 ? List.of(deep) : Map.of("k", deep);
        }
        store.put("deep", deep);
        List<Throwable> failures = new ArrayList<>();
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        write(History.of(store), 1_000_000);
                    } catch (IOException | RuntimeException | StackOverflowError e) {
                        failures.add(e);
                    }
                },
                "small stack",
                200_000);
        thread.start();
        thread.join();

        assertThat(failures).isEmpty();
    }

    @Test
    void aStepSaysWhoMadeItWhyWhereWhenAndInHowManyAttempts() throws IOException {
        Store store = Store.options().origins(Origins.WHERE).create();
        store.as("eve").batch(tx -> {
            tx.label("begin");
            tx.put("n", 0);
        });
        History history = History.of(store);
        AtomicInteger runs = new AtomicInteger();
        store.as("ann").batch(tx -> {
            tx.label("why");
            long read = tx.get("n", Long.class);
            if (runs.incrementAndGet() == 1) {
                Thread other = new Thread(() -> store.put("n", 5));
                other.start();
                join(other);
            }
            tx.put("n", read + 1);
        });
        Snapshot state = store.snapshot();

        JsonNode steps = recording(history, 1_000_000).get("steps");

        assertThat(steps.get(0).get("author").textValue()).isEqualTo("eve");
        assertThat(steps.get(0).get("label").textValue()).isEqualTo("begin");
        assertThat(steps.get(1).has("attempts")).isFalse();
        JsonNode last = steps.get(2);
        assertThat(last.get("author").textValue()).isEqualTo("ann");
        assertThat(last.get("label").textValue()).isEqualTo("why");
        assertThat(last.get("thread").textValue())
                .isEqualTo(Thread.currentThread().getName());
        assertThat(last.get("where").textValue())
                .isEqualTo(state.origin().where())
                .contains(".java:");
        Instant time = Objects.requireNonNull(state.origin().time());
        assertThat(last.get("time").textValue())
                .isEqualTo(Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, time)));
        assertThat(last.get("attempts").intValue()).isEqualTo(2);
        assertThat(last.get("conflict").textValue()).isEqualTo("/n");
        assertThat(last.has("skipped")).isFalse();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aStepTellsEachChangeWithItsKindItsPlaceAndItsValues() throws IOException {
        Store store = Store.of(Map.of("list", List.of(1), "gone", 2, "kept", 3));
        History history = History.of(store);
        store.batch(tx -> {
            tx.append("list", "new");
            tx.remove("gone");
            tx.put("kept", true);
        });

        List<String> changes = new ArrayList<>();
        recording(history, 1_000_000)
                .get("steps")
                .get(1)
                .get("changes")
                .forEach(change -> changes.add(change.toString()));

        assertThat(changes)
                .containsExactlyInAnyOrder(
                        "[\"+l\",\"/list/1\",\"snew\"]", "[\"-\",\"/gone\",\"i2\"]", "[\"~\",\"/kept\",\"i3\",true]");
    }

    @Test
    void thePlaceOfAChangeIsAPointerWhateverItsKeysAre() throws IOException {
        Store store = Store.create();
        History history = History.of(store);
        store.put("a/b~c", 1);

        JsonNode change =
                recording(history, 1_000_000).get("steps").get(1).get("changes").get(0);

        assertThat(change.get(1).textValue()).isEqualTo("/a~1b~0c");
    }

    @Test
    void pastTheSizeTheOldestCommitsAreLeftOutAndThePageSaysSo() throws IOException {
        Store store = Store.create();
        History history = History.of(store);
        for (int i = 0; i < 100; i++) {
            store.put("text", ("text " + i).repeat(2_000));
        }

        JsonNode recording = recording(history, 200_000);

        assertThat(recording.get("steps").size()).isBetween(3, 20);
        assertThat(recording
                        .get("steps")
                        .get(recording.get("steps").size() - 1)
                        .get("version")
                        .textValue())
                .isEqualTo(Long.toString(store.version()));
        assertThat(recording.get("notices").get(0).textValue())
                .matches("The oldest \\d+ commits that were recorded are left out.*");
    }

    @Test
    void aLeafThatIsTooLongIsCutAndSaysHowLongItWas() throws IOException {
        Store store = Store.create();
        store.put("text", "é".repeat(20_000_000));

        JsonNode recording = recording(History.of(store), 10_000_000);

        assertThat(recording.get("head").get("text").textValue())
                .startsWith("c20000000:sé")
                .hasSize("c20000000:s".length() + 1_000_000);
        assertThat(recording.get("notices").get(0).textValue()).contains("longer than 1,000,000 characters are cut");
    }

    @Test
    void oneCommitThatIsLeftOutIsSaidTooAndWhatAChangeReplacedCounts() throws IOException {
        Store store = Store.create();
        try (History history = History.of(store)) {
            store.put("text", "x".repeat(1_500));
            store.put("text", "y");

            JsonNode recording = recording(history, 2_000);

            assertThat(recording.get("steps")).hasSize(2);
            assertThat(recording.get("notices").get(0).textValue()).startsWith("The oldest 1 commits");
        }
    }

    @Test
    void missingCommitsAreCountedAndNotShownAsOne() throws IOException {
        Snapshot state = Store.create().snapshot();
        RecordedCommits commits = new RecordedCommits(1, state.root(), state.origin());
        commits.addAfterGap(5, state.root().put("n", 1L), state.origin());

        JsonNode step = recording(History.of(commits), 1_000_000).get("steps").get(1);

        assertThat(step.get("version").textValue()).isEqualTo("5");
        assertThat(step.get("skipped").textValue()).isEqualTo("4");
    }

    @Test
    void aCutOfOneCharacterIsSaidToo() throws IOException {
        try (History whole = History.of(Store.of(Map.of("text", "x".repeat(500))))) {
            JsonNode recording = recording(whole, 1);
            assertThat(recording.get("head").get("text").textValue()).isEqualTo("s" + "x".repeat(500));
            assertThat(recording.get("notices")).isEmpty();
        }
        try (History cut = History.of(Store.of(Map.of("text", "x".repeat(501))))) {
            JsonNode recording = recording(cut, 1);
            assertThat(recording.get("head").get("text").textValue()).isEqualTo("c501:s" + "x".repeat(500));
            assertThat(recording.get("notices").get(0).textValue()).startsWith("Values longer than 500 characters");
        }
    }

    @Test
    void aCutOfAValueThatACommitRemovedIsSaidToo() throws IOException {
        Store store = Store.of(Map.of("text", "x".repeat(1_000_001)));
        try (History history = History.of(store)) {
            store.remove("text");

            JsonNode recording = recording(history, 3_000_000);

            assertThat(recording.get("steps")).hasSize(2);
            assertThat(recording.get("steps").get(1).toString()).contains("c1000001:sxxx");
            assertThat(recording.get("notices").get(0).textValue())
                    .startsWith("Values longer than 1,000,000 characters");
        }
    }

    @Test
    void keysThatAreTooLongStayDifferent() throws IOException {
        Store store = Store.create();
        store.put("k".repeat(20_000) + "a", 1);
        store.put("k".repeat(20_000) + "b", 2);

        JsonNode head = recording(History.of(store), 1_000_000).get("head");

        assertThat(head).hasSize(2);
    }

    @Test
    void nothingInTheFileCanEndItsScriptOrHideInIt() throws IOException {
        Store store = Store.create();
        History history = History.of(store);
        store.as("</script>")
                .put(
                        "</script><script>alert(1)</script>",
                        "<!--<script>\u2028\u202e\ud800\u0000\u0085\ue000\udb40\udc01]]>&lt;");

        String html = Files.readString(write(history, 1_000_000));
        String data = html.substring(html.indexOf("id=\"recording\">"), html.lastIndexOf("</script>\n<script>"));

        assertThat(data.substring(15))
                .doesNotContain("<", "&", "\u2028", "\u202e", "\u0000", "\u0085", "\ue000", "\udb40\udc01")
                .contains("\\ud800");
        assertThat(recording(history, 1_000_000)
                        .get("head")
                        .properties()
                        .iterator()
                        .next()
                        .getValue()
                        .textValue())
                .isEqualTo("s<!--<script>\u2028\u202e\ud800\u0000\u0085\ue000\udb40\udc01]]>&lt;");
    }

    @Test
    void aReportReplacesTheOldOneAsAWhole() throws IOException {
        Path html = Files.writeString(folder.resolve("report.html"), "old");
        Report.write(History.of(Store.create()), html);

        assertThat(Files.readString(html)).startsWith("<!doctype html>").endsWith("</html>\n");
        assertThat(folder.toFile().list()).containsExactly("report.html");
    }

    /** The kernel tells the changes of a folder in their order; other systems may tell a replaced file as one that went. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void whileAReportIsReplacedItsNameIsNeverWithoutAFile() throws Exception {
        Path html = Files.writeString(folder.resolve("report.html"), "old");
        List<String> changes = new ArrayList<>();
        try (WatchService watch = folder.getFileSystem().newWatchService()) {
            folder.register(watch, ENTRY_CREATE, ENTRY_DELETE);
            Report.write(History.of(Store.create()), html);
            Files.createFile(folder.resolve("last"));

            while (!changes.contains("ENTRY_CREATE last")) {
                WatchKey key = watch.take();
                key.pollEvents().forEach(event -> changes.add(event.kind() + " " + event.context()));
                assertThat(key.reset()).isTrue();
            }
        }

        assertThat(changes).contains("ENTRY_CREATE report.html").doesNotContain("ENTRY_DELETE report.html");
    }

    @Test
    void whatIsNoFileIsNotReplacedByAReport() throws IOException {
        Path socket = folder.resolve("socket");
        Path link = Files.createSymbolicLink(folder.resolve("link"), socket);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Object before =
                    Files.readAttributes(socket, BasicFileAttributes.class).fileKey();

            for (Path html : List.of(socket, link)) {
                assertThatThrownBy(() -> Report.write(History.of(Store.create()), html))
                        .isInstanceOf(StoreIOException.class)
                        .hasMessageContaining(html + ": it is no regular file")
                        .hasMessageContaining("choose another name");
            }
            assertThat(Files.readAttributes(socket, BasicFileAttributes.class).fileKey())
                    .isEqualTo(before);
        }
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("socket", "link");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void throughASymbolicLinkTheFileThatItNamesIsWritten(boolean isThere) throws IOException {
        Path inside = Files.createDirectory(folder.resolve("inside"));
        Path html = inside.resolve("report.html");
        if (isThere) {
            Files.writeString(html, "old");
        }
        Path second = Files.createSymbolicLink(inside.resolve("second"), Path.of("report.html"));
        Path first = Files.createSymbolicLink(folder.resolve("first"), Path.of("inside", "second"));

        Report.write(History.of(Store.create()), first);

        assertThat(Files.readString(html)).startsWith("<!doctype html>");
        assertThat(html).isRegularFile();
        assertThat(first).isSymbolicLink();
        assertThat(second).isSymbolicLink();
        assertThat(inside.toFile().list()).containsExactlyInAnyOrder("report.html", "second");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("inside", "first");
    }

    @Test
    void symbolicLinksThatNameEachOtherAreRefused() throws IOException {
        Path one = folder.resolve("one");
        Files.createSymbolicLink(one, Path.of("other"));
        Files.createSymbolicLink(folder.resolve("other"), Path.of("one"));

        assertThatThrownBy(() -> Report.write(History.of(Store.create()), one))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("its symbolic links name each other");
        assertThat(one).isSymbolicLink();
    }

    @Test
    void aReportThatCannotBeWrittenSaysWhatToDo() {
        Path html = folder.resolve("missing").resolve("report.html");

        assertThatThrownBy(() -> Report.write(History.of(Store.create()), html))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining(html.toString())
                .hasMessageContaining("Check that the folder exists");
    }

    @Test
    void aRedactedValueIsNowhereInTheFile() throws IOException {
        Store store = Store.of(Map.of("users", Map.of("ada", Map.of("password", "secret-1", "name", "Ada"))));
        History history =
                History.options().redact(PathPattern.parse("/users/*/password")).of(store);
        store.put(KeyPath.of("users", "ada", "password"), "secret-2");
        store.put(KeyPath.of("users", "bob"), Map.of("password", "secret-3"));

        assertThat(Files.readString(write(history, 1_000_000)))
                .doesNotContain("secret")
                .contains("Ada");
        JsonNode steps = recording(history, 1_000_000).get("steps");
        assertThat(steps.get(1).get("changes").get(0).get(2).textValue()).matches("r\\(redacted \\d+\\)");
        assertThat(steps.get(1).get("changes").get(0).get(3))
                .isNotEqualTo(steps.get(1).get("changes").get(0).get(2));
    }

    @Test
    void aHistoryThatIsClosedCanStillBeWritten() throws IOException {
        Store store = Store.of(Map.of("a", 1));
        History history = History.of(store);
        store.put(KeyPath.of("a"), 2);
        history.close();
        store.close();

        assertThat(recording(history, 1_000_000).get("steps")).hasSize(2);
    }

    private Path write(History history, long size) throws IOException {
        Path html = Files.createTempFile(folder, "report", ".html");
        Report.options().maxSize(size).write(history, html);
        return html;
    }

    private JsonNode recording(History history, long size) throws IOException {
        String html = Files.readString(write(history, size));
        String start = "id=\"recording\">";
        return MAPPER.readTree(
                html.substring(html.indexOf(start) + start.length(), html.lastIndexOf("</script>\n<script>")));
    }
}
