package dev.heartwood.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The lines of {@code docs/debugging.md} on the Flight Recorder, typed into a shell as they stand. */
class FlightRecorderRecipeTest {
    private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final Path WRITTEN = Path.of("heartwood.jfr");

    @AfterEach
    void clean() throws IOException {
        Files.deleteIfExists(WRITTEN);
    }

    @Test
    void theRecipePrintsWhoCommittedWhat() throws Exception {
        List<String> blocks = BLOCK.matcher(Files.readString(Path.of("..", "docs", "debugging.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .filter(block -> block.contains("JFR"))
                .toList();
        assertThat(blocks).hasSize(2);

        type(blocks.get(0));
        Store store = Store.create();
        store.as("planner").batch(tx -> {
            tx.label("pay rent");
            tx.put(KeyPath.of("account", "rent"), 900);
        });
        String printed = type(blocks.get(1));

        assertThat(printed)
                .contains("author = \"planner\"", "label = \"pay rent\"", "path = \"/account\"", "version = 1");
    }

    private static String type(String lines) throws IOException, InterruptedException {
        String bin = Path.of(System.getProperty("java.home"), "bin").toString();
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-ec"));
        command.add("PATH='" + bin + "':\"$PATH\"\n"
                + lines.replace("PID", Long.toString(ProcessHandle.current().pid())));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }
}
