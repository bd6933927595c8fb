package dev.heartwood.log;

import dev.heartwood.Edit;
import dev.heartwood.Origin;
import dev.heartwood.json.Json;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.EditCodec;
import io.vavr.collection.HashMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The format of trees and edits in the log: JSON. */
final class LogFormat {
    static final TreeFormat TREES = Json.options().treeFormat();
    private static final EditCodec EDITS = new EditCodec(TREES);

    private LogFormat() {}

    /** A tree for people: pretty, with sorted keys. */
    static String text(HashMap<String, @Nullable Object> tree) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            TREES.pretty(tree, out);
        } catch (IOException e) {
            throw new AssertionError("memory has no errors of input and output", e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** The edits of a commit on one line, with author, label and time. */
    static String line(List<Edit> edits, Origin origin) {
        try {
            return new String(EDITS.write(edits, origin), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError("memory has no errors of input and output", e);
        }
    }

    /**
     * The commit of a line.
     *
     * @throws dev.heartwood.StoreException if the line is no list of edits
     */
    static EditCodec.Line commit(String line) {
        return EDITS.read(line);
    }
}
