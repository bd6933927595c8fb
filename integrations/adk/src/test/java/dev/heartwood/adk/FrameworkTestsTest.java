package dev.heartwood.adk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

/**
 * ADK's own tests of its service in memory pass on ours. They name the class under test, so they run in a class loader in
 * which the class of {@code src/test/framework} stands in for it.
 */
class FrameworkTestsTest {
    private static final String SERVICE = "com.google.adk.sessions.InMemorySessionService";

    /** They look into private fields of ADK's class. */
    private static final Set<String> LEFT_OUT =
            Set.of("deleteSession_cleansUpEmptyParentMaps", "deleteSession_doesNotRemoveUserMapWhenOtherSessionsExist");

    @TempDir
    Path classes;

    @Test
    void theTestsOfTheServiceInMemoryPassOnOurs() throws Exception {
        compileStandIn();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        try (URLClassLoader loader = new StandInFirst(urls())) {
            LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                    .selectors(selectClass(loader.loadClass(SERVICE + "Test")))
                    .filters((PostDiscoveryFilter) found -> FilterResult.includedIf(
                            LEFT_OUT.stream().noneMatch(found.getUniqueId().toString()::contains)))
                    .build();
            LauncherFactory.create().execute(request, summary);
        }

        assertThat(summary.getSummary().getFailures()).isEmpty();
        assertThat(summary.getSummary().getTestsSucceededCount()).isGreaterThanOrEqualTo(10);
    }

    private void compileStandIn() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            Path source = Path.of("src", "test", "framework", SERVICE.replace('.', '/') + ".java");
            List<String> options = List.of("-proc:none", "-d", classes.toString(), "-cp", classPath());
            boolean fine = compiler.getTask(complaints, files, null, options, null, files.getJavaFileObjects(source))
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

    /** Loads the tests and the class under test itself, the stand-in before the original; all else comes from the parent. */
    private static final class StandInFirst extends URLClassLoader {
        StandInFirst(URL[] urls) {
            super(urls, StandInFirst.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(SERVICE)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : findClass(name);
            }
        }
    }
}
