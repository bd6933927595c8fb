package dev.heartwood.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Delivery;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.Subscription;
import dev.heartwood.file.JsonFile;
import dev.heartwood.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first use of a store loads no class that it does not need, so that short programs start fast. */
class FirstUseTest {
    /** Commits in all ways that an event of the Flight Recorder could be made for. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) {
            Path directory = Path.of(args[0]);
            try (Store memory = Store.of(Map.of("counter", 0));
                    Store file = JsonFile.open(directory.resolve("store.json"));
                    Store database = SqliteStore.open(directory.resolve("store.db"));
                    Subscription watch = memory.watch(
                            "counter", Delivery.latest(Runnable::run), update -> System.out.println(update.path()))) {
                memory.increment("counter");
                memory.batch(tx -> tx.increment("counter"));
                file.put(KeyPath.of("a", "b"), 1);
                database.put(KeyPath.of("a", "b"), 1);
                System.out.println(watch.isClosed());
            }
        }
    }

    @Test
    void theFlightRecorderIsNotLoadedUntilSomebodyRecords(@TempDir Path directory) throws Exception {
        assertThat(classesLoadedBy(directory))
                .contains("dev.heartwood.CommitLoop ")
                .doesNotContain("jdk.jfr.Event ", "jdk.jfr.internal.");
    }

    @Test
    void aRecordingFromTheStartSeesTheCommits(@TempDir Path directory) throws Exception {
        assertThat(classesLoadedBy(directory, "-XX:StartFlightRecording:filename=" + directory.resolve("made.jfr")))
                .contains("dev.heartwood.FlightEvents$CommitEvent ");
    }

    private static String classesLoadedBy(Path directory, String... options) throws IOException, InterruptedException {
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-verbose:class");
        command.command().addAll(List.of(options));
        command.command()
                .addAll(List.of(
                        "-cp", System.getProperty("java.class.path"), Program.class.getName(), directory.toString()));
        Process process = command.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
