package dev.heartwood.inspector;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heartwood.KeyPath;
import dev.heartwood.PathPattern;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.history.History;
import dev.heartwood.history.RecordedCommits;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The file of a report: its contents, and the handling of a file that existed before. */
class ReportTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path folder;

    private enum Colour {
        RED
    }

    private static final class Grumpy {
        @Override
        public String toString() {
            throw new IllegalStateException("not today");
        }
    }

    @Test
    void eachTypeOfLeafGoesAsTextWithItsType() throws IOException {
        Store store = Store.create();
        store.put("long", Long.MIN_VALUE);
        store.put("big", BigInteger.TEN.pow(30));
        store.put("double", 0.1);
        store.put("decimal", new BigDecimal("1.10"));
        store.put("text", "5");
        store.put("nothing", null);
        store.put("yes", true);
        store.put("enum", Colour.RED);
        store.put("grumpy", new Grumpy());

        JsonNode head = recording(History.of(store), 1_000_000).get("head");

        assertThat(head.get("long").textValue()).isEqualTo("i-9223372036854775808");
        assertThat(head.get("big").textValue()).isEqualTo("i1000000000000000000000000000000");
        assertThat(head.get("double").textValue()).isEqualTo("d0.1");
        assertThat(head.get("decimal").textValue()).isEqualTo("m1.10");
        assertThat(head.get("text").textValue()).isEqualTo("s5");
        assertThat(head.get("nothing").isNull()).isTrue();
        assertThat(head.get("yes").booleanValue()).isTrue();
        assertThat(head.get("enum").textValue()).isEqualTo("o" + Colour.class.getName() + "\nRED");
        assertThat(head.get("grumpy").textValue()).contains("its toString failed", "not today");
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
        store.as("</script>").put("</script><script>alert(1)</script>", "<!--<script>\u2028\u202e\ud800\u0000]]>&lt;");

        String html = Files.readString(write(history, 1_000_000));
        String data = html.substring(html.indexOf("id=\"recording\">"), html.lastIndexOf("</script>\n<script>"));

        assertThat(data.substring(15))
                .doesNotContain("<", "&", "\u2028", "\u202e", "\u0000")
                .contains("\\ud800");
        assertThat(recording(history, 1_000_000)
                        .get("head")
                        .properties()
                        .iterator()
                        .next()
                        .getValue()
                        .textValue())
                .isEqualTo("s<!--<script>\u2028\u202e\ud800\u0000]]>&lt;");
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
