package dev.heartwood.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.log.LogEngine;
import dev.heartwood.log.testkit.ServerProcess;
import dev.heartwood.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example as its users run it: in processes of their own. */
class JobBoardTest {
    @TempDir
    Path directory;

    @Test
    void twoProcessesDoEachJobOnce() throws Exception {
        Path file = directory.resolve("shared.db");
        eachJobIsDoneOnce(file.toString());
        try (Store board = SqliteStore.open(file)) {
            assertThat(board.size(KeyPath.of("board", "done"))).isEqualTo(30);
        }
    }

    @Test
    void twoProcessesDoEachJobOnceThroughAServer() throws Exception {
        assumeTrue(ServiceLoader.load(LogEngine.class).iterator().hasNext(), "the engines are there with -Pall");
        Path redis = ServerProcess.program("redis-server", Path.of("/usr/bin/redis-server"));
        try (ServerProcess server = ServerProcess.start(
                null,
                (port, folder) -> List.of(
                        redis.toString(), "--bind", "127.0.0.1", "--port", "" + port, "--dir", folder.toString()))) {
            eachJobIsDoneOnce("--redis", "redis://127.0.0.1:" + server.port());
        }
    }

    private static void eachJobIsDoneOnce(String... board) throws Exception {
        Process ann = start(with(board, "ann", "30"));
        Process bob = start(with(board, "bob", "30"));

        List<String> said = new ArrayList<>(lines(ann));
        said.addAll(lines(bob));

        assertThat(ann.waitFor()).as(said.toString()).isZero();
        assertThat(bob.waitFor()).as(said.toString()).isZero();
        assertThat(said.stream().filter(line -> line.contains(" did ")).map(line -> line.substring(8)))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 30).mapToObj(i -> "job " + i).toList());
        assertThat(said.stream().filter(line -> line.endsWith(" puts up 30 jobs")))
                .hasSize(1);
        assertThat(said.stream().filter(line -> line.endsWith(" joins"))).hasSize(1);
        assertThat(said).as("each did some").anyMatch(line -> line.startsWith("ann did "));
        assertThat(said).as("each did some").anyMatch(line -> line.startsWith("bob did "));
    }

    private static String[] with(String[] words, String... more) {
        return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void withoutArgumentsItSaysWhatIsExpected() throws Exception {
        Process process = start();
        assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("expected a file and a name");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                JobBoard.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }

    private static List<String> lines(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }
}
