package dev.heartwood.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.sqlite.SqliteStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example as its users run it: takers that sleep in processes of their own, woken by the commits of another one. */
class JobQueueTest {
    private static final int JOBS = 60;

    @TempDir
    Path directory;

    @Test
    void takersInOtherProcessesSleepUntilJobsComeAndEachJobIsTakenOnce() throws Exception {
        String file = directory.resolve("jobs.db").toString();
        Process ann = start(file, "take", "ann");
        Process bob = start(file, "take", "bob");
        Process giver = start(file, "give", String.valueOf(JOBS));
        assertThat(giver.waitFor()).as(errors(giver)).isZero();
        Process stopper = start(file, "stop", "2");
        assertThat(stopper.waitFor()).as(errors(stopper)).isZero();

        List<String> said = new ArrayList<>(lines(ann));
        said.addAll(lines(bob));
        assertThat(ann.waitFor()).as(errors(ann)).isZero();
        assertThat(bob.waitFor()).as(errors(bob)).isZero();
        assertThat(said.stream()
                        .filter(line -> !line.endsWith(" waits for jobs"))
                        .map(line -> line.substring("ann took ".length())))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, JOBS).mapToObj(i -> "job " + i).toList());
        try (Store store = SqliteStore.open(Path.of(file))) {
            assertThat(store.size("done")).isEqualTo(JOBS);
            assertThat(store.size(KeyPath.of("queue", "urgent"))).isZero();
            assertThat(store.size(KeyPath.of("queue", "ordinary"))).isZero();
        }
    }

    @Test
    void theJobOfAKilledTakerComesBackAndEachJobIsDoneOnce() throws Exception {
        String file = directory.resolve("jobs.db").toString();
        assertThat(start(file, "give", "5").waitFor()).isZero();
        Process ann = start(file, "take", "ann", "3600000");
        BufferedReader output = ann.inputReader(StandardCharsets.UTF_8);
        assertThat(output.readLine()).isEqualTo("ann waits for jobs");
        String took = output.readLine();
        assertThat(took).startsWith("ann took job ");
        ann.toHandle().destroyForcibly();
        assertThat(ann.waitFor()).isNotZero();
        String job = took.substring("ann took ".length());

        Process bob = start(file, "take", "bob");
        try (Store store = SqliteStore.open(Path.of(file))) {
            store.await(view -> view.contains(KeyPath.of("done", job)), Duration.ofMinutes(1));
            assertThat(start(file, "stop", "1").waitFor()).isZero();
            assertThat(bob.waitFor()).as(errors(bob)).isZero();
            assertThat(store.getMap("done"))
                    .containsOnlyKeys("job 1", "job 2", "job 3", "job 4", "job 5")
                    .containsEntry(job, "bob");
            assertThat(store.size("taken")).isZero();
        }
    }

    @Test
    void withoutArgumentsItSaysWhatIsExpected() throws Exception {
        Process process = start();
        assertThat(errors(process)).contains("expected a file and what to do");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                JobQueue.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }

    private static List<String> lines(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private static String errors(Process process) throws IOException {
        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
