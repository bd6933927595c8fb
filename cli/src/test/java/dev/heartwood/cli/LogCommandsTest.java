package dev.heartwood.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.log.LogAddress;
import dev.heartwood.log.LogStore;
import dev.heartwood.log.testkit.ServerProcess;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a tree in a shared log. Each tree has a name of its own on one server. */
class LogCommandsTest {
    private static ServerProcess server;
    private static int trees;

    @TempDir
    Path directory;

    private Tool tool;
    private String log;

    @BeforeAll
    static void start() throws Exception {
        Path redis = ServerProcess.program("redis-server", Path.of("/usr/bin/redis-server"));
        server = ServerProcess.start(
                null,
                (port, folder) -> List.of(
                        redis.toString(), "--bind", "127.0.0.1", "--port", "" + port, "--dir", folder.toString()));
    }

    @AfterAll
    static void end() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void tool() {
        tool = new Tool(directory);
        log = address("job board " + trees++);
    }

    private static String address(String tree) {
        return "redis://127.0.0.1:" + server.port() + "#" + tree;
    }

    private Store open() {
        return LogStore.over(LogAddress.parse(log).connect());
    }

    @Test
    void valuesAreSetShownAndRemovedBesideAProgram() throws Exception {
        try (Store store = open()) {
            assertThat(tool.run("set", log, "/users/1", "\"Ada\"").ended(0)).contains("+ /users");
            assertThat(store.fresh().get(KeyPath.of("users", "1"))).isEqualTo("Ada");
            assertThat(tool.run("get", log, "/users/1").ended(0)).isEqualTo("\"Ada\"\n");
            assertThat(tool.run("show", log).ended(0)).contains("\"1\": \"Ada\"");
            assertThat(tool.run("keys", log, "/users").ended(0)).isEqualTo("1\n");
            assertThat(tool.runWith("{\"users\": {\"2\": \"Bob\"}}", "patch", log, "-")
                            .ended(0))
                    .contains("Bob");
            assertThat(tool.run("remove", log, "/users/1").ended(0)).contains("- /users/1");
        }
    }

    @Test
    void aTreeThatIsNotThereIsNotMadeUnlessTheOperatorSaysSo() throws Exception {
        for (String[] command : List.of(
                new String[] {"show", log},
                new String[] {"set", log, "/a", "1"},
                new String[] {"log", log},
                new String[] {"watch", log})) {
            assertThat(tool.run(command).told(3))
                    .contains("has no tree of this name")
                    .contains("Nothing was made");
        }
        assertThat(tool.run("check", log).ended(1)).contains("has no tree of this name");

        tool.run("set", "--create", log, "/a", "1").ended(0);
        assertThat(tool.run("get", log, "/a").ended(0)).isEqualTo("1\n");
    }

    @Test
    void whatCannotBeReachedOrIsNoAddressIsSaidInOneSentence() throws Exception {
        assertThat(tool.run("show", "redis://127.0.0.1:1#t").told(3))
                .contains("127.0.0.1:1")
                .contains("Connection refused");
        assertThat(tool.run("show", "redis://127.0.0.1:" + server.port()).told(2))
                .contains("names no tree");
        assertThat(tool.run("show", "ftp://u:geheim@h#t").told(3))
                .contains("redis://host:6379")
                .doesNotContain("geheim");
        assertThat(tool.run("repair", "--yes", log).told(2)).contains("its engine looks after it");
    }

    @Test
    void theLogTellsWhoChangedWhatAndWhy() throws Exception {
        try (Store store = open()) {
            store.put("rent", 800);
            store.as("planner").batch(tx -> {
                tx.label("raise the rent");
                tx.put("rent", 900);
            });
        }

        assertThat(tool.run("log", log).ended(0))
                .contains("planner: raise the rent")
                .contains("~ /rent: 800 -> 900");
        assertThat(tool.run("blame", log, "/rent").ended(0)).contains("planner: raise the rent");
        tool.run("report", log, "page.html").ended(0);
        assertThat(Files.readString(directory.resolve("page.html"))).contains("raise the rent");
        assertThat(tool.run("check", log).ended(0)).contains("1 keys at the top level, and keeps 2 commits");
    }

    /** A checkpoint of the tool would take the commits before it from the history, and let the log be trimmed. */
    @Test
    void theCommitsOfALogStayThoughACheckpointWouldBeDue() throws Exception {
        try (Store store =
                LogStore.options().checkpointEvery(0).over(LogAddress.parse(log).connect())) {
            for (int i = 0; i < 1_200; i++) {
                store.put("n", i);
            }
        }

        tool.run("set", log, "/n", "-1").ended(0);

        assertThat(tool.run("check", log).ended(0)).contains("keeps 1201 commits");
    }

    @Test
    void aLogIsBackedUpConvertedComparedAndRestored() throws Exception {
        try (Store store = open()) {
            store.put("a", 1L);
            store.put("b", List.of(1L, 2.5));
            tool.run("backup", log, "copy.json").ended(0);
            tool.run("convert", log, "copy.db").ended(0);
            tool.run("diff", "copy.json", "copy.db").ended(0);
            tool.run("diff", log, "copy.db").ended(0);
            String other = address("copy " + trees++);
            tool.run("convert", "copy.db", other).ended(0);
            tool.run("diff", log, other).ended(0);

            assertThat(tool.run("convert", "copy.db", other).told(3)).contains("nothing is overwritten");
            assertThat(tool.run("backup", log, "copy.json").told(3)).contains("nothing is overwritten");

            store.put("a", 2L);
            assertThat(tool.run("restore", "copy.json", log).told(2)).contains("nothing was done");
            assertThat(store.get("a", Long.class)).isEqualTo(2);
            tool.run("restore", "copy.json", log, "--yes").ended(0);
            tool.run("diff", log, "copy.json").ended(0);
            assertThat(store.fresh().get("a")).isEqualTo(1L);
        }
    }

    @Test
    void ofTwoThatMakeATreeAtOnceOneIsRefused() throws Exception {
        for (int round = 0; round < 20; round++) {
            String name = address("made twice " + round);
            CyclicBarrier start = new CyclicBarrier(2);
            List<FutureTask<Boolean>> makers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Snapshot state = Store.of(Map.of("by", i)).snapshot();
                makers.add(new FutureTask<>(() -> {
                    start.await();
                    try {
                        LogLocation.any(name).make(state, note -> {});
                        return true;
                    } catch (StoreIOException e) {
                        assertThat(e).hasMessageContaining("nothing is overwritten");
                        return false;
                    }
                }));
            }
            makers.forEach(maker -> new Thread(maker).start());
            assertThat(makers.get(0).get()).isNotEqualTo(makers.get(1).get());
        }
    }

    @Test
    void watchPrintsALineForEachChange() throws Exception {
        try (Store store = open()) {
            store.put("a", 1);
            Process watch = tool.start("watch", log, "--count", "1");
            BufferedReader told =
                    new BufferedReader(new InputStreamReader(watch.getErrorStream(), StandardCharsets.UTF_8));
            // Before it, the tool warns where the server may lose commits.
            String line = told.readLine();
            while (line != null && !line.contains("watching")) {
                line = told.readLine();
            }
            assertThat(line).contains("watching");
            store.put("a", 2);
            assertThat(new String(watch.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("~ /a: 1 -> 2\n");
            assertThat(watch.waitFor()).isZero();
        }
    }
}
