package dev.heartwood.cli;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.json.Decimals;
import dev.heartwood.json.Json;
import dev.heartwood.tree.OneLine;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "keys", description = "Prints the keys of a map, sorted, one a line.")
final class KeysCommand extends ToolCommand {
    @Parameters(index = "0", paramLabel = "STORE", description = StoreLocation.STORE)
    private String name;

    @Parameters(
            index = "1",
            paramLabel = "PATH",
            arity = "0..1",
            defaultValue = "",
            description = "The map. Default: the whole tree.")
    private KeyPath path;

    @Option(names = "--json", description = "Prints them as one JSON list.")
    private boolean json;

    @Override
    public Integer call() {
        try (Store store = StoreLocation.existing(name).openReadOnly(Decimals.EXACT, this::note)) {
            Collection<String> keys = new TreeSet<>(store.keys(path));
            if (json) {
                out().println(Json.write(List.copyOf(keys)));
            } else {
                keys.forEach(key -> out().println(isPlain(key) ? key : OneLine.of(Json.write(key))));
            }
            return ExitCode.OK;
        }
    }

    /** Whether a key can stand on a line of its own and be taken for nothing else. */
    private static boolean isPlain(String key) {
        return !key.isEmpty()
                && key.charAt(0) != '"'
                && key.equals(OneLine.of(key))
                && key.chars().noneMatch(c -> Character.isSurrogate((char) c));
    }
}
