package dev.heartwood.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The public types and methods of each module are listed in {@code docs/api}, so that each change of the API shows in
 * its commit.
 *
 * <p>To write the lists anew: {@code mvn -Pall verify -Dheartwood.api.write=true}, or only this test with it.
 */
class PublicApiTest {
    private static final Path TOP = Path.of("..");
    private static final boolean WRITE = Boolean.getBoolean("heartwood.api.write");

    static List<Path> modules() throws IOException {
        try (Stream<Path> folders = Files.list(TOP)) {
            return folders.map(folder -> folder.resolve(Path.of("target", "classes")))
                    .filter(classes -> Files.exists(classes.resolve("module-info.class")))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("modules")
    void whatIsPublicIsListed(Path classes) throws IOException {
        assumeThat(Runtime.version().feature())
                .as("the lists are printed by javap 17")
                .isEqualTo(17);
        ModuleDescriptor module = descriptor(classes);
        Path file = TOP.resolve(Path.of("docs", "api", module.name() + ".txt"));
        String found = publicTypes(classes, module);
        if (WRITE) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, found);
        }
        assertThat(found)
                .as(
                        "the public API of %s differs from %s: look at each difference, then write the list anew as this"
                                + " test's Javadoc says",
                        module.name(), file)
                .isEqualTo(Files.exists(file) ? Files.readString(file) : "");
    }

    private static ModuleDescriptor descriptor(Path classes) throws IOException {
        try (InputStream in = Files.newInputStream(classes.resolve("module-info.class"))) {
            return ModuleDescriptor.read(in);
        }
    }

    private static String publicTypes(Path classes, ModuleDescriptor module) throws IOException {
        StringBuilder text = new StringBuilder();
        Set<String> shown = new TreeSet<>();
        for (String name : exported(classes, module)) {
            int nested = name.lastIndexOf('$');
            String type = nested > 0 && !shown.contains(name.substring(0, nested)) ? "" : print(classes, name);
            if (type.startsWith("public ")) {
                shown.add(name);
                text.append(type).append('\n');
            }
        }
        return text.toString();
    }

    /** The names of the classes in the packages that are exported to everybody, outer ones before those within them. */
    private static List<String> exported(Path classes, ModuleDescriptor module) throws IOException {
        List<String> names = new ArrayList<>();
        for (ModuleDescriptor.Exports exports : module.exports()) {
            if (exports.isQualified()) {
                continue;
            }
            try (Stream<Path> files =
                    Files.list(classes.resolve(exports.source().replace('.', '/')))) {
                files.map(file -> file.getFileName().toString())
                        .filter(file -> file.endsWith(".class") && !file.startsWith("package-info"))
                        .forEach(file -> names.add(
                                exports.source() + "." + file.substring(0, file.length() - ".class".length())));
            }
        }
        names.sort(Comparator.naturalOrder());
        return names;
    }

    private static String print(Path classes, String name) {
        StringWriter out = new StringWriter();
        int status = ToolProvider.findFirst("javap")
                .orElseThrow()
                .run(
                        new PrintWriter(out),
                        new PrintWriter(out),
                        "-protected",
                        classes.resolve(name.replace('.', '/') + ".class").toString());
        assertThat(status).as("%s", out).isZero();
        return out.toString().replace("\r\n", "\n").replaceFirst("^Compiled from .*\n", "");
    }
}
