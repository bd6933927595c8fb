package dev.heartwood.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.Root;
import dev.heartwood.Store;
import dev.heartwood.file.JsonFile;
import dev.heartwood.sqlite.SqliteStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Each command on both kinds of store, run as a process: its output, its exit code, and the store afterwards. */
class CommandsTest {
    @TempDir
    Path directory;

    private Tool tool;

    @BeforeEach
    void tool() {
        tool = new Tool(directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"state.json", "shared.db"})
    void valuesAreShownSetAndRemoved(String file) throws Exception {
        assertThat(tool.run("set", file, "/users/42/name", "\"Ada\"").told(ExitCode.REFUSED))
                .contains(file + " does not exist: --create makes it");
        assertThat(directory.resolve(file)).doesNotExist();

        assertThat(tool.run("set", "--create", file, "/users/42/name", "\"Ada\"")
                        .ended(ExitCode.OK))
                .isEqualTo("+ /users = {\"42\": {\"name\": \"Ada\"}}\n");
        assertThat(tool.run("set", file, "/n", "-5").ended(ExitCode.OK)).isEqualTo("+ /n = -5\n");
        assertThat(tool.run("set", file, "/s", "--string", "it's \u00e9").ended(ExitCode.OK))
                .isEqualTo("+ /s = \"it's \u00e9\"\n");
        assertThat(tool.run("show", file, "/users").ended(ExitCode.OK))
                .isEqualTo("{\n  \"42\": {\n    \"name\": \"Ada\"\n  }\n}\n");
        assertThat(tool.run("show", "--json", file).ended(ExitCode.OK)).contains("\"n\": -5");
        assertThat(tool.run("get", file, "/users/42").ended(ExitCode.OK)).isEqualTo("{\"name\":\"Ada\"}\n");
        assertThat(tool.run("get", "--raw", file, "/s").ended(ExitCode.OK)).isEqualTo("it's \u00e9\n");
        assertThat(tool.run("keys", file).ended(ExitCode.OK)).isEqualTo("n\ns\nusers\n");
        assertThat(tool.run("remove", file, "/s").ended(ExitCode.OK)).isEqualTo("- /s = \"it's \u00e9\"\n");
        assertThat(tool.run("set", file, "/n", "-5").told(ExitCode.OK)).contains("nothing was changed");
    }

    @Test
    void decimalsAreWrittenAsTheyAreSpelled() throws Exception {
        tool.run("set", "--create", "state.json", "/set", "2.50").ended(ExitCode.OK);
        Files.writeString(directory.resolve("patch"), "[{\"op\": \"add\", \"path\": \"/patch\", \"value\": 3.50}]");
        tool.run("patch", "state.json", "patch").ended(ExitCode.OK);
        Files.writeString(directory.resolve("merge"), "{\"merge\": {\"n\": 4.50}}");
        tool.run("patch", "state.json", "merge").ended(ExitCode.OK);
        assertThat(Files.readString(directory.resolve("state.json"))).contains("2.50", "3.50", "4.50");
    }

    @Test
    void decimalsInADatabaseAreShortened() throws Exception {
        tool.run("set", "--create", "shared.db", "/n", "2.50").ended(ExitCode.OK);
        assertThat(tool.run("get", "shared.db", "/n").ended(ExitCode.OK)).isEqualTo("2.5\n");
    }

    @Test
    void theNumbersOfAJsonFileKeepTheirDigits() throws Exception {
        Path file = directory.resolve("state.json");
        Files.writeString(file, "{\"large\": 1E+2, \"price\": 1.10}");
        tool.run("set", "state.json", "/n", "2").ended(ExitCode.OK);
        assertThat(Files.readString(file)).contains("\"large\": 1E+2", "\"n\": 2", "\"price\": 1.10");
        assertThat(tool.run("get", "state.json", "/price").ended(ExitCode.OK)).isEqualTo("1.10\n");
        assertThat(tool.run("show", "state.json", "--json").ended(ExitCode.OK)).contains("\"large\": 1E+2");
    }

    @Test
    void aResultThatTheOutputDoesNotTakeIsToldByTheExitCode() throws Exception {
        assumeThat(Path.of("/dev/full")).exists();
        make("state.json", Map.of("n", 1));
        make("other.json", Map.of("n", 3));
        for (String command : List.of(
                "get state.json /n", "show --json state.json", "set state.json /n 2", "diff state.json other.json")) {
            assertThat(tool.shell("heartwood " + command + " > /dev/full; echo \"code $?\""))
                    .contains("did not take all of the result: No space left on device", "code 5");
        }
        assertThat(tool.shell("heartwood show --json state.json | true; echo \"code $?\""))
                .isEqualTo("code 0\n");
    }

    @Test
    void aCommitThatMayHaveBeenMadeHasAnExitCodeOfItsOwn() {
        StringWriter told = new StringWriter();
        CommandLine line = Main.commandLine(new PrintWriter(new StringWriter()), new PrintWriter(told));

        int code = new Failures()
                .handleExecutionException(
                        new IndeterminateCommitException("it may be there", null, "7 w:1"),
                        line,
                        line.parseArgs("get", "state.json", "/n"));

        assertThat(code).isEqualTo(ExitCode.UNKNOWN);
        assertThat(told).hasToString("heartwood: it may be there" + System.lineSeparator());
    }

    @Test
    void aCommitThatMayHaveBeenMadeIsNotSaidToHaveChangedNothing() {
        Root memory = Root.inMemory(Map.of());
        Root inDoubt = (Root) Proxy.newProxyInstance(
                Root.class.getClassLoader(), new Class<?>[] {Root.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("settle")) {
                        throw new IndeterminateCommitException("it may be there", null, "7 w:1");
                    }
                    return method.invoke(memory, arguments);
                });
        Store store = Store.over(inDoubt);

        assertThatThrownBy(() -> ToolCommand.batch(store, tx -> tx.put("n", 1)))
                .isInstanceOf(IndeterminateCommitException.class);
    }

    @Test
    void tooLittleMemoryIsNotTheAnswerNo() throws Exception {
        make("state.json", Map.of("text", "x".repeat(20_000_000)));
        assertThat(tool.shell("JAVA_TOOL_OPTIONS=-Xmx16m heartwood get state.json /text; echo \"code $?\""))
                .contains("too little memory", "code 4");
    }

    @Test
    void aNameThatTheLocaleCannotSpellIsExplained() throws Exception {
        assertThat(tool.shell("LC_ALL=C heartwood show \"$(printf '\\303\\251').json\"; echo \"code $?\""))
                .contains("LC_ALL=C.UTF-8", "code 2");
    }

    /** A path, a pattern, a value, the name of a file, and the folder that the tool runs in. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "heartwood set state.json /NAME 1",
                "heartwood set state.json /n '\"NAME\"'",
                "heartwood report state.json report.html --redact /NAME",
                "heartwood set --create NAME.json /n 1",
                "mkdir NAME; cd NAME; heartwood set --create state.json /n 1"
            })
    void whatTheLocaleCannotSpellIsNeitherReadNorWritten(String line) throws Exception {
        make("state.json", Map.of("n", 7));
        String name = "$(printf '\\303\\251')";
        assertThat(tool.shell("export LC_ALL=C; "
                        + line.replace("'\"NAME\"'", "\"\\\"" + name + "\\\"\"").replace("NAME", name)
                        + "; echo \"code $?\""))
                .contains("LC_ALL=C.UTF-8", "code 2");
        assertThat(tool.run("show", "state.json").ended(ExitCode.OK)).isEqualTo("{\n  \"n\": 7\n}\n");
        assertThat(directory.resolve("report.html")).doesNotExist();
    }

    /** Beside the file, or where a symbolic link leads. */
    @Test
    void aNeighbourThatTheLocaleCannotSpellDoesNotMatter() throws Exception {
        make("state.json", Map.of("n", 7));
        assertThat(
                        tool.shell(
                                "export LC_ALL=C; touch \"$(printf '\\303\\251')\" \"state.json.d/$(printf '\\303\\251')\";"
                                        + " heartwood set state.json /n 8; echo \"code $?\";"
                                        + " mkdir \"$(printf '\\303\\252')\"; cd \"$(printf '\\303\\252')\"; cp ../state.json real.json; cd ..;"
                                        + " ln -s \"$(printf '\\303\\252')/real.json\" link.json; heartwood set link.json /n 9; echo \"code $?\""))
                .isEqualTo("~ /n: 7 -> 8\ncode 0\n~ /n: 8 -> 9\ncode 0\n");
    }

    @Test
    void theContentOfAFileTellsItsKindAndNotItsName() throws Exception {
        make("state.json", Map.of("n", 7));
        make("shared.db", Map.of("n", 8));
        Files.copy(directory.resolve("state.json"), directory.resolve("text.db"));
        Files.move(directory.resolve("shared.db"), directory.resolve("rows.json"));

        assertThat(tool.run("get", "text.db", "/n").ended(ExitCode.OK)).isEqualTo("7\n");
        assertThat(tool.run("get", "rows.json", "/n").ended(ExitCode.OK)).isEqualTo("8\n");
        assertThat(tool.run("restore", "text.db", "rows.json", "--yes").told(ExitCode.USAGE))
                .contains("text.db", "JSON");
    }

    @Test
    void numbersThatACommandDoesNotNameKeepTheirSpelling() throws Exception {
        make("state.json", Map.of("huge", 1.0E22, "large", 1.25E7, "small", 1.5E-5, "n", 7));
        String before = Files.readString(directory.resolve("state.json"));

        tool.run("set", "state.json", "/n", "8").ended(ExitCode.OK);

        assertThat(directory.resolve("state.json")).hasContent(before.replace("\"n\": 7", "\"n\": 8"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"@alice", "@@alice", "@"})
    void aTextWithAnAtSignIsNoFileWithArguments(String text) throws Exception {
        make("state.json", Map.of());
        Files.writeString(directory.resolve("alice"), "secret");

        tool.run("set", "state.json", "/name", "--string", text).ended(ExitCode.OK);

        assertThat(tool.run("get", "state.json", "/name").ended(ExitCode.OK)).isEqualTo('"' + text + "\"\n");
    }

    @Test
    void aPatternThatIsNoneIsExplained() throws Exception {
        make("state.json", Map.of());
        assertThat(tool.run("watch", "state.json", "users").told(ExitCode.USAGE))
                .contains("begins with /, such as /");
        assertThat(tool.run("watch", "state.json", "/a*").told(ExitCode.USAGE))
                .contains("/a*")
                .doesNotContain("PathPattern (java", "IllegalArgumentException");
    }

    @ParameterizedTest
    @ValueSource(strings = {"state.json", "shared.db"})
    void whatIsNotThereIsTheAnswerNo(String file) throws Exception {
        make(file, Map.of("a", List.of(1, 2)));
        assertThat(tool.run("get", file, "/b").told(ExitCode.NO)).contains("nothing at /b");
        assertThat(tool.run("remove", file, "/a/7").told(ExitCode.NO)).contains("/a/7");
        assertThat(tool.run("keys", file, "/a").told(ExitCode.REFUSED)).contains("/a");
    }

    @Test
    void wrongCommandLinesAreSaidInOneSentenceAndChangeNothing() throws Exception {
        make("state.json", Map.of("n", 1));
        assertThat(tool.run("set", "state.json", "n", "2").told(ExitCode.USAGE))
                .contains("a path begins with /, such as /n");
        assertThat(tool.run("set", "state.json", "/n", "two").told(ExitCode.USAGE))
                .contains("is no JSON")
                .contains("--string");
        assertThat(tool.run("remove", "state.json", "").told(ExitCode.USAGE)).contains("name a path");
        assertThat(tool.run("shwo", "state.json").told(ExitCode.USAGE))
                .contains("there is no command shwo; heartwood --help lists them", "show");
        assertThat(tool.run("show", "state.json", "/n", "/m").told(ExitCode.USAGE))
                .contains("/m is one argument too many");
        assertThat(tool.run("show", "--frob", "state.json").told(ExitCode.USAGE))
                .contains("'--frob'");
        assertThat(tool.run().told(ExitCode.USAGE)).contains("expected a command");
        assertThat(tool.run("convert", "state.json", "other").told(ExitCode.USAGE))
                .contains("which kind");
        assertThat(value("state.json")).isEqualTo(Map.of("n", 1L));
    }

    @Test
    void aNumberBeyondTheLimitIsNotSaidToBeNoJson() throws Exception {
        make("state.json", Map.of("n", 1));
        for (String number : List.of("1e100001", "-1" + "0".repeat(1_000))) {
            assertThat(tool.run("set", "state.json", "/f", number).told(ExitCode.USAGE))
                    .contains("a number beyond the limit", "Nothing was changed")
                    .doesNotContain("no JSON");
        }
        assertThat(tool.run("set", "state.json", "/f", "{\"a\": 1e100001}").told(ExitCode.USAGE))
                .contains("no JSON that a store takes: line 1, column ", "Nothing was changed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"state.json", "shared.db"})
    void aRefusedChangeSaysThatNothingWasChanged(String file) throws Exception {
        make(file, Map.of("n", 1));
        assertThat(tool.run("set", file, "", "5").told(ExitCode.REFUSED)).contains("Nothing was changed");
        assertThat(tool.run("set", file, "/n/below", "5").told(ExitCode.REFUSED))
                .contains("/n", "Nothing was changed");
        assertThat(tool.run("remove", file, "/none").told(ExitCode.NO)).contains("/none", "Nothing was changed");
        assertThat(tool.runWith("[{\"op\":\"test\",\"path\":\"/n\",\"value\":2}]", "patch", file, "-")
                        .told(ExitCode.REFUSED))
                .contains("/n", "Nothing was changed");
        assertThat(value(file)).isEqualTo(Map.of("n", 1L));
    }

    @Test
    void aPatchThatCannotBeUsedIsNamedAndChangesNothing() throws Exception {
        make("state.json", Map.of("n", 1));
        Files.writeString(directory.resolve("cut.json"), "[{\"op\": ");
        Files.writeString(directory.resolve("verb.json"), "[{\"op\": \"frob\", \"path\": \"/n\"}]");
        Files.writeString(directory.resolve("word.json"), "frob");
        assertThat(tool.run("patch", "state.json", "nofile.json").told(ExitCode.REFUSED))
                .contains("cannot read the patch nofile.json: there is no such file. Nothing was changed");
        assertThat(tool.run("patch", "state.json", directory.toString()).told(ExitCode.REFUSED))
                .contains("cannot read the patch " + directory + ": it is a directory. Nothing was changed");
        assertThat(tool.run("patch", "state.json", "cut.json").told(ExitCode.REFUSED))
                .contains("cut.json is no patch: line 1, column ", "Nothing was changed");
        assertThat(tool.run("patch", "state.json", "verb.json").told(ExitCode.REFUSED))
                .contains("verb.json is no patch: ", "frob", "Nothing was changed");
        assertThat(tool.run("patch", "state.json", "word.json").told(ExitCode.USAGE))
                .contains("word.json is no patch", "Nothing was changed");
        assertThat(value("state.json")).isEqualTo(Map.of("n", 1L));
    }

    @Test
    void aStoreIsNotMadeInADirectoryThatDoesNotExist() throws Exception {
        make("state.json", Map.of("n", 1));
        assertThat(tool.run("convert", "state.json", "none/shared.db").told(ExitCode.REFUSED))
                .contains("none does not exist: make it first. Nothing was made")
                .doesNotContain("heartwood-convert");
    }

    @ParameterizedTest
    @ValueSource(strings = {"state.json", "shared.db"})
    void patchesApplyAsAWholeOrNotAtAll(String file) throws Exception {
        make(file, Map.of("n", 1, "l", List.of("x")));
        Path patch = Files.writeString(
                directory.resolve("patch"),
                "[{\"op\":\"replace\",\"path\":\"/n\",\"value\":2},{\"op\":\"add\",\"path\":\"/l/-\",\"value\":\"y\"}]");
        assertThat(tool.run("patch", file, patch.toString()).ended(ExitCode.OK))
                .isEqualTo("+ /l/1 = \"y\"\n~ /n: 1 -> 2\n");
        assertThat(tool.runWith("{\"n\":null}\n", "patch", file, "-").ended(ExitCode.OK))
                .isEqualTo("- /n = 2\n");
        assertThat(tool.runWith(
                                "[{\"op\":\"add\",\"path\":\"/z\",\"value\":1},{\"op\":\"test\",\"path\":\"/l/0\",\"value\":\"no\"}]",
                                "patch",
                                file,
                                "-")
                        .told(ExitCode.REFUSED))
                .contains("/l/0");
        assertThat(tool.runWith("42", "patch", file, "-").told(ExitCode.USAGE)).contains("no patch");
        assertThat(value(file)).isEqualTo(Map.of("l", List.of("x", "y")));
    }

    @Test
    void storesOfDifferentKindsAreComparedAndConverted() throws Exception {
        Map<String, Object> tree =
                Map.of("n", 1, "deep", Map.of("list", List.of(1.5, "\ud800", Map.of()), "big", Long.MAX_VALUE));
        make("state.json", tree);
        assertThat(tool.run("convert", "state.json", "shared.db").ended(ExitCode.OK))
                .contains("2 keys");
        assertThat(tool.run("diff", "state.json", "shared.db").ended(ExitCode.OK))
                .isEmpty();
        assertThat(tool.run("convert", "shared.db", "again.json").ended(ExitCode.OK))
                .contains("again.json (JSON file)");
        assertThat(value("again.json")).isEqualTo(value("state.json"));

        tool.run("set", "shared.db", "/n", "2").ended(ExitCode.OK);
        assertThat(tool.run("diff", "state.json", "shared.db").ended(ExitCode.NO))
                .isEqualTo("~ /n: 1 -> 2\n");
        String patch = tool.run("diff", "--json", "state.json", "shared.db").ended(ExitCode.NO);
        tool.runWith(patch, "patch", "state.json", "-").ended(ExitCode.OK);
        assertThat(tool.run("diff", "state.json", "shared.db").ended(ExitCode.OK))
                .isEmpty();

        assertThat(tool.run("convert", "state.json", "shared.db").told(ExitCode.REFUSED))
                .contains("exists already");
        assertThat(tool.run("diff", "state.json", "none.json").told(ExitCode.REFUSED))
                .contains("none.json does not exist");
        assertThat(names()).noneMatch(name -> name.startsWith(".heartwood"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"state.json", "shared.db"})
    void backupIsRestoredOnceTheOperatorAgrees(String file) throws Exception {
        String backup = "backup" + file.substring(file.indexOf('.'));
        make(file, Map.of("n", 1));
        assertThat(tool.run("backup", file, backup).ended(ExitCode.OK)).contains("was backed up to " + backup);
        assertThat(tool.run("backup", file, backup).told(ExitCode.REFUSED)).contains("exists already");
        tool.run("set", file, "/n", "2").ended(ExitCode.OK);

        assertThat(tool.run("restore", backup, file).told(ExitCode.USAGE)).contains("Add --yes");
        assertThat(value(file)).isEqualTo(Map.of("n", 2L));
        tool.run("restore", backup, file, "--yes").ended(ExitCode.OK);
        assertThat(value(file)).isEqualTo(Map.of("n", 1L));
        tool.run("restore", backup, "new" + file, "--yes").ended(ExitCode.OK);
        assertThat(value("new" + file)).isEqualTo(Map.of("n", 1L));
    }

    @Test
    void backupOfAnotherKindIsNotRestored() throws Exception {
        make("state.json", Map.of("n", 1));
        make("shared.db", Map.of("n", 2));
        assertThat(tool.run("restore", "--yes", "state.json", "shared.db").told(ExitCode.USAGE))
                .contains("heartwood convert");
        assertThat(value("shared.db")).isEqualTo(Map.of("n", 2L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"state.json", "shared.db"})
    void storeThatIsHeldIsNotRestored(String file) throws Exception {
        make(file, Map.of("n", 1));
        String backup = "backup" + file.substring(file.indexOf('.'));
        tool.run("backup", file, backup).ended(ExitCode.OK);
        try (Store store = open(file)) {
            store.put("n", 2);
            assertThat(tool.run("restore", "--yes", backup, file).told(ExitCode.REFUSED))
                    .contains(file);
            assertThat(store.get("n")).isEqualTo(2L);
            assertThat(store.increment("n")).isEqualTo(3L);
        }
        assertThat(value(file)).isEqualTo(Map.of("n", 3L));
    }

    @Test
    void jsonFileThatIsHeldCanBeReadAndBackedUpAndNotWritten() throws Exception {
        try (Store store = open("state.json")) {
            store.put("n", 1);
            assertThat(tool.run("get", "state.json", "/n").ended(ExitCode.OK)).isEqualTo("1\n");
            assertThat(tool.run("check", "state.json").ended(ExitCode.OK)).contains("all is well");
            tool.run("backup", "state.json", "copy.json").ended(ExitCode.OK);
            assertThat(tool.run("set", "state.json", "/n", "2").told(ExitCode.REFUSED))
                    .contains("state.json", "heartwood show", "readOnly()", "Nothing was changed");
            assertThat(store.get("n")).isEqualTo(1L);
        }
    }

    @Test
    void sqliteFileIsSharedWithThoseWhoUseIt() throws Exception {
        try (Store store = open("shared.db")) {
            store.put("n", 1);
            tool.run("set", "shared.db", "/n", "2").ended(ExitCode.OK);
            assertThat(store.increment("n")).isEqualTo(3L);
            assertThat(tool.run("get", "shared.db", "/n").ended(ExitCode.OK)).isEqualTo("3\n");
            assertThat(tool.run("check", "shared.db").ended(ExitCode.OK)).contains("all is well");
        }
    }

    /** As somebody makes it who wants a private store. */
    @Test
    void anEmptyFileIsOfTheKindThatItsNameSaysAndIsLeftEmptyByWhatOnlyReads() throws Exception {
        Path file = Files.createFile(directory.resolve("private.db"));
        tool.run("show", "private.db");
        assertThat(file).isEmptyFile();
        tool.run("set", "private.db", "/n", "1").ended(ExitCode.OK);
        try (Store store = open("private.db")) {
            assertThat(store.get("n")).isEqualTo(1L);
        }
        assertThat(Files.readString(file, ISO_8859_1)).startsWith("SQLite format 3");
    }

    @Test
    void largeTreeIsShownInPart() throws Exception {
        try (Store store = open("state.json")) {
            store.batch(tx -> {
                for (int i = 0; i < 1_000; i++) {
                    tx.put("key" + i, "x".repeat(500));
                }
            });
        }
        Tool.Result result = tool.run("show", "state.json", "--lines", "10");
        assertThat(result.ended(ExitCode.OK).lines()).hasSize(13);
        assertThat(result.out()).contains("(500 characters)");
        assertThat(result.err()).contains("there is more");
        assertThat(tool.run("show", "state.json", "--all").ended(ExitCode.OK).lines())
                .hasSize(1_002);
    }

    @Test
    void helpAndVersionAndCompletionArePrinted() throws Exception {
        assertThat(tool.run("--help").ended(ExitCode.OK)).contains("restore").contains("Exit codes");
        assertThat(tool.run("restore", "--help").ended(ExitCode.OK))
                .contains("BACKUP")
                .contains("--yes");
        assertThat(tool.run("--version").ended(ExitCode.OK)).startsWith("heartwood ");
        assertThat(tool.run("generate-completion").ended(ExitCode.OK)).contains("complete -F");
    }

    private List<String> names() throws Exception {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private void make(String file, Map<String, ?> tree) {
        try (Store store = open(file)) {
            store.batch(tx -> tree.forEach(tx::put));
        }
    }

    private Map<String, Object> value(String file) {
        try (Store store = open(file)) {
            return store.toMap();
        }
    }

    private Store open(String file) {
        Path path = directory.resolve(file);
        return file.endsWith(".json") ? JsonFile.open(path) : SqliteStore.open(path);
    }
}
