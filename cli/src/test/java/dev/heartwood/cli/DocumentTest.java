package dev.heartwood.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the document, typed into a shell, behave as documented. */
class DocumentTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"../docs/command-line.md", "../README.md", "../docs/coming-from-python.md"})
    void eachCommandOfTheDocumentPrintsWhatStandsBelowIt(String document) throws Exception {
        assumeThat(Files.isExecutable(Path.of("/bin/sh"))).as("a shell").isTrue();
        Tool tool = new Tool(directory);
        List<String> expected = console(Path.of(document));
        assumeThat(String.join("\n", expected).contains("python3") && !hasPython())
                .as("python3 is not installed")
                .isFalse();
        List<String> actual = new ArrayList<>();
        for (Iterator<String> lines = expected.iterator(); lines.hasNext(); ) {
            String line = lines.next();
            if (line.startsWith("$ ")) {
                StringBuilder command = new StringBuilder(line.substring(2));
                actual.add(line);
                if (line.endsWith("<<'END'")) {
                    // A here-document belongs to its command.
                    do {
                        line = lines.next();
                        command.append('\n').append(line);
                        actual.add(line);
                    } while (!line.equals("END"));
                }
                tool.shell(command.toString()).lines().forEach(actual::add);
            }
        }
        assertThat(expected).hasSizeGreaterThan(15);
        assertThat(String.join("\n", actual)).isEqualTo(String.join("\n", expected));
    }

    private static boolean hasPython() {
        boolean found = Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "python3")));
        if (!found) {
            System.out.println("SKIPPED: python3 is not installed, so the lines that take over a pickle were not run");
        }
        return found;
    }

    private static List<String> console(Path document) throws Exception {
        List<String> lines = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(document)) {
            if (line.startsWith("```")) {
                inside = line.equals("```console");
            } else if (inside) {
                lines.add(line);
            }
        }
        return lines;
    }
}
