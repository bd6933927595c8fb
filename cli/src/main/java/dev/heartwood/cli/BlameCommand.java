package dev.heartwood.cli;

import dev.heartwood.KeyPath;
import dev.heartwood.history.Entry;
import dev.heartwood.history.History;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "blame",
        description =
                "Prints the last commit that changed a place, as far as the files of the store still have it. Exit code 1 if"
                        + " they have none.")
final class BlameCommand extends ToolCommand {
    @Parameters(index = "0", paramLabel = "STORE", description = "The file of the store.")
    private Path file;

    @Parameters(index = "1", paramLabel = "PATH", description = "The place.")
    private KeyPath path;

    @Option(names = "--json", description = "Prints a JSON object, for another program.")
    private boolean json;

    @Override
    public Integer call() {
        try (History history = StoreLocation.existing(file).history()) {
            Entry last = history.blame(path);
            if (last == null) {
                note("the files of " + file + " have no commit that changed " + path
                        + ": it is as in the oldest state that they keep");
                return ExitCode.NO;
            }
            new EntryPrinter(out(), json).print(last);
            return ExitCode.OK;
        }
    }
}
