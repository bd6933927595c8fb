package dev.heartwood.cli;

import dev.heartwood.PathPattern;
import dev.heartwood.Store;
import dev.heartwood.history.History;
import dev.heartwood.history.HistoryOptions;
import dev.heartwood.json.Decimals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The past of a store as its files have it, without what the command line leaves out. */
final class KeptHistory {
    @Parameters(index = "0", paramLabel = "STORE", description = "The file of the store.")
    private Path file;

    @Option(
            names = "--redact",
            paramLabel = "PATTERN",
            description =
                    "Shows of these places that they changed, and not their values, such as '/users/*/password'. May be repeated.")
    private List<String> redacted = List.of();

    @Option(
            names = "--only",
            paramLabel = "PATTERN",
            description = "Shows these places alone, such as '/accounts/**'. May be repeated.")
    private List<String> only = List.of();

    Path file() {
        return file;
    }

    /** Where the files have no commits, the state of now is all that is known. */
    History read(Consumer<String> notes) {
        StoreLocation location = StoreLocation.existing(file);
        if (location instanceof JsonFileLocation && Files.isDirectory(Path.of(file + ".d"))) {
            return options().ofJournal(file);
        }
        notes.accept(file + " keeps no commits, so only the state of now is shown");
        try (Store store = location.openReadOnly(Decimals.EXACT, notes);
                History now = options().of(store)) {
            return History.options().of(now);
        }
    }

    HistoryOptions options() {
        try {
            return History.options().only(patterns(only)).redact(patterns(redacted));
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static PathPattern[] patterns(List<String> texts) {
        return texts.stream().map(PathPattern::parse).toArray(PathPattern[]::new);
    }
}
