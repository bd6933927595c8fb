package dev.heartwood.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "backup",
        description =
                "Copies one whole state of a store into a new file, while others may be using it. The copy is on the disk when this ends.")
final class BackupCommand extends ToolCommand {
    @Parameters(index = "0", paramLabel = "STORE", description = StoreLocation.STORE)
    private String name;

    @Parameters(index = "1", paramLabel = "TARGET", description = "The file to make, which must not exist.")
    private Path target;

    @Override
    public Integer call() throws Exception {
        StoreLocation location = StoreLocation.existing(name);
        location.backup(target);
        out().println(location + " was backed up to " + target + " (" + Files.size(target) + " bytes)");
        return ExitCode.OK;
    }
}
