package dev.heartwood.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example as its users run it: in processes of their own. */
class JobBoardTest {
    @TempDir
    Path directory;

    @Test
    void twoProcessesDoEachJobOnce() throws Exception {
        Path file = directory.resolve("shared.db");
        Process ann = start(file.toString(), "ann", "30");
        Process bob = start(file.toString(), "bob", "30");

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
        try (Store board = SqliteStore.open(file)) {
            assertThat(board.size(KeyPath.of("board", "done"))).isEqualTo(30);
        }
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
