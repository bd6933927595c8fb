package dev.heartwood.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/**
 * Compiles the Java samples of documents, each as it stands as the body of a method: the blocks of {@code ```java} in
 * Markdown, and the code in the comments of packages. A sample's own {@code import} lines go to the top. The samples
 * see the same class path and module path as the running test.
 */
public final class JavaSamples {
    private final String imports;
    private final Path classes;

    /** Samples that see all types of these packages; the class files go to the given folder. */
    public JavaSamples(Path classes, List<String> packages) {
        this.classes = classes;
        this.imports = packages.stream().map(name -> "import " + name + ".*;\n").collect(Collectors.joining());
    }

    /** One test for each sample of these documents. Fails where there is none. */
    public Stream<DynamicTest> tests(List<Path> documents) throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path document : documents) {
            List<String> samples = of(document);
            for (int i = 0; i < samples.size(); i++) {
                String sample = samples.get(i);
                tests.add(DynamicTest.dynamicTest(
                        document.subpath(Math.max(0, document.getNameCount() - 2), document.getNameCount())
                                + ", sample " + (i + 1),
                        () -> assertThat(complaints(sample)).as(sample).isEmpty()));
            }
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    /** The samples of a document: of Markdown, or of the page of a package ({@code package-info.java}). */
    public static List<String> of(Path document) throws IOException {
        String text = Files.readString(document);
        return document.endsWith("package-info.java")
                ? samples(text.replaceAll("(?m)^ \\* ?", ""), "<pre>{@code", "}</pre>")
                : samples(text, "```java", "```");
    }

    private static List<String> samples(String text, String begin, String end) {
        List<String> samples = new ArrayList<>();
        @Nullable StringBuilder open = null;
        for (String line : text.lines().toList()) {
            if (open == null && line.strip().equals(begin)) {
                open = new StringBuilder();
            } else if (open != null && line.strip().equals(end)) {
                samples.add(open.toString());
                open = null;
            } else if (open != null) {
                open.append(line).append('\n');
            }
        }
        return samples;
    }

    /** The compiler's messages; empty when the sample compiles. */
    public String complaints(String sample) {
        String own = sample.lines().filter(line -> line.startsWith("import ")).collect(Collectors.joining("\n"));
        String body = sample.lines().filter(line -> !line.startsWith("import ")).collect(Collectors.joining("\n"));
        String source = imports + own + "\nclass Sample {\n    static void sample() throws Exception {\n" + body
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
        List<String> options = List.of("-proc:none", "-d", classes.toString(), "-cp", classPath());
        boolean fine = compiler.getTask(complaints, null, null, options, null, List.of(file))
                .call();
        return fine ? "" : complaints.toString();
    }

    /** All entries of the running test's class path and module path. */
    private static String classPath() {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return classPath + File.pathSeparator + System.getProperty("jdk.module.path", "");
    }
}
