package dev.heartwood.cli;

import dev.heartwood.KeyPath;
import dev.heartwood.history.Entry;
import dev.heartwood.history.History;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "blame",
        description =
                "Prints the last commit that changed a place, as far as the store still has it. Exit code 1 if it has none.")
final class BlameCommand extends ToolCommand {
    @Parameters(index = "0", paramLabel = "STORE", description = StoreLocation.STORE)
    private String name;

    @Parameters(index = "1", paramLabel = "PATH", description = "The place.")
    private KeyPath path;

    @Option(names = "--json", description = "Prints a JSON object, for another program.")
    private boolean json;

    @Override
    public Integer call() {
        StoreLocation location = StoreLocation.existing(name);
        try (History history = location.history(History.options())) {
            Entry last = history.blame(path);
            if (last == null) {
                note(location + " has no commit that changed " + path + ": it is as in the oldest state that is kept");
                return ExitCode.NO;
            }
            new EntryPrinter(out(), json).print(last);
            return ExitCode.OK;
        }
    }
}
