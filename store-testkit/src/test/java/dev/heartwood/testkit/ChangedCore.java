package dev.heartwood.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/** The classes of the core with some source text changed, in a class loader of their own, beside those that run the test. */
final class ChangedCore implements AutoCloseable {
    private final URLClassLoader loader;
    private final Method race;

    private ChangedCore(URLClassLoader loader, Method race) {
        this.loader = loader;
        this.race = race;
    }

    /** One change of a type's source: each text stands there once, and is replaced by the one behind it. */
    record Change(String type, List<String> texts) {
        Change(String type, String... texts) {
            this(type, List.of(texts));
        }
    }

    static ChangedCore compile(Path directory, List<Change> changes) throws Exception {
        Path classes = Files.createDirectory(directory.resolve("classes"));
        Set<String> path = classPath();
        List<String> command = new ArrayList<>(List.of(
                "-proc:none", "-nowarn", "-cp", String.join(File.pathSeparator, path), "-d", classes.toString()));
        for (Change change : changes) {
            command.add(write(directory, change).toString());
        }
        StringWriter output = new StringWriter();
        PrintWriter out = new PrintWriter(output);
        int status = ToolProvider.findFirst("javac").orElseThrow().run(out, out, command.toArray(new String[0]));
        assertThat(status).as("%s", output).isZero();
        List<URL> urls = new ArrayList<>(List.of(classes.toUri().toURL()));
        for (String element : path) {
            urls.add(Path.of(element).toUri().toURL());
        }
        // Under the boot loader: the platform's one asks that of the application for packages of named modules, and so
        // would
        // give the classes as they are where this test runs inside a module.
        URLClassLoader loader = new URLClassLoader(urls.toArray(new URL[0]), null);
        Method race = loader.loadClass(HistoryFaultsTest.class.getName())
                .getDeclaredMethod("race", String.class, boolean.class, long.class);
        race.setAccessible(true);
        return new ChangedCore(loader, race);
    }

    private static Path write(Path directory, Change change) throws IOException {
        Path source = Path.of("..", "store-core", "src", "main", "java", "dev", "heartwood", change.type + ".java");
        String text = Files.readString(source);
        for (int i = 0; i < change.texts.size(); i += 2) {
            String before = change.texts.get(i);
            assertThat(text).as("%s", source).containsOnlyOnce(before);
            text = text.replace(before, change.texts.get(i + 1));
        }
        return Files.writeString(directory.resolve(change.type + ".java"), text);
    }

    /** Where the classes of this JVM come from, on its class path and on its module path. */
    private static Set<String> classPath() {
        Set<String> all = new LinkedHashSet<>();
        for (Class<?> type : List.of(HistoryFaultsTest.class, RootContract.class, Store.class)) {
            all.add(Path.of(URI.create(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toString()))
                    .toString());
        }
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

    /** Why the history of a race over a root of that test has no explanation; an empty text if it has one. */
    String fault(String rootTest, boolean endsWithARollback, long seed) {
        try {
            return (String) race.invoke(null, rootTest, endsWithARollback, seed);
        } catch (InvocationTargetException e) {
            return String.valueOf(e.getCause());
        } catch (IllegalAccessException e) {
            throw new LinkageError("the race cannot be called", e);
        }
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
