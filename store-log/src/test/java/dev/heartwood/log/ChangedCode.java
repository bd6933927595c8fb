package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.LongStream;

/**
 * The classes of this module with one source file changed, in a class loader of their own, beside the ones that run the test.
 */
final class ChangedCode implements AutoCloseable {
    private final URLClassLoader loader;
    private final Method simulation;

    private ChangedCode(URLClassLoader loader, Method simulation) {
        this.loader = loader;
        this.simulation = simulation;
    }

    /**
     * Compiles a type of this package with changes.
     *
     * @param changes pairs of a text of the source, of which the first occurrence is replaced, and the new text
     */
    static ChangedCode compile(Path directory, Path folder, String type, List<String> changes) throws IOException {
        Path source = folder.resolve(Path.of("dev", "heartwood", "log", type + ".java"));
        String text = Files.readString(source);
        for (int i = 0; i < changes.size(); i += 2) {
            String before = changes.get(i);
            int at = text.indexOf(before);
            assertThat(at).as("%s holds: %s", source, before).isNotNegative();
            text = text.substring(0, at) + changes.get(i + 1) + text.substring(at + before.length());
        }
        Path changed = directory.resolve(type + ".java");
        Files.writeString(changed, text);
        Path classes = Files.createDirectory(directory.resolve("classes"));
        Set<String> path = classPath();
        StringWriter output = new StringWriter();
        PrintWriter out = new PrintWriter(output);
        int status = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        out,
                        out,
                        "-proc:none",
                        "-nowarn",
                        "-cp",
                        String.join(File.pathSeparator, path),
                        "-d",
                        classes.toString(),
                        changed.toString());
        assertThat(status).as("%s", output).isZero();
        List<URL> urls = new ArrayList<>(List.of(classes.toUri().toURL()));
        for (String element : path) {
            urls.add(url(element));
        }
        URLClassLoader loader = new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
        try {
            Method run = loader.loadClass(Simulation.class.getName()).getDeclaredMethod("run", long.class);
            run.setAccessible(true);
            return new ChangedCode(loader, run);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the simulation cannot be loaded", e);
        }
    }

    /** Where the classes of this JVM come from, on its class path and on its module path. */
    private static Set<String> classPath() {
        Set<String> all = new LinkedHashSet<>();
        all.add(location(Simulation.class));
        all.add(location(LogStore.class));
        for (String property : List.of("java.class.path", "jdk.module.path")) {
            Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                    .splitAsStream(System.getProperty(property, ""))
                    .filter(element -> !element.isEmpty())
                    .forEach(all::add);
        }
        // Tests that are patched into the module have the location of the module.
        all.add(Path.of("target", "test-classes").toAbsolutePath().toString());
        return all;
    }

    private static String location(Class<?> type) {
        return Path.of(java.net.URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }

    private static URL url(String element) throws MalformedURLException {
        return Path.of(element).toUri().toURL();
    }

    /** The first of so many seeds whose simulation fails. */
    OptionalLong firstFailure(long seeds) {
        return LongStream.rangeClosed(1, seeds)
                .flatMap(seed -> LongStream.of(seed, -seed))
                .filter(this::fails)
                .findFirst();
    }

    private boolean fails(long seed) {
        try {
            simulation.invoke(null, seed);
            return false;
        } catch (InvocationTargetException e) {
            return true;
        } catch (IllegalAccessException e) {
            throw new LinkageError("the simulation cannot be called", e);
        }
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
