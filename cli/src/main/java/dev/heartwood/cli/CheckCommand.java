package dev.heartwood.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description =
                "Reads all of a store, and verifies what can be verified. Changes nothing. Exit code 1 if something is wrong.")
final class CheckCommand extends ToolCommand {
    @Parameters(index = "0", paramLabel = "STORE", description = StoreLocation.STORE)
    private String name;

    @Override
    public Integer call() {
        StoreLocation location = StoreLocation.existing(name);
        List<String> notes = new ArrayList<>();
        List<String> wrong = location.check(notes::add);
        notes.forEach(note -> out().println(note));
        wrong.forEach(fault -> out().println("wrong: " + fault));
        if (wrong.isEmpty()) {
            out().println(location + ": all is well (" + location.kind() + ")");
        }
        return wrong.isEmpty() ? ExitCode.OK : ExitCode.NO;
    }
}
