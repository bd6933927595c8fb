import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs tests in the JVM of its own that {@code PlantReplay} starts, and writes a line for each of them to a file: how many
 * tests were found, how many failed, and the first failure.
 */
final class PlantRunner {
    private PlantRunner() {}

    /** The file of results, then {@code package.Class#method} for each test. */
    public static void main(String[] args) throws IOException {
        for (String test : Arrays.asList(args).subList(1, args.length)) {
            Files.writeString(
                    Path.of(args[0]),
                    test + "\t" + run(test) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
        // A fault may leave threads behind.
        Runtime.getRuntime().halt(0);
    }

    private static String run(String test) {
        String[] parts = test.split("#");
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(parts[0]))
                .filters((PostDiscoveryFilter)
                        found -> FilterResult.includedIf(parts.length == 1 || isOf(found, parts[1])))
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        String failures = summary.getFailures().stream()
                .limit(1)
                .map(failure -> name(failure.getTestIdentifier()) + ": " + failure.getException())
                .collect(Collectors.joining())
                .replaceAll("\\s+", " ");
        return summary.getTestsStartedCount() - summary.getTestsAbortedCount() + "\t" + summary.getTotalFailureCount()
                + "\t" + (failures.length() > 300 ? failures.substring(0, 300) + " ..." : failures);
    }

    /** The name of the method, also where what is displayed are its arguments. */
    private static String name(TestIdentifier test) {
        return test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(source -> ((MethodSource) source).getMethodName() + "()")
                .orElse(test.getDisplayName());
    }

    private static boolean isOf(TestDescriptor found, String method) {
        return found.getSource()
                .filter(MethodSource.class::isInstance)
                .map(source -> ((MethodSource) source).getMethodName().equals(method))
                .orElse(true);
    }
}
