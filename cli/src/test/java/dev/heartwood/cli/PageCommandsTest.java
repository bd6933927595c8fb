package dev.heartwood.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.file.JsonFile;
import dev.heartwood.sqlite.SqliteStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The inspector page from the command line: as a file, and served. */
@Timeout(180)
class PageCommandsTest {
    @TempDir
    Path directory;

    private Tool tool;
    private Path file;

    @BeforeEach
    void aStoreWithAPast() {
        tool = new Tool(directory);
        file = directory.resolve("state.json");
        try (Store store = JsonFile.open(file)) {
            store.as("planner").put(KeyPath.of("users", "ada"), Map.of("password", "secret-1", "rent", 900));
            store.as("eve").put(KeyPath.of("users", "ada", "rent"), -1);
        }
    }

    @Test
    void aReportOfAFileHasItsCommitsAndAuthors() throws Exception {
        assertThat(tool.run("report", "state.json", "out.html").ended(ExitCode.OK))
                .startsWith("out.html has 2 commits of state.json (");

        assertThat(Files.readString(directory.resolve("out.html")))
                .contains("\"author\":\"eve\"", "\"i900\",\"i-1\"", "secret-1", "\"title\":\"state.json\"");
    }

    @Test
    void aReportReplacesAnOlderOneAndNoOtherFile() throws Exception {
        String before = Files.readString(file);
        assertThat(tool.run("report", "state.json", "state.json").told(ExitCode.USAGE))
                .contains("state.json exists already and is no page: it was not replaced");
        assertThat(Files.readString(file)).isEqualTo(before);

        Path page = Files.createFile(directory.resolve("out.html"));
        tool.run("report", "state.json", "out.html").ended(ExitCode.OK);
        tool.run("report", "state.json", "out.html").ended(ExitCode.OK);
        assertThat(Files.readString(page)).startsWith("<!doctype html>");
    }

    @Test
    void whatIsRedactedIsNotInTheReport() throws Exception {
        tool.run("report", "state.json", "out.html", "--redact", "/users/*/password")
                .ended(ExitCode.OK);
        assertThat(Files.readString(directory.resolve("out.html")))
                .contains("\"author\":\"eve\"", "(redacted ")
                .doesNotContain("secret-1");

        assertThat(tool.run("report", "state.json", "out.html", "--redact", "users")
                        .told(ExitCode.USAGE))
                .contains("starts with '/'");
    }

    @Test
    void whatIsRedactedIsNotInTheReportOfAStoreThatKeepsNoCommitsEither() throws Exception {
        try (Store store = SqliteStore.open(directory.resolve("shared.db"))) {
            store.put(KeyPath.of("users", "ada"), Map.of("password", "secret-2", "rent", 4711));
        }
        tool.run("report", "shared.db", "out.html", "--redact", "/users/*/password")
                .ended(ExitCode.OK);
        assertThat(Files.readString(directory.resolve("out.html")))
                .contains("\"i4711\"")
                .doesNotContain("secret-2");
    }

    @Test
    void whereSomePlacesAreChosenTheReportHasNoOther() throws Exception {
        tool.run("report", "state.json", "out.html", "--only", "/users/*/rent").ended(ExitCode.OK);
        assertThat(Files.readString(directory.resolve("out.html")))
                .contains("\"author\":\"eve\"", "\"i900\"")
                .doesNotContain("secret-1", "password");
    }

    @Test
    void aStoreThatKeepsNoCommitsIsShownAsItIs() throws Exception {
        try (Store store = SqliteStore.open(directory.resolve("shared.db"))) {
            store.put("counter", 4711);
        }

        Tool.Result result = tool.run("report", "shared.db", "out.html");
        assertThat(result.told(ExitCode.OK)).contains("keeps no commits");
        assertThat(Files.readString(directory.resolve("out.html"))).contains("\"i4711\"");
        assertThat(tool.run("report", "none.json", "out.html").told(ExitCode.REFUSED))
                .contains("none.json does not exist");
        assertThat(tool.run("report", "state.json", "no/folder/out.html").told(ExitCode.REFUSED))
                .contains("Check that the folder exists");
    }

    @Test
    void thePageIsServedUntilTheTimeIsUp() throws Exception {
        Process process = tool.start("inspect", "state.json", "--for", "60");
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            URI url = URI.create(out.readLine());

            assertThat(get(url)).contains("<!doctype html>");
        } finally {
            process.destroy();
        }
        assertThat(tool.run("inspect", "state.json", "--for", "0").ended(ExitCode.OK))
                .startsWith("http://127.0.0.1:");
        assertThat(tool.run("inspect", "state.json", "--port", "70000").told(ExitCode.USAGE))
                .contains("70000");
    }

    @Test
    void aSharedFileIsServedWithTheCommitsThatCome() throws Exception {
        Path shared = directory.resolve("shared.db");
        try (Store store = SqliteStore.open(shared)) {
            store.put("counter", 1);
            Process process = tool.start("inspect", "shared.db", "--for", "60");
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                URI url = URI.create(out.readLine());
                store.put("counter", 4711);

                assertThat(get(url)).contains("<!doctype html>");
            } finally {
                process.destroy();
            }
        }
    }

    @Test
    void whatIsRedactedIsNotOnThePageOfASharedFile() throws Exception {
        try (Store store = SqliteStore.open(directory.resolve("shared.db"))) {
            store.put(KeyPath.of("users", "ada"), Map.of("password", "secret-2", "rent", 4711));
            Process process = tool.start("inspect", "shared.db", "--redact", "/users/*/password", "--for", "60");
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                URI url = URI.create(out.readLine());
                String cookie = url.toURL()
                        .openConnection()
                        .getHeaderField("Set-Cookie")
                        .split(";", 2)[0];
                URLConnection history = url.resolve("/history").toURL().openConnection();
                history.setRequestProperty("Cookie", cookie);

                assertThat(text(history)).contains("\"i4711\"").doesNotContain("secret-2");
            } finally {
                process.destroy();
            }
        }
    }

    @Test
    void aStoreOfAProgramThatKeepsNoCommitsIsChangedWithoutKeepingAny() throws Exception {
        Path quiet = directory.resolve("quiet.json");
        try (Store store = JsonFile.options().keepCommits(0).open(quiet)) {
            store.put("a", 1);
        }
        tool.run("set", "quiet.json", "/a", "2").ended(ExitCode.OK);
        tool.run("set", "state.json", "/a", "2").ended(ExitCode.OK);

        assertThat(directory.resolve("quiet.json.d").resolve("commits.jsonl")).doesNotExist();
        assertThat(Files.readString(directory.resolve("state.json.d").resolve("commits.jsonl")))
                .contains("\"/a\"", "eve");
    }

    private static String get(URI url) throws IOException {
        return text(url.toURL().openConnection());
    }

    private static String text(URLConnection page) throws IOException {
        try (InputStream in = page.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
