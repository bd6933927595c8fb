package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.StoreException;
import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two applications of one server, each with a copy of the library from a class loader of its own, use one file. */
class TwoClassLoadersTest extends JsonFileCase {
    /** An application; it is loaded once by each class loader, and keeps its store open between calls. */
    public static final class Application implements BiFunction<String, Object, String> {
        private Store store;

        @Override
        public synchronized String apply(String what, Object argument) {
            try {
                switch (what) {
                    case "open" ->
                        store = JsonFile.options()
                                .journalAbove(Long.getLong("heartwood.test.journalAbove", 1 << 16))
                                .open((Path) argument);
                    case "increment" -> {
                        for (int i = 0; i < (Integer) argument; i++) {
                            store.merge("n", Long.class, 1L, Long::sum);
                        }
                    }
                    case "close" -> store.close();
                    default -> {
                        return String.valueOf(store.get((String) argument));
                    }
                }
                return "done";
            } catch (StoreException e) {
                return e.getMessage();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1 << 16, 0})
    void theSecondIsRefusedAndNothingThatTheFirstAcknowledgedIsLost(long journalAbove) throws Exception {
        System.setProperty("heartwood.test.journalAbove", Long.toString(journalAbove));
        try (URLClassLoader one = loader();
                URLClassLoader two = loader()) {
            BiFunction<String, Object, String> first = application(one);
            BiFunction<String, Object, String> second = application(two);
            assertThat(first.apply("open", file)).isEqualTo("done");
            assertThat(first.apply("increment", 10)).isEqualTo("done");
            assertThat(second.apply("open", file)).contains("is open in this process already");
            assertThat(second.apply("open", anotherName())).contains("is open in this process already");
            requireRefusedElsewhere();
            assertThat(first.apply("increment", 10)).isEqualTo("done");
            assertThat(first.apply("close", "")).isEqualTo("done");
            assertThat(second.apply("open", file)).isEqualTo("done");
            assertThat(second.apply("get", "n")).isEqualTo("20");
            assertThat(first.apply("open", file)).contains("is open in this process already");
            assertThat(second.apply("close", "")).isEqualTo("done");
        } finally {
            System.clearProperty("heartwood.test.journalAbove");
        }
    }

    /** An application that was refused is undeployed, and collected with everything that it had open. */
    @Test
    void whenTheRefusedOneIsUnloadedTheLockOfTheFirstStays() throws Exception {
        try (URLClassLoader one = loader()) {
            BiFunction<String, Object, String> first = application(one);
            assertThat(first.apply("open", file)).isEqualTo("done");
            WeakReference<ClassLoader> second = refused();
            for (int i = 0; i < 100 && second.get() != null; i++) {
                System.gc();
                Thread.sleep(20);
            }
            assertThat(second.get()).as("the second class loader was collected").isNull();
            requireRefusedElsewhere();
            assertThat(first.apply("increment", 5)).isEqualTo("done");
            assertThat(first.apply("close", "")).isEqualTo("done");
        }
    }

    private WeakReference<ClassLoader> refused() throws Exception {
        try (URLClassLoader loader = loader()) {
            assertThat(application(loader).apply("open", file)).contains("is open in this process already");
            return new WeakReference<>(loader);
        }
    }

    @Test
    void ofTwoThatOpenAtOnceOneIsRefused() throws Exception {
        try (URLClassLoader one = loader();
                URLClassLoader two = loader()) {
            List<BiFunction<String, Object, String>> both = List.of(application(one), application(two));
            ExecutorService threads = Executors.newFixedThreadPool(2);
            for (int round = 1; round <= 20; round++) {
                List<Future<String>> answers = new ArrayList<>();
                for (BiFunction<String, Object, String> application : both) {
                    answers.add(threads.submit(() -> application.apply("open", file)));
                }
                List<String> said = List.of(answers.get(0).get(), answers.get(1).get());
                assertThat(said).as("round %s", round).containsOnlyOnce("done");
                BiFunction<String, Object, String> holder = both.get(said.indexOf("done"));
                assertThat(holder.apply("increment", 1)).isEqualTo("done");
                assertThat(holder.apply("get", "n")).isEqualTo(Integer.toString(round));
                assertThat(holder.apply("close", "")).isEqualTo("done");
            }
            threads.shutdown();
        }
    }

    /** The same file by another path, of which both registry and lock must know. */
    private Path anotherName() throws Exception {
        Path link = directory.resolveSibling(directory.getFileName() + "-link");
        Files.deleteIfExists(link);
        return Files.createSymbolicLink(link, directory).resolve("state.json");
    }

    private void requireRefusedElsewhere() throws Exception {
        Child child = Child.start(List.of(), file, 1 << 16, 1, 1);
        child.end();
        assertThat(child.lines("closed badly"))
                .as("another process was refused")
                .hasSize(1);
        assertThat(child.lines("closed badly").get(0)).contains("is open in another process");
    }

    private static URLClassLoader loader() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : Child.classPath().split(File.pathSeparator, -1)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    }

    @SuppressWarnings("unchecked")
    private static BiFunction<String, Object, String> application(ClassLoader loader) throws Exception {
        return (BiFunction<String, Object, String>) loader.loadClass(Application.class.getName())
                .getDeclaredConstructor()
                .newInstance();
    }
}
