package dev.heartwood.cli;

import dev.heartwood.file.JsonFileOptions;
import picocli.CommandLine.Command;

@Command(
        name = "repair",
        description =
                "Where the file or the journal of a JSON store is damaged or missing, goes back to the newest state that"
                        + " can be read. What is damaged is kept beside it as .corrupt-1, .corrupt-2 and so on.")
final class RepairCommand extends RecoveryCommand {
    @Override
    JsonFileOptions choose(JsonFileOptions options) {
        return options.repair();
    }

    @Override
    String plan() {
        return "goes back to the newest state that can be read, and keeps what is damaged beside it";
    }

    @Override
    String adviceForSqlite() {
        return "a SQLite store has no generations to go back to: restore a backup (heartwood restore BACKUP STORE)";
    }
}
