package dev.heartwood.cli;

import dev.heartwood.history.History;
import dev.heartwood.inspector.Report;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "report",
        description = "Writes the commits that a store still has as one HTML page: each with its difference, author and"
                + " reason; the tree at any version; search through time. All that is shown is in the file: see --redact before you"
                + " send it to others.")
final class ReportCommand extends ToolCommand {
    private static final String PAGE = "<!doctype html>";

    @Mixin
    private final KeptHistory kept = new KeptHistory();

    @Parameters(
            index = "1",
            paramLabel = "OUT.html",
            description = "The page to write; it replaces a page that is there, and no other file.")
    private Path page;

    @Override
    public Integer call() throws Exception {
        requireFreeOrPage();
        StoreLocation location = kept.location();
        History history = KeptHistory.read(location, kept.options(), this::note);
        Report.options().title(location.title()).write(history, page);
        out().println(page + " has " + history.entries().size() + " commits of " + location + " (" + Files.size(page)
                + " bytes). Open it in a browser");
        return ExitCode.OK;
    }

    /** A report replaces the one before it. The name of a store in its place, by mistake, must not cost the store. */
    private void requireFreeOrPage() throws IOException {
        if (!Files.isRegularFile(page)) {
            return;
        }
        try (InputStream in = Files.newInputStream(page)) {
            String start = new String(in.readNBytes(PAGE.length()), StandardCharsets.US_ASCII);
            if (!start.isEmpty() && !start.equalsIgnoreCase(PAGE)) {
                throw new UsageException(
                        page + " exists already and is no page: it was not replaced. Choose another name");
            }
        }
    }
}
