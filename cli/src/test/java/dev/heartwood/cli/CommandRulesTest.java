package dev.heartwood.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.file.JsonFile;
import dev.heartwood.sqlite.SqliteStore;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Single rules of the commands, in this process: which store a name means, what is printed, what an input says. */
@Timeout(60)
class CommandRulesTest {
    @TempDir
    Path directory;

    private String out = "";
    private String err = "";

    @Test
    void aStoreWhoseFileIsMissingIsNamedWithItsRemedyAndNoneIsMadeInItsPlace() throws Exception {
        for (String name : List.of("state.json", "state")) {
            try (Store store = JsonFile.open(path(name))) {
                store.put("n", 1);
            }
            Files.delete(path(name));
            assertThat(run("get", path(name), "/n")).isEqualTo(ExitCode.REFUSED);
            assertThat(err).contains("is missing").doesNotContain("does not exist");
            assertThat(run("set", "--create", path(name), "/n", "2")).isEqualTo(ExitCode.REFUSED);
            assertThat(err).contains("is missing");
            assertThat(path(name)).doesNotExist();
        }
    }

    @Test
    void theEndOfANameTellsTheKindInCapitalsToo() throws Exception {
        assertThat(run("set", "--create", path("STATE.JSON"), "/n", "1")).isEqualTo(ExitCode.OK);
        assertThat(path("STATE.JSON")).content().startsWith("{");
        assertThat(run("set", "--create", path("SHARED.DB"), "/n", "1")).isEqualTo(ExitCode.OK);
        try (Store store = SqliteStore.open(path("SHARED.DB"))) {
            assertThat(store.get("n")).isEqualTo(1L);
        }
    }

    /** The link is there, whatever it leads to. */
    @Test
    void aConversionReplacesNoLinkThatLeadsNowhere() throws Exception {
        try (Store store = JsonFile.open(path("state.json"))) {
            store.put("n", 1);
        }
        Path nowhere = directory.resolve("elsewhere/shared");
        for (String name : List.of("link.db", "link.json")) {
            Path link = Files.createSymbolicLink(path(name), nowhere);

            assertThat(run("convert", path("state.json"), path(name))).isEqualTo(ExitCode.REFUSED);

            assertThat(err).contains("exists already, and nothing is overwritten: choose another name");
            assertThat(Files.readSymbolicLink(link)).isEqualTo(nowhere);
        }
    }

    @Test
    void aDirectoryIsNoStore() throws Exception {
        Path folder = Files.createDirectory(path("folder.json"));
        assertThat(run("get", folder, "/n")).isEqualTo(ExitCode.REFUSED);
        assertThat(err).contains(folder + " is a directory, expected a store's file");
        assertThat(run("set", "--create", folder, "/n", "1")).isEqualTo(ExitCode.REFUSED);
        assertThat(err).contains(folder + " is a directory, expected a store's file");
    }

    @Test
    void aBackupThatCannotBeReadIsFoundBeforeTheQuestion() throws Exception {
        assertThat(run("set", "--create", path("state.json"), "/n", "1")).isEqualTo(ExitCode.OK);
        Path damaged = Files.writeString(path("damaged.json"), "{\"n\": ");
        assertThat(run("restore", damaged, path("state.json"))).isEqualTo(ExitCode.REFUSED);
        assertThat(err).contains("damaged.json").doesNotContain("--yes");
        assertThat(run("restore", path("none.json"), path("state.json"))).isEqualTo(ExitCode.REFUSED);
        assertThat(err).contains("none.json does not exist");
    }

    /** SQLite would apply it to the new database. */
    @Test
    void noStoreIsMadeBesideTheLogOfADatabaseThatIsGone() throws Exception {
        run("set", "--create", path("state.json"), "/n", "1");
        for (String log : List.of("-wal", "-journal")) {
            Path left = Files.writeString(path("shared.db" + log), "commits");
            assertThat(run("convert", path("state.json"), path("shared.db"))).isEqualTo(ExitCode.REFUSED);
            assertThat(err).contains(left + " is the log of a database that is gone");
            assertThat(path("shared.db")).doesNotExist();
            assertThat(left).hasContent("commits");
            Files.delete(left);
        }
    }

    /** The file was deleted, or edited beside commits that it does not have. */
    @Test
    void aBackupIsRestoredWhateverHasBecomeOfTheFile() throws Exception {
        Path file = path("state.json");
        Path copy = Files.createDirectory(path("crashed"));
        try (Store store = JsonFile.options().journalAbove(0).open(file)) {
            store.put("n", 1);
            JsonFile.backup(file, path("backup.json"));
            store.put("n", 2);
            Files.copy(file, copy.resolve("state.json"));
            Path inside = Files.createDirectory(copy.resolve("state.json.d"));
            try (Stream<Path> files = Files.list(path("state.json.d"))) {
                for (Path each : files.toList()) {
                    Files.copy(each, inside.resolve(each.getFileName()));
                }
            }
        }
        Files.delete(file);
        Path edited = Files.writeString(copy.resolve("state.json"), "{\"n\": 7}");
        for (Path each : List.of(file, edited)) {
            assertThat(run("restore", "--yes", path("backup.json"), each)).isEqualTo(ExitCode.OK);
            assertThat(err).contains("puts the state of ", "is kept as a generation");
            assertThat(run("get", each, "/n")).isEqualTo(ExitCode.OK);
            assertThat(out).isEqualTo("1\n");
        }
        assertThat(copy.resolve("state.json.external-1")).hasContent("{\"n\": 7}");
    }

    @Test
    void aStoreWhoseFileIsMissingIsFoundThroughALinkAndByItsLog() throws Exception {
        run("set", "--create", path("state.json"), "/n", "1");
        Path link = Files.createSymbolicLink(path("link.json"), path("state.json"));
        Files.delete(path("state.json"));
        assertThat(run("show", link)).isEqualTo(ExitCode.REFUSED);
        assertThat(err).contains("heartwood repair");
        Files.writeString(path("shared.db-wal"), "commits");
        for (List<Object> command : List.<List<Object>>of(
                List.of("show", path("shared.db")), List.of("backup", path("shared.db"), path("other.db")))) {
            assertThat(run(command.toArray())).isEqualTo(ExitCode.REFUSED);
            assertThat(err).contains("shared.db is missing, and ", "beside it has commits of it");
        }
    }

    @Test
    void whatABackupDoesNotHaveIsGoneAfterItIsRestored() throws Exception {
        for (String end : List.of(".json", ".db")) {
            Path file = path("state" + end);
            Path backup = path("backup" + end);
            run("set", "--create", file, "/kept", "1");
            assertThat(run("backup", file, backup)).isEqualTo(ExitCode.OK);
            run("set", file, "/later", "2");
            assertThat(run("restore", "--yes", backup, file)).isEqualTo(ExitCode.OK);
            assertThat(run("keys", file)).isEqualTo(ExitCode.OK);
            assertThat(out.lines()).containsExactly("kept");
        }
    }

    @Test
    void keysAreSortedAndWhatIsNoPlainWordIsAJsonString() throws Exception {
        try (Store store = JsonFile.open(path("state.json"))) {
            store.batch(tx -> {
                for (String key : List.of("", "\"quoted\"", "two\nlines", "\u007f", "plain word", "it's", "\u00e9")) {
                    tx.put(key, 1);
                }
                for (int i = 10; i < 40; i++) {
                    tx.put("key" + i, i);
                }
            });
        }
        assertThat(run("keys", path("state.json"))).isEqualTo(ExitCode.OK);
        List<String> lines = out.lines().toList();
        assertThat(lines.subList(0, 2)).containsExactly("\"\"", "\"\\\"quoted\\\"\"");
        assertThat(lines).hasSize(37).contains("plain word", "it's", "\u00e9", "\"two\\nlines\"");
        assertThat(lines.stream().filter(line -> line.startsWith("key")))
                .hasSize(30)
                .isSorted();
        assertThat(lines).doesNotContain("\u007f");
    }

    @Test
    void theLogHasTheNewestCommitsAndAllOfThemOnRequest() throws Exception {
        try (Store store = JsonFile.open(path("state.json"))) {
            for (int i = 0; i < 25; i++) {
                store.put("n", i);
            }
        }
        assertThat(run("log", path("state.json"), "-n", "3")).isEqualTo(ExitCode.OK);
        assertThat(out).contains("23 -> 24", "21 -> 22").doesNotContain("20 -> 21");
        assertThat(run("log", path("state.json"), "--all")).isEqualTo(ExitCode.OK);
        assertThat(out).contains("23 -> 24", "+ /n = 0");
        assertThat(err).doesNotContain("not shown");
    }

    @Test
    void aReportReplacesAPageHoweverItIsSpelled() throws Exception {
        run("set", "--create", path("state.json"), "/n", "1");
        Path page = Files.writeString(path("page.html"), "<!DOCTYPE HTML>\n<title>older</title>");
        assertThat(run("report", path("state.json"), page)).isEqualTo(ExitCode.OK);
        assertThat(page).content().startsWith("<!doctype html>");
    }

    @Test
    void aPageIsServedUntilItIsStoppedWhereNoTimeIsGiven() throws Exception {
        run("set", "--create", path("state.json"), "/n", "1");
        CountDownLatch served = new CountDownLatch(1);
        PrintWriter url = new PrintWriter(new StringWriter()) {
            @Override
            public void println(Object line) {
                served.countDown();
            }
        };
        Thread serving = new Thread(() -> Main.commandLine(url, new PrintWriter(new StringWriter()))
                .execute("inspect", path("state.json").toString()));
        serving.start();
        assertThat(served.await(50, TimeUnit.SECONDS)).isTrue();
        serving.join(1_500);
        assertThat(serving.isAlive()).isTrue();
        serving.interrupt();
        serving.join();
    }

    @Test
    void oneLineBreakAtTheEndOfAnInputIsNoPartOfIt() throws Exception {
        run("set", "--create", path("state.json"), "/n", "1");
        for (List<String> each : List.of(
                List.of("text\n", "text"),
                List.of("text\r\n", "text"),
                List.of("text\n\n", "text\n"),
                List.of("a", "a"))) {
            InputStream before = System.in;
            System.setIn(new ByteArrayInputStream(each.get(0).getBytes(UTF_8)));
            try {
                assertThat(run("set", path("state.json"), "/s", "--string", "-"))
                        .isEqualTo(ExitCode.OK);
            } finally {
                System.setIn(before);
            }
            try (Store store = JsonFile.open(path("state.json"))) {
                assertThat(store.get("s")).isEqualTo(each.get(1));
            }
        }
    }

    @Test
    void aPatchMayBeginWithSpace() throws Exception {
        run("set", "--create", path("state.json"), "/n", "1");
        Path patch = path("patch");
        Files.writeString(patch, "\n  [{\"op\": \"replace\", \"path\": \"/n\", \"value\": 2}]");
        assertThat(run("patch", path("state.json"), patch)).isEqualTo(ExitCode.OK);
        Files.writeString(patch, "\n  {\"m\": 3}");
        assertThat(run("patch", path("state.json"), patch)).isEqualTo(ExitCode.OK);
        try (Store store = JsonFile.open(path("state.json"))) {
            assertThat(store.get(KeyPath.of("n"))).isEqualTo(2L);
            assertThat(store.get(KeyPath.of("m"))).isEqualTo(3L);
        }
    }

    private Path path(String name) {
        return directory.resolve(name);
    }

    private int run(Object... arguments) {
        StringWriter said = new StringWriter();
        StringWriter told = new StringWriter();
        int code = Main.commandLine(new PrintWriter(said, true), new PrintWriter(told, true))
                .execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
        out = said.toString();
        err = told.toString();
        return code;
    }
}
