package dev.heartwood.cli;

import dev.heartwood.history.History;
import dev.heartwood.inspector.Report;
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
    @Mixin
    private final KeptHistory kept = new KeptHistory();

    @Parameters(index = "1", paramLabel = "OUT.html", description = "The page to write; it replaces one that is there.")
    private Path page;

    @Override
    public Integer call() throws Exception {
        StoreLocation location = kept.location();
        History history = KeptHistory.read(location, kept.options(), this::note);
        Report.options().title(location.title()).write(history, page);
        out().println(page + " has " + history.entries().size() + " commits of " + location + " (" + Files.size(page)
                + " bytes). Open it in a browser");
        return ExitCode.OK;
    }
}
