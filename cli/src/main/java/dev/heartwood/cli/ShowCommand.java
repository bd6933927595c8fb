package dev.heartwood.cli;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.json.Decimals;
import dev.heartwood.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Shows a store, or a part of it, for people: no more than some lines of it.")
final class ShowCommand extends ToolCommand {
    private static final String LINES = "200";

    @Parameters(index = "0", paramLabel = "STORE", description = StoreLocation.STORE)
    private String name;

    @Parameters(
            index = "1",
            paramLabel = "PATH",
            arity = "0..1",
            defaultValue = "",
            description = "Shows what stands there.")
    private KeyPath path;

    @Option(names = "--lines", defaultValue = LINES, description = "How many lines at most. Default: " + LINES + ".")
    private int lines;

    @Option(names = "--all", description = "Shows everything, and long strings in full.")
    private boolean all;

    @Option(names = "--json", description = "Prints all of it as JSON for another program, without colours.")
    private boolean json;

    @Override
    public Integer call() {
        if (lines < 1) {
            throw new UsageException("expected at least one line to show, not --lines " + lines);
        }
        try (Store store = StoreLocation.existing(name).openReadOnly(Decimals.EXACT, this::note)) {
            @Nullable Object value = store.get(path);
            if (json) {
                Json.pretty(value, out());
                out().flush();
                return ExitCode.OK;
            }
            boolean whole = new TreePrinter(out(), Ansi.AUTO, all ? Integer.MAX_VALUE : lines).print(value);
            if (!whole) {
                note("there is more. Name a PATH to see a part, or add --all");
            }
            return ExitCode.OK;
        }
    }
}
