package dev.heartwood.cli;

import dev.heartwood.json.JsonMergePatch;
import dev.heartwood.json.JsonPatch;
import java.nio.file.Path;
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
    public Integer call() throws Exception {
        StoreLocation location = StoreLocation.existing(name);
        String text = Input.text(patch.toString().equals("-") ? null : patch);
        String start = text.stripLeading();
        if (start.startsWith("[")) {
            JsonPatch parsed = JsonPatch.parse(text);
            return commit(location, parsed::applyTo);
        } else if (start.startsWith("{")) {
            JsonMergePatch parsed = JsonMergePatch.parse(text);
            return commit(location, parsed::applyTo);
        }
        throw new UsageException(
                patch + " is no patch: expected a JSON list (JSON Patch) or a JSON object (merge patch)");
    }
}
