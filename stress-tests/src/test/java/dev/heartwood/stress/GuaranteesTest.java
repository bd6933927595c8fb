package dev.heartwood.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of guarantees names its proofs: they exist, and none of the stress suites is left out. */
class GuaranteesTest {
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern NAME = Pattern.compile("`([A-Z]\\w*)(?:\\.([A-Z]\\w*)|#(\\w+))?`");

    @Test
    void everyGuaranteeNamesItsProof() throws IOException {
        List<String> sections = List.of(page().split("\n## ")).stream().skip(1).toList();

        assertThat(sections)
                .hasSizeGreaterThan(5)
                .allSatisfy(section -> assertThat(section).contains("\nProved by `"));
    }

    @Test
    void everyProofThatIsNamedExists() throws IOException {
        Map<String, Path> sources = sources();
        List<MatchResult> proofs = proofs();

        assertThat(proofs).hasSizeGreaterThan(30);
        for (MatchResult proof : proofs) {
            assertThat(sources).as("the class of " + proof.group()).containsKey(proof.group(1));
            String source = Files.readString(sources.get(proof.group(1)));
            if (proof.group(2) != null) {
                assertThat(source).as(proof.group()).contains("class " + proof.group(2) + " ");
            }
            if (proof.group(3) != null) {
                assertThat(source).as(proof.group()).contains(" " + proof.group(3) + "(");
            }
        }
    }

    @Test
    void everyStressSuiteProvesAGuarantee() throws IOException {
        Set<String> named = new TreeSet<>();
        proofs().forEach(proof -> named.add(proof.group(1)));
        Path sources = REPOSITORY.resolve("stress-tests/src/main/java");

        try (Stream<Path> files = Files.walk(sources)) {
            List<String> all = files.filter(file ->
                            file.toString().endsWith(".java") && text(file).contains("@JCStressTest"))
                    .map(file -> file.getFileName().toString().replace(".java", ""))
                    .toList();
            assertThat(all).hasSizeGreaterThan(10);
            assertThat(named).containsAll(all);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String page() throws IOException {
        return Files.readString(REPOSITORY.resolve("docs/guarantees.md"));
    }

    /** The names in the paragraphs that begin with "Proved by". */
    private static List<MatchResult> proofs() throws IOException {
        return Stream.of(page().split("\n\n"))
                .filter(paragraph -> paragraph.startsWith("Proved by"))
                .flatMap(paragraph -> NAME.matcher(paragraph).results())
                .toList();
    }

    private static Map<String, Path> sources() throws IOException {
        Map<String, Path> sources = new TreeMap<>();
        try (Stream<Path> files = Files.walk(REPOSITORY)) {
            files.filter(file -> file.toString().matches(".*\\.(java|kt)")
                            && !file.toString().contains("/target/"))
                    .forEach(file -> sources.put(file.getFileName().toString().replaceFirst("\\.\\w+$", ""), file));
        }
        return sources;
    }
}
