package dev.heartwood.langgraph4j;

import dev.heartwood.testsupport.JavaSamples;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
    private static final List<String> PACKAGES = List.of(
            "dev.heartwood",
            "dev.heartwood.file",
            "dev.heartwood.langgraph4j",
            "dev.heartwood.history",
            "java.nio.file",
            "java.util");

    @TempDir
    Path classes;

    @TestFactory
    Stream<DynamicTest> everySampleCompiles() throws IOException {
        return new JavaSamples(classes, PACKAGES)
                .tests(List.of(Path.of("README.md").toAbsolutePath()));
    }
}
