package dev.heartwood.cli;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.json.Decimals;
import dev.heartwood.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "get",
        description = "Prints a value as JSON on one line, for scripts. Exit code 1 if nothing stands there.")
final class GetCommand extends ToolCommand {
    @Parameters(index = "0", paramLabel = "STORE", description = StoreLocation.STORE)
    private String name;

    @Parameters(index = "1", paramLabel = "PATH", description = "Where the value stands, such as /users/42/name.")
    private KeyPath path;

    @Option(names = "--raw", description = "Prints a string as it is, without quotes and escapes.")
    private boolean raw;

    @Override
    public Integer call() {
        try (Store store = StoreLocation.existing(name).openReadOnly(Decimals.EXACT, this::note)) {
            @Nullable Object value = store.get(path);
            if (raw && value instanceof String string) {
                out().println(string);
            } else {
                Json.write(value, out());
                out().println();
            }
            return ExitCode.OK;
        }
    }
}
