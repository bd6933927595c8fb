package dev.heartwood.cli;

import dev.heartwood.PathPattern;
import dev.heartwood.Store;
import dev.heartwood.history.History;
import dev.heartwood.history.HistoryOptions;
import dev.heartwood.json.Decimals;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The past of a store as its files have it, without the parts that the command line excludes. */
final class KeptHistory {
    @Parameters(index = "0", paramLabel = "STORE", description = StoreLocation.STORE)
    private String store;

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

    StoreLocation location() {
        return StoreLocation.existing(store);
    }

    /** Where the store has no commits, only the current state is known. */
    static History read(StoreLocation location, HistoryOptions options, Consumer<String> notes) {
        if (location.keepsCommits()) {
            return location.history(options);
        }
        notes.accept(location + " keeps no commits, so only the state of now is shown");
        try (Store store = location.openReadOnly(Decimals.EXACT, notes);
                History now = options.of(store)) {
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
