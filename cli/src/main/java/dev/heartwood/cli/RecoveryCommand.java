package dev.heartwood.cli;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.JsonFileOptions;
import dev.heartwood.json.Decimals;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Opens a JSON file that is refused otherwise, in a way that the operator chooses. */
abstract class RecoveryCommand extends ToolCommand {
    @Parameters(index = "0", paramLabel = "STORE", description = "The file of the store, which nobody may have open.")
    private String name;

    @Option(names = "--yes", description = "Does not ask.")
    private boolean yes;

    /** The way of opening. */
    abstract JsonFileOptions choose(JsonFileOptions options);

    /** The effect, to be put behind the name of the file. */
    abstract String plan();

    abstract String adviceForSqlite();

    @Override
    public final Integer call() {
        StoreLocation named = StoreLocation.existing(name);
        if (!(named instanceof JsonFileLocation location)) {
            throw new UsageException(
                    named instanceof SqliteLocation
                            ? name + ": " + adviceForSqlite()
                            : named + " is a " + named.kind()
                                    + ": its engine looks after it, and this command is for files");
        }
        Path file = location.file();
        String refusal = refusal(location);
        if (refusal == null) {
            note(file + " can be read as it is: nothing was done");
            return ExitCode.OK;
        }
        note(refusal);
        confirm(file + ": " + plan(), yes);
        try (Store store = choose(location.options(Decimals.EXACT, this::note)).open(file)) {
            out().println(file + " can be opened again: it has " + store.size() + " keys at the top level");
        }
        return ExitCode.OK;
    }

    /** Why the store cannot be opened as it is; null if it can. */
    private static @Nullable String refusal(JsonFileLocation location) {
        try (Store store = location.openReadOnly(Decimals.EXACT, note -> {})) {
            store.snapshot();
            return null;
        } catch (StoreIOException e) {
            return e.getMessage();
        }
    }
}
