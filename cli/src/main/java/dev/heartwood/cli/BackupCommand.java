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
    @Parameters(index = "0", paramLabel = "STORE", description = "The file of the store.")
    private Path file;

    @Parameters(index = "1", paramLabel = "TARGET", description = "The file to make, which must not exist.")
    private Path target;

    @Override
    public Integer call() throws Exception {
        StoreLocation.existing(file).backup(target);
        out().println(file + " was backed up to " + target + " (" + Files.size(target) + " bytes)");
        return ExitCode.OK;
    }
}
