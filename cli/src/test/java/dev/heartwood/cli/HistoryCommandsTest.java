package dev.heartwood.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.file.JsonFile;
import dev.heartwood.json.Json;
import dev.heartwood.sqlite.SqliteStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An operator asks for the past of a store, and watches its changes. */
@Timeout(120)
class HistoryCommandsTest {
    @TempDir
    Path directory;

    private Tool tool;
    private Path file;

    @BeforeEach
    void tool() {
        tool = new Tool(directory);
        file = directory.resolve("state.json");
    }

    /** As {@code set} and {@code show} do; and through a symbolic link, beside which there is no folder. */
    @Test
    void decimalsOfTheHistoryAreSpelledAsInTheFile() throws Exception {
        tool.run("set", "--create", "state.json", "/price", "2.500").ended(ExitCode.OK);
        tool.run("set", "state.json", "/price", "2.50").ended(ExitCode.OK);
        Files.createDirectory(directory.resolve("elsewhere"));
        Files.createSymbolicLink(directory.resolve("elsewhere").resolve("link.json"), file);

        for (String name : List.of("state.json", "elsewhere/link.json")) {
            assertThat(tool.run("log", name).ended(ExitCode.OK)).contains("~ /price: 2.500 -> 2.50");
            assertThat(tool.run("blame", name, "/price").ended(ExitCode.OK)).contains("2.500 -> 2.50");
        }
    }

    /** Somebody else may have chosen them: no second commit may be told, and no terminal be commanded. */
    @Test
    void authorsLabelsAndKeysStayOnTheirLine() throws Exception {
        try (Store store = JsonFile.open(file)) {
            store.as("mal\u001b[2Jlory").batch(tx -> {
                tx.label("tidy up\n2026-11-30T15:00:00Z, alice: pay\u2028\u202e\ud800");
                tx.put("a\u202eb", 1);
            });
        }
        String log = tool.run("log", "state.json").ended(ExitCode.OK);
        assertThat(log)
                .contains("mal\\u001b[2Jlory: tidy up\\u000a2026-11-30T15:00:00Z, alice: pay\\u2028\\u202e\\ud800\n");
        assertThat(tool.run("keys", "state.json").ended(ExitCode.OK)).isEqualTo("\"a\\u202eb\"\n");
    }

    /** A store as it is before its file has followed the journal, which drops the commits one by one. */
    private void journalOfThreeCommits() throws Exception {
        for (int round = 0; ; round++) {
            Path busy = directory.resolve("busy-" + round).resolve("state.json");
            Files.createDirectory(busy.getParent());
            try (Store store = JsonFile.options().journalAbove(0).keepCommits(0).open(busy)) {
                store.as("planner").batch(tx -> {
                    tx.label("pay rent");
                    tx.put("rent", 900);
                });
                store.as("counter").put("visits", 1);
                store.as("counter").put("visits", 2);
                Files.copy(busy, file);
                Path inside = Files.createDirectory(directory.resolve("state.json.d"));
                long lines = 0;
                try (DirectoryStream<Path> files = Files.newDirectoryStream(busy.resolveSibling("state.json.d"))) {
                    for (Path from : files) {
                        Path to = Files.copy(from, inside.resolve(from.getFileName()));
                        lines += to.toString().endsWith(".jsonl")
                                ? Files.readAllLines(to).size()
                                : 0;
                    }
                }
                if (lines == 4 && Files.readString(file).equals("{}\n")) {
                    return;
                }
                // The machine was so slow that the file had followed by then.
                Files.move(inside, directory.resolve("late-" + round));
                Files.delete(file);
            }
        }
    }

    @Test
    void logAndBlameTellWhoChangedWhatAndWhy() throws Exception {
        journalOfThreeCommits();
        String log = tool.run("log", "state.json").ended(ExitCode.OK);
        assertThat(log.lines().toList()).hasSize(6);
        assertThat(log.lines().toList().get(0)).matches("\\d{4}-\\d\\d-\\d\\dT\\S+Z, planner: pay rent");
        assertThat(log.lines().toList().get(1)).isEqualTo("  + /rent = 900");
        assertThat(log.lines().toList().get(5)).isEqualTo("  ~ /visits: 1 -> 2");
        assertThat(tool.run("log", "state.json", "/rent")
                        .ended(ExitCode.OK)
                        .lines()
                        .toList())
                .hasSize(2);
        Tool.Result newest = tool.run("log", "state.json", "-n", "1");
        assertThat(newest.ended(ExitCode.OK)).contains("counter").doesNotContain("rent");
        assertThat(newest.err()).contains("2 older commits are not shown", "--all");
        assertThat(tool.run("blame", "state.json", "/visits").ended(ExitCode.OK))
                .contains(", counter\n  ~ /visits: 1 -> 2\n");
        assertThat(tool.run("blame", "state.json", "/none").told(ExitCode.NO)).contains("no commit that changed /none");
        Map<String, Object> line = Json.readStore(
                        tool.run("blame", "state.json", "/rent", "--json").ended(ExitCode.OK))
                .toMap();
        assertThat(line).containsEntry("author", "planner").containsEntry("label", "pay rent");
        assertThat(line.get("changes")).hasToString("[{op=add, path=/rent, value=900}]");
    }

    @Test
    void logAndBlameTellHowAPlaceCameAndWentTogetherWithItsParent() throws Exception {
        tool.run("set", "--create", "state.json", "/a", "{\"b\":1,\"c\":2}").ended(ExitCode.OK);
        tool.run("remove", "state.json", "/a").ended(ExitCode.OK);
        assertThat(tool.run("log", "state.json", "/a/b").ended(ExitCode.OK).lines())
                .hasSize(4)
                .contains("  + /a/b = 1", "  - /a/b = 1");
        assertThat(tool.run("blame", "state.json", "/a/b").ended(ExitCode.OK)).endsWith("\n  - /a/b = 1\n");
        assertThat(tool.run("log", "state.json", "/a/b", "--json")
                        .ended(ExitCode.OK)
                        .lines()
                        .map(line -> String.valueOf(Json.readStore(line).toMap().get("changes"))))
                .containsExactly("[{op=add, path=/a/b, value=1}]", "[{op=remove, path=/a/b}]");
    }

    @Test
    void noHistoryBeginsBesideAStoreWhoseProgramKeepsNone() throws Exception {
        try (Store store = JsonFile.options().keepCommits(0).open(file)) {
            store.put("n", 1);
        }
        tool.run("set", "state.json", "/n", "2").ended(ExitCode.OK);
        assertThat(directory.resolve("state.json.d")).isDirectory().isDirectoryNotContaining("glob:**/commits*.jsonl");
    }

    @Test
    void theHistoryThatTheProgramKeepsStaysAlsoWhereItIsLongerThanUsual() throws Exception {
        try (Store store = JsonFile.options().keepCommits(2 << 20).open(file)) {
            for (int i = 0; i < 17; i++) {
                store.put("n", i + " and " + "x".repeat(100_000));
            }
        }
        List<String> before = keptLines();
        tool.run("set", "state.json", "/n", "\"by the tool\"").ended(ExitCode.OK);
        assertThat(keptLines()).hasSizeGreaterThan(before.size()).containsAll(before);
    }

    private List<String> keptLines() throws IOException {
        List<String> lines = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(directory.resolve("state.json.d"), "commits*.jsonl")) {
            for (Path kept : files) {
                lines.addAll(Files.readAllLines(kept));
            }
        }
        return lines;
    }

    @Test
    void whereThereIsNoHistoryTheMessageSaysWhyAndWhatElseHelps() throws Exception {
        Files.writeString(file, "{}");
        assertThat(tool.run("log", "state.json").told(ExitCode.REFUSED)).contains("no folder state.json.d");
        try (Store store = SqliteStore.open(directory.resolve("shared.db"))) {
            store.put("n", 1);
        }
        assertThat(tool.run("log", "shared.db").told(ExitCode.REFUSED))
                .contains("keeps the newest state", "heartwood watch");
        assertThat(tool.run("log", "none.json").told(ExitCode.REFUSED)).contains("does not exist");
    }

    @Test
    void watchPrintsALineForEachChangeOfAJsonFileAndOfASqliteFile() throws Exception {
        try (Store store = JsonFile.open(file);
                Store shared = SqliteStore.open(directory.resolve("shared.db"))) {
            watch(store, "state.json");
            watch(shared, "shared.db");
        }
    }

    private void watch(Store store, String name) throws Exception {
        store.put(KeyPath.of("users", "42"), Map.of("status", "new"));
        Process watching = tool.start("watch", name, "/users/*/status", "--count", "2");
        BufferedReader notes = watching.errorReader();
        assertThat(notes.readLine()).contains("watching " + name);
        store.put(KeyPath.of("elsewhere"), 1);
        store.put(KeyPath.of("users", "42", "status"), "paid");
        List<String> lines = new ArrayList<>();
        BufferedReader out = watching.inputReader();
        lines.add(out.readLine());
        store.remove(KeyPath.of("users", "42"));
        lines.add(out.readLine());
        assertThat(lines).containsExactly("~ /users/42/status: \"new\" -> \"paid\"", "- /users/42/status = \"paid\"");
        assertThat(watching.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(watching.exitValue()).isZero();
    }

    @Test
    void watchTellsOfAPlaceThatAnotherTookInItsList() throws Exception {
        try (Store store = JsonFile.open(file)) {
            store.put("list", List.of("first", "second"));
            Process watching = tool.start("watch", "state.json", "/list/0", "--count", "2");
            assertThat(watching.errorReader().readLine()).contains("Ctrl-C");
            BufferedReader out = watching.inputReader();
            store.remove(KeyPath.of("list", 0));
            assertThat(out.readLine()).isEqualTo("~ /list/0: \"first\" -> \"second\"");
            store.put("list", Map.of("0", "key"));
            assertThat(out.readLine()).isEqualTo("~ /list/0: \"second\" -> \"key\"");
            assertThat(watching.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void watchEndsWhereItsStoreIsLost() throws Exception {
        Path shared = directory.resolve("shared.db");
        Path backup = directory.resolve("backup.db");
        try (Store store = SqliteStore.open(shared)) {
            store.put("n", 1);
            SqliteStore.backup(shared, backup);
            store.put("n", 2);
        }
        Process watching = tool.start("watch", "shared.db");
        BufferedReader notes = watching.errorReader();
        assertThat(notes.readLine()).contains("watching shared.db");

        Files.delete(shared);
        Files.copy(backup, shared);

        assertThat(watching.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(watching.exitValue()).isEqualTo(ExitCode.REFUSED);
        assertThat(notes.readLine()).contains("no more changes come: ", "was deleted, moved or replaced");
    }

    @Test
    void watchPrintsJsonForAnotherProgram() throws Exception {
        try (Store store = JsonFile.open(file)) {
            store.put("n", 1);
            Process watching = tool.start("watch", "state.json", "--json", "--count", "1");
            assertThat(watching.errorReader().readLine()).contains("Ctrl-C");
            store.put("n", 2);
            assertThat(watching.inputReader().readLine()).isEqualTo("{\"op\":\"replace\",\"path\":\"/n\",\"value\":2}");
            assertThat(watching.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
