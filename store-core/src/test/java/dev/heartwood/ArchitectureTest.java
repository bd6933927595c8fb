package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows between the parts of the core go one way. */
class ArchitectureTest {
    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "heartwood");
    /** They name the mutable types of java.util.concurrent that callers may hand in. */
    private static final Set<String> KNOWS_FOREIGN_TYPES = Set.of("Numbers.java", "OpaqueLeaf.java");

    private static final Set<String> VALUES = Set.of(
            "KeyPath.java",
            "Freeze.java",
            "FreezeFrame.java",
            "Conversions.java",
            "JavaViews.java",
            "TreePrinter.java",
            "PathCopy.java",
            "Edit.java",
            "Diff.java",
            "Differ.java",
            "Change.java",
            "Snapshot.java",
            "ReadWriteSet.java",
            "AccessLog.java",
            "ReadSet.java");

    @Test
    void theTreeKnowsNothingOfPathsErrorsOrStores() throws IOException {
        assertThat(lines(file -> file.startsWith(SOURCES.resolve("tree")), "import dev.heartwood."))
                .allMatch(line -> line.contains("import dev.heartwood.tree."));
    }

    @Test
    void theValueSideKnowsNothingOfThreads() throws IOException {
        assertThat(lines(
                        file -> isValue(file) && !KNOWS_FOREIGN_TYPES.contains(name(file)),
                        "import java.util.concurrent"))
                .isEmpty();
        assertThat(VALUES).allMatch(name -> Files.exists(SOURCES.resolve(name)));
    }

    @Test
    void thereIsOneLoopThatCommits() throws IOException {
        assertThat(lines(file -> true, "root.compareAndSet("))
                .singleElement()
                .asString()
                .startsWith("CommitLoop.java");
    }

    private static boolean isValue(Path file) {
        return file.startsWith(SOURCES.resolve("tree")) || VALUES.contains(name(file));
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private static List<String> lines(Predicate<Path> which, String text) throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> name(file).endsWith(".java") && which.test(file))
                    .flatMap(ArchitectureTest::lines)
                    .filter(line -> line.contains(text))
                    .toList();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream().map(line -> name(file) + ": " + line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
