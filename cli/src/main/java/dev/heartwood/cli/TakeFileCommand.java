package dev.heartwood.cli;

import dev.heartwood.file.JsonFileOptions;
import picocli.CommandLine.Command;

@Command(
        name = "take-file",
        description =
                "Where a JSON file was edited while its journal held commits that are not in it: goes on with the file."
                        + " The commits are kept beside it as .committed-1 and so on.")
final class TakeFileCommand extends RecoveryCommand {
    @Override
    JsonFileOptions choose(JsonFileOptions options) {
        return options.takeFile();
    }

    @Override
    String plan() {
        return "goes on with the file as it was edited, and keeps what was committed beside it";
    }

    @Override
    String adviceForSqlite() {
        return "a SQLite store cannot be edited by hand, so there is nothing to choose between";
    }
}
