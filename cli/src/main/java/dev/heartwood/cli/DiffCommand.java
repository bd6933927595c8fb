package dev.heartwood.cli;

import dev.heartwood.Change;
import dev.heartwood.Diff;
import dev.heartwood.Snapshot;
import dev.heartwood.json.Decimals;
import dev.heartwood.json.JsonPatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "diff",
        description = "Prints what leads from one store to another, one change a line. They may be of different kinds."
                + " Exit code 1 if they differ.")
final class DiffCommand extends ToolCommand {
    @Parameters(index = "0", paramLabel = "FROM", description = StoreLocation.STORE)
    private String from;

    @Parameters(index = "1", paramLabel = "TO", description = "Another one.")
    private String to;

    @Option(names = "--json", description = "Prints a JSON Patch (RFC 6902), which heartwood patch applies.")
    private boolean json;

    @Override
    public Integer call() {
        Diff diff = read(from).diff(read(to));
        if (json) {
            out().println(JsonPatch.of(diff).toJson());
        } else {
            for (Change change : diff) {
                out().println(change);
            }
        }
        return diff.isEmpty() ? ExitCode.OK : ExitCode.NO;
    }

    private Snapshot read(String store) {
        return StoreLocation.existing(store).read(Decimals.SHORTEST, this::note);
    }
}
