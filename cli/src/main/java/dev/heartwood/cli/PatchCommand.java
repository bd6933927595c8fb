package dev.heartwood.cli;

import dev.heartwood.StoreException;
import dev.heartwood.TreeEditor;
import dev.heartwood.json.JsonMergePatch;
import dev.heartwood.json.JsonPatch;
import java.nio.file.Path;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "patch",
        description =
                "Applies a patch in one commit, all of it or nothing, and prints what that changed. A JSON list is a"
                        + " JSON Patch (RFC 6902), a JSON object a JSON Merge Patch (RFC 7396).")
final class PatchCommand extends ToolCommand {
    @Parameters(index = "0", paramLabel = "STORE", description = StoreLocation.STORE)
    private String name;

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "The file of the patch; - reads it from the standard input.")
    private Path patch;

    @Override
    public Integer call() {
        StoreLocation location = StoreLocation.existing(name);
        boolean piped = patch.toString().equals("-");
        return commit(location, parsed(Input.text(piped ? null : patch, "the patch"), piped));
    }

    private Consumer<TreeEditor> parsed(String text, boolean piped) {
        String source = piped ? "the standard input" : patch.toString();
        String start = text.stripLeading();
        try {
            if (start.startsWith("[")) {
                return JsonPatch.ofTree(Input.JSON.readValue(text))::applyTo;
            } else if (start.startsWith("{")) {
                return JsonMergePatch.ofTree(Input.JSON.readValue(text))::applyTo;
            }
        } catch (StoreException e) {
            throw new StoreException(source + " is no patch: " + e.getMessage() + ". Nothing was changed", e);
        }
        throw new UsageException(
                source
                        + " is no patch: expected a JSON list (JSON Patch) or a JSON object (merge patch). Nothing was changed");
    }
}
