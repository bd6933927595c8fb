package dev.heartwood.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * LangChain4j's own tests of its memories pass on ours. It ships them as classes that name the class under test, so ours run
 * in a class loader in which classes of {@code src/test/framework} stand in for those of LangChain4j.
 */
class FrameworkTestsTest {
    private static final String REPLACED = "dev.langchain4j.memory.chat.";

    /** Counts the calls of a {@code ChatMemoryStore}, which our memory does not use. */
    private static final String OF_ITS_STORE = "chat_memory_set_uses_reduced_store_ops";

    @TempDir
    Path classes;

    @Test
    void theTestsOfTheWindowOfMessagesPassOnOurMemory() throws Exception {
        TestExecutionSummary summary = run("MessageWindowChatMemoryTest");

        assertThat(summary.getFailures()).isEmpty();
        assertThat(summary.getTestsSucceededCount()).isGreaterThan(15);
    }

    @Test
    void theTestsOfAStorePassOnOurStore() throws Exception {
        TestExecutionSummary summary = run("SingleSlotChatMemoryStoreTest");

        assertThat(summary.getFailures()).isEmpty();
        assertThat(summary.getTestsSucceededCount()).isPositive();
    }

    private TestExecutionSummary run(String test) throws Exception {
        compileStandIns();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        try (URLClassLoader loader = new StandInsFirst(urls())) {
            LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                    .selectors(selectClass(loader.loadClass(REPLACED + test)))
                    .filters((PostDiscoveryFilter) found -> FilterResult.includedIf(
                            !found.getUniqueId().toString().contains(OF_ITS_STORE)))
                    .build();
            LauncherFactory.create().execute(request, summary);
        }
        return summary.getSummary();
    }

    private void compileStandIns() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        try (Stream<Path> sources = Files.walk(Path.of("src", "test", "framework"));
                StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-proc:none", "-d", classes.toString(), "-cp", classPath());
            boolean fine = compiler.getTask(
                            complaints,
                            files,
                            null,
                            options,
                            null,
                            files.getJavaFileObjectsFromPaths(
                                    sources.filter(file -> file.toString().endsWith(".java"))
                                            .toList()))
                    .call();
            assertThat(fine).as(complaints.toString()).isTrue();
        }
    }

    private URL[] urls() throws MalformedURLException {
        List<URL> urls = new ArrayList<>(List.of(classes.toUri().toURL()));
        for (String element : classPath().split(File.pathSeparator, -1)) {
            urls.add(Path.of(element).toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Loads the package under test itself, the stand-ins before the originals; all else comes from the parent. */
    private static final class StandInsFirst extends URLClassLoader {
        StandInsFirst(URL[] urls) {
            super(urls, StandInsFirst.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(REPLACED)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : findClass(name);
            }
        }
    }
}
