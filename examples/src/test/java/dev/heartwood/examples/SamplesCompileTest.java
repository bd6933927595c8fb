package dev.heartwood.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heartwood.log.LogEngine;
import dev.heartwood.testsupport.JavaSamples;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every Java sample in the README, in the documents and on the pages of packages compiles as the body of a method. */
class SamplesCompileTest {
    private static final Path TOP = Path.of("").toAbsolutePath().getParent();
    /** An export without {@code to}. */
    private static final Pattern EXPORT = Pattern.compile("exports ([\\w.]+);");

    private static final List<String> PACKAGES = List.of(
            "dev.heartwood",
            "dev.heartwood.json",
            "dev.heartwood.file",
            "dev.heartwood.sqlite",
            "dev.heartwood.log",
            "dev.heartwood.postgres",
            "dev.heartwood.etcd",
            "dev.heartwood.redis",
            "dev.heartwood.history",
            "dev.heartwood.inspector",
            "java.io",
            "java.net",
            "java.nio.file",
            "java.time",
            "java.util",
            "java.util.concurrent");

    @TempDir
    Path classes;

    @TestFactory
    Stream<DynamicTest> everySampleCompiles() throws IOException {
        assumeTrue(
                ServiceLoader.load(LogEngine.class).iterator().hasNext(),
                "samples that use the engines compile with -Pall");
        return new JavaSamples(classes, PACKAGES).tests(documents());
    }

    @Test
    void aSampleThatDoesNotCompileIsFound() {
        assertThat(new JavaSamples(classes, PACKAGES).complaints("Store store = Store.of(5);"))
                .isNotEmpty();
    }

    @Test
    void thePageOfEachExportedPackageHasASample() throws IOException {
        List<Path> pages = packagePages();
        assertThat(pages).isNotEmpty();
        for (Path page : pages) {
            assertThat(JavaSamples.of(page)).as(TOP.relativize(page).toString()).isNotEmpty();
        }
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>(packagePages());
        documents.add(TOP.resolve("README.md"));
        try (Stream<Path> files = Files.list(TOP.resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
        }
        return documents;
    }

    /** The pages of the packages that any module may use. */
    private static List<Path> packagePages() throws IOException {
        List<Path> pages = new ArrayList<>();
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(TOP, "store-*")) {
            for (Path module : modules) {
                Path sources = module.resolve(Path.of("src", "main", "java"));
                Matcher export = EXPORT.matcher(Files.readString(sources.resolve("module-info.java")));
                while (export.find()) {
                    pages.add(sources.resolve(export.group(1).replace('.', '/')).resolve("package-info.java"));
                }
            }
        }
        Collections.sort(pages);
        return pages;
    }
}
