package dev.heartwood.cli;

import dev.heartwood.file.JsonFileOptions;
import picocli.CommandLine.Command;

@Command(
        name = "take-journal",
        description = "Where a JSON file was edited while its journal held commits that are not in it: goes on with the"
                + " commits. The edited file is kept beside it as .external-1 and so on.")
final class TakeJournalCommand extends RecoveryCommand {
    @Override
    JsonFileOptions choose(JsonFileOptions options) {
        return options.takeJournal();
    }

    @Override
    String plan() {
        return "goes on with what was committed, and keeps the file as it was edited beside it";
    }

    @Override
    String adviceForSqlite() {
        return "a SQLite store cannot be edited by hand, so there is nothing to choose between";
    }
}
