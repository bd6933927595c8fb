package dev.heartwood.cli;

import dev.heartwood.KeyPath;
import dev.heartwood.json.JsonException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "set",
        description = "Puts a value at a path, in one commit, and prints what that changed. Makes the maps on the way.")
final class SetCommand extends ToolCommand {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d*+)(\\.\\d++)?([eE][+-]?\\d++)?");

    @Parameters(index = "0", paramLabel = "STORE", description = StoreLocation.STORE)
    private String name;

    @Parameters(
            index = "1",
            paramLabel = "PATH",
            description = "Where to put it, such as /users/42/name; /list/- appends.")
    private KeyPath path;

    @Parameters(
            index = "2",
            paramLabel = "JSON",
            description = "The value, such as 42, '\"text\"' or '{\"a\": [1, 2]}'; - reads it from the standard input.")
    private String value;

    @Option(names = "--string", description = "Takes the value for a string as it is, not for JSON.")
    private boolean string;

    @Option(names = "--create", description = "Makes the store if there is none.")
    private boolean create;

    @Override
    public Integer call() {
        StoreLocation location = create ? StoreLocation.any(name) : StoreLocation.existing(name, ": --create makes it");
        String text = value.equals("-") ? Input.text(null, "the value") : value;
        @Nullable Object parsed = string ? text : parse(text);
        return commit(location, tx -> tx.set(path, parsed));
    }

    private static @Nullable Object parse(String text) {
        try {
            return Input.JSON.readValue(text);
        } catch (JsonException e) {
            if (NUMBER.matcher(text.strip()).matches()) {
                throw new UsageException("the value is a number beyond the limit of a store: " + e.getMessage()
                        + ". Nothing was changed. --string keeps its digits as a string");
            }
            throw new UsageException(
                    "the value is no JSON" + (isContainer(text) ? " that a store takes: " : ": ") + e.getMessage()
                            + ". Nothing was changed. For a string add --string, or write it in double quotes inside single ones: '\"text\"'");
        }
    }

    /** A list or a map may be no JSON, or have a number or a text beyond a limit: the reason tells which. */
    private static boolean isContainer(String text) {
        String start = text.stripLeading();
        return start.startsWith("{") || start.startsWith("[");
    }
}
