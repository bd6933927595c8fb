package dev.heartwood.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the document do what it says, typed into a shell. */
class DocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "command-line.md");

    @TempDir
    Path directory;

    @Test
    void eachCommandOfTheDocumentPrintsWhatStandsBelowIt() throws Exception {
        assumeThat(Files.isExecutable(Path.of("/bin/sh"))).as("a shell").isTrue();
        Tool tool = new Tool(directory);
        List<String> expected = console();
        List<String> actual = new ArrayList<>();
        for (String line : expected) {
            if (line.startsWith("$ ")) {
                actual.add(line);
                tool.shell(line.substring(2)).lines().forEach(actual::add);
            }
        }
        assertThat(expected).hasSizeGreaterThan(20);
        assertThat(String.join("\n", actual)).isEqualTo(String.join("\n", expected));
    }

    private static List<String> console() throws Exception {
        List<String> lines = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(DOCUMENT)) {
            if (line.startsWith("```")) {
                inside = line.equals("```console");
            } else if (inside) {
                lines.add(line);
            }
        }
        return lines;
    }
}
