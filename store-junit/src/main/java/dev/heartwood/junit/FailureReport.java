package dev.heartwood.junit;

import dev.heartwood.StoreException;
import dev.heartwood.history.Entry;
import dev.heartwood.history.History;
import dev.heartwood.inspector.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.IncompleteExecutionException;

/** Adds to the failure of a test the last changes of its store, and the path of the report with the whole history. */
final class FailureReport {
    private static final int CHANGES = 10;
    private static final Pattern INVOCATION = Pattern.compile("invocation:#(\\d+)");

    private final History history;
    private final Path file;

    private FailureReport(History history, Path file) {
        this.history = history;
        this.file = file;
    }

    static FailureReport of(ExtensionContext context, History history) {
        String folder =
                context.getConfigurationParameter("dev.heartwood.reports").orElse("target/heartwood");
        Matcher invocation = INVOCATION.matcher(context.getUniqueId());
        String name = context.getRequiredTestClass().getName() + "."
                + context.getRequiredTestMethod().getName() + (invocation.find() ? "-" + invocation.group(1) : "");
        return new FailureReport(history, Path.of(folder, name + ".html"));
    }

    /** The failure with the last changes in its message; a failed assumption is returned unchanged. */
    Throwable explain(Throwable failure) {
        if (failure instanceof IncompleteExecutionException) {
            return failure;
        }
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        AssertionFailedError explained = failure instanceof AssertionFailedError assertion
                        && assertion.isExpectedDefined()
                        && assertion.isActualDefined()
                ? new AssertionFailedError(
                        message + lastChanges(), assertion.getExpected(), assertion.getActual(), failure)
                : new AssertionFailedError(
                        (failure instanceof AssertionError ? message : failure.toString()) + lastChanges(), failure);
        explained.setStackTrace(failure.getStackTrace());
        return explained;
    }

    private String lastChanges() {
        List<Entry> entries = history.entries();
        StringBuilder text = new StringBuilder("\n\n");
        if (entries.isEmpty()) {
            return text.append("The store was not changed.").toString();
        }
        List<Entry> last = entries.subList(Math.max(0, entries.size() - CHANGES), entries.size());
        text.append(last.size() == entries.size() ? "All" : "The last " + last.size() + " of " + entries.size())
                .append(" changes of the store, the newest last; ")
                .append(written())
                .append(':');
        for (Entry entry : last) {
            text.append('\n').append(entry);
        }
        return text.toString();
    }

    private String written() {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Report.write(history, file);
            return "to look at in a browser: " + file.toAbsolutePath();
        } catch (IOException | StoreException e) {
            return "the report could not be written: " + e;
        }
    }
}
