package dev.heartwood.cli;

import dev.heartwood.KeyPath;
import dev.heartwood.history.Entry;
import dev.heartwood.history.History;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "log",
        description =
                "Prints the commits that a store still has, the newest last: when, who, why, and what changed."
                        + " A JSON file has its newest ones, and before those the states that it keeps; a log those after its newest checkpoint.")
final class LogCommand extends ToolCommand {
    private static final String COUNT = "20";

    @Parameters(index = "0", paramLabel = "STORE", description = StoreLocation.STORE)
    private String name;

    @Parameters(
            index = "1",
            paramLabel = "PATH",
            arity = "0..1",
            defaultValue = "",
            description = "Only commits that changed something there or below.")
    private KeyPath path;

    @Option(
            names = {"-n", "--number"},
            paramLabel = "N",
            defaultValue = COUNT,
            description = "How many commits at most, the newest ones. Default: " + COUNT + ".")
    private int number;

    @Option(names = "--all", description = "Prints all of them.")
    private boolean all;

    @Option(names = "--json", description = "Prints one JSON object a line, for another program.")
    private boolean json;

    @Override
    public Integer call() {
        if (number < 1) {
            throw new UsageException("expected at least one commit to print, not --number " + number);
        }
        StoreLocation location = StoreLocation.existing(name);
        try (History history = location.history(History.options())) {
            List<Entry> found = history.of(path);
            List<Entry> printed = all ? found : found.subList(Math.max(0, found.size() - number), found.size());
            EntryPrinter printer = new EntryPrinter(out(), json);
            printed.forEach(printer::print);
            if (printed.size() < found.size()) {
                note((found.size() - printed.size()) + " older commits are not shown. Add --all to see them");
            } else if (found.isEmpty()) {
                note(location + " has no commit that changed " + (path.size() == 0 ? "it" : path)
                        + "; commits before the oldest state that is kept are not known");
            }
            return ExitCode.OK;
        }
    }
}
