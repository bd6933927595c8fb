package dev.heartwood.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every Java sample in the README, in the documents and on the pages of packages compiles as the body of a method. */
class SamplesCompileTest {
    private static final Path TOP = Path.of("").toAbsolutePath().getParent();
    /** An export without {@code to}. */
    private static final Pattern EXPORT = Pattern.compile("exports ([\\w.]+);");

    private static final String IMPORTS = Stream.of(
                    "dev.heartwood",
                    "dev.heartwood.json",
                    "dev.heartwood.file",
                    "dev.heartwood.sqlite",
                    "dev.heartwood.log",
                    "dev.heartwood.history",
                    "dev.heartwood.inspector",
                    "java.io",
                    "java.nio.file",
                    "java.time",
                    "java.util",
                    "java.util.concurrent")
            .map(name -> "import " + name + ".*;\n")
            .collect(Collectors.joining());

    @TempDir
    Path classes;

    @TestFactory
    Stream<DynamicTest> everySampleCompiles() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path document : documents()) {
            List<String> samples = document.endsWith("package-info.java")
                    ? javadocSamples(Files.readString(document))
                    : samples(Files.readString(document));
            for (int i = 0; i < samples.size(); i++) {
                String sample = samples.get(i);
                tests.add(DynamicTest.dynamicTest(
                        TOP.relativize(document) + ", sample " + (i + 1),
                        () -> assertThat(complaints(sample)).as(sample).isEmpty()));
            }
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    @Test
    void aSampleThatDoesNotCompileIsFound() {
        assertThat(complaints("Store store = Store.of(5);")).isNotEmpty();
    }

    @Test
    void thePageOfEachExportedPackageHasASample() throws IOException {
        List<Path> pages = packagePages();
        assertThat(pages).isNotEmpty();
        for (Path page : pages) {
            assertThat(javadocSamples(Files.readString(page)))
                    .as(TOP.relativize(page).toString())
                    .isNotEmpty();
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

    private static List<String> javadocSamples(String source) {
        List<String> samples = new ArrayList<>();
        StringBuilder open = null;
        for (String line : source.lines().toList()) {
            if (line.equals(" * <pre>{@code")) {
                open = new StringBuilder();
            } else if (open != null && line.equals(" * }</pre>")) {
                samples.add(open.toString());
                open = null;
            } else if (open != null) {
                open.append(line.substring(2)).append('\n');
            }
        }
        return samples;
    }

    private static List<String> samples(String markdown) {
        List<String> samples = new ArrayList<>();
        StringBuilder open = null;
        for (String line : markdown.lines().toList()) {
            if (open == null && line.strip().equals("```java")) {
                open = new StringBuilder();
            } else if (open != null && line.strip().equals("```")) {
                samples.add(open.toString());
                open = null;
            } else if (open != null) {
                open.append(line).append('\n');
            }
        }
        return samples;
    }

    private String complaints(String sample) {
        String imports = sample.lines()
                .filter(line -> line.strip().startsWith("import "))
                .collect(Collectors.joining("\n"));
        String body = sample.lines()
                .filter(line -> !line.strip().startsWith("import "))
                .collect(Collectors.joining("\n"));
        String source = IMPORTS + imports + "\nclass Sample {\n    static void sample() throws Exception {\n" + body
                + "\n    }\n}\n";
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Sample.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> options = List.of("-proc:none", "-d", classes.toString(), "-cp", classPath);
        boolean fine = compiler.getTask(complaints, null, null, options, null, List.of(file))
                .call();
        return fine ? "" : complaints.toString();
    }
}
