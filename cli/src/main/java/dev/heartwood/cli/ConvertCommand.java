package dev.heartwood.cli;

import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.json.Decimals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "convert",
        description =
                "Copies the state of a store into a new store of another kind, and compares the two. The first one is left"
                        + " as it is. The name of the new one says which kind it becomes: .json, or .db, .sqlite, .sqlite3.")
final class ConvertCommand extends ToolCommand {
    @Parameters(index = "0", paramLabel = "FROM", description = "The file of the store.")
    private Path from;

    @Parameters(index = "1", paramLabel = "TO", description = "The file to make, which must not exist.")
    private Path to;

    @Override
    public Integer call() throws Exception {
        StoreLocation source = StoreLocation.existing(from);
        if (Files.exists(to) || Files.exists(Path.of(to + ".d"))) {
            throw new StoreIOException(to + " exists already, and nothing is overwritten: choose another name", null);
        }
        StoreLocation target = StoreLocation.any(to);
        Snapshot state = read(source);
        write(state, target);
        out().println(target + " (" + target.kind() + ") has the state of " + source + " (" + source.kind() + "), "
                + state.size() + " keys at the top level");
        return ExitCode.OK;
    }

    /** The new store appears under its name once it is whole and on the disk: a process that is killed leaves no half of one. */
    private void write(Snapshot state, StoreLocation target) throws IOException {
        Path directory =
                Files.createTempDirectory(target.file().toAbsolutePath().getParent(), ".heartwood-convert");
        try {
            StoreLocation made =
                    StoreLocation.any(directory.resolve(target.file().getFileName()));
            try (Store store = made.open(this::note)) {
                store.batch(tx -> tx.set(KeyPath.root(), state.root()));
            }
            if (!read(made).sameTree(state)) {
                throw new StoreIOException(
                        target + " would not have the state of " + from + ": nothing was made", null);
            }
            made.publishAs(target.file());
        } finally {
            Directories.delete(directory);
        }
    }

    private Snapshot read(StoreLocation location) {
        try (Store store = location.openReadOnly(Decimals.SHORTEST, this::note)) {
            return store.snapshot();
        }
    }
}
