package dev.heartwood.cli;

import dev.heartwood.KeyPath;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "remove",
        description =
                "Removes what stands at a path, in one commit, and prints it. Exit code 1 if nothing stands there.")
final class RemoveCommand extends ToolCommand {
    @Parameters(index = "0", paramLabel = "STORE", description = StoreLocation.STORE)
    private String name;

    @Parameters(index = "1", paramLabel = "PATH", description = "What to remove.")
    private KeyPath path;

    @Override
    public Integer call() {
        if (path.size() == 0) {
            throw new UsageException("the whole tree cannot be removed: name a path in it");
        }
        return commit(StoreLocation.existing(name), tx -> tx.remove(path));
    }
}
