package dev.heartwood.cli;

import dev.heartwood.Snapshot;
import dev.heartwood.json.Decimals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "convert",
        description =
                "Copies the state of a store into a new store of another kind, and compares the two. The first one is left"
                        + " as it is. The name of the new one says which kind it becomes: .json; .db, .sqlite, .sqlite3; or the address of"
                        + " a log.")
final class ConvertCommand extends ToolCommand {
    @Parameters(index = "0", paramLabel = "FROM", description = StoreLocation.STORE)
    private String from;

    @Parameters(
            index = "1",
            paramLabel = "TO",
            description = "The store to make: a file that must not exist, or the address of a log that holds nothing.")
    private String to;

    @Override
    public Integer call() throws Exception {
        StoreLocation source = StoreLocation.existing(from);
        StoreLocation target = StoreLocation.any(to);
        Snapshot state = source.read(Decimals.SHORTEST, this::note);
        target.make(state, this::note);
        out().println(target + " (" + target.kind() + ") has the state of " + source + " (" + source.kind() + "), "
                + state.size() + " keys at the top level");
        return ExitCode.OK;
    }
}
