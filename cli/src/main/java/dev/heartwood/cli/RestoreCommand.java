package dev.heartwood.cli;

import dev.heartwood.json.Decimals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "restore",
        description =
                "Puts the state of a backup into a file that nobody has open, or into a log, or makes the store. If it is interrupted,"
                        + " the store has the old state or the new one, whole.")
final class RestoreCommand extends ToolCommand {
    @Parameters(index = "0", paramLabel = "BACKUP", description = "What a backup has written; it is left as it is.")
    private String backup;

    @Parameters(index = "1", paramLabel = "STORE", description = StoreLocation.STORE)
    private String store;

    @Option(names = "--yes", description = "Does not ask.")
    private boolean yes;

    @Override
    public Integer call() throws Exception {
        StoreLocation from = StoreLocation.existing(backup);
        StoreLocation to = StoreLocation.any(store);
        if (!to.canRestore(from)) {
            throw new UsageException(from + " is a " + from.kind() + " and " + to + " a " + to.kind()
                    + ": expected two of one kind. heartwood convert makes one from the other");
        }
        // A backup that cannot be read must be found before the question, not after.
        from.openReadOnly(Decimals.EXACT, this::note).close();
        confirm(to.planOfRestore(from), yes);
        to.restore(from, this::note);
        out().println(to + " has the state of " + from);
        return ExitCode.OK;
    }
}
